"""Draws at random: definitions in definitions, repeats, shared weights, losses, awkward names."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from graph.gallery.draw import Drawing, Out
from graph.model import Document, Repeat
from graph.params import Expr, Value
from tests.backends.pytorch.awkward import (
    BY_INDEX,
    FORMULAS,
    KINDS,
    NAMES,
    PARAMETERS,
    STRANGE,
)

V = TypeVar("V")
Wide = tuple[Out, int]
WIDTHS = (5, 6)
WEIGHTLESS = ("tanh", "leaky_relu", "dropout", "chunk", "split", "top_k", "train_or_evaluate")
WEIGHTED = (
    "dense", "batch_norm", "layer_norm", "prelu", "gru_cell", "lstm_cell", "gru", "parameter",
    "unbiased",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A definition that was drawn: the widths at its ports, and its parameters.

    One that `is_wide` takes any width.
    """

    ins: list[int]
    outs: list[int]
    parameters: list[str]
    is_wide: bool


class Artist:
    """Draws what a seed says; values are rows of 5 or 6 numbers, all else is brought to that."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.d = Drawing()
        self.known: dict[str, Known] = {}
        self.instances: list[Out] = []  # of the graph that is being drawn
        self.is_strange = self.random.random() < 0.5

    def document(self) -> Document:
        """Definitions, later ones of earlier ones, and a drawing that uses them."""
        for number in range(self.random.randint(1, 5)):
            name = self._one([*[f"Part{number}"] * 3, *KINDS])
            if name not in self.known:
                self._define(name)
        self.instances = []
        found = [(self._add("input", shape=str(w)), w) for w in self._one([(6,), (6, 5)])]
        found = self._blocks(found, [], self.random.randint(2, 7))
        if self._chance(0.5):
            self._losses(found[-4:])
        for _ in range(self.random.randint(1, 3)):
            self._add("output", self._one(found[-3:])[0])
        return self._with_strange_names(self.d.document)

    def _one(self, choices: Iterable[V]) -> V:
        return self.random.choice(list(choices))

    def _chance(self, of: float) -> bool:
        return self.random.random() < of

    def _add(self, kind: str, *wires: Out, **given: object) -> Out:
        return self.d.add(kind, *wires, name=self._one(NAMES), **given)

    def _with_strange_names(self, document: Document) -> Document:
        """Names as a file may have them; edits would refuse them. Ports keep theirs."""
        if not self.is_strange:
            return document
        nodes = {
            id: replace(node, name=self._one(STRANGE)) if self._chance(0.4) else node
            for id, node in document.graph.nodes.items()
        }
        return document.with_graph(nodes)

    def _to(self, value: Wide, width: int) -> Wide:
        return value if value[1] == width else (self._add("dense", value[0], features=width), width)

    def _define(self, name: str) -> None:
        parameters = self.random.sample(PARAMETERS, self._one([0, 1, 1, 2, 3]))
        ins = [self._one(WIDTHS) for _ in range(self._one([1, 1, 2, 3, 4]))]
        outs = [self._one([*ins[k : k + 1] * 3, *WIDTHS]) for k in range(self._one([1, 1, 2, 3]))]
        ports = self.random.sample(NAMES, len(ins) + len(outs))
        is_wide = len(ins) == 1 and self._chance(0.4)
        self.instances = []
        with self.d.define(name, **{each: self.random.randint(1, 6) for each in parameters}):
            found = [(self.d.port(port, str(w)), w) for port, w in zip(ports, ins, strict=False)]
            found = [self._to((found[0][0], 0), 6)] if is_wide else found
            found = self._blocks(found, parameters, self.random.randint(1, 5))
            for port, width in zip(ports[len(ins) :], outs, strict=True):
                self.d.result(self._to(self._one(found[-4:]), width)[0], port)
            self.d.document = self._with_strange_inner_names(self.d.document)
        self.known[name] = Known(ins, outs, parameters, is_wide)

    def _with_strange_inner_names(self, document: Document) -> Document:
        ports = {id: n for id, n in document.graph.nodes.items() if n.kind in ("input", "output")}
        inside = self._with_strange_names(document)
        return inside.with_graph({**inside.graph.nodes, **ports})

    def _blocks(self, found: list[Wide], parameters: list[str], count: int) -> list[Wide]:
        for _ in range(count):
            if self.known and self._chance(0.45):
                found += self._part(found, parameters)
                continue
            (x, width), other = self._one(found), self._one(found)
            kind = self._one(["add", "concat", "size", "shares", "again", "single", "single"])
            if kind == "add":
                x = self._add("add", x, self._to(other, width)[0])
            elif kind == "concat":
                x = self._to((self._add("concat", x, other[0]), 0), width)[0]
            elif kind == "size" and parameters:
                x = self._add("dense", x, features=self._formula(parameters))
                x = self._to((x, 0), width)[0]
            elif kind == "shares":
                x = self._shared(x, width)
            elif kind == "again":
                x = self._again(x, width)
            else:
                x, width = self._single(x, width, other, parameters)
            found.append((x, width))
        return found

    def _formula(self, parameters: list[str], texts: Iterable[str] = FORMULAS) -> Expr:
        return Expr(self._one(texts).format(self._one(parameters), self._one(parameters)))

    def _shared(self, x: Out, width: int) -> Out:
        """Blocks that use the weights of the one before them."""
        kind = self._one(["dense", "gru_cell", "batch_norm"])
        given: dict[str, object] = {"dense": {"features": width}, "gru_cell": {"units": width}}.get(
            kind, {}
        )
        first = x = self._add(kind, self._to((x, 0), width)[0], **given)
        for _ in range(self.random.randint(1, 2)):
            x = self._add(kind, self._add("tanh", x), shares=first, **given)
        return x

    def _again(self, x: Out, width: int) -> Out:
        """A block that follows itself; its weights may be used once more."""
        repeat = Repeat(self.random.randint(1, 4), self._one(["chain", "shared", "concat"]))
        kind = self._one(["dense", "dense", "layer_norm", "gru_cell"])
        kind = "dense" if repeat.mode == "concat" else kind
        given: dict[str, object] = {"dense": {"features": width}, "gru_cell": {"units": width}}.get(
            kind, {}
        )
        x = self._add(kind, x, repeat=repeat, **given)
        return self._to((x, 0), width)[0] if repeat.mode == "concat" else x

    def _single(self, x: Out, width: int, other: Wide, parameters: list[str]) -> tuple[Out, int]:
        kind = self._one((*WEIGHTLESS, *WEIGHTED))
        drawn: dict[str, Callable[[], Out]] = {
            "leaky_relu": lambda: self._add(
                "leaky_relu", x, negative_slope=self._slope(parameters)
            ),
            "dropout": lambda: self._add("dropout", x, p=self._one([0.0, 1.0])),
            "split": lambda: self._one(self.d.outs(self._add("split", x, sizes=(2, width - 2)))),
            "chunk": lambda: self._one(self.d.outs(self._add("chunk", self._to((x, width), 6)[0]))),
            "top_k": lambda: self._add("top_k", x, k=3),
            "train_or_evaluate": lambda: self._add(
                "train_or_evaluate", self._to(other, width)[0], x
            ),
            "dense": lambda: self._add("dense", x, features=self._one(WIDTHS)),
            "unbiased": lambda: self._add("dense", x, features=7, bias=False),
            "batch_norm": lambda: self._add("batch_norm", x, affine=self._chance(0.8)),
            "gru_cell": lambda: self._add("gru_cell", x, *self._perhaps(other, 4), units=4),
            "lstm_cell": lambda: self._one(
                self.d.outs(self._add("lstm_cell", x, *self._perhaps(other, 5) * 2, units=5))
            ),
            "gru": lambda: self._recurrent(x, self._to(other, width)[0]),
            "parameter": lambda: self._add("parameter", x, shape=(width,)),
        }
        made = drawn[kind]() if kind in drawn else self._add(kind, x)
        is_even = kind in ("leaky_relu", "dropout", "train_or_evaluate", "batch_norm", "parameter",
                           "tanh", "layer_norm", "prelu")  # fmt: skip
        return (made, width) if is_even else self._to((made, 0), width)

    def _perhaps(self, other: Wide, width: int) -> list[Out]:
        """A wire into an optional input, or none."""
        return [self._to(other, width)[0]] if self._chance(0.5) else []

    def _recurrent(self, x: Out, other: Out) -> Out:
        sequence = self._add("stack", x, other, axis=1)
        made = self._add("gru", sequence, units=3)
        return made.at("last") if self._chance(0.5) else self._add("mean", made, axes=(1,))

    def _slope(self, parameters: list[str]) -> Value:
        return self._formula(parameters, ["{0}/4", "{0}", "1/{0}"]) if parameters else 0.2

    def _part(self, found: list[Wide], parameters: list[str]) -> list[Wide]:
        """The outputs of an instance of a definition, perhaps repeated; some are left unused."""
        name = self._one(self.known)
        known = self.known[name]
        mode = self._mode(known)
        count: Value = self.random.randint(1, 4)
        if parameters and mode != "scan" and self._chance(0.3):
            count = Expr(self._one(parameters))
        given = {each: v for each in known.parameters if (v := self._value(mode, parameters))}
        repeat = Repeat(1 if mode == "scan" else count, mode) if mode else None
        part = self._instance(name, found, mode, repeat=repeat, **given)
        made = self._outs(part, known, mode)
        if self._chance(0.8):
            return made
        again = self._instance(name, found, mode, repeat=repeat, shares=part, **given)
        x, width = self._whole(part, mode, known.outs[-1])
        both = self._add("add", x, self._to(self._whole(again, mode, known.outs[-1]), width)[0])
        return [*made, (both, width)]

    def _whole(self, part: Out, mode: str, width: int) -> Wide:
        """The last output of an instance."""
        out = self.d.outs(part)[-1]
        if mode == "scan" and out == part:
            out = self._add("mean", out, axes=(1,))
        return self._to((out, 0), 6) if mode == "concat" else (out, width)

    def _instance(self, name: str, found: list[Wide], mode: str, **more: object) -> Out:
        ins = self.known[name].ins
        wires = [self._to(self._one(found), width)[0] for width in ins]
        if mode == "scan":
            steps = [self._to(self._one(found), ins[0])[0] for _ in range(self._one([1, 2, 3]))]
            wires[0] = self._add("stack", wires[0], *steps, axis=1)
        return self._add(name, *wires, **more)

    def _outs(self, part: Out, known: Known, mode: str) -> list[Wide]:
        made = []
        for number, (out, width) in enumerate(zip(self.d.outs(part), known.outs, strict=True)):
            if len(known.outs) > 1 and self._chance(0.25):
                continue
            if mode == "scan" and not number:
                out = self._add("mean", out, axes=(1,))
            made.append(self._to((out, 0), width) if mode == "concat" else (out, width))
        return made

    def _mode(self, known: Known) -> str:
        """A mode in which a definition can be repeated; empty for no repeat."""
        ins, outs = known.ins, known.outs
        modes = ["", ""]
        modes += ["chain", "chain", "shared"] if ins[0] == outs[0] else []
        modes += ["sum"] if ins[0] == outs[0] and len(outs) > 1 else []
        modes += ["concat"] if known.is_wide and len(outs) == 1 else []
        is_scannable = outs[1:] == ins[1 : len(outs)] and len(outs) <= len(ins)
        modes += ["scan"] * len(outs) if is_scannable else []
        return self._one(modes)

    def _value(self, mode: str, parameters: list[str]) -> Value | None:
        chance = self.random.random()
        if chance < 0.3:
            return self.random.randint(1, 9)
        if chance < 0.6 and mode in ("chain", "sum", "concat"):
            more = [f"i**3 + {each}" for each in parameters]
            return Expr(self._one([*BY_INDEX, *more]))
        return self._formula(parameters) if parameters and chance < 0.8 else None

    def _losses(self, found: list[Wide]) -> None:
        """Losses of what was made, metrics, and Optimizers that share the losses."""
        losses = []
        for _ in range(self._one([1, 1, 2, 3])):
            x, width = self._one(found)
            target = self._add("target", shape=str(width), dtype="float32")
            loss = self._add(self._one(["mse", "l1"]), x, target)
            if self._chance(0.3):
                self._add("mean_absolute_error", x, target)
            if self._chance(0.3):
                loss = self._add("loss_weight", loss, weight=-0.5)
            losses.append(loss)
        for part in self._one(
            [(), (losses,), (losses[:1], losses[1:] or losses), (losses, losses)]
        ):
            self._add("optimizer", *part, trains=self._trained())

    def _trained(self) -> str:
        names = [n.name for n in self.d.document.graph.nodes.values() if n.kind == "dense"]
        return ", ".join(self.random.sample(names, min(len(names), 2))) if self._chance(0.5) else ""
