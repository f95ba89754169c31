"""An empty canvas offers the first steps, and they can be pressed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.canvas import Canvas
from app.canvas.search import BlockSearch
from app.session import Session
from app.theme import DARK
from graph import edits, remark_edits
from graph.model import Definition, Document

LEFT = Qt.MouseButton.LeftButton


def searches(canvas: Canvas) -> bool:
    """Whether the search for a block is open."""
    return any(search.isVisible() for search in canvas.findChildren(BlockSearch))


@pytest.fixture
def canvas(qtbot) -> Canvas:
    made = Canvas()
    qtbot.addWidget(made)
    made.set_theme(DARK)
    made.resize(800, 600)
    session = Session(Document())
    session.setParent(made)
    made.set_session(session)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_it_stands_in_the_middle_until_there_is_a_block(canvas):
    steps = canvas.first_steps
    assert steps.isVisible()
    away = steps.geometry().center() - canvas.rect().center()
    assert away.manhattanLength() <= 2
    canvas.session.apply("Add", lambda document: edits.add(document, "relu"))
    assert not steps.isVisible()
    canvas.session.undo()
    assert steps.isVisible()


def test_it_makes_way_for_a_note(canvas):
    canvas.session.apply("Add note", lambda document: remark_edits.add_note(document, (0, 0)))
    assert not canvas.first_steps.isVisible()


def test_pressing_add_an_input_adds_one_in_view(canvas):
    QTest.mouseClick(canvas.first_steps.input, LEFT)
    (node,) = canvas.session.document.graph.nodes.values()
    assert node.kind == "input"
    assert canvas.rect().contains(QPointF(*canvas.camera.to_view(node.x, node.y)).toPoint())
    assert canvas.session.selection == {node.id}


def test_the_other_steps_ask_for_search_gallery_and_examples(canvas, qtbot):
    steps = canvas.first_steps
    with qtbot.waitSignal(canvas.gallery_requested):
        QTest.mouseClick(steps.gallery, LEFT)
    with qtbot.waitSignal(canvas.examples_requested) as asked:
        QTest.mouseClick(steps.example, LEFT)
    assert asked.args[0].y() >= steps.example.mapToGlobal(QPoint(0, steps.example.height())).y()
    QTest.mouseClick(steps.search, LEFT)
    assert searches(canvas)


def test_inside_an_empty_composite_it_offers_the_ports(canvas):
    steps, session = canvas.first_steps, canvas.session
    definition = Definition("Part")
    session.apply("Make", lambda document: replace(document, definitions={"Part": definition}))
    assert steps.heading.text() == "Draw a network" and not steps.output.isVisible()
    session.enter("Part")
    assert "Part" in steps.heading.text()
    assert steps.input.isVisible() and steps.search.isVisible()
    assert not steps.gallery.isVisible() and not steps.example.isVisible()
    QTest.mouseClick(steps.output, LEFT)
    (node,) = session.document.graph.nodes.values()
    assert node.kind == "output" and not steps.isVisible()


def test_between_its_buttons_it_is_like_the_canvas(canvas):
    label = next(label for label in canvas.first_steps.findChildren(QLabel) if label.buddy())
    QTest.mouseDClick(label, LEFT)
    assert searches(canvas)


def test_a_small_canvas_gets_few_words_and_a_tiny_one_none(canvas):
    labels = canvas.first_steps.findChildren(QLabel)
    words = [label for label in labels if label.buddy() and not label.buddy().isHidden()]
    assert all(label.isVisible() for label in words)
    canvas.resize(300, 300)
    assert canvas.first_steps.isVisible()
    assert not any(label.isVisible() for label in words)
    canvas.resize(160, 120)
    assert not canvas.first_steps.isVisible()


def test_a_drawing_that_cannot_be_changed_offers_no_new_blocks(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    session = Session(Document(), read_only="It is from a newer version.")
    session.setParent(canvas)
    canvas.set_session(session)
    assert not canvas.first_steps.input.isEnabled()
    assert canvas.first_steps.gallery.isEnabled()
