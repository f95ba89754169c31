"""Random drawings with awkward names compute what they mean, with each weight at its path."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from backends.pytorch.compile import build, to_node_keys
from backends.pytorch.source import print_source
from graph.fileio import dumps, loads
from graph.gallery.draw import Drawing, Out
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, Repeat
from graph.params import Expr, Value
from tests.backends.pytorch.by_hand import ByHand

WIDTHS = (5, 6)
NAMES = [
    "x",
    "y",
    "i",
    "item",
    "block",
    "self",
    "p",
    "out",
    "in_features",
    "out_features",
    "width",
    "depth",
    "features",
    "bias",
    "torch",
    "nn",
    "F",
    "forward",
    "part",
    "answers",
    "x_step",
    "x_part",
    "y_part",
    "skip",
    "state",
    "h",
    "model",
    "loss",
    "k",
    "Part0",
    "dense",
    "n",
    "a",
    "b",
    "c",
    "z",
    "_q",
    "register",
    "half",
    "type",
]
PARAMETERS = [
    "width",
    "features",
    "in_features",
    "x",
    "half",
    "dense",
    "depth",
    "size",
    "k",
    "y",
    "bias",
    "Part0",
    "e",
    "type",
]
KINDS = [
    "Part",
    "PART",
    "Dense",
    "Linear",
    "Tensor",
    "My Part",
    "MyPart",
    "X",
    "Y",
    "Ünit",
    "1Part",
]
FORMULAS = ["{0}", "2*{0}", "{0}+1", "{0}*{0}", "{0}//2+1", "{0}**2", "(4+{0}*2)/2", "{0}*3-1"]
BY_INDEX = ["3+i", "3 + 2*i", "i*i+1", "4-i", "2**i", "(4+2*i)/2", "5+0*i"]
SLOW = range(100, 1100, 100)
Wide = tuple[Out, int]


class Artist:
    """Draws at random with awkward names: values are rows of 5 or 6 numbers."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.d = Drawing()
        self.known: dict[str, tuple[list[int], list[int], list[str], bool]] = {}

    def document(self) -> Document:
        """Definitions, later ones of earlier ones, and a drawing that uses them."""
        for number in range(self.random.randint(1, 4)):
            self._define(self.random.choice([f"Part{number}"] * 3 + KINDS))
        found = [(self._add("input", shape=str(w)), w) for w in self.random.choice([(6,), (6, 5)])]
        found = self._blocks(found, [], self.random.randint(2, 6))
        for _ in range(self.random.randint(1, 3)):
            self._add("output", self.random.choice(found[-3:])[0])
        return self.d.document

    def _add(self, kind: str, *wires: Out, **given: object) -> Out:
        name = self.random.choice(NAMES)
        return self.d.add(kind, *wires, name=name, **given)

    def _to(self, value: Wide, width: int) -> Wide:
        return value if value[1] == width else (self._add("dense", value[0], features=width), width)

    def _define(self, name: str) -> None:
        if name in self.known:
            return
        parameters = self.random.sample(PARAMETERS, self.random.choice([0, 1, 1, 2, 3]))
        ins = [self.random.choice(WIDTHS) for _ in range(self.random.choice([1, 1, 2, 3]))]
        outs = [
            self.random.choice([*ins[k : k + 1], *WIDTHS])
            for k in range(self.random.choice([1, 1, 2, 3]))
        ]
        ports = self.random.sample(NAMES, len(ins) + len(outs))
        is_wide = len(ins) == 1 and self.random.random() < 0.4
        with self.d.define(name, **{each: self.random.randint(1, 6) for each in parameters}):
            found = [(self.d.port(port, str(w)), w) for port, w in zip(ports, ins, strict=False)]
            found = [self._to((found[0][0], 0), 6)] if is_wide else found
            found = self._blocks(found, parameters, self.random.randint(1, 5))
            for port, width in zip(ports[len(ins) :], outs, strict=True):
                self.d.result(self._to(self.random.choice(found[-4:]), width)[0], port)
        self.known[name] = (ins, outs, parameters, is_wide)

    def _blocks(self, found: list[Wide], parameters: list[str], count: int) -> list[Wide]:
        for _ in range(count):
            kind = self.random.choice(["dense", "tanh", "add", "concat", "size", "shares", "again"])
            if self.known and self.random.random() < 0.4:
                found += self._part(found, parameters)
                continue
            (x, width), other = self.random.choice(found), self.random.choice(found)
            if kind == "add":
                x = self._add("add", x, self._to(other, width)[0])
            elif kind == "concat":
                x = self._to((self._add("concat", x, other[0]), 0), width)[0]
            elif kind == "size" and parameters:
                text = self.random.choice(FORMULAS).format(self.random.choice(parameters))
                x = self._to((self._add("dense", x, features=Expr(text)), 0), width)[0]
            elif kind == "shares":
                x = self._add("dense", x, features=width)
                x = self._add("dense", self._add("tanh", x), features=width, shares=x)
            elif kind == "again":
                repeat = Repeat(self.random.randint(1, 4), self.random.choice(["chain", "shared"]))
                x = self._add("dense", x, features=width, repeat=repeat)
            else:
                width = self.random.choice(WIDTHS) if kind == "dense" else width
                given = {"features": width} if kind == "dense" else {}
                x = self._add("dense" if kind == "dense" else "tanh", x, **given)
            found.append((x, width))
        return found

    def _part(self, found: list[Wide], parameters: list[str]) -> list[Wide]:
        """The outputs of an instance of a definition, perhaps repeated; some are left unused."""
        name = self.random.choice(list(self.known))
        ins, outs, own, _ = self.known[name]
        mode = self._mode(name)
        count: Value = self.random.randint(1, 4)
        if parameters and mode != "scan" and self.random.random() < 0.3:
            count = Expr(self.random.choice(parameters))
        given = {each: value for each in own if (value := self._value(mode, parameters))}
        wires = [self._to(self.random.choice(found), width)[0] for width in ins]
        if mode == "scan":
            wires[0] = self._add(
                "stack", wires[0], self._to(self.random.choice(found), ins[0])[0], axis=1
            )
        repeat = Repeat(1 if mode == "scan" else count, mode) if mode else None
        made = []
        part = self._add(name, *wires, repeat=repeat, **given)
        for number, (out, width) in enumerate(zip(self.d.outs(part), outs, strict=True)):
            if len(outs) > 1 and self.random.random() < 0.25:
                continue
            if mode == "scan" and not number:
                out = self._add("mean", out, axes=(1,))
            made.append(self._to((out, 0), width) if mode == "concat" else (out, width))
        return made

    def _mode(self, name: str) -> str:
        """A mode in which a definition can be repeated; empty for no repeat."""
        ins, outs, _, is_wide = self.known[name]
        modes = ["", ""]
        modes += ["chain", "chain", "shared"] if ins[0] == outs[0] else []
        modes += ["sum"] if ins[0] == outs[0] and len(outs) > 1 else []
        modes += ["concat"] if is_wide and len(outs) == 1 else []
        modes += ["scan"] if outs[1:] == ins[1 : len(outs)] and len(outs) <= len(ins) else []
        return self.random.choice(modes)

    def _value(self, mode: str, parameters: list[str]) -> Value | None:
        chance = self.random.random()
        if chance < 0.3:
            return self.random.randint(1, 9)
        if chance < 0.6 and mode in ("chain", "sum", "concat"):
            more = [f"i**3 + {each}" for each in parameters]
            return Expr(self.random.choice([*BY_INDEX, *more]))
        return Expr(self.random.choice(parameters)) if parameters and chance < 0.8 else None


