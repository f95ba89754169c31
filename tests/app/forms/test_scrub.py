"""Numbers in fields, changed by dragging sideways with real mouse events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.forms import FormView
from app.forms.scrub import FINE_PX, STEP_PX
from app.forms.texts import stepped
from app.inspector.panel import Inspector
from app.session import Session
from graph.model import NodeId
from graph.params import Expr, Form, Size2, param
from tests.drawing import chain, set_params

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


class Sample(Form):
    count: int = param(default=4, ge=1, le=64, unit="px", help="A count.")
    kernel: Size2 = param(default=(3, 5), ge=1, help="A size.")
    rate: float = param(default=0.5, help="A rate.")
    note: str = param(default="12", help="A text.")


@pytest.fixture
def view(qtbot):
    made = FormView()
    qtbot.addWidget(made)
    made.show_form(Sample, [{}], {"w": 8})
    made.resize(300, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.setFocus()
    made.edits, made.runs = [], []
    made.edited.connect(lambda *edit: made.edits.append(edit))
    made.run_ended.connect(lambda: made.runs.append(len(made.edits)))
    return made


def move(widget, at, held=PLAIN, buttons=LEFT):
    where = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, widget.mapToGlobal(where), NONE, buttons, held
    )
    QApplication.sendEvent(widget, event)


def pull(widget, start, px, held=PLAIN):
    """Presses and moves, without the release."""
    QTest.mousePress(widget, LEFT, PLAIN, start)
    for part in (1, 2, 3, 4):
        move(widget, start + QPoint(round(px * part / 4), 1), held)
    return start + QPoint(px, 1)


def drag(widget, start, px, held=PLAIN):
    QTest.mouseRelease(widget, LEFT, PLAIN, pull(widget, start, px, held))


def middle(widget):
    return widget.rect().center()


def test_a_drag_on_a_number_steps_it_as_one_run(view):
    line = view.field("count").line
    drag(line, middle(line), 10 * STEP_PX)
    assert line.text() == "14"
    assert view.edits[-1] == ("count", 14, True)
    assert all(run for _, _, run in view.edits)
    assert view.runs[-1] == len(view.edits)


def test_a_drag_back_comes_back_and_bounds_hold(view):
    line = view.field("count").line
    end = pull(line, middle(line), -100 * STEP_PX)
    assert line.text() == "1"
    move(line, middle(line))
    assert line.text() == "4"
    QTest.mouseRelease(line, LEFT, PLAIN, end)
    assert view.edits[-1] == ("count", 4, True)


def test_shift_is_finer_and_ctrl_coarser(view):
    line = view.field("count").line
    drag(line, middle(line), 2 * FINE_PX, SHIFT)
    assert line.text() == "6"
    view.show_form(Sample, [{"count": 6}], {"w": 8})
    view.field("note").line.setFocus()
    drag(line, middle(line), 3 * STEP_PX, CTRL)
    assert line.text() == "36"


def test_a_number_with_decimals_steps_finer_with_shift(view):
    line = view.field("rate").line
    drag(line, middle(line), STEP_PX * 2)
    assert line.text() == "0.7"
    declared = Sample.params["rate"]
    assert stepped(declared, 0.5, 1, coarse=False, fine=True) == 0.51
    assert stepped(declared, 0.0, 1, coarse=False, fine=True) == 0.01


def test_the_number_of_a_size_under_the_pointer_steps(view):
    line = view.field("kernel").line
    drag(line, QPoint(line.width() - 4, line.height() // 2), 4 * STEP_PX)
    assert line.text() == "3×9"


def test_a_drag_on_the_name_of_a_number_steps_it_too(view):
    label = view._rows["count"].label
    drag(label, middle(label), 3 * STEP_PX)
    assert view.edits[-1] == ("count", 7, True)


def test_a_click_on_the_name_takes_the_keys_for_typing(view):
    label = view._rows["count"].label
    QTest.mouseClick(label, LEFT, PLAIN, middle(label))
    line = view.field("count").line
    assert line.hasFocus()
    assert line.selectedText() == "4"
    assert view.edits == []


@pytest.mark.parametrize("name", ["kernel", "note"])
def test_the_click_that_enters_a_field_selects_all_to_be_typed_over(view, name):
    line = view.field(name).line
    line.setText("3×5")
    QTest.mouseClick(line, LEFT, PLAIN, middle(line))
    assert line.hasFocus()
    assert line.selectedText() == "3×5"


def test_a_later_click_puts_the_cursor_and_a_drag_then_selects(view):
    line = view.field("kernel").line
    line.setFocus()
    QTest.mouseClick(line, LEFT, PLAIN, QPoint(line.width() - 4, line.height() // 2))
    assert line.cursorPosition() == 3 and not line.hasSelectedText()
    drag(line, QPoint(line.width() - 4, line.height() // 2), 6 - line.width())
    assert line.selectedText() == "3×5"
    assert view.edits == []


def test_escape_during_a_drag_brings_the_number_back(view):
    line = view.field("count").line
    end = pull(line, middle(line), 5 * STEP_PX)
    assert line.text() == "9"
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "4"
    move(line, end + QPoint(40, 0))
    QTest.mouseRelease(line, LEFT, PLAIN, end)
    assert view.edits[-1] == ("count", 4, True)


@pytest.mark.parametrize("value", [Expr("2 * w"), "refused"])
def test_what_is_no_number_is_left_alone(view, value):
    view.show_form(Sample, [{"count": value}], {"w": 8})
    line = view.field("count").line
    before = line.text()
    drag(line, middle(line), 40)
    assert line.text() == before
    assert view.edits == []


def test_a_text_and_a_form_that_is_off_are_left_alone(view):
    note = view.field("note").line
    drag(note, middle(note), 40)
    view.setEnabled(False)
    line = view.field("count").line
    for kind, buttons in ((QEvent.Type.MouseButtonPress, LEFT), (QEvent.Type.MouseMove, LEFT)):
        at = QPointF(middle(line)) + QPointF(40 if kind is QEvent.Type.MouseMove else 0, 0)
        held = QMouseEvent(kind, at, line.mapToGlobal(at), LEFT, buttons, PLAIN)
        QApplication.sendEvent(line, held)
    assert view.edits == []


def test_the_pointer_tells_where_a_drag_steps(view):
    line, other = view.field("count").line, view.field("note").line
    for widget in (line, other):
        move(widget, middle(widget), buttons=NONE)
    assert line.cursor().shape() == Qt.CursorShape.SizeHorCursor
    assert other.cursor().shape() == Qt.CursorShape.IBeamCursor


def test_each_drag_in_the_inspector_is_one_step_of_undo(qtbot):
    session = Session(set_params(chain("input dense output"), "n2", features=10))
    panel = Inspector()
    qtbot.addWidget(panel)
    panel.set_session(session)
    session.select([NodeId("n2")])
    panel.resize(360, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    line = panel.block_page.form.field("features").line

    def features():
        return session.document.node(NodeId("n2")).params["features"]

    drag(line, middle(line), 5 * STEP_PX)
    panel.setFocus()
    drag(line, middle(line), 2 * STEP_PX)
    assert features() == 17
    session.undo()
    assert features() == 15
    session.undo()
    assert features() == 10


def test_a_double_click_on_a_number_with_decimals_selects_all_of_it(view):
    line = view.field("rate").line
    QTest.mouseDClick(line, LEFT, PLAIN, QPoint(6, line.height() // 2))
    assert line.selectedText() == line.text() == "0.5"
    QTest.keyClicks(line, "0.25")
    assert line.text() == "0.25"
