"""A state machine over edits, undo, redo, save and load: nothing is lost, nothing contradicts."""

import random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from graph import clipboard, edits, fileio
from graph.change import diff
from graph.check import check
from graph.history import History
from graph.infer import infer
from graph.lower import lower
from graph.model import Document
from tests.drawing import chain
from tests.graph.test_infer import facts, random_edit


class Editing(RuleBasedStateMachine):
    """Whatever is done, in whatever order."""

    @initialize(kinds=st.sampled_from(["input dense relu output", "input conv2d flatten dense"]))
    def start(self, kinds: str) -> None:
        self.history = History.of(chain(kinds))
        self.model: list[Document] = [self.history.document]
        self.at = 0
        self.typing = infer(self.history.document)

    def become(self, document: Document) -> None:
        before = self.history.document
        self.history = self.history.then("Edit", document)
        if document != before:
            self.model = [*self.model[: self.at + 1], document]
            self.at += 1
        self.typing = infer(self.history.document, self.typing)

    @rule(seed=st.integers(0, 2**32))
    def edit(self, seed: int) -> None:
        self.become(random_edit(self.history.document, random.Random(seed)))

    @rule(seed=st.integers(0, 2**32), wires=st.booleans())
    def copy_and_paste(self, seed: int, wires: bool) -> None:
        document = self.history.document
        chosen = random.Random(seed)
        ids = [id for id in document.graph.nodes if chosen.random() < 0.5]
        ids = ids[:12]  # Else a run that mostly pastes grows by half each time, to millions.
        clip = fileio.clip_from_text(fileio.clip_to_text(clipboard.copy(document, ids)))
        self.become(clipboard.paste(document, clip, keep_incoming=wires)[0])

    @rule()
    def undo(self) -> None:
        self.history = self.history.undone()
        self.at = max(self.at - 1, 0)
        self.typing = infer(self.history.document, self.typing)

    @rule()
    def redo(self) -> None:
        self.history = self.history.redone()
        self.at = min(self.at + 1, len(self.model) - 1)
        self.typing = infer(self.history.document, self.typing)

    @rule()
    def save_and_load(self) -> None:
        loaded = fileio.loads(fileio.dumps(self.history.document)).document
        assert loaded == self.history.document

    @invariant()
    def history_holds_the_documents(self) -> None:
        assert self.history.document == self.model[self.at]

    @invariant()
    def wires_join_what_is_there_and_slots_are_dense(self) -> None:
        graph = self.history.document.graph
        for id, edges in graph.wires.into.items():
            assert edges, "an empty row of wires is stored"
            assert id in graph.nodes
            places = [(edge.into, edge.slot) for edge in edges]
            assert places == sorted(set(places))
            for edge in edges:
                assert edge.source in graph.nodes
                assert edge.slot == 0 or (edge.into, edge.slot - 1) in places

    @invariant()
    def names_and_ids_differ(self) -> None:
        nodes = self.history.document.graph.nodes
        assert len({node.name for node in nodes.values()}) == len(nodes)
        assert all(id == node.id for id, node in nodes.items())

    @invariant()
    def types_equal_those_from_scratch(self) -> None:
        assert facts(self.typing) == facts(infer(self.history.document))

    @invariant()
    def everything_can_be_said_of_it(self) -> None:
        document = self.history.document
        check(document, self.typing)
        program = lower(document, self.typing)
        assert diff(document, document) == diff(Document(), Document())
        assert {step.node for step in program.body} <= document.graph.nodes.keys()
        edits.next_node_id(document)


Editing.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestEditing = Editing.TestCase
