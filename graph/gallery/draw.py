"""Draws by code, so that a network reads like its paper: each block after the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from graph import edits
from graph.block import Block
from graph.data import DataSpec
from graph.kinds import kinds_of
from graph.model import DEFINED, Definition, Document, Graph, NodeId, Repeat
from graph.params import Plain, Value, parameter
from graph.problems import UserError


@dataclass(frozen=True)
class Out:
    """An output port of a block that was drawn: what later blocks are wired to."""

    node: NodeId
    port: str

    def at(self, port: str) -> Out:
        """Another output of the same block."""
        return Out(self.node, port)


class Drawing:
    """A document that grows block by block.

    `add("conv2d", x, name="conv1", out_channels=6)` draws a block behind `x` and answers its first
    output. Wires go to the ports in their order, or by name: `add("mse", prediction=y, target=t)`;
    a many port takes all that are left.
    """

    def __init__(self) -> None:
        self.document = Document()
        self._sections: list[str] = []

    @contextmanager
    def define(self, name: str, about: str = "", **defaults: Plain) -> Iterator[None]:
        """Blocks drawn within make a definition; `add` draws instances of it by its name.

        Args:
            about: what it does, in a sentence.
            defaults: its parameters, which expressions of the blocks within may name.
        """
        outside, sections = self.document, self._sections
        parameters = {key: parameter(key, value) for key, value in defaults.items()}
        made = Definition(name, Graph(), parameters, about)
        opened = replace(outside, definitions={**outside.definitions, name: made})
        self.document, self._sections = opened.inside(name), []
        try:
            yield
        finally:
            self.document, self._sections = self.document.whole(), sections

    def port(self, name: str, shape: str = "", dtype: str = "float32") -> Out:
        """An input of the definition that is being drawn; the shape is shown while it is unused."""
        return self.add("input", name=name, shape=shape, dtype=dtype)

    def result(self, value: Out, name: str = "y") -> None:
        """An output of the definition that is being drawn."""
        self.add("output", value, name=name)

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Blocks drawn within are named after it: `conv1` in `layer1_0` is `layer1_0_conv1`."""
        self._sections.append(name)
        try:
            yield
        finally:
            self._sections.pop()

    def add(
        self,
        kind: str,
        *wires: Out,
        name: str = "",
        repeat: Repeat | None = None,
        shares: Out | None = None,
        **given: Value | Out,
    ) -> Out:
        """Draws a block behind those it is wired to; answers its first output.

        Args:
            kind: of the block, or the name of a definition.
            repeat: how often it follows itself.
            shares: a block whose weights it uses.

        Raises:
            UserError: there is no such block, port or parameter, or a value is refused.
        """
        if kind in self.document.definitions:
            kind = DEFINED + kind
        block = kinds_of(self.document).find(kind)
        if block is None:
            raise UserError(f"There is no block called {kind}.")
        id = edits.next_node_id(self.document)
        full = "_".join([*self._sections, name or block.kind.stem])
        self.document = edits.add(self.document, kind, name=full)
        if repeat or shares:
            node = replace(
                self.document.node(id), repeat=repeat, shares=shares.node if shares else None
            )
            self.document = self.document.with_graph({**self.document.graph.nodes, id: node})
        for key, value in given.items():
            if not isinstance(value, Out):
                self.document = edits.set_param(self.document, [id], key, value)
        for port, wire in _by_port(block, wires, given):
            self.document = edits.connect(self.document, wire.node, wire.port, id, port)
        outs = edits.ports_of(self.document, id)[1]
        return Out(id, outs[0] if outs else "")

    def chain(self, x: Out, *kinds: str) -> Out:
        """Blocks with default parameters, one behind the other."""
        for kind in kinds:
            x = self.add(kind, x)
        return x

    def outs(self, out: Out) -> list[Out]:
        """All outputs of the block that one belongs to."""
        return [out.at(port) for port in edits.ports_of(self.document, out.node)[1]]

    def data(self, source: str, **params: Value) -> None:
        """Chooses the data to train on."""
        self.document = edits.set_data(self.document, DataSpec(source, params))

    def recipe(self, **values: Value) -> None:
        """Chooses how to train."""
        for name, value in values.items():
            self.document = edits.set_recipe(self.document, name, value)

    def sizes(self, **sizes: int) -> None:
        """Chooses the numbers that stand for symbolic sizes where costs are shown."""
        self.document = replace(self.document, sizes={**self.document.sizes, **sizes})


def _by_port(
    block: type[Block], wires: tuple[Out, ...], given: dict[str, Value | Out]
) -> Iterator[tuple[str, Out]]:
    """Which port each wire leads into: the named ones first, then the others in their order."""
    named = {port: wire for port, wire in given.items() if isinstance(wire, Out)}
    yield from named.items()
    free = [port for port in block.inputs if port.name not in named]
    left = list(wires)
    for port in free:
        while left:
            yield port.name, left.pop(0)
            if not port.many:
                break
    if left:
        raise UserError(
            f"{block.kind.title} has {len(free)} inputs for wires without a name, "
            f"but receives {len(wires)}."
        )


def repeated(count: int, mode: str = "chain") -> Repeat | None:
    """So many times; once is no repeat."""
    return Repeat(count, mode) if count > 1 else None
