"""What inference knows of a graph: its blocks, types and problems, and where they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from graph.block import Block, Outputs, Role
from graph.effective import Wait
from graph.model import Document, Edge, Endpoint, Graph, NodeId
from graph.order import Order, downstream, upstream
from graph.params import Plain
from graph.problems import Problem
from graph.tensor import TensorType

InputTypes = Mapping[str, TensorType | list[TensorType]]
Arguments = list[TensorType | None]


@dataclass(frozen=True)
class Typing:
    """All that inference knows of a graph.

    Attributes:
        graph: what of the drawing is at work, without what is bypassed or muted.
        blocks: the block of each node whose kind is known and whose parameters are accepted.
        types: the output types of each node that could be typed, by port.
        problems: one problem for each node that could not, unless it only waits for another.
        visited: the nodes that were looked at since the typing before; all if there was none.
        passed: for the output of a bypassed block, where its value comes from.
        waits: blocks that are left out since a value that they need is switched off.
    """

    graph: Graph
    variables: Mapping[str, Plain]
    given: Mapping[NodeId, TensorType]
    order: Order
    blocks: Mapping[NodeId, Block]
    types: Mapping[NodeId, Outputs]
    problems: Mapping[NodeId, Problem]
    visited: frozenset[NodeId]
    passed: Mapping[Endpoint, Endpoint] = field(default_factory=dict)
    waits: Mapping[NodeId, Wait] = field(default_factory=dict)

    def at_work(self, document: Document) -> Document:
        """The document that this is the typing of, without what is bypassed or muted."""
        return replace(document, graph=self.graph) if document.graph.is_switched else document

    @cached_property
    def by_kind(self) -> Mapping[str, list[NodeId]]:
        """The nodes of each kind whose block is known, in the order of the graph."""
        found: dict[str, list[NodeId]] = {}
        blocks = self.blocks
        for id in self.graph.nodes:
            block = blocks.get(id)
            if block is not None:
                found.setdefault(block.kind.name, []).append(id)
        return found

    @cached_property
    def by_role(self) -> Mapping[Role, list[NodeId]]:
        """The nodes of each role but layers, kind by kind."""
        found: dict[Role, list[NodeId]] = {}
        for ids in self.by_kind.values():
            role = self.blocks[ids[0]].kind.role
            if role is not Role.LAYER:
                found.setdefault(role, []).extend(ids)
        return found

    @cached_property
    def used(self) -> frozenset[NodeId]:
        """The nodes that lead to an output, a loss, a metric or an optimizer; all if there is none.

        What follows a loss counts as loss too.
        """
        roles = (Role.OUTPUT, Role.METRIC, Role.OPTIMIZER)
        ends = {id for role in roles for id in self.by_role.get(role, ())}
        ends |= downstream(self.graph, self.by_role.get(Role.LOSS, ()))
        return frozenset(upstream(self.graph, ends) if ends else self.graph.nodes)

    @cached_property
    def sees_image(self) -> dict[NodeId, bool]:
        """Whether a whole image flows into a block, for those of which that was asked."""
        return {}

    @cached_property
    def unused(self) -> frozenset[NodeId]:
        """The nodes that could be typed and lead nowhere."""
        return frozenset(self.types.keys() - self.used)

    def type_of(self, node: NodeId, out: str) -> TensorType | None:
        """The type of an output port, as far as it is known."""
        node, out = self.passed.get((node, out), (node, out))
        outputs = self.types.get(node)
        return outputs.get(out) if outputs else None

    def edge_type(self, edge: Edge) -> TensorType | None:
        """The type of what flows along an edge, as far as it is known."""
        return self.type_of(edge.source, edge.out)

    def input_types(self, node: NodeId) -> InputTypes:
        """The types that arrive at a node, by port; a list for a many port."""
        block = self.blocks.get(node)
        many = {port.name for port in block.inputs if port.many} if block else set()
        found: dict[str, TensorType | list[TensorType]] = {}
        for edge in self.graph.inputs_of(node):
            type_ = self.edge_type(edge)
            if type_ is None:
                continue
            if edge.into in many:
                there = found.setdefault(edge.into, [])
                assert isinstance(there, list)
                there.append(type_)
            else:
                found[edge.into] = type_
        return found

    def is_waiting(self, node: NodeId) -> bool:
        """Whether a node has no types only because something before it has none."""
        return node not in self.types and node not in self.problems


def arguments(block: type[Block], inputs: InputTypes) -> Arguments:
    """Input types in the order in which the methods of a block take them."""
    found: list[TensorType | None] = []
    for port in block.inputs:
        type_ = inputs.get(port.name)
        if port.many:
            found += type_ if isinstance(type_, list) else []
        else:
            found.append(type_ if isinstance(type_, TensorType) else None)
    return found
