"""The document as arrays, for painting and hit tests. It can be thrown away and built again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from app.canvas import geometry, routing
from app.canvas.collapsed import restated
from app.canvas.folds import Folds, blocks_in
from app.canvas.geometry import NODE_H, NODE_W, Box, Floats, Ints
from app.canvas.heat import HeatSource
from app.canvas.judged import Badges, Refusals, marks_of
from app.canvas.looks import UNKNOWN_COLOUR, Looks
from app.canvas.options import Options
from app.canvas.ports import PortLayout, PortRef
from app.canvas.remark_rows import RemarkRows
from app.canvas.traits import ACTIVE, ERROR, SELECTED, WARNING, traits_of
from app.canvas.wire_points import WirePoints
from graph.change import Change
from graph.infer import Typing
from graph.kinds import kinds_of
from graph.leading import WirePoint
from graph.model import Document, Edge, NodeId
from graph.problems import Problem, Severity
from graph.registry import Registry, default_registry

REFUSED, DOUBTED = 1, 2


class Mirror:
    """Blocks and edges by row.

    Attributes:
        ids, rect, category, state: of each block: its id, its x, y, width and height, its colour
            as a place in `COLOURS`, and a sum of SELECTED, ERROR and so on.
        traits: of each block: what of that the document says, as `traits_of` adds it up.
        edges, source, target: of each edge: itself, and the rows of the blocks it joins.
        previewed: the rows of the blocks that are shown elsewhere than the document has them.
        points: those that edges are led through.
        line, offset, lane, box, edge_state: of each edge: its ends, how far these are from the
            corners of its blocks, its lane if it runs upward or would pass behind a block, the box
            around it, and REFUSED or DOUBTED where its target refuses it or warns about it.
    """

    def __init__(self, registry: Registry | None = None) -> None:
        self.registry = registry or default_registry()
        self.folds = Folds()
        self._looks = Looks(self.registry, self.folds)
        self.document = Document()
        self.typing: Typing | None = None
        self.problems: Sequence[Problem] = ()
        self.options = Options()
        self.selection: frozenset[NodeId] = frozenset()
        self.active: NodeId | None = None
        self.chosen_edges: frozenset[Edge] = frozenset()
        self.remarks = RemarkRows()
        self.points = WirePoints()
        self.heat = HeatSource()
        self.version = 0
        self.is_redefined = False  # instances may be of another definition than before
        self._clear()

    def _clear(self) -> None:
        self.ids: list[NodeId] = []
        self.row: dict[NodeId, int] = {}
        self.rect: Floats = np.empty((0, 4))
        self.category: Ints = np.empty(0, np.intp)
        self.state: Ints = np.empty(0, np.intp)
        self.traits: Ints = np.empty(0, np.intp)
        self.layouts: list[PortLayout] = []
        self.badges: Badges = {}
        self.refusals: Refusals = {}
        self._clear_edges()

    def _clear_edges(self) -> None:
        self.edges: list[Edge] = []
        self.points.follow(self.edges)
        self.source: Ints = np.empty(0, np.intp)
        self.target: Ints = np.empty(0, np.intp)
        self.offset: Floats = np.empty((0, 4))
        self.line: Floats = np.empty((0, 4))
        self.lane: Floats = np.empty(0)
        self.box: Floats = np.empty((0, 4))
        self.edge_state: Ints = np.empty(0, np.intp)
        self.previewed: set[int] = set()
        self._led: bool | None = None  # for which options wires lead past all blocks, if they do

    # following the document

    def rebuild(self, document: Document, typing: Typing, problems: Sequence[Problem]) -> None:
        """Mirrors a document from scratch."""
        self._clear()
        self._know(document, typing, problems)
        self._add_nodes(list(document.graph.nodes))
        self._add_edges(document.graph.edges())
        self._clear_lanes()
        self._judge()

    def update(
        self, change: Change, document: Document, typing: Typing, problems: Sequence[Problem]
    ) -> None:
        """Follows one change of the document; the same as building anew, but faster."""
        self._know(document, typing, problems)
        change = self.folds.told(change)
        self._settle()
        if change.added or change.removed:
            self._reorder(list(document.graph.nodes))
        if change.moved:
            self._place([self.row[id] for id in change.moved])
        change = restated(change, document.graph, self.row, self.traits)
        changed = change.changed | self._redefined()
        if changed:
            self._look_at([self.row[id] for id in changed])
        gone = bool((self.source < 0).any() or (self.target < 0).any())
        if change.edges_removed or gone:
            self._drop_edges(change.edges_removed)
        if change.edges_added:
            self._add_edges(change.edges_added)
        if change.edges_led:
            self._route(routing.take_points(self, change.edges_led))
        self._fit_ports(change)
        self.chosen_edges -= change.edges_removed
        if self._led != self.options.straight:
            self._clear_lanes()
        self._judge()

    def _know(self, document: Document, typing: Typing, problems: Sequence[Problem]) -> None:
        self.document, self.typing, self.problems = document, typing, problems
        self.version += 1
        self.remarks.follow(document.graph.remarks)
        self.folds.follow(document.graph)
        kinds = kinds_of(document, self.registry)
        self.is_redefined = kinds is not self.registry
        if self.is_redefined:
            self.registry = kinds
            self._looks.follow(kinds)

    def _redefined(self) -> frozenset[NodeId]:
        if not self.is_redefined:
            return frozenset()
        nodes = self.document.graph.nodes
        return frozenset(id for id, node in nodes.items() if node.definition)

    def _add_nodes(self, ids: list[NodeId]) -> None:
        count = len(ids)
        self.ids = ids
        self.row = {id: row for row, id in enumerate(ids)}
        self.rect = np.full((count, 4), (0.0, 0.0, NODE_W, NODE_H))
        self.category = np.zeros(count, np.intp)
        self.state = np.zeros(count, np.intp)
        self.traits = np.zeros(count, np.intp)
        self.layouts = [self._looks.layout_of(self.document, id) for id in ids]
        self._place(range(count))
        self._look_at(range(count))

    def _reorder(self, ids: list[NodeId]) -> None:
        """Adds and removes rows so that they stand in the order of the document."""
        old_rows = np.array([self.row.get(id, -1) for id in ids], np.intp)
        new_row = np.full(len(self.ids) + 1, -1, np.intp)
        kept = old_rows >= 0
        new_row[old_rows[kept]] = np.flatnonzero(kept)
        layouts, rect, category, traits = self.layouts, self.rect, self.category, self.traits
        fresh = np.flatnonzero(~kept).tolist()
        self.ids = ids
        self.row = {id: row for row, id in enumerate(ids)}
        self.rect = np.full((len(ids), 4), (0.0, 0.0, NODE_W, NODE_H))
        self.rect[kept] = rect[old_rows[kept]]
        self.category = np.zeros(len(ids), np.intp)
        self.category[kept] = category[old_rows[kept]]
        self.traits = np.zeros(len(ids), np.intp)
        self.traits[kept] = traits[old_rows[kept]]
        self.state = np.zeros(len(ids), np.intp)
        self.layouts = [
            layouts[old] if old >= 0 else self._looks.layout_of(self.document, id)
            for id, old in zip(ids, old_rows.tolist(), strict=True)
        ]
        self.source, self.target = new_row[self.source], new_row[self.target]
        self._place(fresh)
        self._look_at(fresh)

    def _place(self, rows: Iterable[int]) -> None:
        """Takes over where the document has these blocks."""
        rows = list(rows)
        nodes = self.document.graph.nodes
        at = [(nodes[self.ids[row]].x, nodes[self.ids[row]].y) for row in rows]
        self.rect[rows, :2] = self.folds.shifted(self, rows, np.array(at).reshape(-1, 2))
        self._route(self.edges_of(rows))

    def _look_at(self, rows: Iterable[int]) -> None:
        """Takes over the kinds of these blocks, and what else their looks say."""
        rows, graph = list(rows), self.document.graph
        nodes = [graph.nodes[self.ids[row]] for row in rows]
        places = [self._looks.colour_of(node.kind) for node in nodes]
        traits = [
            traits_of(graph, node, place == UNKNOWN_COLOUR)
            for node, place in zip(nodes, places, strict=True)
        ]
        self.category[rows], self.traits[rows] = places, traits
        self.rect[rows, 2:] = self.folds.sizes(self.ids, rows, traits)

    def _drop_edges(self, removed: frozenset[Edge]) -> None:
        ends = [self.row.get(edge.target, -1) for edge in removed]
        keep = (self.source >= 0) & (self.target >= 0)
        for row in np.flatnonzero(keep & np.isin(self.target, ends)).tolist():
            keep[row] = self.edges[row] not in removed
        self.edges = [edge for edge, kept in zip(self.edges, keep.tolist(), strict=True) if kept]
        self.points.follow(self.edges)
        self.source, self.target = self.source[keep], self.target[keep]
        self.offset, self.line = self.offset[keep], self.line[keep]
        self.lane, self.box, self._led = self.lane[keep], self.box[keep], None

    def _add_edges(self, edges: Iterable[Edge]) -> None:
        """Adds edges between blocks that are there; a damaged file may name others."""
        row = self.row
        new = [edge for edge in edges if edge.source in row and edge.target in row]
        first = len(self.edges)
        self.edges = self.edges + new
        self.points.follow(self.edges)
        self.source = np.append(self.source, np.array([row[e.source] for e in new], np.intp))
        self.target = np.append(self.target, np.array([row[e.target] for e in new], np.intp))
        grown = len(self.edges)
        self.offset = np.resize(self.offset, (grown, 4))
        self.line = np.resize(self.line, (grown, 4))
        self.lane = np.resize(self.lane, grown)
        self.box = np.resize(self.box, (grown, 4))
        self._attach(range(first, grown))

    def _fit_ports(self, change: Change) -> None:
        """Lays out the ports again of blocks whose kind or edges changed."""
        touched = {edge.target for edge in change.edges_added | change.edges_removed}
        touched |= {edge.source for edge in change.edges_added | change.edges_removed}
        moved_ports = []
        # a variable may say how many outputs a block has
        touched |= change.changed | self._redefined()
        for id in touched | (self.row.keys() if change.settings else set()):
            row = self.row.get(id)
            if row is None:
                continue
            layout = self._looks.layout_of(self.document, id)
            if layout != self.layouts[row]:
                self.layouts[row] = layout
                moved_ports.append(row)
        if moved_ports:
            self._attach(self.edges_of(moved_ports).tolist())

    def _attach(self, rows: Iterable[int]) -> None:
        """Finds the ports that these edges join, and routes them."""
        at = np.array(list(rows), np.intp)
        layouts = self.layouts
        offsets = []
        for row, source, target in zip(
            at.tolist(), self.source[at].tolist(), self.target[at].tolist(), strict=True
        ):
            edge = self.edges[row]
            leaves = layouts[source].offset(False, edge.out)
            enters = layouts[target].offset(True, edge.into, edge.slot)
            offsets.append((*leaves, *enters))
        self.offset[at] = np.array(offsets).reshape(-1, 4)
        self._route(at)

    def _route(self, rows: Ints) -> None:
        routing.route(self, rows)
        self._led = None

    def _clear_lanes(self) -> None:
        """Leads edges past the blocks, wherever these have been moved."""
        routing.lead_past_blocks(self)
        self._led = self.options.straight

    def _judge(self) -> None:
        """Marks blocks and edges by what is wrong with them."""
        self.badges, self.refusals = marks_of(self.problems)
        self._mark()
        self.edge_state = np.zeros(len(self.edges), np.intp)
        for (id, port), problem in self.refusals.items():
            mark = REFUSED if problem.severity is Severity.ERROR else DOUBTED
            for row in np.flatnonzero(self.target == self.row.get(id, -1)).tolist():
                if self.edges[row].into == port:
                    self.edge_state[row] = mark

    def _mark(self) -> None:
        state = self.traits.copy()
        for id, problem in self.badges.items():
            if id in self.row:
                state[self.row[id]] |= ERROR if problem.severity is Severity.ERROR else WARNING
        chosen = [self.row[id] for id in self.selection if id in self.row]
        state[chosen] |= SELECTED
        if self.active in self.row:
            state[self.row[self.active]] |= ACTIVE
        self.state = state

    # what is not in the document

    def select(self, ids: frozenset[NodeId]) -> None:
        """Marks these blocks as selected, and nothing else."""
        self.selection = ids
        self.chosen_edges = frozenset()
        self.points.choose(())
        self._mark()

    def choose_edges(self, edges: frozenset[Edge]) -> None:
        """Marks these edges as selected, beside the selected blocks."""
        self.chosen_edges = edges

    def set_active(self, id: NodeId | None) -> None:
        """Marks the block that the code panel is at."""
        self.active = id
        self._mark()

    def preview_move(self, ids: Iterable[NodeId], dx: float, dy: float) -> None:
        """Shows blocks that far from where the document has them, until the next change."""
        rows = [self.row[id] for id in ids if id in self.row]
        nodes = self.document.graph.nodes
        at = np.array([(nodes[self.ids[row]].x, nodes[self.ids[row]].y) for row in rows])
        self.preview_at(rows, at.reshape(-1, 2) + np.array([dx, dy]))

    def preview_at(self, rows: list[int], corners: Floats) -> None:
        """Shows blocks elsewhere than the document has them, until the next change."""
        if not self.previewed:
            self.points.leave_home(self.rect[:, :2])
        self.rect[rows, :2] = self.folds.shifted(self, rows, corners)
        self.previewed.update(rows)
        edges = self.edges_of(rows)
        self.points.take_along(self.rect[:, :2], self.source, self.target, edges)
        self._route(edges)
        routing.lead_up(self)  # wires that something moves over for a moment stay where they are

    def preview_points(self, points: Iterable[WirePoint], dx: float, dy: float) -> None:
        """Shows points of wires elsewhere than the document has them, until the next change."""
        self._route(self.points.preview_move(points, dx, dy))

    def end_preview(self) -> None:
        """Shows all blocks where the document has them."""
        self._settle()
        if self._led != self.options.straight:
            self._clear_lanes()

    def _settle(self) -> None:
        led = self.points.settle()
        if len(led):
            self._route(led)
        if self.previewed:
            rows = [row for row in self.previewed if self.ids[row] in self.document.graph.nodes]
            self.previewed.clear()
            self._place(rows)

    # questions

    def edges_of(self, rows: Iterable[int]) -> Ints:
        """The rows of the edges at these blocks."""
        chosen = np.zeros(len(self.ids) + 1, np.bool_)
        chosen[list(rows)] = True
        return np.flatnonzero(chosen[self.source] | chosen[self.target])

    def edge_row(self, edge: Edge) -> int | None:
        """The row of an edge; None where there is no such edge."""
        rows = np.flatnonzero(self.target == self.row.get(edge.target, -1)).tolist()
        return next((row for row in rows if self.edges[row] == edge), None)

    def place_of(self, port: PortRef) -> tuple[float, float] | None:
        """Where a port is on the canvas; None where there is none."""
        row = self.row.get(port.node)
        if row is None:
            return None
        x, y = self.layouts[row].offset(port.is_input, port.name, port.slot)
        return float(self.rect[row, 0] + x), float(self.rect[row, 1] + y)

    def bounds(self, ids: Iterable[NodeId] | None = None) -> Box | None:
        """The box around these blocks, or all that is drawn; None where there are none."""
        if ids is None:
            drawn = self.rect, self.remarks.rect, self.points.rects
            return geometry.union(np.concatenate(drawn))
        return geometry.union(self.rect[[self.row[id] for id in ids if id in self.row]])

    def boxes_of(self, ids: Iterable[NodeId]) -> list[Box]:
        """The boxes around each of these blocks, of those that are here."""
        rect = self.rect[[self.row[id] for id in ids if id in self.row]]
        corners = np.concatenate([rect[:, :2], rect[:, :2] + rect[:, 2:]], 1)
        return [(left, top, right, bottom) for left, top, right, bottom in corners.tolist()]

    def nodes_in(self, box: Box) -> Ints:
        """The rows of the blocks that touch a box."""
        return blocks_in(self.rect, box)

    def edges_in(self, box: Box) -> Ints:
        """The rows of the edges that may touch a box."""
        left, top, right, bottom = box
        found = np.flatnonzero(
            (self.box[:, 0] <= right)
            & (self.box[:, 2] >= left)
            & (self.box[:, 1] <= bottom)
            & (self.box[:, 3] >= top)
        )
        return self.folds.drawn(self, found)
