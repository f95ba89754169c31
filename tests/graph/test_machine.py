"""A state machine over edits, undo, redo, save and load: nothing is lost, nothing contradicts."""

import random
from collections.abc import Mapping

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from backends.pytorch.source import print_source
from graph import clipboard, edits, fileio, joining, leading, remark_edits, surgery
from graph.change import diff
from graph.check import check
from graph.cost import costs
from graph.history import History
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, Edge, Node, NodeId, Wires
from graph.params import Expr
from graph.problems import Problem, UserError
from graph.registry import default_registry
from graph.remarks import RemarkId
from tests.drawing import chain, draw
from tests.graph.test_infer import KINDS, facts, random_edit

STARTS = [
    "input dense relu output",
    "input conv2d flatten dense",
    "input lstm dense output",
    "input concat add output",
]
EXPRESSIONS = ["width", "2 * width", "width // 2", "depth + 1", "1 / width"]
PLAIN = [0, 1, -1, 3, 2.5, True, False, "same", "2, 3", (2, 2)]
NUMBERS = st.floats(-1e9, 1e9)
OTHER = "target embedding attention concat cross_entropy"


def told(problem: Problem) -> tuple[object, ...]:
    return (
        problem.code, problem.text, problem.severity, problem.nodes, problem.port, problem.short,
        tuple(fix.label for fix in problem.fixes),
    )  # fmt: skip


