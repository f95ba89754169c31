"""The window of samples, worked by keys and mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QWidget

from app.browsing.dialog import BrowserDialog
from app.browsing.grid import ROW_ROLE
from app.human import grouped
from app.session import Session
from app.theme import DARK, LIGHT
from graph import edits
from graph.data import DataSpec
from graph.model import Document

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def browse(qtbot):
    """Opens the window for some data; all is read and summed up when it comes back."""
    parent = QWidget()
    qtbot.addWidget(parent)
    themes = [DARK]

    def open_(source, **params):
        session = Session(Document(data=DataSpec(source, params)))
        dialog = BrowserDialog(session, lambda: themes[0], lambda: None, parent)
        dialog.themes = themes
        with qtbot.waitActive(dialog):
            dialog.show()
        settle(qtbot, dialog)
        return dialog

    yield open_
    for dialog in parent.findChildren(BrowserDialog):
        dialog.reject()


def settle(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.is_settled, timeout=20_000)


def press(qtbot, dialog, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(dialog.focusWidget(), key, modifier)


def type_in(qtbot, dialog, text):
    qtbot.keyClick(dialog, Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert dialog.filters.search.hasFocus()
    qtbot.keyClicks(dialog.filters.search, text)
    settle(qtbot, dialog)


def test_pictures_are_seen_and_walked_through_by_keys(browse, qtbot):
    dialog = browse("digits")
    grid = dialog.rows.grid
    assert dialog.rows.currentWidget() is grid and grid.hasFocus()
    line = grid.model().per_line
    assert line > 3 and dialog.sample.row == 0
    for key, row in (
        (Key.Key_Right, 1), (Key.Key_Down, 1 + line), (Key.Key_Left, line),
        (Key.Key_Left, line - 1),
        (Key.Key_Right, line), (Key.Key_End, 1796), (Key.Key_Right, 1796), (Key.Key_Home, 0),
        (Key.Key_Left, 0),
    ):  # fmt: skip
        press(qtbot, dialog, key)
        assert dialog.sample.row == row
    qtbot.waitUntil(lambda: dialog.rows.thumbs_made() >= line)
    ground = grid.grab().toImage()
    assert any(
        ground.pixelColor(x, y) == QColor("white")
        for x in range(0, ground.width() // 2, 5) for y in range(0, ground.height() // 3, 5)
    )  # fmt: skip


def test_return_shows_the_sample_closely(browse, qtbot):
    dialog = browse("digits")
    assert dialog.tabs.currentWidget() is dialog.overview
    press(qtbot, dialog, Key.Key_Right)
    press(qtbot, dialog, Key.Key_Return)
    assert dialog.tabs.currentWidget() is dialog.sample
    qtbot.waitUntil(lambda: dialog.sample.about.text() == "8 × 8 pixels")
    assert dialog.sample.facts.facts() == [("y", "1")]


def test_a_search_finds_text_in_any_column(browse, qtbot):
    dialog = browse("penguins")
    type_in(qtbot, dialog, "dream")
    assert dialog.count.text() == "124 of 344 samples"
    press(qtbot, dialog, Key.Key_Return)
    assert dialog.rows.table.hasFocus()
    assert dialog.samples.columns[1].text(dialog.sample.row) == "Dream"
    type_in(qtbot, dialog, "x")
    assert dialog.rows.currentWidget() is dialog.rows.nothing
    press(qtbot, dialog, Key.Key_Escape)
    settle(qtbot, dialog)
    assert dialog.isVisible() and dialog.count.text() == "344 samples"


def test_filters_narrow_and_all_is_shown_again(browse, qtbot):
    dialog = browse("penguins")
    filters = dialog.filters
    for _ in range(3):
        qtbot.keyClick(filters.part, Key.Key_Down)
    settle(qtbot, dialog)
    assert dialog.count.text() == "68 of 344 samples"
    qtbot.keyClicks(filters.label, "Chin")
    settle(qtbot, dialog)
    assert dialog.count.text() == "14 of 344 samples"
    qtbot.mouseClick(filters.reset, LEFT)
    settle(qtbot, dialog)
    assert dialog.count.text() == "344 samples"
    qtbot.keyClick(filters.gaps, Key.Key_Space)
    settle(qtbot, dialog)
    assert dialog.count.text() == "11 of 344 samples"


def test_numbers_are_kept_in_a_range_and_what_is_none_is_marked(browse, qtbot):
    dialog = browse("penguins")
    filters = dialog.filters
    filters.column.setFocus()
    qtbot.keyClicks(filters.column, "bill_length")
    qtbot.keyClicks(filters.low, "50")
    qtbot.keyClicks(filters.high, "51")
    settle(qtbot, dialog)
    values = dialog.samples.numbers()[0].values()
    assert len(dialog.rows.shown) == ((values >= 50) & (values <= 51)).sum() > 0
    qtbot.keyClicks(filters.high, "x")
    settle(qtbot, dialog)
    assert filters.high.property("invalid") == "true" and "number" in filters.high.toolTip()
    assert len(dialog.rows.shown) == (values >= 50).sum()


def test_a_click_on_a_heading_sorts_and_another_turns_round(browse, qtbot):
    dialog = browse("iris")
    table = dialog.rows.table
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(1) + 20, header.height() // 2)
    values = dialog.samples.numbers()[0].values()
    for first in (values.min(), values.max()):
        qtbot.mouseClick(header.viewport(), LEFT, pos=place)
        settle(qtbot, dialog)
        assert values[dialog.rows.shown[0]] == first
    assert header.isSortIndicatorShown() and header.sortIndicatorSection() == 1
    assert dialog.filters.sort.currentText() == "sepal_length_cm"


def test_the_cursor_stays_on_its_sample(browse, qtbot):
    dialog = browse("iris")
    for _ in range(7):
        press(qtbot, dialog, Key.Key_Down)
    assert dialog.sample.row == 7
    dialog.filters.sort_by("sepal_length_cm")
    settle(qtbot, dialog)
    assert dialog.sample.row == 7
    assert dialog.rows.table.currentIndex().row() == list(dialog.rows.shown).index(7)


def test_pictures_can_be_seen_as_a_table(browse, qtbot):
    dialog = browse("shapes")
    press(qtbot, dialog, Key.Key_Right)
    qtbot.mouseClick(dialog.rows.switch.layout().itemAt(1).widget(), LEFT)
    assert dialog.rows.currentWidget() is dialog.rows.table
    assert dialog.rows.table.currentIndex().row() == 1


def test_all_is_summed_up(browse, qtbot):
    dialog = browse("penguins")
    overview = dialog.overview
    assert "2 of 344 rows have gaps" in overview.note.text()
    assert overview.classes.told(2).startswith("Gentoo: train ")
    qtbot.mouseClick(overview.see_broken, LEFT)
    settle(qtbot, dialog)
    assert dialog.count.text() == "11 of 344 samples"


def test_a_file_that_is_no_picture_is_shown_with_its_reason(browse, qtbot, tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for n in range(4):
            Image.new("RGB", (8, 8), (90 * n, 0, 0)).save(tmp_path / name / f"{n}.png")
    (tmp_path / "dog" / "2.png").write_bytes(b"no picture")
    dialog = browse("images", folder=str(tmp_path))
    assert dialog.overview.broken.text().startswith("1 sample cannot be read:\ndog/2.png")
    qtbot.mouseClick(dialog.overview.see_broken, LEFT)
    settle(qtbot, dialog)
    assert dialog.count.text() == "1 of 8 samples"
    assert dialog.rows.grid.currentIndex().data(ROW_ROLE) == dialog.sample.row
    qtbot.waitUntil(lambda: dialog.sample.reason.isVisibleTo(dialog.sample))
    assert "dog/2.png" in dialog.sample.reason.text()
    assert dialog.sample.part.text() == "left out"
    assert not dialog.sample.open.isHidden()
    assert dialog.samples.file(dialog.sample.row) == tmp_path / "dog" / "2.png"


def test_data_that_cannot_be_read_says_why_and_another_source_is_read(browse, qtbot):
    dialog = browse("csv")
    assert "no file is chosen yet" in dialog.message.text()
    assert dialog.filters.isHidden() and dialog.samples is None
    dialog.session.apply("Use moons", lambda d: edits.set_data(d, DataSpec("moons")))
    settle(qtbot, dialog)
    assert dialog.count.text() == f"{grouped(1000)} samples" and not dialog.filters.isHidden()


def test_reading_can_be_cancelled_and_begun_again(browse, qtbot):
    dialog = browse("moons")
    dialog.read_again()
    qtbot.mouseClick(dialog.work.cancel, LEFT)
    assert "cancelled" in dialog.message.text() and dialog.is_settled
    qtbot.keyClick(dialog, Key.Key_F5)
    settle(qtbot, dialog)
    assert dialog.count.text() == f"{grouped(1000)} samples"


def test_cells_go_to_the_clipboard(browse, qtbot):
    dialog = browse("iris")
    press(qtbot, dialog, Key.Key_Return)
    qtbot.mouseClick(dialog.sample.copy, LEFT)
    assert "sepal_length_cm\t5.1" in QGuiApplication.clipboard().text()


def test_another_theme_is_taken_on(browse, qtbot):
    dialog = browse("digits")
    dialog.themes[0] = LIGHT
    dialog.setStyleSheet("QLabel { margin: 0; }")
    assert dialog.rows.theme is LIGHT
    settle(qtbot, dialog)
    assert dialog.sample.row == 0 and len(dialog.rows.shown) == 1797


def test_a_hundred_thousand_rows_are_there_at_once(browse, qtbot, tmp_path):
    np.savez(tmp_path / "many.npz", x=np.zeros((100_000, 3), np.float32), y=np.arange(100_000) % 4)
    dialog = browse("npy", path=str(tmp_path / "many.npz"))
    table = dialog.rows.table
    press(qtbot, dialog, Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert table.currentIndex().row() == 99_999 and dialog.sample.row == 99_999
    type_in(qtbot, dialog, "99998")
    assert dialog.rows.shown.tolist() == [99_998]
