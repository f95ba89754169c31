"""Composites under random use: what a session knows is always what a fresh one would know."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from app.canvas.mirror import Mirror
from app.session import Session
from graph import clipboard, edits
from graph.composites import definitions, parameters, repeating
from graph.composites.making import make
from graph.composites.naming import class_name
from graph.composites.unpacking import unpack
from graph.fileio import dumps, loads
from graph.infer import infer
from graph.kinds import kinds_of
from graph.model import Document, NodeId, Repeat
from graph.problems import UserError
from tests.drawing import chain

STEPS = 60
KINDS = ("dense", "relu", "add", "dropout", "input", "output")


class Player:
    """Does random things to a session, and follows it with a mirror as a canvas does."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.chance = random.Random(seed)
        self.mirror = Mirror(session.registry)
        self.rebuild()
        session.place_changed.connect(self.rebuild)
        session.changed.connect(self.follow)

    def rebuild(self) -> None:
        """Shows another place."""
        session = self.session
        self.mirror.rebuild(session.document, session.typing, session.problems)

    def follow(self, change: object) -> None:
        """Follows a change."""
        session = self.session
        self.mirror.update(change, session.document, session.typing, session.problems)

    def node(self) -> NodeId | None:
        """Any block that is here."""
        return self.chance.choice(list(self.session.document.graph.nodes) or [None])

    def step(self) -> None:
        """Does something."""
        moves: list[Callable[[], object]] = [
            self.add, self.connect, self.rename, self.remove, self.group, self.group, self.unpack,
            self.enter, self.enter, self.enter, self.session.leave, self.repeat, self.share,
            self.paste, self.independent, self.rename_definition, self.parameter, self.session.undo,
            self.session.redo, self.delete_definition,
        ]  # fmt: skip
        self.chance.choice(moves)()

    def edit(self, edit: Callable[[Document], Document]) -> None:
        """Applies an edit; a refusal is an answer too."""
        self.session.apply("Step", edit)

    def add(self) -> None:
        """Adds a block, maybe an instance."""
        known = [f"def:{name}" for name in self.session.root.definitions]
        self.edit(partial(edits.add, kind=self.chance.choice([*KINDS, *known])))

    def connect(self) -> None:
        """Wires two blocks at their first ports."""
        source, target = self.node(), self.node()
        if source is None or target is None:
            return
        document = self.session.document
        outs, ins = edits.ports_of(document, source)[1], edits.ports_of(document, target)[0]
        if outs and ins:
            wire = {"source": source, "out": outs[-1], "target": target, "into": ins[-1].name}
            self.edit(partial(edits.connect, **wire))

    def rename(self) -> None:
        """Renames a block, maybe a port of a composite."""
        node = self.node()
        if node is not None:
            self.edit(partial(edits.rename, id=node, name=f"name{self.chance.randrange(99)}"))

    def remove(self) -> None:
        """Removes a block."""
        node = self.node()
        if node is not None and self.chance.random() < 0.5:
            self.edit(partial(edits.remove, ids=[node], heal=True))

    def group(self) -> None:
        """Makes some blocks a composite."""
        nodes = list(self.session.document.graph.nodes)
        if self.chance.random() < 0.8:
            ends = ("input", "output")
            nodes = [id for id in nodes if self.session.document.node(id).kind not in ends]
        start = self.chance.randrange(len(nodes) + 1)
        chosen = nodes[start : start + self.chance.randrange(1, 4)]
        name = class_name("part", self.session.root.definitions)
        self.edit(partial(make, ids=chosen, name=name))

    def unpack(self) -> None:
        """Takes a block apart."""
        node = self.node()
        if node is not None:
            self.edit(lambda document: unpack(document, node)[0])

    def enter(self) -> None:
        """Goes into a block."""
        nodes = self.session.document.graph.nodes.items()
        inner = [id for id, node in nodes if node.definition]
        if inner:
            self.session.enter(self.chance.choice(inner))

    def repeat(self) -> None:
        """Repeats a block, or lets it stand once."""
        node, mode = self.node(), self.chance.choice(["chain", "shared", "concat", "sum"])
        how = self.chance.choice([None, Repeat(2, mode)])
        if node is not None:
            self.edit(partial(repeating.set_repeat, ids=[node], repeat=how))

    def share(self) -> None:
        """Lets a block use the weights of another."""
        node, other = self.node(), self.node()
        if node is not None and other is not None:
            self.edit(partial(repeating.share, id=node, other=other))

    def paste(self) -> None:
        """Copies a block, maybe to another place."""
        node = self.node()
        if node is None:
            return
        clip = clipboard.copy(self.session.document, [node])
        if self.chance.random() < 0.3:
            self.session.leave()
        self.edit(lambda document: clipboard.paste(document, clip)[0])

    def independent(self) -> None:
        """Gives an instance a definition of its own."""
        node = self.node()
        if node is not None:
            self.edit(partial(definitions.make_independent, id=node))

    def definition(self) -> str | None:
        """Any definition."""
        return self.chance.choice(list(self.session.root.definitions) or [None])

    def rename_definition(self) -> None:
        """Renames a definition."""
        old = self.definition()
        if old is not None:
            new = f"Name{self.chance.randrange(99)}"
            self.edit(partial(definitions.rename_definition, old=old, new=new))

    def delete_definition(self) -> None:
        """Deletes a definition that is not used."""
        name = self.definition()
        if name is not None:
            self.edit(partial(definitions.delete_definition, name=name))

    def parameter(self) -> None:
        """Adds a parameter to a definition, or takes one from inside."""
        name, node = self.definition(), self.node()
        if name is None or node is None:
            return
        if self.chance.random() < 0.5:
            self.edit(partial(parameters.promote, id=node, name="features"))
        else:
            key = f"size{self.chance.randrange(9)}"
            self.edit(partial(parameters.add_parameter, definition=name, name=key, default=4))


