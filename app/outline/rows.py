"""The rows of the outline as values: blocks in the order of the data, and what hangs on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.census import differing
from graph.composites.places import Step, Way, seen_from
from graph.edits import ports_of
from graph.infer import infer
from graph.model import Document, NodeId
from graph.order import topological
from graph.problems import Problem
from graph.registry import Registry
from graph.remarks import Frame, RemarkId
from graph.typed import Typing


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block."""

    id: NodeId


@dataclass(frozen=True, slots=True)
class PortRow:
    """One wire at a port of a block, or a port without a wire.

    Attributes:
        other: the port at the other end of the wire; None where there is no wire.
        optional: whether the block does without.
    """

    id: NodeId
    port: str
    is_input: bool
    other: tuple[NodeId, str] | None = None
    slot: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class InsideRow:
    """What a composite holds."""

    id: NodeId
    definition: str


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A frame or a note."""

    id: RemarkId


Row = BlockRow | PortRow | InsideRow | RemarkRow


@dataclass(frozen=True)
class View:
    """A drawing and what is known of it.

    Attributes:
        way: how one comes there from what the outline shows; empty for that itself.
        problems: by the block to go to first.
    """

    document: Document
    typing: Typing
    registry: Registry
    way: Way = ()
    problems: Mapping[NodeId, list[Problem]] = field(default_factory=dict)

    def step_into(self, row: InsideRow) -> Step:
        """The step that leads into what a row stands for."""
        return Step(row.definition, row.id)


def by_block(problems: list[Problem]) -> dict[NodeId, list[Problem]]:
    """Problems by the block to go to first."""
    found: dict[NodeId, list[Problem]] = {}
    for problem in problems:
        for id in problem.nodes[:1]:
            found.setdefault(id, []).append(problem)
    return found


def inside(view: View, row: InsideRow) -> View:
    """What is seen from inside an instance."""
    step = view.step_into(row)
    values, given = seen_from(view.document, view.typing, step)
    document = view.document.inside(row.definition, values, given)
    typing = infer(document, None, view.registry)
    problems = by_block(list(typing.problems.values()))
    return View(document, typing, view.registry, (*view.way, step), problems)


def top_rows(view: View) -> list[Row]:
    """Every block after those that feed it, those on cycles last; then frames, then notes."""
    graph = view.document.graph
    order = topological(graph) if graph.is_switched else view.typing.order
    rows: list[Row] = [BlockRow(id) for id in order.rank]
    rows += [BlockRow(id) for id in graph.nodes if id in order.cyclic]
    remarks = sorted(
        graph.remarks.values(), key=lambda each: (not isinstance(each, Frame), each.y, each.x)
    )
    return [*rows, *(RemarkRow(remark.id) for remark in remarks)]


def told_anew(old: View, new: View) -> set[NodeId] | None:
    """The blocks whose rows may say something else; None where that may be any row.

    Both drawings have the same blocks.
    """
    before, after = old.document.graph, new.document.graph
    if (
        old.registry is not new.registry
        or before.remarks is not after.remarks
        or before.is_switched
        or after.is_switched
    ):
        return None
    was, now = old.typing.types, new.typing.types
    found = {*differing(before.nodes, after.nodes), *differing(was, now)}
    if list(was) != list(now):
        found |= was.keys() - now.keys()
    refused = old.problems.keys() | new.problems.keys()
    return found | {id for id in refused if old.problems.get(id) != new.problems.get(id)}


def rows_below(view: View, row: Row) -> list[Row]:
    """What hangs on a row: of a block its inputs, its outputs, and what it holds."""
    match row:
        case BlockRow(id):
            return [*_inputs(view, id), *_outputs(view, id), *_held(view, id)]
        case InsideRow():
            return top_rows(inside(view, row))
        case _:
            return []


def _inputs(view: View, id: NodeId) -> list[Row]:
    graph = view.document.graph
    found: list[Row] = []
    for port in ports_of(view.document, id, view.registry)[0]:
        wires = graph.edges_into(id, port.name)
        found += [
            PortRow(id, port.name, True, (wire.source, wire.out), wire.slot) for wire in wires
        ]
        if not wires:
            found.append(PortRow(id, port.name, True, optional=port.optional))
    return found


def _outputs(view: View, id: NodeId) -> list[Row]:
    graph = view.document.graph
    found: list[Row] = []
    for out in ports_of(view.document, id, view.registry)[1]:
        wires = [wire for wire in graph.consumers_of(id) if wire.out == out]
        found += [
            PortRow(id, out, False, (wire.target, wire.into), wire.slot) for wire in wires
        ] or [PortRow(id, out, False, optional=True)]
    return found


def _held(view: View, id: NodeId) -> list[Row]:
    name = view.document.graph.nodes[id].definition
    return [InsideRow(id, name)] if name in view.document.whole().definitions else []
