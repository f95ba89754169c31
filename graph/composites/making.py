"""Selected blocks made a composite: a definition, and one instance in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from graph import edits, names
from graph.block import Role
from graph.composite import INPUT, OUTPUT
from graph.composites.naming import check_class_name
from graph.composites.substitute import names_of
from graph.edits import label, put_edges
from graph.infer import Typing, infer
from graph.kinds import kinds_of
from graph.layout.spacing import COLUMN_PX, ROW_PX
from graph.model import (
    DEFINED,
    Definition,
    Document,
    Edge,
    Endpoint,
    Graph,
    Node,
    NodeId,
    Wires,
)
from graph.order import downstream, upstream
from graph.params import Expr, Param, parameter
from graph.problems import UserError
from graph.tensor import TensorType, symbol

MOST_TOLD = 3
Row = dict[Endpoint, list[Edge]]


def why_not_make(document: Document, ids: Iterable[NodeId]) -> str:
    """Why these blocks cannot become a composite, as a sentence; empty where they can."""
    graph = document.graph
    chosen = set(ids) & graph.nodes.keys()
    if not chosen:
        return "Choose the blocks that are to become a composite."
    kinds = kinds_of(document)
    for id in graph.nodes:
        block = kinds.find(graph.nodes[id].kind) if id in chosen else None
        if block is not None and block.kind.role is not Role.LAYER:
            return (
                f"{label(document, id)} cannot be part of a composite: what brings data in, takes "
                "answers out or judges them stays in the drawing."
            )
    between = (downstream(graph, chosen) & upstream(graph, chosen)) - chosen
    if between:
        told = [label(document, id) for id in graph.nodes if id in between][:MOST_TOLD]
        return (
            f"{' and '.join(told)} would be fed by the composite and feed it, which closes a "
            "circle; choose what stands between as well."
        )
    for id, node in graph.nodes.items():
        other = node.shares
        if other and other in graph.nodes and (id in chosen) != (other in chosen):
            return (
                f"{label(document, id)} uses the weights of {label(document, other)}; "
                "choose both or neither."
            )
    return ""


def make(
    document: Document, ids: Iterable[NodeId], name: str, typing: Typing | None = None
) -> Document:
    """The document with these blocks in a definition of that name, and an instance in their place.

    The instance has the id `next_node_id(document)`. Wires into the blocks become Inputs, wires
    out of them Outputs; variables that they calculate with become parameters.

    Args:
        typing: of the document, where it is known.

    Raises:
        UserError: the name or the choice of blocks is refused.
    """
    wanted = set(ids)
    reason = why_not_make(document, wanted)
    if reason:
        raise UserError(reason)
    name = check_class_name(name, document.definitions)
    return _Making(document, wanted, name, typing or infer(document)).done()


@dataclass(frozen=True)
class _Port:
    """A port of the new definition: its node inside and the wires that it stands for."""

    node: Node
    edges: list[Edge]


class _Making:
    def __init__(self, document: Document, ids: set[NodeId], name: str, typing: Typing) -> None:
        self.document, self.name, self.typing = document, name, typing
        self.graph = document.graph
        self.chosen = {id: node for id, node in self.graph.nodes.items() if id in ids}
        self.instance = edits.next_node_id(document)
        self.next = document.next_id + 1
        self.free = names.Free(node.name for node in self.chosen.values())
        xs = [node.x for node in self.chosen.values()]
        ys = [node.y for node in self.chosen.values()]
        self.first = ((min(xs) + max(xs)) / 2, min(ys))
        self.top, self.bottom = min(ys) - ROW_PX, max(ys) + ROW_PX

    def done(self) -> Document:
        """The document with the definition and the instance."""
        ins, outs = self._inputs(), self._outputs()
        ports = {port.node.id: port.node for port in (*ins, *outs)}
        inner = Graph({**self.chosen, **ports}, self._inner_wires(ins, outs))
        parameters = self._parameters()
        definition = Definition(self.name, inner, parameters)
        made = replace(
            self.document,
            graph=self._outer(ins, outs, parameters),
            definitions={**self.document.definitions, self.name: definition},
            next_id=self.next,
        )
        kind = kinds_of(made).find(DEFINED + self.name)
        taken = {node.name for id, node in made.graph.nodes.items() if id != self.instance}
        stem = names.unique(kind.kind.stem if kind else "block", taken)
        return edits.rename(made, self.instance, stem)

    def _inputs(self) -> list[_Port]:
        arriving: Row = {}
        for id in self.chosen:
            for edge in self.graph.inputs_of(id):
                if edge.source not in self.chosen:
                    arriving.setdefault((edge.source, edge.out), []).append(edge)
        wanted = [
            "x" if len(arriving) == 1 else self._source_name(end, edges[0].into)
            for end, edges in arriving.items()
        ]
        row = self._row(INPUT, wanted, self.top)
        types = [self.typing.type_of(*end) for end in arriving]
        nodes = [_typed(node, type_) for node, type_ in zip(row, types, strict=True)]
        return [_Port(n, edges) for n, edges in zip(nodes, arriving.values(), strict=True)]

    def _source_name(self, end: Endpoint, port: str) -> str:
        """The name of an Input beside others: of the port that it feeds, or of what feeds it."""
        if len(port) > 1 and port != "xs":
            return port
        source = self.graph.nodes.get(end[0])
        return source.name if source else "x"

    def _outputs(self) -> list[_Port]:
        leaving: Row = {}
        for id in self.chosen:
            for edge in self.graph.consumers_of(id):
                if edge.target not in self.chosen:
                    leaving.setdefault((id, edge.out), []).append(edge)
        if not leaving:
            ends = [id for id in self.chosen if not self.graph.consumers_of(id)]
            leaving = {
                (id, out): [] for id in ends for out in edits.ports_of(self.document, id)[1][:1]
            }
        wanted = [
            "y" if len(leaving) == 1 else out if len(out) > 1 else f"{self.chosen[id].name}_out"
            for id, out in leaving
        ]
        row = self._row(OUTPUT, wanted, self.bottom)
        self.ends = {node.id: end for node, end in zip(row, leaving, strict=True)}
        return [_Port(n, edges) for n, edges in zip(row, leaving.values(), strict=True)]

    def _row(self, kind: str, wanted: list[str], y: float) -> list[Node]:
        """The blocks for ports, side by side above or below the others."""
        found = []
        for place, name in enumerate(wanted):
            x = self.first[0] + (place - (len(wanted) - 1) / 2) * COLUMN_PX
            at = edits.place((x, y))
            found.append(Node(NodeId(f"n{self.next}"), kind, self.free.take(name), {}, *at))
            self.next += 1
        return found

    def _inner_wires(self, ins: list[_Port], outs: list[_Port]) -> Wires:
        into: dict[NodeId, tuple[Edge, ...]] = {}
        fed = {edge: port.node.id for port in ins for edge in port.edges}
        for id in self.chosen:
            edges = self.graph.inputs_of(id)
            moved = [replace(e, source=fed[e], out="y", via=()) if e in fed else e for e in edges]
            put_edges(into, id, moved)
        for port in outs:
            source, out = self.ends[port.node.id]
            into[port.node.id] = (Edge(source, out, port.node.id, "x"),)
        return Wires(into)

    def _outer(self, ins: list[_Port], outs: list[_Port], parameters: Mapping[str, Param]) -> Graph:
        given = {name: Expr(name) for name in parameters}
        node = Node(self.instance, DEFINED + self.name, "", given, *edits.place(self.first))
        nodes = {id: each for id, each in self.graph.nodes.items() if id not in self.chosen}
        into = {id: e for id, e in self.graph.wires.into.items() if id not in self.chosen}
        arriving = [
            replace(port.edges[0], target=self.instance, into=port.node.name, slot=0)
            for port in ins
        ]
        put_edges(into, self.instance, arriving)
        moved = {edge: port.node.name for port in outs for edge in port.edges}
        for id in {edge.target for edge in moved}:
            edges = [
                replace(edge, source=self.instance, out=moved[edge]) if edge in moved else edge
                for edge in into[id]
            ]
            put_edges(into, id, edges)
        touched = {*self.chosen, self.instance, *(edge.target for edge in moved)}
        wires = self.graph.wires.changed(into, touched)
        return Graph({**nodes, node.id: node}, wires, self.graph.remarks)

    def _parameters(self) -> Mapping[str, Param]:
        """What the blocks calculate with, as parameters with the present values as defaults."""
        used = {name for node in self.chosen.values() for name in names_of(node)}
        scope = self.document.scope
        outer = self.document.definitions[scope.definition].parameters if scope else {}
        found = {}
        for name, value in self.document.variables.items():
            if name not in used:
                continue
            if name in outer:
                found[name] = replace(outer[name], default=outer[name].check(value))
            else:
                found[name] = parameter(name, self._number(name, value))
        return found

    def _number(self, name: str, value: object) -> int | float:
        """The value of a variable, whole where it is and nothing needs a fraction."""
        assert isinstance(value, (int, float))
        is_whole = value == int(value) and not isinstance(value, bool)
        return int(value) if is_whole and not self._is_for_fractions(name) else float(value)

    def _is_for_fractions(self, name: str) -> bool:
        kinds = kinds_of(self.document)
        for node in self.chosen.values():
            block = kinds.find(node.kind)
            for key, value in node.params.items() if block else ():
                if isinstance(value, Expr) and value.text.strip() == name and block is not None:
                    declared = block.params.get(key)
                    if declared is not None and declared.kind == "float":
                        return True
        return False


def _typed(node: Node, type_: TensorType | None) -> Node:
    """An Input with the shape that arrives at it, as far as an Input can have it."""
    if type_ is None or not type_.rank or type_.shape[0] != symbol("N"):
        return node
    sizes = [str(dim) for dim in type_.shape[1:]]
    if not all(size.isdecimal() or size.isidentifier() for size in sizes):
        return node
    return replace(node, params={"shape": ", ".join(sizes), "dtype": type_.dtype})