@pytest.mark.parametrize(
    "seeds",
    [range(25), *(pytest.param(range(n, n + 100), marks=pytest.mark.slow) for n in SLOW)],
    ids=str,
)
def test_drawings_compute_what_they_mean(seeds: range, tmp_path: Path) -> None:
    for seed in seeds:
        document = Artist(seed).document()
        assert loads(dumps(document)).document == document
        typing = infer(document)
        assert not typing.problems, seed
        program = lower(document, typing)
        source = print_source(program)
        assert not source.gaps, seed
        (tmp_path / f"drawing{seed}.py").write_text(source.text, "utf-8")
        model = build(source.model, source.objective, seed).model
        state = to_node_keys(model.state_dict(), source.paths)
        assert len(state) == len(model.state_dict()), seed
        rows = {feed.node: torch.randn(3, int(str(feed.type.shape[1]))) for feed in program.inputs}
        made = model(*rows.values())
        edges = {
            (edge.source, edge.out): edge
            for id, node in document.graph.nodes.items()
            for edge in (document.graph.inputs_of(id) if node.kind == "output" else ())
        }
        by_hand = ByHand(document, state)
        wanted = by_hand.answers(rows, list(edges.values()))
        answers = made if isinstance(made, tuple) else (made,)
        for one, other in zip(answers, wanted, strict=True):
            torch.testing.assert_close(one, other, msg=lambda m, s=seed: f"{s}: {m}")
        assert by_hand.read == set(state), seed
    for command in (["check"], ["format", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[:3000] + done.stderr
