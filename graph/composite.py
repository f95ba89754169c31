"""A definition as a kind of block: what it takes, gives and costs follows from its drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from graph.block import Block, Category, Emit, Kind, Port, Role, Use, show_value
from graph.effective import effective
from graph.keeping_inside import saved_inside
from graph.model import DEFINED, Definition, Document, NodeId
from graph.names import snake, unique, usable
from graph.params import Param, Plain
from graph.probes import PROBING, UNTRUSTED, age
from graph.problems import Refusal
from graph.registry import Registry
from graph.saved import Saved
from graph.tensor import Dim, TensorType
from graph.typed import Arguments, Typing, arguments

INPUT, OUTPUT = "input", "output"
INSIDE = "does not work inside: "
MOST_KEPT = 4096
MOST_NODES = 20_000
OF_WEIGHTS = ("parameters", "frozen_parameters")
A_TYPING = 4  # as many blocks as typing a drawing takes beside its blocks
Given = tuple[TensorType | None, ...]


class Composite(Block):
    """An instance of a definition; each definition has a subclass of its own.

    Attributes:
        definition: the drawing.
        parts: the kinds of the definitions that it uses.
        kinds: all kinds of blocks that its drawing may use.
        refusal: why no instance can be typed, such as that it contains itself; empty where it can.
        seen: its typings so far, by parameters and inputs.
        sums, kept: what these cost so far; definitions nest, so that none is counted twice.
    """

    definition: ClassVar[Definition]
    parts: ClassVar[Mapping[str, type[Block]]]
    kinds: ClassVar[Registry]
    refusal: ClassVar[str]
    seen: ClassVar[dict[tuple[Composite, Given, int], Typing]]
    sums: ClassVar[dict[tuple[str, Composite, Given, int], Dim]]
    kept: ClassVar[dict[tuple[Composite, Given, int], Saved]]

    def __init_subclass__(cls) -> None:
        """Passes by what declared blocks are checked for: a definition may be unfinished."""

    def __init__(self, /, **values: Plain) -> None:
        defaults = {name: declared.default for name, declared in self.params.items()}
        object.__setattr__(self, "given", {**defaults, **values})
        object.__setattr__(self, "_hash", hash((type(self), *self.values().values())))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.values() == getattr(other, "given", None)

    def __hash__(self) -> int:
        known: int = self._hash  # type: ignore[attr-defined]  # set in __init__; blocks are frozen
        return known

    def values(self) -> dict[str, Plain]:
        """All parameters and their values."""
        known: dict[str, Plain] = self.given  # type: ignore[attr-defined]  # as above
        return known

    def shown(self) -> list[Param]:
        """All parameters: none depends on another."""
        return list(self.params.values())

    def summary(self) -> str:
        """The one line of parameters that the block shows on the canvas."""
        shown = list(self.values().items())[:3]
        return "  ".join(f"{name} {show_value(value)}" for name, value in shown)

    def inside(self, inputs: Given) -> Typing:
        """The typing of the drawing for these parameters and inputs."""
        key = (self, inputs, age())
        found = self.seen.get(key)
        if found is None:
            if len(self.seen) >= MOST_KEPT:
                self.seen.clear()
                self.sums.clear()
                self.kept.clear()
            found = self.seen[key] = self._typed(inputs)
        return found

    def _typed(self, inputs: Given) -> Typing:
        from graph.infer import infer_inside  # it asks for the kinds of a document, as this one is

        spend(len(self.definition.graph.nodes) + A_TYPING)
        return infer_inside(self.seen_from_inside(inputs), self.kinds)

    def seen_from_inside(self, inputs: Given) -> Document:
        """A document that shows the drawing at work with these parameters and inputs."""
        ids = [id for id, _ in _ports(self.definition, INPUT)]
        given = {id: type_ for id, type_ in zip(ids, inputs, strict=True) if type_ is not None}
        document = Document(definitions={self.definition.name: self.definition})
        document = document.inside(self.definition.name, self.values(), given)
        reduced = effective(document.graph, self.kinds, inside=True)
        return replace(document, graph=reduced.graph)

    def infer(self, *inputs: TensorType | None) -> tuple[TensorType, ...]:
        """What arrives at the Outputs of the drawing.

        Raises:
            Refusal: the drawing is unfinished, or a block in it refuses what it receives.
        """
        if self.refusal:
            raise Refusal(self.refusal)
        ends = list(_ports(self.definition, OUTPUT))
        if not ends:
            raise Refusal("has no Output inside; open it and add one")
        typing = self.inside(inputs)
        for id, problem in typing.problems.items():
            if id in typing.used:
                innermost = problem.text.rpartition(INSIDE)[2].rstrip(".")
                text = f"{INSIDE}{innermost}"
                told = problem.code in (UNTRUSTED, PROBING)
                code = problem.code if told else "refused"
                raise Refusal(text, at=problem.nodes, code=code, severity=problem.severity)
        found = []
        for id, name in ends:
            edges = typing.graph.inputs_of(id)
            type_ = typing.edge_type(edges[0]) if edges else None
            if type_ is None:
                raise Refusal(f"gives nothing at “{name}”: inside, nothing comes to it", at=(id,))
            found.append(type_)
        return tuple(found)

    def emit(self, *inputs: TensorType | None) -> Emit:
        """A call of the module that the definition becomes."""
        targets = ", ".join(f"{{{name}}}" for name in self.outputs)
        given = ", ".join(f"{{{port.name}}}" for port in self.inputs)
        module = unique("block", {*self.outputs, *(port.name for port in self.inputs)})
        return Emit(f"{targets} = {{{module}}}({given})", {module: Use(self, inputs)})

    def parameters(self, *inputs: TensorType | None) -> int:
        """Trainable numbers of all blocks inside."""
        total = self._sum("parameters", inputs)
        assert isinstance(total, int)
        return total

    def frozen_parameters(self, *inputs: TensorType | None) -> int:
        """Those of frozen blocks inside."""
        total = self._sum("frozen_parameters", inputs)
        assert isinstance(total, int)
        return total

    def multiply_adds(self, *inputs: TensorType | None) -> Dim:
        """Of all blocks inside."""
        return self._sum("multiply_adds", inputs)

    def saved(self, *inputs: TensorType | None) -> Saved:
        """What autograd keeps of all blocks inside."""
        key = (self, inputs, age())
        found = self.kept.get(key)
        if found is None:
            ends = dict(_ports(self.definition, INPUT)), dict(_ports(self.definition, OUTPUT))
            found = self.kept[key] = saved_inside(self.inside(inputs), *ends)
        return found

    def kv_cache(self, *inputs: TensorType | None) -> Dim:
        """Of all blocks inside."""
        return self._sum("kv_cache", inputs)

    def _sum(self, what: str, inputs: Given) -> Dim:
        """A cost of all blocks that are used inside."""
        key = (what, self, inputs, age())
        found = self.sums.get(key)
        if found is None:
            found = 0
            nodes = self.inside(inputs).graph.nodes
            for id, block, args in self._at_work(inputs):
                node = nodes[id]
                if what in OF_WEIGHTS and node.shares:
                    continue
                asked = "parameters" if what == "frozen_parameters" and node.frozen else what
                found = found + getattr(type(block), asked)(block, *args)
            self.sums[key] = found
        return found

    def _at_work(self, inputs: Given) -> Iterator[tuple[NodeId, Block, Arguments]]:
        """The blocks that are used inside, with what they receive."""
        typing = self.inside(inputs)
        for id in typing.graph.nodes:
            if id in typing.used and id in typing.types:
                block = typing.blocks[id]
                yield id, block, arguments(type(block), typing.input_types(id))


class _Effort:
    """How many blocks may still be typed inside definitions before it is too much."""

    left = MOST_NODES


_effort = _Effort()


def spend(nodes: int) -> None:
    """Counts blocks that are made or typed within others.

    Raises:
        Refusal: they are too many.
    """
    _effort.left -= nodes
    if _effort.left < 0:
        raise Refusal(
            f"unfolds to more than {MOST_NODES:,} blocks that differ; repeat less often, or "
            "let the repeated blocks be alike"
        )


def begin() -> None:
    """Starts counting anew what is typed inside definitions; called before a drawing is typed."""
    _effort.left = MOST_NODES


def _ports(definition: Definition, kind: str) -> Iterator[tuple[NodeId, str]]:
    """The Inputs or Outputs of a definition and the names of the ports that they are."""
    for id, node in definition.graph.nodes.items():
        if node.kind == kind:
            yield id, node.name


def _refused_port(inputs: Sequence[str], outputs: Sequence[str]) -> str:
    """Why ports cannot be called so; empty where they can."""
    taken: set[str] = set()
    for name in (*inputs, *outputs):
        if not (name.isascii() and name.isidentifier()):
            return f"has a port called “{name[:40]}”; inside, call it by letters, digits and _"
        if name in taken:
            return f"has two ports called “{name}”; inside, call one of them by another name"
        taken.add(name)
    return ""


def composite(
    definition: Definition, parts: Mapping[str, type[Block]], kinds: Registry, refusal: str
) -> type[Composite]:
    """The kind of block that a definition is."""
    name = definition.name
    about = definition.description.strip().partition("\n")[0]
    about = about or f"The composite {name} of this drawing."
    cls: type[Composite] = type("Composite", (Composite,), {"__doc__": about})
    cls.kind = Kind(
        DEFINED + name, name, Category.COMPOSITE, name[:2], ("composite",), Role.LAYER, (),
        usable(snake(name)),
    )  # fmt: skip
    cls.params = definition.parameters
    cls.former = {}
    cls.inputs = tuple(Port(port) for _, port in _ports(definition, INPUT))
    cls.outputs = tuple(port for _, port in _ports(definition, OUTPUT))
    cls.definition, cls.parts, cls.kinds = definition, parts, kinds
    cls.refusal = refusal or _refused_port([port.name for port in cls.inputs], cls.outputs)
    cls.seen, cls.sums, cls.kept = {}, {}, {}
    return cls
