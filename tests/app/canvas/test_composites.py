"""Composites on the canvas: opened in place, told apart, left by the bar at the top."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.canvas import Canvas
from app.canvas.labels import block_texts
from app.canvas.mirror import Mirror
from app.canvas.traits import COMPOSITE, REPEATED, SHARING, UNKNOWN
from app.session import Session
from graph import edits
from graph.composites.making import make
from graph.composites.repeating import set_repeat, share
from graph.composites.views import put_back
from graph.infer import infer
from graph.model import Document, NodeId, Repeat
from tests.drawing import chain

PART = NodeId("n6")


@pytest.fixture
def document() -> Document:
    """A chain whose middle is a composite, repeated."""
    made = make(chain("input flatten relu tanh output"), [NodeId("n3"), NodeId("n4")], "Part")
    return set_repeat(made, [PART], Repeat(3, "shared"))


@pytest.fixture
def canvas(document: Document, qtbot: QtBot) -> Canvas:
    """A canvas on it."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    canvas.set_session(Session(document, parent=canvas))
    canvas.show()
    return canvas


def session_of(canvas: Canvas) -> Session:
    """The session of a canvas."""
    assert canvas.session is not None
    return canvas.session


def place_of(canvas: Canvas, id: NodeId) -> QPoint:
    """The middle of a block, in px of the widget."""
    node = session_of(canvas).document.node(id)
    x, y = canvas.camera.to_view(node.x + 95, node.y + 33)
    return QPoint(round(x), round(y))


def test_a_double_click_opens_a_composite_and_the_bar_leads_back(
    canvas: Canvas, qtbot: QtBot
) -> None:
    camera = canvas.camera
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(canvas, PART))
    session = session_of(canvas)
    assert [step.definition for step in session.place] == ["Part"]
    assert canvas.mirror.ids == list(session.document.graph.nodes)
    assert [part.text() for part in canvas.crumbs.parts] == ["Whole drawing", "Part"]
    qtbot.mouseClick(canvas.crumbs.parts[0], Qt.MouseButton.LeftButton)
    assert not session.place and session.selection == {PART} and not canvas.crumbs.isVisible()
    assert canvas.camera == camera


def test_enter_opens_the_selected_composite_and_nothing_else(canvas: Canvas, qtbot: QtBot) -> None:
    session = session_of(canvas)
    session.select([NodeId("n1")])
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert not session.place
    session.select([PART])
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert session.place


def test_each_place_keeps_its_view(canvas: Canvas) -> None:
    session = session_of(canvas)
    session.enter(PART)
    canvas.zoom_to(0.5)
    inside = canvas.camera
    canvas.leave()
    canvas.zoom_to(2.0)
    outside = canvas.camera
    session.enter(PART)
    assert canvas.camera == inside
    canvas.leave()
    assert canvas.camera == outside


def test_marks_tell_composites_repeats_and_shared_weights(document: Document) -> None:
    document = edits.add(edits.add(document, "dense", name="a"), "dense", name="b")
    a, b = (id for id, node in document.graph.nodes.items() if node.kind == "dense")
    document = edits.add(share(document, b, a), "def:Gone")
    mirror = Mirror()
    mirror.rebuild(document, infer(document), [])
    assert mirror.traits[mirror.row[PART]] == COMPOSITE | REPEATED
    assert mirror.traits[mirror.row[b]] == SHARING
    gone = list(document.graph.nodes)[-1]
    assert mirror.traits[mirror.row[gone]] == UNKNOWN
    texts = block_texts(mirror, PART)
    assert (texts.title, texts.times, texts.mode) == ("Part", "×3", "shared")
    assert block_texts(mirror, gone).title == "Gone"


def test_inside_the_ports_show_what_arrives_there(canvas: Canvas) -> None:
    session_of(canvas).enter(PART)
    ids = {n.kind: id for id, n in session_of(canvas).document.graph.nodes.items()}
    assert block_texts(canvas.mirror, ids["input"]).summary == "784  float32"
    assert block_texts(canvas.mirror, ids["output"]).summary == "784  float32"


def test_a_renamed_port_moves_the_wires_on_the_canvas(canvas: Canvas) -> None:
    session = session_of(canvas)
    session.enter(PART)
    port = next(id for id, n in session.document.graph.nodes.items() if n.kind == "input")
    session.apply("Rename", partial(edits.rename, id=port, name="value"))
    canvas.leave()
    fresh = Mirror()
    fresh.rebuild(put_back(session.document), session.typing, session.problems)
    assert [layout.spots for layout in canvas.mirror.layouts] == [
        layout.spots for layout in fresh.layouts
    ]
    assert not session.root_typing.problems


def test_a_pasted_instance_follows_its_definition_though_that_changed_since(
    canvas: Canvas,
) -> None:
    session = session_of(canvas)
    session.select([PART])
    canvas.copy()
    session.enter(PART)
    port = next(id for id, n in session.document.graph.nodes.items() if n.kind == "input")
    session.apply("Rename", partial(edits.rename, id=port, name="value"))
    canvas.leave()
    canvas.paste()
    assert list(session.root.definitions) == ["Part"]
    assert [n.definition for n in session.root.graph.nodes.values()].count("Part") == 2


def test_a_copy_goes_to_another_drawing_with_its_definition(canvas: Canvas, qtbot: QtBot) -> None:
    session_of(canvas).select([PART])
    canvas.copy()
    other = Canvas()
    qtbot.addWidget(other)
    other.set_session(Session(Document(), parent=other))
    other.paste()
    assert list(session_of(other).root.definitions) == ["Part"]


def test_what_would_contain_itself_is_refused_with_the_way(canvas: Canvas, qtbot: QtBot) -> None:
    session = session_of(canvas)
    session.select([PART])
    canvas.copy()
    session.enter(PART)
    with qtbot.waitSignal(session.message) as told:
        canvas.paste()
    assert told.args is not None and "Part → Part" in told.args[0].text
