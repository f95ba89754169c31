"""Random drawings of definitions in definitions, repeated in all ways, equal the same drawn out."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from backends.pytorch.compile import build, to_node_keys
from backends.pytorch.source import Source, print_source
from graph.composites.unpacking import unpack
from graph.cost import costs
from graph.fileio import dumps, loads
from graph.gallery.draw import Drawing, Out
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, Repeat
from graph.params import Expr
from graph.problems import UserError

FEATURES = 6
SLOW = range(100, 700, 100)


class Artist:
    """Draws at random: every value is a row of numbers (N, features)."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.d = Drawing()
        self.made: list[tuple[str, bool]] = []  # names, and whether they have a second output

    def document(self) -> Document:
        """Definitions, later ones of earlier ones, and a drawing that uses them."""
        for number in range(self.random.randint(1, 4)):
            has_skip = self.random.random() < 0.4
            name = f"Part{number}"
            with self.d.define(name, width=self.random.choice([3, 4, 6])):
                x = self._back(self.d.port("x", str(FEATURES)))  # joined inputs are wider
                y = self._body(x)
                self.d.result(self._back(y))
                if has_skip:
                    self.d.result(self.d.add("dense", y, features=5), "skip")
            self.made.append((name, has_skip))
        x = self._back(self.d.add("input", shape="9"))
        skips: list[Out] = []
        for _ in range(self.random.randint(1, 4)):
            x = self._part(x, skips)
        self.d.add("output", self.d.add("concat", x, *skips) if skips else x)
        return self.d.document

    def _body(self, x: Out) -> Out:
        """A few blocks, some of which look back at the start."""
        start = x
        for _ in range(self.random.randint(1, 4)):
            kind = self.random.choice(["dense", "tanh", "add", "part", "width"])
            if kind == "dense":
                x = self.d.add("dense", x, features=FEATURES)
            elif kind == "width":
                x = self.d.add(
                    "dense", x, features=Expr(self.random.choice(["width", "2 * width"]))
                )
                x = self._back(x)
            elif kind == "add":
                x = self.d.add("add", x, start)
            elif kind == "part" and self.made:
                x = self._part(x, [])
            else:
                x = self.d.add("tanh", x)
        return x

    def _part(self, x: Out, skips: list[Out]) -> Out:
        """An instance of a definition, or a block, perhaps repeated."""
        modes = ["chain", "shared", "concat"]
        if not self.made or self.random.random() < 0.2:
            mode = self.random.choice(modes)
            x = self.d.add("dense", x, features=FEATURES, repeat=Repeat(self._count(), mode))
            return self._back(x)
        name, has_skip = self.random.choice(self.made)
        mode = self.random.choice(["chain", "shared", "sum"] if has_skip else modes)
        repeat = Repeat(self._count(), mode) if self.random.random() < 0.7 else None
        width: object = self.random.choice([3, 5])
        if repeat and mode != "shared" and self.random.random() < 0.5:
            width = Expr("3 + i")
        x = self.d.add(name, x, width=width, repeat=repeat)  # type: ignore[arg-type]  # a value
        if has_skip and self.random.random() < 0.7:
            skips.append(x.at("skip"))
        return self._back(x)

    def _count(self) -> int:
        return self.random.randint(1, 3)

    def _back(self, x: Out) -> Out:
        return self.d.add("dense", x, features=FEATURES)


def drawn_out(document: Document) -> Document:
    """The document with all taken apart but what shares weights, which stays a composite."""
    waiting = list(document.graph.nodes)
    while waiting:
        id = waiting.pop()
        node = document.graph.nodes[id]
        if node.repeat or node.definition in document.definitions:
            try:
                document, found = unpack(document, id)
            except UserError:
                continue
            waiting += found
    return document


def model_of(document: Document) -> tuple[Source, nn.Module]:
    typing = infer(document)
    assert not typing.problems, [problem.text for problem in typing.problems.values()]
    source = print_source(lower(document, typing))
    assert not source.gaps
    model = build(source.model, source.objective, 0).model
    with torch.no_grad():
        for weight in model.parameters():  # a weight is known by its shape alone
            weight.copy_(torch.linspace(-0.4, 0.5, weight.numel()).view(weight.shape))
    return source, model


@pytest.mark.parametrize(
    "seeds",
    [range(25), *(pytest.param(range(n, n + 100), marks=pytest.mark.slow) for n in SLOW)],
    ids=str,
)
def test_composites_and_repeats_compute_what_they_do_drawn_out(
    seeds: range, tmp_path: Path
) -> None:
    given = torch.randn(4, 9, generator=torch.Generator().manual_seed(0))
    for seed in seeds:
        document = Artist(seed).document()
        assert loads(dumps(document)).document == document
        source, model = model_of(document)
        (tmp_path / f"drawing{seed}.py").write_text(source.text, "utf-8")
        counted = costs(document, infer(document)).total.parameters
        assert counted == sum(weight.numel() for weight in model.parameters()), seed
        paths = to_node_keys(model.state_dict(), source.paths)
        assert len(paths) == len(model.state_dict()), seed
        _, flat = model_of(drawn_out(document))
        torch.testing.assert_close(model(given), flat(given), msg=lambda m, s=seed: f"{s}: {m}")
    for command in (["check"], ["format", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[:3000] + done.stderr