class Editing(RuleBasedStateMachine):
    """Whatever is done, in whatever order."""

    @initialize(kinds=st.sampled_from(STARTS))
    def start(self, kinds: str) -> None:
        self.begin(chain(kinds))

    def begin(self, document: Document) -> None:
        self.history = History.of(document)
        self.model: list[Document] = [document]
        self.at = 0
        self.typing = infer(document)
        self.costs = costs(document, self.typing)

    def become(self, document: Document) -> None:
        before = self.history.document
        self.history = self.history.then("Edit", document)
        if document != before:
            self.model = [*self.model[: self.at + 1], document]
            self.at += 1
        self.typing = infer(self.history.document, self.typing)

    @property
    def document(self) -> Document:
        return self.history.document

    @rule(seed=st.integers(0, 2**32))
    def edit(self, seed: int) -> None:
        self.become(random_edit(self.document, random.Random(seed)))

    @rule(seed=st.integers(0, 2**32), value=st.sampled_from([*map(Expr, EXPRESSIONS), *PLAIN]))
    def set_param(self, seed: int, value: object) -> None:
        node = self.some_node(seed)
        block = default_registry().find(node.kind) if node else None
        if node and block and block.params:
            name = random.Random(seed).choice(list(block.params))
            try:
                self.become(edits.set_param(self.document, [node.id], name, value))
            except UserError:
                pass

    @rule(name=st.sampled_from(["width", "depth"]), value=st.sampled_from([None, 0, 1, 6, 1.5]))
    def set_variable(self, name: str, value: float | None) -> None:
        self.become(edits.set_variable(self.document, name, value))

    @rule(name=st.sampled_from(["N", "T"]), size=st.sampled_from([1, 2, 64]))
    def set_size(self, name: str, size: int) -> None:
        self.become(edits.set_size(self.document, name, size))

    @rule(seed=st.integers(0, 2**32), name=st.sampled_from(["a", "b", "conv", "dense2"]))
    def rename(self, seed: int, name: str) -> None:
        node = self.some_node(seed)
        if node:
            try:
                self.become(edits.rename(self.document, node.id, name))
            except UserError:
                pass

    @rule(seed=st.integers(0, 2**32), kind=st.sampled_from(["relu", "concat", "flatten", "lstm"]))
    def insert(self, seed: int, kind: str) -> None:
        edge = self.some_edge(seed)
        if edge:
            try:
                self.become(surgery.insert(self.document, edge, kind))
            except UserError:
                pass

    @rule(seed=st.integers(0, 2**32), other=st.integers(0, 2**32))
    def splice(self, seed: int, other: int) -> None:
        edge, node = self.some_edge(seed), self.some_node(other)
        if edge and node:
            try:
                self.become(surgery.splice(self.document, edge, node.id))
            except UserError:
                pass

    @rule(seed=st.integers(0, 2**32), points=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3))
    def lead(self, seed: int, points: list[tuple[float, float]]) -> None:
        """A wire goes another way, and nothing else differs."""
        edge = self.some_edge(seed)
        if edge:
            before = self.document
            self.become(leading.lead(before, {edge: points}))
            change = diff(before, self.document)
            assert change.edges_led <= {edge}
            assert not (change.structure or change.moved)

    @rule(seed=st.integers(0, 2**32), slot=st.integers(0, 4))
    def join(self, seed: int, slot: int) -> None:
        """A wire is drawn to a slot; in a many port no other is lost."""
        edge, node = self.some_edge(seed), self.some_node(seed + 1)
        if edge and node:
            there = self.document.graph.edges_into(edge.target, edge.into)
            is_many = len(there) > 1
            outs = edits.ports_of(self.document, node.id)[1]
            try:
                new = Edge(node.id, outs[0] if outs else "y", edge.target, edge.into, slot)
                self.become(joining.join(self.document, new))
            except UserError:
                return
            now = self.document.graph.edges_into(edge.target, edge.into)
            assert not is_many or len(now) == len(there) + 1

    @rule(seed=st.integers(0, 2**32), kept=st.booleans())
    def move_wires(self, seed: int, kept: bool) -> None:
        """All wires of a port go to another; as many as there were are left."""
        edge, node = self.some_edge(seed), self.some_node(seed + 1)
        if not edge or not node:
            return
        graph, count = self.document.graph, self.document.graph.wires.count
        outs = edits.ports_of(self.document, node.id)[1]
        if kept and outs:
            taken = [e for e in graph.consumers_of(edge.source) if e.out == edge.out]
            done = joining.move_starts(self.document, taken, (node.id, outs[0]))
        else:
            taken = list(graph.edges_into(edge.target, edge.into))
            done = joining.move_ends(self.document, taken, node.id)
        self.become(done.document)
        assert done.drawn + len(done.refused) == len(taken)
        assert self.document.graph.wires.count == count

    @rule(seed=st.integers(0, 2**32), kind=st.sampled_from([*KINDS, "attention", "matmul"]))
    def replace_kind(self, seed: int, kind: str) -> None:
        node = self.some_node(seed)
        if node:
            self.become(surgery.replace_kind(self.document, node.id, kind))

    @rule(seed=st.integers(0, 2**32))
    def heal(self, seed: int) -> None:
        """Blocks go and nothing that they did not feed loses a wire."""
        document, chosen = self.document, random.Random(seed)
        ids = {id for id in document.graph.nodes if chosen.random() < 0.2}
        healed = edits.remove(document, ids, heal=True)
        kept = [edge for edge in document.graph.edges() if not ids & {edge.source, edge.target}]
        ends = [(e.source, e.out, e.target, e.into) for e in healed.graph.edges()]
        for edge in kept:
            assert (edge.source, edge.out, edge.target, edge.into) in ends
        self.become(healed)

    @rule(seed=st.integers(0, 2**32))
    def fix(self, seed: int) -> None:
        fixes = [fix for problem in check(self.document, self.typing) for fix in problem.fixes]
        if fixes:
            try:
                self.become(random.Random(seed).choice(fixes).edit(self.document))
            except UserError:
                pass

    @rule(seed=st.integers(0, 2**32))
    def write_beside(self, seed: int) -> None:
        """A frame or note is added, moved, resized, coloured or removed."""
        chosen = random.Random(seed)
        document, ids = self.document, sorted(self.document.graph.remarks)
        id = chosen.choice(ids) if ids else RemarkId("")
        box = (chosen.uniform(-99, 99), 0.0, chosen.uniform(-1e9, 1e9), chosen.uniform(0, 1e7))
        self.become(
            chosen.choice(
                [
                    lambda: remark_edits.add_note(document, box[:2], f"# {seed}"),
                    lambda: remark_edits.add_frame(document, box, f"Part {seed}"),
                    lambda: remark_edits.move(document, ids, box[1:3]),
                    lambda: remark_edits.resize(document, id, box),
                    lambda: remark_edits.set_color(document, [id], "pink"),
                    lambda: remark_edits.set_text(document, id, "<b>"),
                    lambda: remark_edits.remove(document, [id]),
                ]
            )()
        )

    @rule(seed=st.integers(0, 2**32))
    def copy_and_paste(self, seed: int) -> None:
        chosen = random.Random(seed)
        ids = [id for id in self.document.graph.nodes if chosen.random() < 0.5]
        ids = ids[:12]  # Else a run that mostly pastes grows by half each time, to millions.
        remarks = [id for id in self.document.graph.remarks if chosen.random() < 0.2][:4]
        clip = clipboard.copy(self.document, ids, remarks)
        clip = fileio.clip_from_text(fileio.clip_to_text(clip))
        self.become(clipboard.paste(self.document, clip)[0])

    @rule()
    def paste_from_another_drawing(self) -> None:
        other = draw(OTHER)
        clip = clipboard.copy(other, list(other.graph.nodes))
        if len(self.document.graph.nodes) < 60:
            self.become(clipboard.paste(self.document, clip)[0])

    @rule(seed=st.integers(0, 2**32))
    def close_a_circle(self, seed: int) -> None:
        """As a file may hold one; no edit makes it."""
        edge = self.some_edge(seed)
        back = self.document.graph.inputs_of(edge.source)[:1] if edge else ()
        if edge and back:
            wire = Edge(edge.target, self.out_of(edge.target), edge.source, back[0].into)
            into = {**self.document.graph.wires.into, edge.source: (wire,)}
            self.become(self.document.with_graph(wires=Wires(into)))

    def out_of(self, id: NodeId) -> str:
        return next(iter(edits.ports_of(self.document, id)[1]), "y")

    @rule()
    def undo(self) -> None:
        self.history = self.history.undone()
        self.at = max(self.at - 1, 0)
        self.typing = infer(self.document, self.typing)

    @rule()
    def redo(self) -> None:
        self.history = self.history.redone()
        self.at = min(self.at + 1, len(self.model) - 1)
        self.typing = infer(self.document, self.typing)

    @rule()
    def save_and_load(self) -> None:
        loaded = fileio.loads(fileio.dumps(self.document)).document
        assert loaded == self.document
        assert list(loaded.graph.nodes) == list(self.document.graph.nodes)
        typing = infer(loaded)
        assert [*map(told, check(loaded, typing))] == [
            *map(told, check(self.document, self.typing))
        ]
        assert print_source(lower(loaded, typing)) == print_source(
            lower(self.document, self.typing)
        )

    @rule()
    def close_and_open(self) -> None:
        self.begin(fileio.loads(fileio.dumps(self.document)).document)

    def some_node(self, seed: int) -> Node | None:
        nodes = list(self.document.graph.nodes.values())
        return random.Random(seed).choice(nodes) if nodes else None

    def some_edge(self, seed: int) -> Edge | None:
        there = list(self.document.graph.edges())
        return random.Random(seed).choice(there) if there else None

    @invariant()
    def history_holds_the_documents(self) -> None:
        assert self.document == self.model[self.at]

    @invariant()
    def wires_join_what_is_there_and_slots_are_dense(self) -> None:
        graph = self.document.graph
        for id, wires in graph.wires.into.items():
            assert wires, "an empty row of wires is stored"
            assert id in graph.nodes
            places = [(edge.into, edge.slot) for edge in wires]
            assert places == sorted(set(places))
            for edge in wires:
                assert edge.source in graph.nodes
                assert edge.slot == 0 or (edge.into, edge.slot - 1) in places

    @invariant()
    def wires_are_known_from_both_ends(self) -> None:
        wires = self.document.graph.wires
        assert by_target(wires.consumers) == by_target(Wires(wires.into).consumers)

    @invariant()
    def names_and_ids_differ(self) -> None:
        nodes = self.document.graph.nodes
        assert len({node.name for node in nodes.values()}) == len(nodes)
        assert all(id == node.id for id, node in nodes.items())

    @invariant()
    def what_is_derived_equals_what_is_derived_from_scratch(self) -> None:
        document, typing, fresh = self.document, self.typing, infer(self.document)
        assert facts(typing) == facts(fresh)
        assert dict(typing.blocks) == dict(fresh.blocks)
        assert [*map(told, check(document, typing))] == [*map(told, check(document, fresh))]
        self.costs = costs(document, typing, self.costs, typing.visited)
        assert self.costs == costs(document, fresh)
        program = lower(document, typing)
        assert print_source(program) == print_source(lower(document, fresh))
        assert {step.node for step in program.body} <= document.graph.nodes.keys()
        assert diff(document, document) == diff(Document(), Document())


def by_target(consumers: Mapping[NodeId, tuple[Edge, ...]]) -> dict[NodeId, set[Edge]]:
    return {id: set(found) for id, found in consumers.items()}


Editing.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestEditing = Editing.TestCase
