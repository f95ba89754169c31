"""Steps between data and model, edited in the dock."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.training.steps_preview import lines_of, pictures_of
from graph.data import StepSpec


@pytest.fixture
def page(panel, open_example, qtbot):
    panel.set_session(open_example("digits-cnn"))
    found = panel.parts.data_page
    qtbot.waitUntil(lambda: found.form.isVisible())
    return found


def kinds(panel) -> list[str]:
    return [step.kind for step in panel._session.document.data.steps]


def texts(page) -> list[str]:
    box = page.steps.list
    return [box.item(row).text() for row in range(box.count())]


def test_without_steps_there_is_only_the_button_to_add_one(page):
    assert page.steps.add.isVisible()
    assert not page.steps.list.isVisible() and not page.steps.preview.isVisible()
    assert "as they are" in page.steps.about.text()
    titles = [action.text() for action in page.steps.add.menu().actions()]
    assert titles[0] == "Normalise" and {"Mixup", "Token dropout", "Flip"} <= set(titles)


def test_steps_are_added_behind_the_chosen_one_and_undone(page, panel, qtbot):
    for kind in ("normalise", "noise"):
        page.steps.add_step(kind)
    page.steps.list.setCurrentRow(0)
    page.steps.add_step("flip")
    assert kinds(panel) == ["normalise", "flip", "noise"]
    assert texts(page)[1].startswith("Flip")
    assert page.steps.list.currentRow() == 1
    panel._session.undo()
    assert kinds(panel) == ["normalise", "noise"]
    qtbot.waitUntil(lambda: len(texts(page)) == 2)


def test_keys_order_switch_and_remove_steps(page, panel, qtbot):
    for kind in ("normalise", "flip", "noise"):
        page.steps.add_step(kind)
    box = page.steps.list
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    qtbot.keyClick(box, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert kinds(panel) == ["normalise", "noise", "flip"] and box.currentRow() == 1
    qtbot.keyClick(box, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert kinds(panel) == ["normalise", "flip", "noise"]
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert [step.on for step in panel._session.document.data.steps] == [True, True, False]
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    assert kinds(panel) == ["normalise", "flip"]


def test_the_steps_come_forward_by_the_command(page, panel, qtbot):
    panel.parts.settings.setCurrentIndex(1)
    panel.parts.show_steps()
    qtbot.waitUntil(page.steps.add.hasFocus)
    page.steps.add_step("flip")
    panel.parts.settings.setCurrentIndex(1)
    panel.parts.show_steps()
    qtbot.waitUntil(page.steps.list.hasFocus)


def test_values_are_set_in_the_form_and_defaults_stored_as_nothing(page, panel, qtbot):
    page.steps.add_step("flip")
    field = page.steps.form.field("horizontal").focus_widget()
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.25")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert dict(panel._session.document.data.steps[0].params) == {"horizontal": 0.25}
    assert "25%" in texts(page)[0]
    field.selectAll()
    qtbot.keyClicks(field, "0.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert panel._session.document.data.steps == (StepSpec("flip"),)


def test_the_preview_follows_the_edits(page, panel, qtbot):
    page.steps.add_step("flip")
    preview = page.steps.preview
    qtbot.waitUntil(lambda: preview.shown is not None, timeout=60_000)
    first = preview.shown
    assert first.before.shape == first.after.shape == (4, 1, 8, 8)
    assert len(first.labels) == 4
    page.steps.add_step("resize")
    qtbot.waitUntil(
        lambda: preview.shown is not None and preview.shown.after.shape[-1] == 32, timeout=20_000
    )
    qtbot.mouseClick(preview.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not np.array_equal(preview.shown.before, first.before), timeout=20_000)
    assert preview.tiles.isVisible()


def test_what_does_not_fit_is_said_and_the_drawing_follows_new_sizes(page, panel, qtbot):
    session = panel._session
    page.steps.add_step("crop")
    qtbot.waitUntil(lambda: any("Random crop" in each.text for each in session.problems))
    qtbot.waitUntil(lambda: "Random crop" in page.steps.preview.text.text(), timeout=60_000)
    assert "larger than the pictures" in page.error.text()
    page.steps._set("size", (6, 6), False)
    qtbot.waitUntil(lambda: session.data_info is not None)
    qtbot.waitUntil(lambda: session.data_info.inputs()[0].shape == (1, 6, 6))
    assert page.fit.isVisible()


def test_rows_are_shown_as_what_they_are():
    assert pictures_of(np.zeros((2, 3, 8, 9), np.float32))[0].size().width() == 9
    assert pictures_of(np.zeros((2, 16, 20), np.float32))[0].height() == 16
    assert pictures_of(np.zeros((2, 64), np.float32)) == [None, None]
    assert pictures_of(np.zeros((2, 5), np.int64)) == [None, None]
    assert lines_of(np.zeros((50, 2))).shape == (2, 50)
    assert lines_of(np.zeros(7)).shape == (1, 7)
