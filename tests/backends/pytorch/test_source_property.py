"""Drawings made at random: whatever is drawn prints, lints, runs, and gives what was inferred."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from backends.pytorch.compile import build
from backends.pytorch.source import print_source
from backends.pytorch.verify import verify
from graph import edits
from graph.cost import at_sizes
from graph.infer import infer
from graph.lower import Program, lower
from graph.model import Document, NodeId
from graph.problems import UserError
from graph.registry import default_registry
from graph.tensor import TensorType

KINDS = sorted(default_registry().kinds)
SHAPES = ("8", "4, 8", "2, 8, 8", "1, 16, 16", "T, 8")
SIZES = {"N": 3, "T": 5}
SLOW = range(100, 1100, 100)
# Numbers that fit no range, such as a class or a word that is not there, are the data's fault.
OUT_OF_RANGE = (IndexError,)


def drawn_at_random(seed: int) -> Document:
    """A drawing of up to 25 blocks, most of them wired to what they accept."""
    choose = random.Random(seed)
    document = Document()
    shape = choose.choice(SHAPES)
    for number in range(choose.randint(3, 25)):
        kind = choose.choice(["input", "target", "output", *choose.sample(KINDS, 6)])
        document = _add(document, "input" if number == 0 else kind, shape, choose)
    while choose.random() < 0.8 and (wrong := infer(document).problems):
        document = edits.remove(document, wrong)
    return document


def _add(document: Document, kind: str, shape: str, choose: random.Random) -> Document:
    id = edits.next_node_id(document)
    document = edits.add(document, kind)
    if kind == "input":
        document = edits.set_param(document, [id], "shape", shape)
    for port in edits.ports_of(document, id)[0]:
        if port.optional and choose.random() < 0.8:
            continue
        for _ in range(choose.randint(1, 3) if port.many else 1):
            document = _wire(document, id, port.name, choose)
    return document


def _wire(document: Document, id: NodeId, port: str, choose: random.Random) -> Document:
    """A wire from anywhere, or from what was drawn last, that the block accepts if one is found."""
    there = [source for source in document.graph.nodes if edits.ports_of(document, source)[1]]
    for attempt in range(12):
        source = choose.choice(there if choose.random() < 0.5 else there[-3:])
        out = choose.choice(edits.ports_of(document, source)[1])
        try:
            wired = edits.connect(document, source, out, id, port)
        except UserError:
            continue
        if id not in infer(wired).problems or attempt > 9:
            return wired
    return document


def tensor_of(type_: TensorType) -> torch.Tensor:
    shape = [at_sizes(dim, SIZES) for dim in type_.shape]
    return torch.zeros(shape, dtype=getattr(torch, type_.dtype))


def check_it_gives_what_was_inferred(model: torch.nn.Module, program: Program) -> None:
    try:
        with torch.no_grad():
            given = model.eval()(*(tensor_of(feed.type) for feed in program.inputs))
    except OUT_OF_RANGE:
        return
    values = given if isinstance(given, tuple) else (given,)
    for value, result in zip(values, program.returns, strict=True):
        expected = tensor_of(result.type)
        assert (value.shape, value.dtype) == (expected.shape, expected.dtype), result.name


def check_format(folder: Path) -> None:
    ruff = [sys.executable, "-m", "ruff"]
    # a value that only leads into a gap is unused
    for command in (["check", "--ignore", "F841"], ["format", "--diff"]):
        done = subprocess.run(
            [*ruff, *command, "--isolated", "--no-cache", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "seeds",
    [range(60), *(pytest.param(range(i, i + 100), marks=pytest.mark.slow) for i in SLOW)],
    ids=str,
)
def test_whatever_is_drawn_prints_and_runs(seeds, tmp_path):
    whole = 0
    for seed in seeds:
        document = drawn_at_random(seed)
        program = lower(document, infer(document))
        source = print_source(program)
        for text in (source.text, source.model, source.objective):
            verify(text)
        (tmp_path / f"drawing{seed}.py").write_text(source.text, "utf-8")
        if program.is_whole:
            whole += 1
            model = build(source.model, source.objective, 0).model
            check_it_gives_what_was_inferred(model, program)
    assert whole > len(seeds) / 2
    check_format(tmp_path)
