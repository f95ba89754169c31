"""Whoever hears the canvas hears its blocks, one by one, and where the wires lead."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtGui import QAccessible, QAccessibleInterface

from app.canvas import Canvas
from app.session import Session
from graph import edits, switching
from graph.model import Document, NodeId
from tests.drawing import chain, set_params

Text = QAccessible.Text
INPUT, CONV, RELU = NodeId("n1"), NodeId("n2"), NodeId("n3")


def drawn() -> Document:
    return set_params(chain("input conv2d relu output"), "n1", shape="3, 28, 28")


def blocks_of(canvas: Canvas) -> list[QAccessibleInterface]:
    """The items of the blocks, as a screen reader walks them."""
    found = QAccessible.queryAccessibleInterface(canvas)
    every = [found.child(place) for place in range(found.childCount())]
    return [each for each in every if each.role() == QAccessible.Role.ListItem]


def item(canvas: Canvas, id: NodeId) -> QAccessibleInterface:
    place = list(canvas.mirror.document.graph.nodes).index(id)
    return blocks_of(canvas)[place]


@pytest.fixture
def listening(qapp) -> Iterator[None]:
    """A screen reader is there."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def test_the_blocks_are_the_children_of_the_canvas_in_the_order_of_the_flow(hand_on) -> None:
    canvas = hand_on(drawn()).canvas
    names = [each.text(Text.Name).partition(",")[0] for each in blocks_of(canvas)]
    assert names == ["inputs", "conv", "relu", "output"]
    whole = QAccessible.queryAccessibleInterface(canvas)
    assert whole.role() == QAccessible.Role.List
    for each in blocks_of(canvas):
        assert each.isValid()
        assert each.parent() == whole
        assert whole.child(whole.indexOfChild(each)) == each


def test_the_widgets_on_the_canvas_are_its_children_too(hand_on) -> None:
    canvas = hand_on(drawn()).canvas
    found = QAccessible.queryAccessibleInterface(canvas)
    objects = [found.child(place).object() for place in range(found.childCount())]
    assert canvas.foot_bar in objects


def test_a_block_says_its_name_kind_shapes_and_problems(hand_on) -> None:
    canvas = hand_on(set_params(drawn(), "n2", kernel_size=(99, 99))).canvas
    said = item(canvas, CONV).text(Text.Name)
    assert said.startswith("conv, Conv 2D, takes N×3×28×28")
    assert "error: " in said


def test_a_block_says_where_its_wires_lead(hand_on) -> None:
    canvas = hand_on(drawn()).canvas
    conv = item(canvas, CONV)
    assert conv.text(Text.Description) == "from inputs.y to x; from y to relu.x"
    flags = QAccessible.RelationFlag
    ways = {(flag, other.text(Text.Name).partition(",")[0])
            for other, flag in conv.relations(flags.FlowsFrom | flags.FlowsTo)}  # fmt: skip
    assert ways == {(flags.FlowsFrom, "inputs"), (flags.FlowsTo, "relu")}


def test_a_block_says_whether_it_is_selected_has_the_keys_and_is_muted(hand_on, qtbot) -> None:
    hand = hand_on(drawn())
    canvas, session = hand.canvas, hand.session
    session.select([CONV])
    qtbot.waitUntil(canvas.hasFocus)
    assert item(canvas, CONV).state().selected
    assert item(canvas, CONV).state().focused
    assert not item(canvas, RELU).state().selected
    whole = QAccessible.queryAccessibleInterface(canvas)
    assert whole.focusChild() == item(canvas, CONV)
    session.select([CONV, RELU])
    assert item(canvas, CONV).state().selected
    assert not item(canvas, CONV).state().focused
    assert not item(canvas, RELU).state().disabled
    session.apply("Mute", lambda document: switching.set_muted(document, [RELU], True))
    assert item(canvas, RELU).state().disabled


def test_a_block_says_where_on_the_screen_it_is(hand_on) -> None:
    canvas = hand_on(drawn()).canvas
    conv = item(canvas, CONV)
    middle, left = conv.rect().center(), conv.rect().left()
    whole = QAccessible.queryAccessibleInterface(canvas)
    assert whole.childAt(middle.x(), middle.y()) == conv
    assert not conv.state().offscreen
    canvas.look(canvas.camera.panned(-5000, 0))
    assert conv.state().offscreen
    assert conv.rect().left() == left - 5000


def test_items_follow_what_is_added_removed_and_looked_at(hand_on) -> None:
    hand = hand_on(drawn())
    canvas, session = hand.canvas, hand.session
    conv, relu = item(canvas, CONV), item(canvas, RELU)
    session.apply("Remove", lambda document: edits.remove(document, [CONV]))
    assert not shiboken6.isValid(conv)
    assert relu in blocks_of(canvas)
    assert len(blocks_of(canvas)) == 3
    session.undo()
    assert len(blocks_of(canvas)) == 4
    other = Session(chain("input relu"), parent=canvas)
    canvas.set_session(other)
    assert len(blocks_of(canvas)) == 2


def test_the_selected_block_is_told_to_who_listens(hand_on, qtbot, listening) -> None:
    hand = hand_on(drawn())
    qtbot.waitUntil(hand.canvas.hasFocus)
    assert not hand.canvas.access.tell_focus()
    hand.session.select([CONV])
    assert hand.canvas.access.tell_focus()


def test_nothing_is_made_until_somebody_asks(hand_on) -> None:
    document = chain("input " + "relu " * 600)
    hand = hand_on(document)
    hand.session.select([CONV])
    assert hand.canvas.access.list is None
    QAccessible.queryAccessibleInterface(hand.canvas).child(500).text(Text.Name)
    assert len(hand.canvas.access.made) == 1


def test_canvases_come_and_go_while_somebody_listens(qapp, listening) -> None:
    for _ in range(10):
        canvas = Canvas()
        canvas.set_session(Session(drawn(), parent=canvas))
        kept = blocks_of(canvas)
        canvas.access.tell_focus()
        mirror = weakref.ref(canvas.mirror)
        shiboken6.delete(canvas)
        del canvas
        assert not any(shiboken6.isValid(each) for each in kept)
        del kept
        gc.collect()
        assert mirror() is None


STORY = """
import sys
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from app.canvas import Canvas
from app.session import Session
from tests.drawing import chain
app = QApplication([])
QAccessible.setActive(True)
canvas = Canvas()
canvas.set_session(Session(chain("input conv2d relu output"), parent=canvas))
canvas.show()
found = QAccessible.queryAccessibleInterface(canvas)
none = sys.getrefcount(None)
for turn in range(400):
    for place in range(found.childCount()):
        child = found.child(place)
        child.text(QAccessible.Text.Name), child.state(), child.rect(), child.relations()
        child.object(), child.window(), child.focusChild(), child.parent()
        child.actionInterface().actionNames(), child.valueInterface(), child.textInterface()
print(sys.getrefcount(None) >= none - 20)
"""


def test_the_program_ends_well_with_items_still_there() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", STORY],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "True"
