"""Forms, driven by keys, wheel and mouse."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QScrollArea

from app.forms import FormView
from graph.params import Expr, Form, Size2, param


class Sample(Form):
    count: int = param(default=4, ge=1, le=64, unit="px", help="A count.")
    kernel: Size2 = param(default=(3, 3), ge=1, help="A size.")
    mode: str = param(default="a", choices=("a", "b"), help="A word.")
    bias: bool = param(default=True, help="On or off.")
    slope: float = param(default=0.5, help="Only for b.", show_if=lambda form: form.mode == "b")
    note: str = param(default="", help="A text.")
    file: str = param(default="", widget="file", help="A file.")


@pytest.fixture
def view(qtbot):
    made = FormView()
    qtbot.addWidget(made)
    made.show_form(Sample, [{}], {"w": 8})
    made.resize(300, 400)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.edits = []
    made.edited.connect(lambda *edit: made.edits.append(edit))
    return made


def type_into(qtbot, view, name, text, end=Qt.Key.Key_Return):
    line = view.field(name).line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, end)
    return line


def test_enter_commits_arithmetic(qtbot, view):
    type_into(qtbot, view, "count", "4 * 16")
    assert view.edits == [("count", 64, False)]


def test_an_expression_over_variables_is_kept_and_its_result_shown(qtbot, view):
    type_into(qtbot, view, "count", "2 * w")
    assert view.edits == [("count", Expr("2 * w"), False)]
    view.show_form(Sample, [{"count": Expr("2 * w")}], {"w": 8})
    assert view._rows["count"].unit.text() == "= 16 px"


def test_a_refused_value_stays_with_its_reason_and_nothing_is_edited(qtbot, view):
    line = type_into(qtbot, view, "count", "99")
    assert view.edits == []
    assert "at most 64" in view.error("count")
    assert line.text() == "99"
    assert line.property("invalid") is True
    view.show_form(Sample, [{"mode": "b"}], {"w": 8})
    assert line.text() == "99"
    assert view.error("count")


def test_a_refused_value_goes_when_the_value_changes_or_another_thing_is_shown(qtbot, view):
    line = type_into(qtbot, view, "count", "99")
    view.show_form(Sample, [{"count": 5}], {"w": 8})
    assert line.text() == "5"
    assert not view.error("count")
    type_into(qtbot, view, "count", "99")
    view.show_form(Sample, [{"count": 5}], {"w": 8}, key="another")
    assert line.text() == "5"


def test_what_is_being_typed_stays_when_the_same_values_are_shown_again(qtbot, view):
    line = view.field("count").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "12")
    view.show_form(Sample, [{"mode": "b"}], {"w": 8})
    assert line.text() == "12" and view.edits == []
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert view.edits == [("count", 12, False)]


def test_escape_brings_the_value_back(qtbot, view):
    line = type_into(qtbot, view, "count", "99", Qt.Key.Key_Escape)
    assert line.text() == "4"
    assert view.edits == []


def test_mending_a_refused_value_takes_the_reason_away(qtbot, view):
    line = type_into(qtbot, view, "count", "99")
    qtbot.keyClick(line, Qt.Key.Key_End)
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    assert not view.error("count")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert view.edits == [("count", 9, False)]


def test_leaving_the_field_commits(qtbot, view):
    type_into(qtbot, view, "count", "7", Qt.Key.Key_Tab)
    assert view.edits == [("count", 7, False)]


def test_arrow_keys_step_as_a_run(qtbot, view):
    line = view.field("count").line
    line.setFocus()
    ended = []
    view.run_ended.connect(lambda: ended.append(True))
    for _ in range(3):
        qtbot.keyClick(line, Qt.Key.Key_Up)
    qtbot.keyClick(line, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.edits == [
        ("count", 5, True), ("count", 6, True), ("count", 7, True), ("count", 1, True),
    ]  # fmt: skip
    assert not ended
    view.field("note").line.setFocus()
    assert ended


def wheel(widget, notches):
    at = QPointF(5, 5)
    event = QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_the_wheel_steps_only_with_the_focus(view):
    line = view.field("count").line
    view.field("note").line.setFocus()
    wheel(line, 1)
    assert view.edits == []
    line.setFocus()
    wheel(line, 2)
    assert view.edits == [("count", 6, True)]


def test_the_wheel_leaves_a_choice_alone_without_the_focus(view):
    view.field("note").line.setFocus()
    wheel(view.field("mode").combo, -1)
    assert view.edits == []
    view.field("mode").combo.setFocus()
    wheel(view.field("mode").combo, -1)
    assert view.edits == [("mode", "b", False)]


def test_a_size_takes_one_number_or_two(qtbot, view):
    type_into(qtbot, view, "kernel", "5")
    type_into(qtbot, view, "kernel", "3x7")
    assert view.edits == [("kernel", (5, 5), False), ("kernel", (3, 7), False)]


def test_a_check_box_toggles(qtbot, view):
    box = view.field("bias").box
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert view.edits == [("bias", False, False)]


def test_rows_show_and_hide_with_the_values(view):
    assert "slope" not in view.names()
    view.show_form(Sample, [{"mode": "b"}], {"w": 8})
    assert "slope" in view.names()


def test_what_differs_from_the_default_is_marked(view):
    view.show_form(Sample, [{"count": 9}], {"w": 8})
    assert view.is_changed("count")
    assert not view.is_changed("kernel")


def test_several_things_show_a_dash_where_they_differ(qtbot, view):
    values = [{"count": 2, "bias": False, "mode": "b"}, {"count": 3}]
    view.show_form(Sample, values, {"w": 8})
    line = view.field("count").line
    assert (line.text(), line.placeholderText()) == ("", "—")
    assert view.field("bias").box.checkState() == Qt.CheckState.PartiallyChecked
    assert view.field("mode").combo.currentIndex() == -1
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert view.edits == []
    type_into(qtbot, view, "count", "8")
    assert view.edits == [("count", 8, False)]


def test_a_stored_value_that_is_wrong_is_shown_with_its_reason(view):
    view.show_form(Sample, [{"count": "many", "mode": "z"}], {"w": 8})
    assert view.field("count").line.text() == "many"
    assert "whole number" in view.error("count")
    assert "one of a, b" in view.error("mode")


def test_the_context_menu_resets(qtbot, view):
    view.show_form(Sample, [{"count": 9}], {"w": 8})
    view.field("count").reset_requested.emit()
    assert view.edits == [("count", 4, False)]


def test_a_long_path_shows_the_name_of_the_file(view):
    path = "/a/folder/deep/in/the/tree/of/folders/of/a/person/measurements.csv"
    view.show_form(Sample, [{"file": path}], {"w": 8})
    line = view.field("file").line
    assert line.text() == line.toolTip() == path
    assert line.cursorPosition() == len(path)
    assert line.width() > 3 * view.field("file").browse.width()


def test_a_reason_is_scrolled_into_view(qtbot):
    area = QScrollArea()
    qtbot.addWidget(area)
    view = FormView()
    view.show_form(Sample, [{}], {"w": 8})
    area.setWidget(view)
    area.setWidgetResizable(True)
    area.resize(300, 46)
    with qtbot.waitExposed(area):
        area.show()
    type_into(qtbot, view, "count", "99")
    row = view._rows["count"]
    qtbot.waitUntil(lambda: not row._error.visibleRegion().isEmpty())
