"""Random drawings with definitions, repeats and shared weights compute what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.gallery.draw import Drawing, Out
from graph.model import Document, Repeat
from graph.params import Expr
from tests.backends.pytorch.evaluating import WIDE, check_drawing

V = TypeVar("V")
# what variables, loops, placeholders, arguments, modules and classes of the code are called
CLASSES = ("Part", "X", "Y", "Item", "Block", "Dense", "Skip", "Size", "Model2", "InFeatures")
PORTS = (
    "x",
    "y",
    "item",
    "block",
    "skip",
    "part",
    "self",
    "p_part",
    "dense",
    "step",
    "batch",
    "i2",
)
PARAMETERS = ("size", "x", "in_features", "out_features", "Part", "dense", "depth", "width", "y")
FORMULAS = ("{}", "2 * {}", "{} + 1", "{} // 2 + 1", "8 / 2", "{} / 2 + {} / 2", "2**({} % 3)")
INDEXED = ("2 + i", "{} + i", "2 ** i", "9 - 2*i", "{} + i * i", "8 / 2 ** (i % 2)", "1+(i*{})")


class Artist:
    """Draws what hypothesis asks for: values are rows of six numbers, or sequences of them."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.d = Drawing()
        # each with its parameters, and how many inputs and outputs it has
        self.made: dict[str, tuple[tuple[str, ...], int, int]] = {}

    def one_of(self, *choices: V) -> V:
        found: V = self.draw(st.sampled_from(choices))
        return found

    def maybe(self) -> bool:
        return bool(self.draw(st.booleans()))

    def some(self, choices: tuple[str, ...], count: int) -> list[str]:
        found: list[str] = self.draw(
            st.lists(st.sampled_from(choices), min_size=count, max_size=count, unique=True)
        )
        return found

    def document(self) -> Document:
        for name in self.some(CLASSES, self.one_of(1, 2, 3, 4)):
            self._define(name)
        names = self.some(PORTS[:4] + PORTS[7:], 2)
        ends = [self.d.add("input", name=name, shape=str(WIDE)) for name in names]
        for _ in range(self.one_of(1, 2, 3, 4)):
            ends += self._step(ends, ())
        used = [self.one_of(*ends) for _ in range(self.one_of(1, 2))]
        unread = self._unread()
        self.d.add("output", self.d.add("concat", *unread, *used), name=self.one_of(*PORTS[7:]))
        if self.maybe():
            self.d.add("output", self.one_of(*ends), name=self.one_of("x", "y", "end"))
        return self.d.document

    def _unread(self) -> list[Out]:
        """What leads nowhere yet: all weights are to be used."""
        graph = self.d.document.graph
        return [
            Out(id, "y")
            for id, node in graph.nodes.items()
            if not graph.consumers_of(id) and not node.definition and node.kind != "output"
        ]

    def _define(self, name: str) -> None:
        parameters = self.some(PARAMETERS, self.one_of(0, 1, 2))
        ins = self.some(PORTS, self.one_of(1, 1, 2))
        outs = self.some(tuple(p for p in PORTS if p not in ins), self.one_of(1, 2, 2))
        with self.d.define(name, **{key: self.one_of(2, 3, 4) for key in parameters}):
            ends = [self.d.port(port, str(WIDE)) for port in ins]
            if len(ins) == len(outs) == 1:  # what is joined to the input makes it wider
                ends = [self._back(ends[0])]
            for _ in range(self.one_of(1, 2, 3)):
                ends += self._step(ends, tuple(parameters))
            for out in outs:
                self.d.result(self._back(self.one_of(*ends)), out)
        self.made[name] = (tuple(parameters), len(ins), len(outs))

    def _step(self, ends: list[Out], parameters: tuple[str, ...]) -> list[Out]:
        """The outputs of another block, each of them six wide."""
        kind = self.one_of("dense", "wide", "slope", "add", "again", "part", "part", "part")
        x = self.one_of(*ends)
        if kind == "part" and self.made:
            return self._part(ends, parameters)
        if kind == "wide":
            bias: object = self.one_of(True, False)
            y = self.d.add("dense", x, features=self._size(parameters), bias=bias)
            return [self._back(y)]
        if kind == "slope":
            return [self.d.add("leaky_relu", x, negative_slope=self._size(parameters, "{} / 4"))]
        if kind == "add":
            return [self.d.add("add", x, self.one_of(*ends))]
        if kind == "again":
            first = self._back(x)
            second = self.d.add("dense", self.d.add("tanh", first), features=WIDE, shares=first)
            return [self.d.add("add", first, second)]
        mode = self.one_of("chain", "shared", "concat", None)
        repeat = Repeat(self.one_of(1, 2, 3), mode) if mode else None
        y = self.d.add("dense", x, features=WIDE, repeat=repeat)
        return [self._back(y) if mode == "concat" else y]

    def _part(self, ends: list[Out], parameters: tuple[str, ...]) -> list[Out]:
        """An instance, perhaps repeated; its weights may be used once more."""
        name = self.one_of(*self.made)
        own, takes, gives = self.made[name]
        modes = {(1, 1): ("chain", "shared", "concat"), (2, 2): ("chain", "shared", "sum", "scan")}
        mode = self.one_of(None, *modes.get((takes, gives), ("chain", "shared")))
        wires = [self.one_of(*ends) for _ in range(takes)]
        repeat = Repeat(self.one_of(1, 2, 3, 4), mode) if mode else None
        is_even = mode not in ("chain", "sum", "concat")
        values = {
            key: self._size(parameters, *(() if is_even else INDEXED))
            for key in own
            if self.maybe()
        }
        if mode == "scan":
            sequence = self.d.add("stack", *(self.one_of(*ends) for _ in range(3)), axis=1)
            wires = [sequence, wires[1]]
            repeat = Repeat(1, mode)
        if mode == "sum" and gives == 1:
            repeat = None
        x = self.d.add(name, *wires, repeat=repeat, **values)
        outs = self.d.outs(x)
        if mode == "scan":
            return [self._back(self.d.add("mean", x, axes=(1,))), *outs[1:]]
        if mode is None and self.maybe():
            again = [self.one_of(*ends) for _ in range(takes)]
            second = self.d.add(name, *again, shares=x, **values)
            pairs = zip(outs, self.d.outs(second), strict=True)
            return [self.d.add("add", *pair) for pair in pairs]
        kept = [out for out in outs if self.maybe()] or outs[:1]
        return [self._back(out) if mode == "concat" else out for out in kept]

    def _size(self, parameters: tuple[str, ...], *more: str) -> object:
        """A number, or a calculation with the parameters that there are."""
        if not parameters:
            plain = [text for text in more if "{}" not in text]
            return Expr(self.one_of(*plain)) if plain and self.maybe() else self.one_of(2, 3, 5)
        text = self.one_of(*FORMULAS, *more, "3")
        return Expr(text.replace("{}", self.one_of(*parameters)))

    def _back(self, x: Out) -> Out:
        return self.d.add("dense", x, features=WIDE)


@st.composite
def drawings(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Document:
    """A drawing with definitions in definitions, repeated in all ways."""
    return Artist(draw).document()


relaxed = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@settings(relaxed, max_examples=15, derandomize=True)
@given(document=drawings())
def test_random_composites_compute_what_they_mean(document: Document) -> None:
    check_drawing(document)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(relaxed, max_examples=1500)
@given(document=drawings())
def test_many_random_composites_compute_what_they_mean(document: Document) -> None:
    check_drawing(document)
