"""Steps of the data when another source takes the place of one: what suits it stays on."""

from dataclasses import replace
from functools import partial

import pytest

from app.datawatch import DataWatch
from app.session import Session
from app.training.kept import other_source
from backends.data.source import sources
from graph import edits
from graph.data import DataSpec, StepSpec
from graph.model import Document

PICTURES = (StepSpec("flip"), StepSpec("normalise"), StepSpec("noise"))


@pytest.fixture
def session(qtbot):
    data = DataSpec("digits", {"layout": "image"}, steps=PICTURES)
    found = Session(Document(data=data))
    found.told = []
    found.message.connect(found.told.append)
    DataWatch(found)
    qtbot.waitUntil(lambda: found.data_info is not None or bool(found.problems))
    return found


def use(session, source):
    spec = other_source(session.document.data, sources(), source)
    session.apply("Use", partial(edits.set_data, data=spec))


def on(session):
    return [step.kind for step in session.document.data.steps if step.on]


def test_steps_that_do_not_suit_another_source_are_turned_off_and_named(session, qtbot):
    use(session, "iris")
    qtbot.waitUntil(lambda: session.data_info is not None and "Iris" in session.data_info.title)
    assert [step.kind for step in session.document.data.steps] == ["flip", "normalise", "noise"]
    assert on(session) == ["normalise", "noise"]
    assert "Flip" in session.told[-1].text and "Normalise" not in session.told[-1].text


def test_undo_brings_them_back_and_redo_turns_nothing_else_off(session, qtbot):
    use(session, "iris")
    qtbot.waitUntil(lambda: on(session) == ["normalise", "noise"])
    session.undo()
    assert on(session) == ["flip", "normalise", "noise"]
    session.undo()
    assert session.document.data.source == "digits"
    session.redo()
    qtbot.waitUntil(lambda: any(p.code == "data" for p in session.problems))
    session.redo()
    assert on(session) == ["normalise", "noise"]
    assert session.history.redo_label is None


def test_where_all_steps_suit_nothing_is_said(session, qtbot):
    spec = replace(session.document.data, steps=PICTURES[1:])
    session.apply("Set", partial(edits.set_data, data=spec))
    use(session, "iris")
    qtbot.waitUntil(lambda: session.data_info is not None and "Iris" in session.data_info.title)
    assert on(session) == ["normalise", "noise"]
    assert session.told == []
