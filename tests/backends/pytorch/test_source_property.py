"""Drawings made at random: whatever is drawn prints, lints, runs, and gives what was inferred."""

from __future__ import annotations

import contextlib
import random
import string
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from backends.pytorch.compile import Built, build
from backends.pytorch.source import Source, print_source
from backends.pytorch.statements import _Many
from backends.pytorch.text import literal
from backends.pytorch.verify import verify
from graph import edits
from graph.cost import at_sizes
from graph.infer import infer
from graph.lower import Program, lower
from graph.model import Document, Endpoint, NodeId
from graph.problems import UserError
from graph.registry import default_registry
from graph.tensor import TensorType

# what draws numbers draws others where blocks run in another order
KINDS = sorted(k for k, block in default_registry().kinds.items() if not block.is_random)
SHAPES = ("8", "4, 8", "2, 8, 8", "1, 16, 16", "T, 8")
SIZES = {"N": 3, "T": 5}
SLOW = range(100, 1100, 100)


def drawn_at_random(seed: int) -> Document:
    """A drawing of up to 25 blocks, most of them wired to what they accept."""
    choose = random.Random(seed)
    document = Document()
    shape = choose.choice(SHAPES)
    for number in range(choose.randint(3, 25)):
        kind = choose.choice(["input", "target", "output", *choose.sample(KINDS, 6)])
        document = _add(document, "input" if number == 0 else kind, shape, choose)
    for name in ("x", "y", "lstm_state"):
        with contextlib.suppress(UserError):
            document = edits.rename(document, choose.choice(list(document.graph.nodes)), name)
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


def numbers_of(type_: TensorType) -> torch.Tensor:
    """Numbers of a type; whole ones are classes or words that surely exist."""
    shape = [at_sizes(dim, SIZES) for dim in type_.shape]
    numbers = torch.rand(shape, generator=torch.Generator().manual_seed(sum(shape)))
    return numbers.to(getattr(torch, type_.dtype))


def step_by_step(program: Program, built: Built, source: Source) -> dict[Endpoint, torch.Tensor]:
    """Every value of a program, each block run by itself in a namespace of its own."""
    values = {(feed.node, "y"): numbers_of(feed.type) for feed in program.inputs}
    modules = {
        (place.node, place.module): getattr(built.model, name)
        for name, place in source.paths.classes["Model"].items()
    }
    for step in program.body:
        names = dict(built.modules[0].names)
        words: dict[str, object] = {name: literal(v) for name, v in step.emit.values.items()}
        for port, ends in step.inputs.items():
            names |= {f"{port}_{k}": values[end] for k, end in enumerate(ends)}
            each = [f"{port}_{k}" for k in range(len(ends))]
            words[port] = _Many(each) if port in step.many else each[0]
        for name in step.emit.modules:
            names[f"module_{name}"] = modules[step.node, name]
            words[name] = f"module_{name}"
        words |= {port: f"out_{port}" for port in step.types}
        for line in step.emit.forward.splitlines():
            exec(string.Formatter().vformat(line.strip(), (), _Inner(words)), names)
        values |= {(step.node, port): names[f"out_{port}"] for port in step.types}
    return values


class _Inner(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return f"inner{name}"


def check_numbers(program: Program, built: Built, source: Source) -> None:
    """What the model answers has the inferred types, and is what its blocks give one by one."""
    built.model.eval()
    inputs = [numbers_of(feed.type) for feed in program.inputs]
    with torch.no_grad():
        try:
            expected = step_by_step(program, built, source)
        except (IndexError, RuntimeError) as error:
            # a class that is not there, or a sequence too short, is the data's fault
            if isinstance(error, IndexError) or "out of range" in str(error):
                return
            raise
        given = built.model(*inputs)
    answers = given if isinstance(given, tuple) else (given,)
    for answer, result in zip(answers, program.returns, strict=True):
        like = numbers_of(result.type)
        assert (answer.shape, answer.dtype) == (like.shape, like.dtype), result.name
        assert torch.equal(answer.nan_to_num(), expected[result.endpoint].nan_to_num())


def check_format(folder: Path) -> None:
    ruff = [sys.executable, "-m", "ruff"]
    # a value that only leads into a gap is unused, and a drawing may compare one with itself
    unused = [f"--per-file-ignores=gaps*.py:{rule}" for rule in ("F841", "RUF059")]
    unused.append("--ignore=PLR0124")
    for command in (["check", *unused], ["format", "--diff"]):
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
        name = f"{'gaps' if source.gaps else 'whole'}{seed}.py"
        (tmp_path / name).write_text(source.text, "utf-8")
        if program.is_whole:
            whole += 1
            check_numbers(program, build(source.model, source.objective, 0), source)
    assert whole > 0.4 * len(seeds)  # the others have a block that nothing fits, or custom code
    check_format(tmp_path)