@pytest.mark.parametrize("seed", range(12))
def test_a_session_always_knows_what_a_fresh_one_would_know(qtbot: QtBot, seed: int) -> None:
    start = chain("input flatten dense relu dense output")
    session = Session(start)
    player = Player(session, seed)
    for _ in range(STEPS):
        player.step()
        root = session.root
        ids = [id for graph in root.graphs() for id in graph.nodes]
        assert len(set(ids)) == len(ids)
        assert session.root_typing.types == infer(root).types
        fresh = Session(root)
        fresh.go_to(session.place)
        assert fresh.place == session.place
        assert fresh.document.graph is session.document.graph
        assert fresh.typing.types == session.typing.types
        assert fresh.problems == session.problems
        assert fresh.costs.total == session.costs.total
        mirror = Mirror()
        mirror.rebuild(session.document, session.typing, session.problems)
        assert mirror.layouts == player.mirror.layouts
        assert mirror.traits.tolist() == player.mirror.traits.tolist()
        assert mirror.state.tolist() == player.mirror.state.tolist()
        assert set(mirror.edges) == set(player.mirror.edges)
    loaded = loads(dumps(session.root)).document
    assert loaded == session.root and infer(loaded).types == session.root_typing.types
    for name in loaded.definitions:
        kinds = [kinds_of(each).kinds[f"def:{name}"] for each in (loaded, session.root)]
        assert kinds[0].inputs == kinds[1].inputs and kinds[0].outputs == kinds[1].outputs
    while session.history.undo_label is not None:
        session.undo()
    assert session.root == start


def test_a_refused_step_changes_nothing(qtbot: QtBot) -> None:
    session = Session(chain("input relu output"))
    before = session.root

    def refuse(_document: Document) -> Document:
        raise UserError("No.")

    assert not session.apply("Step", refuse) and session.root is before
