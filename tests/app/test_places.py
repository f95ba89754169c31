"""A session that looks inside composites: edits there, undo from elsewhere, problems, costs."""

from __future__ import annotations

from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from app.session import Session
from graph import edits
from graph.composites.definitions import delete_definition, rename_definition
from graph.composites.places import TOP, Step
from graph.gallery.draw import Drawing
from graph.kinds import kinds_of
from graph.model import Document, NodeId
from graph.params import Expr


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    """A session on an Outer that holds two Inners."""
    d = Drawing()
    with d.define("Inner", width=8):
        x = d.port("x", "4")
        d.result(d.add("dense", x, name="mix", features=Expr("2 * width")))
    with d.define("Outer", width=8):
        x = d.port("x", "4")
        x = d.add("Inner", x, name="first", width=Expr("width"))
        d.result(d.add("Inner", x, name="second", width=3))
    x = d.add("input", shape="4")
    x = d.add("Outer", x, name="one", width=5)
    d.add("mse", prediction=x, target=d.add("target", shape="6", dtype="float32"))
    return Session(d.document)


def find(document: Document, name: str) -> NodeId:
    """The block of that name."""
    return next(id for id, node in document.graph.nodes.items() if node.name == name)


def enter(session: Session, *names: str) -> None:
    """Goes into the instances of these names, one in the other."""
    for name in names:
        assert session.enter(find(session.document, name))


def names(session: Session) -> list[str]:
    """The definitions on the way to what is looked at."""
    return [step.definition for step in session.place]


def rename(session: Session, old: str, new: str) -> None:
    """Renames a block that is here."""
    id = find(session.document, old)
    assert session.apply("Rename", partial(edits.rename, id=id, name=new))


def test_inside_one_sees_the_types_and_values_of_the_instance(session: Session) -> None:
    enter(session, "one", "second")
    document, typing = session.document, session.typing
    assert names(session) == ["Outer", "Inner"]
    assert document.variables == {"width": 3}
    assert str(typing.type_of(find(document, "x"), "y")) == "N×10"
    assert str(typing.type_of(find(document, "mix"), "y")) == "N×6"
    assert session.costs.total.parameters == 66
    assert session.root_costs.total.parameters == 50 + 66


def test_an_edit_inside_changes_every_use_and_is_undone_as_one_step(session: Session) -> None:
    whole = session.root
    enter(session, "one", "first")
    mix = find(session.document, "mix")
    session.apply(
        "Widen", partial(edits.set_param, ids=[mix], name="features", value=Expr("width"))
    )
    assert str(session.root_typing.type_of(find(session.root, "one"), "y")) == "N×3"
    assert str(session.typing.type_of(mix, "y")) == "N×5"
    session.undo()
    assert session.root == whole and names(session) == ["Outer", "Inner"]
    assert str(session.typing.type_of(mix, "y")) == "N×10"


def test_leaving_selects_the_instance(session: Session) -> None:
    enter(session, "one", "first")
    assert session.leave()
    assert session.selection == {find(session.document, "first")}
    session.go_to(TOP)
    assert not session.leave() and session.document is session.root


def test_entering_tells_that_the_place_changed_and_then_that_all_did(
    session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignals([session.place_changed, session.changed], order="strict"):
        enter(session, "one")
    assert not session.enter(find(session.document, "x"))
    assert session.is_clean


def test_undo_goes_to_where_the_step_was(session: Session) -> None:
    enter(session, "one", "first")
    rename(session, "mix", "blend")
    session.go_to(TOP)
    session.undo()
    assert names(session) == ["Outer", "Inner"]
    session.go_to(TOP)
    rename(session, "one", "all")
    enter(session, "all")
    session.undo()
    assert session.place == TOP


def test_a_place_that_undo_takes_away_is_left(session: Session) -> None:
    session.apply("Add", partial(edits.add, kind="def:Inner", name="loose"))
    enter(session, "loose")
    session.undo()
    assert session.place == TOP and "loose" not in str(session.document.graph.nodes)


def test_renaming_what_is_looked_at_keeps_the_place(session: Session) -> None:
    session.enter("Inner")
    session.apply("Rename", partial(rename_definition, old="Inner", new="Mixer"))
    assert session.place == (Step("Mixer"),)
    enter_again = find(session.root, "one")
    session.go_to(TOP)
    session.enter(enter_again)
    session.apply("Rename", partial(rename_definition, old="Outer", new="Stack"))
    assert names(session) == ["Stack"]
    session.undo()
    assert names(session) == ["Outer"]


def test_deleting_what_is_looked_at_leads_to_the_whole(session: Session) -> None:
    session.apply("Remove", partial(edits.remove, ids=[find(session.document, "one")]))
    session.enter("Outer")
    session.apply("Delete", partial(delete_definition, name="Outer"))
    assert session.place == TOP and "Outer" not in session.root.definitions


def test_a_problem_inside_is_shown_there_and_told_once(session: Session) -> None:
    enter(session, "one", "first")
    mix = find(session.document, "mix")
    session.apply("Break", partial(edits.set_param, ids=[mix], name="features", value=Expr("none")))
    assert [p.nodes for p in session.problems if mix in p.nodes] == [(mix,)]
    session.go_to(TOP)
    told = next(p for p in session.problems if mix in p.nodes)
    assert told.nodes[0] == find(session.document, "one") and session.has_errors
    session.show(told.nodes)
    assert names(session) == ["Outer", "Inner"] and session.selection == {mix}
    session.show([told.nodes[0]])
    assert session.place == TOP and session.selection == {told.nodes[0]}


def test_a_fix_of_the_whole_works_from_inside(session: Session) -> None:
    session.apply("Remove", partial(edits.remove, ids=[find(session.document, "inputs")]))
    enter(session, "one")
    problem = next(p for p in session.problems if p.code == "no-input")
    assert session.fix(problem, problem.fixes[0])
    assert [n.kind for n in session.root.graph.nodes.values()].count("input") == 1
    assert names(session) == ["Outer"]


def test_the_registry_knows_the_definitions_of_the_present_document(session: Session) -> None:
    assert session.registry is kinds_of(session.root)
    assert session.registry.find("def:Inner") is not None


def test_places_are_typed_as_they_would_be_from_scratch(session: Session) -> None:
    enter(session, "one", "second")
    for width in (2, 7):
        whole = find(session.root, "one")
        session.apply_to_whole(
            "Set", partial(edits.set_param, ids=[whole], name="width", value=width)
        )
    again = Session(session.root)
    again.go_to(session.place)
    assert again.typing.types == session.typing.types
    assert again.problems == session.problems and again.costs.total == session.costs.total


def test_nothing_is_shown_of_a_block_that_is_nowhere(session: Session) -> None:
    enter(session, "one")
    session.show([NodeId("n99")])
    assert names(session) == ["Outer"] and not session.selection
    session.show([])
    assert names(session) == ["Outer"]
