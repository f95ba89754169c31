"""The document as a value: nodes, edges, definitions and data. Nothing here ever changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NewType

from graph.census import Census, census, still_holding
from graph.data import DataSpec
from graph.params import Param, Plain, Value
from graph.remarks import Remarks
from graph.tensor import TensorType

NodeId = NewType("NodeId", str)
Point = tuple[float, float]

DEFAULT_SIZES: Mapping[str, int] = {"N": 1, "T": 16}
DEFINED = "def:"


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a block follows itself, and how.

    Attributes:
        count: a number or an expression, checked when used.
        mode: `chain` (each with its own weights), `shared` (all with the same), `concat` (each
            receives what all before it made, as in DenseNet) or `sum` (what the first output gives
            goes on, the others are added up, as WaveNet's skips).
    """

    count: Value = 2
    mode: str = "chain"


@dataclass(frozen=True, slots=True)
class Node:
    """A block on the canvas; of kind `def:Name` an instance of the definition `Name`.

    `params` holds what differs from the declared defaults, checked only when used, so that a file
    with a wrong value opens. `shares` names a node of the same kind whose weights this one uses;
    empty where it has its own. The weights of a `frozen` block, or of all that is inside it, stay
    as they are in training; `tuning` holds what differs from the defaults of `graph.tuning` in how
    they start and learn. What goes into a `bypassed` block comes out of it unchanged, and a
    `muted` one is as if it were not drawn. A `collapsed` one is drawn as its title alone, and a
    `locked` one keeps its place and its wires; neither changes what it does. `extra` holds keys of
    the file that this version does not know.
    """

    id: NodeId
    kind: str
    name: str
    params: Mapping[str, Value] = field(default_factory=dict)
    x: float = 0.0
    y: float = 0.0
    repeat: Repeat | None = None
    shares: NodeId | None = None
    frozen: bool = False
    bypassed: bool = False
    muted: bool = False
    collapsed: bool = False
    locked: bool = False
    tuning: Mapping[str, Value] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def definition(self) -> str:
        """The name of the definition that this is an instance of; empty for other blocks."""
        return self.kind.removeprefix(DEFINED) if self.kind.startswith(DEFINED) else ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A wire from an output port to an input port; `slot` orders the edges of a many port.

    `extra` holds, as JSON, what the file says of it that this version does not know. `via` are the
    points of the canvas that it is led through: wherever it is led, it is the same wire.
    """

    source: NodeId
    out: str
    target: NodeId
    into: str
    slot: int = 0
    extra: str = ""
    via: tuple[Point, ...] = field(default=(), compare=False)


Endpoint = tuple[NodeId, str]
NO_EDGES: tuple[Edge, ...] = ()


@dataclass(frozen=True, eq=False)
class Wires:
    """All edges, by the node they lead into. Shared by documents that differ in blocks only."""

    into: Mapping[NodeId, tuple[Edge, ...]] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Wires) or self.into != other.into:
            return self is other
        return self.into is other.into or self.led == other.led

    __hash__ = None  # type: ignore[assignment]  # it is compared only

    @property
    def led(self) -> Mapping[Edge, tuple[Point, ...]]:
        """The points of the edges that are led through some."""
        return {edge: edge.via for edge in self if edge.via}

    @cached_property
    def consumers(self) -> Mapping[NodeId, tuple[Edge, ...]]:
        """The edges that leave each node."""
        found: dict[NodeId, list[Edge]] = {}
        for edge in self:
            found.setdefault(edge.source, []).append(edge)
        return {node: tuple(edges) for node, edges in found.items()}

    def changed(self, into: Mapping[NodeId, tuple[Edge, ...]], at: Iterable[NodeId]) -> Wires:
        """Wires that differ only in what leads into these nodes."""
        wires = Wires(into)
        if "consumers" in self.__dict__:  # kept up to date: finding all anew takes long
            known = dict(self.consumers)
            for id in at:
                old, new = self.into.get(id, NO_EDGES), into.get(id, NO_EDGES)
                for source in {edge.source for edge in old}:
                    known[source] = tuple(e for e in known[source] if e.target != id)
                added: dict[NodeId, list[Edge]] = {}
                for edge in new:
                    added.setdefault(edge.source, []).append(edge)
                for source, edges in added.items():
                    known[source] = (*known.get(source, NO_EDGES), *edges)
            wires.__dict__["consumers"] = {id: edges for id, edges in known.items() if edges}
        return wires

    @cached_property
    def count(self) -> int:
        """How many edges there are."""
        return sum(map(len, self.into.values()))

    def __iter__(self) -> Iterator[Edge]:
        for edges in self.into.values():
            yield from edges


@dataclass(frozen=True)
class Graph:
    """Nodes and the wires between them, and what a person wrote beside them."""

    nodes: Mapping[NodeId, Node] = field(default_factory=dict)
    wires: Wires = field(default_factory=Wires)
    remarks: Remarks = field(default_factory=dict)

    def inputs_of(self, node: NodeId) -> tuple[Edge, ...]:
        """The edges into a node, ordered by port and slot."""
        return self.wires.into.get(node, NO_EDGES)

    def consumers_of(self, node: NodeId) -> tuple[Edge, ...]:
        """The edges out of a node."""
        return self.wires.consumers.get(node, NO_EDGES)

    def edges(self) -> Iterator[Edge]:
        """All edges."""
        return iter(self.wires)

    def edges_into(self, node: NodeId, port: str) -> tuple[Edge, ...]:
        """The edges into one port, in slot order."""
        return tuple(edge for edge in self.inputs_of(node) if edge.into == port)

    @cached_property
    def census(self) -> Census:
        """What blocks there are."""
        return census(self.nodes)

    @cached_property
    def loose(self) -> tuple[NodeId, ...]:
        """The blocks whose answers nothing takes, in the order of the graph."""
        consumers = self.wires.consumers
        return tuple(id for id in self.nodes if id not in consumers)

    def inherit(self, old: Graph) -> None:
        """Takes over what the graph before an edit knew of itself, as far as it still holds."""
        known = old.__dict__.get("census")
        if known is not None and self.nodes is not old.nodes:
            known = still_holding(known, old.nodes, self.nodes)
        if known is None:
            return
        self.__dict__["census"] = known
        if self.wires is old.wires and "loose" in old.__dict__:
            self.__dict__["loose"] = old.loose

    @property
    def is_switched(self) -> bool:
        """Whether a block is bypassed or muted."""
        return self.census.is_switched

    def owner_of(self, node: NodeId) -> NodeId:
        """The node whose weights one uses: most have their own."""
        passed: set[NodeId] = set()
        while node not in passed:
            passed.add(node)
            other = self.nodes[node].shares
            if other is None or other not in self.nodes:
                break
            node = other
        return node

    def is_frozen(self, node: NodeId) -> bool:
        """Whether the weights that a node uses stay as they are."""
        return self.nodes[self.owner_of(node) if self.nodes[node].shares else node].frozen


@dataclass(frozen=True)
class Definition:
    """A drawing with a name that others use as a block: its Inputs and Outputs are the ports.

    Its name is that of a class in the generated code. What its blocks calculate with are its
    parameters alone, so that it means the same in every drawing.
    """

    name: str
    graph: Graph = field(default_factory=Graph)
    parameters: Mapping[str, Param] = field(default_factory=dict)
    description: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """Where a document is looked at from inside one of its definitions.

    Attributes:
        definition: its name.
        root: the graph of the whole drawing.
        variables: those of the whole drawing; the document has the definition's parameters here.
        given: the types that arrive at its Inputs where it is used.
    """

    definition: str
    root: Graph
    variables: Mapping[str, float]
    given: Mapping[NodeId, TensorType] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """Everything a file holds.

    `graph` is the whole drawing, or the graph of a definition while that is looked at from inside.
    Ids of nodes and of remarks differ in the whole document.

    Attributes:
        definitions: the composites, by their names.
        variables: numbers that parameters may use in expressions, such as `width`.
        sizes: the numbers that stand for symbols where costs are shown, such as N and T.
        recipe: values of `graph.recipe.Recipe` that differ from its defaults.
        next_id: the number the next node or remark gets, so that an id is never used twice.
        extra: keys of the file that this version does not know.
        scope: which definition is looked at from inside; None for the whole drawing.
    """

    graph: Graph = field(default_factory=Graph)
    name: str = "Untitled"
    description: str = ""
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    variables: Mapping[str, Plain] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=lambda: DEFAULT_SIZES)
    data: DataSpec = field(default_factory=DataSpec)
    recipe: Mapping[str, Value] = field(default_factory=dict)
    next_id: int = 1
    extra: Mapping[str, object] = field(default_factory=dict)
    scope: Scope | None = None

    def node(self, id: NodeId) -> Node:
        """The node of that id.

        Raises:
            KeyError: there is none; a caller that may be wrong asks `graph.nodes` first.
        """
        return self.graph.nodes[id]

    def with_graph(
        self,
        nodes: Mapping[NodeId, Node] | None = None,
        wires: Wires | None = None,
        remarks: Remarks | None = None,
    ) -> Document:
        """The same document with other nodes, wires or remarks."""
        graph = Graph(
            self.graph.nodes if nodes is None else nodes,
            self.graph.wires if wires is None else wires,
            self.graph.remarks if remarks is None else remarks,
        )
        graph.inherit(self.graph)
        return replace(self, graph=graph)

    def graphs(self) -> Iterator[Graph]:
        """The whole drawing and the graph of every definition, as they are now."""
        whole = self.whole()
        yield whole.graph
        for definition in whole.definitions.values():
            yield definition.graph

    def inside(
        self,
        name: str,
        values: Mapping[str, Plain] | None = None,
        given: Mapping[NodeId, TensorType] | None = None,
    ) -> Document:
        """The document seen from inside a definition.

        Args:
            values: what its parameters are where it is used; their defaults where nothing is said.
            given: the types that arrive at its Inputs there.

        Raises:
            KeyError: there is no such definition.
        """
        whole = self.whole()
        definition = whole.definitions[name]
        defaults = {key: param.default for key, param in definition.parameters.items()}
        scope = Scope(name, whole.graph, whole.variables, given or {})  # type: ignore[arg-type]  # a whole drawing has numbers only
        return replace(
            whole, graph=definition.graph, variables={**defaults, **(values or {})}, scope=scope
        )

    def whole(self) -> Document:
        """The document seen from outside, with what was changed inside put back."""
        scope = self.scope
        if scope is None:
            return self
        definitions = self.definitions
        known = definitions.get(scope.definition)
        if known is not None and known.graph is not self.graph:
            changed = replace(known, graph=self.graph)
            definitions = {**definitions, scope.definition: changed}
        return replace(
            self, graph=scope.root, variables=scope.variables, definitions=definitions, scope=None
        )
