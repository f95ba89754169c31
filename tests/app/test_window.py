"""The whole window: tabs, themes, keys, docks, dialogs, and how it closes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QMenu,
    QMessageBox,
)
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, shortcuts_of
from app.command_palette import CommandPalette, fuzzy_score
from app.examples import examples
from app.export_dialog import ExportDialog
from app.forms import FieldRow
from app.gallery_dialog import GalleryDialog
from app.help import About
from app.key_overlay import ShortcutOverlay
from app.recovery import Journal
from app.settings import load_settings
from app.theme import THEMES
from app.window import Window
from graph import edits
from graph.model import NodeId
from tests.drawing import chain

CTRL = Qt.KeyboardModifier.ControlModifier


def draw(window: Window, kind: str = "relu") -> None:
    """Changes the document in front."""
    assert window.session.apply("Add", lambda document: edits.add(document, kind))


def shown(window: Window, kind: type[QDialog]) -> QDialog:
    """The dialog of that kind that is open."""
    (dialog,) = [found for found in window.findChildren(kind) if found.isVisible()]
    return dialog


def test_it_starts_with_one_untitled_document(window: Window) -> None:
    assert window.session.title == "Untitled"
    assert window.windowTitle() == "Untitled – Torchloom"
    assert not window.tabs.tabBar().isVisible()


def test_it_is_at_first_no_larger_than_the_screen(window: Window) -> None:
    room = window.screen().availableSize()
    assert window.width() <= max(room.width(), window.minimumSizeHint().width())
    assert window.height() <= max(room.height(), window.minimumSizeHint().height())


def test_an_edit_marks_title_and_tab(window: Window) -> None:
    window.files.new()
    draw(window)
    assert window.windowTitle() == "Untitled 2* – Torchloom"
    assert window.tabs.tabText(1).endswith("●")
    window.session.undo()
    assert window.windowTitle() == "Untitled 2 – Torchloom"


def test_another_tab_changes_what_every_panel_shows(window: Window, qtbot: QtBot) -> None:
    draw(window, "dense")
    first = window.session
    first.select([NodeId("n1")])
    window.docks.bring_up(window.docks.code)
    window.files.new()
    assert window.tabs.tabBar().isVisible()
    qtbot.waitUntil(window.code.empty.isVisible)
    qtbot.keyClick(window, Qt.Key.Key_PageUp, CTRL)
    assert window.session is first
    qtbot.waitUntil(lambda: "Dense" in window.code.text)
    assert window.canvas is window.tabs.canvas_of(first)


def test_a_middle_click_closes_a_tab(window: Window, qtbot: QtBot) -> None:
    window.files.new()
    bar = window.tabs.tabBar()
    qtbot.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(0).center())
    assert [session.title for session in window.tabs.sessions()] == ["Untitled 2"]


def test_closing_the_last_document_leaves_a_new_one(window: Window) -> None:
    first = window.session
    window.menus.actions["close"].trigger()
    assert window.session is not first
    assert window.tabs.count() == 1


def test_keys_do_what_the_menus_say(window: Window, qtbot: QtBot) -> None:
    draw(window)
    undo = window.menus.actions["undo"]
    assert undo.text() == "Undo: Add"
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert not window.session.document.graph.nodes
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL)
    assert window.tabs.count() == 2


def test_themes_switch_colours_and_are_remembered(window: Window) -> None:
    for name in ("light", "dark"):
        window.menus.actions[f"theme-{name}"].trigger()
        theme = THEMES[name]
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        assert theme.panel in app.styleSheet()
        assert app.palette().window().color().name() == theme.panel.lower()
        assert load_settings()[0].theme == name
        assert window.menus.actions[f"theme-{name}"].isChecked()
        corner = window.inspector.grab().toImage().pixelColor(2, 2)
        assert corner.name() == theme.panel.lower()


def test_the_place_of_panels_is_kept_from_one_start_to_the_next(
    window: Window, qtbot: QtBot
) -> None:
    window.docks.palette.close()
    window.resize(790, 740)  # the screen of tests has 800 by 800
    kept = window.size()
    window.close()
    settings, note = load_settings()
    assert note == ""
    again = Window(settings, Journal())
    qtbot.addWidget(again)
    again.show()
    assert again.docks.palette.isHidden()
    assert again.size() == kept
    again.menus.actions["reset-docks"].trigger()
    assert again.docks.palette.isVisible()


def test_damaged_settings_of_the_place_do_no_harm(qtbot: QtBot) -> None:
    from app.settings import Settings

    window = Window(Settings(geometry="AAAA", docks="%%%"), Journal())
    qtbot.addWidget(window)
    window.show()
    assert window.docks.inspector.isVisible()


def test_closing_asks_about_each_unsaved_document(window: Window, qtbot: QtBot) -> None:
    draw(window)
    window.files.new()
    draw(window)
    buttons = QMessageBox.StandardButton

    def answer(button: QMessageBox.StandardButton) -> None:
        box = shown(window, QMessageBox)
        assert isinstance(box, QMessageBox)
        qtbot.mouseClick(box.button(button), Qt.MouseButton.LeftButton)

    window.close()
    answer(buttons.Cancel)
    assert window.isVisible()
    assert window.tabs.count() == 2
    window.close()
    answer(buttons.Discard)
    answer(buttons.Discard)
    assert not window.isVisible()


def test_the_list_of_commands_runs_what_is_typed(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    palette = shown(window, CommandPalette)
    assert isinstance(palette, CommandPalette)
    texts = [palette.list.item(row).text() for row in range(palette.list.count())]
    assert "New" in texts
    assert not any(text.startswith("Undo") for text in texts), "it cannot be done now"
    qtbot.keyClicks(palette.field, "new")
    assert palette.list.item(0).text() == "New"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.tabs.count() == 2


@pytest.mark.parametrize("query", ["hide code", "open example iris mlp"])
def test_panels_and_examples_are_commands(window: Window, qtbot: QtBot, query: str) -> None:
    window.show_commands()
    palette = shown(window, CommandPalette)
    assert isinstance(palette, CommandPalette)
    qtbot.keyClicks(palette.field, query)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    if query.startswith("hide"):
        assert window.docks.code.isHidden()
    else:
        assert window.session.title == "Iris MLP"


def test_arrows_in_the_list_of_commands_stay_in_it(window: Window, qtbot: QtBot) -> None:
    window.show_commands()
    palette = shown(window, CommandPalette)
    assert isinstance(palette, CommandPalette)
    for key, row in ((Qt.Key.Key_Up, 0), (Qt.Key.Key_Down, 1), (Qt.Key.Key_PageDown, 9)):
        qtbot.keyClick(palette.field, key)
        assert palette.list.currentRow() == row
    qtbot.keyClicks(palette.field, "qqqqq")
    assert palette.list.count() == 0
    assert "qqqqq" in palette.nothing.text()
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.tabs.count() == 1


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("zi", "Zoom in", "Fit drawing in size"),
        ("save", "Save", "Save as…"),
        ("sa", "Save", "Paste"),
    ],
)
def test_beginnings_of_words_and_runs_of_letters_count_more(
    query: str, better: str, worse: str
) -> None:
    scores = fuzzy_score(query, better), fuzzy_score(query, worse)
    assert scores[0] is not None
    assert scores[1] is None or scores[0] > scores[1]


def test_all_shortcuts_are_in_the_overlay(window: Window) -> None:
    window.menus.actions["shortcuts"].trigger()
    overlay = shown(window, ShortcutOverlay)
    texts = [label.text() for label in overlay.findChildren(QLabel)]
    for action in ACTIONS:
        if shortcuts_of(action):
            assert action.title.rstrip("…") in texts, action.id
    assert overlay.height() < 800


def test_about_gives_the_versions_to_copy(window: Window) -> None:
    window.menus.actions["about"].trigger()
    about = shown(window, About)
    assert isinstance(about, About)
    assert "PySide6" in about.versions.toPlainText()
    about.copy.click()
    assert QGuiApplication.clipboard().text() == about.versions.toPlainText()
    QGuiApplication.clipboard().clear()


def test_check_shows_the_problems_or_says_that_there_are_none(window: Window, qtbot: QtBot) -> None:
    draw(window, "dense")
    window.menus.actions["check"].trigger()
    assert window.problems.isVisible()
    example = next(example for example in examples() if example.path.stem == "iris-mlp")
    window.files.open_example(example)
    qtbot.waitUntil(lambda: window.session.data_info is not None)
    window.menus.actions["check"].trigger()
    assert window.messages.messages[-1].text.startswith("No problems")


def test_a_clean_window_closes_at_once(window: Window) -> None:
    assert window.close()
    assert not window.isVisible()


def test_an_emptied_document_is_not_asked_about(window: Window) -> None:
    draw(window)
    window.session.apply("Remove", lambda document: edits.remove(document, [NodeId("n1")]))
    assert window.close()


def test_a_click_in_the_code_marks_its_block_on_the_canvas(window: Window, qtbot: QtBot) -> None:
    window.session.apply("Draw", lambda _: chain("input dense relu output"))
    window.docks.bring_up(window.docks.code)
    qtbot.waitUntil(lambda: "nn.Linear" in window.code.text)
    line = window.code.text.split("\n").index(
        next(line for line in window.code.text.split("\n") if "nn.Linear" in line)
    )
    boxes = {block.blockNumber(): box for block, box in window.code.view.visible_blocks()}
    if line not in boxes:
        window.code.view.reveal([line])
        boxes = {block.blockNumber(): box for block, box in window.code.view.visible_blocks()}
    place = QPoint(60, int(boxes[line].center().y()))
    qtbot.mouseClick(window.code.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.session.selection == {NodeId("n2")}


def test_ctrl_f_looks_in_the_code_where_the_focus_is_there_and_for_blocks_elsewhere(
    window: Window, qtbot: QtBot
) -> None:
    window.session.apply("Draw", lambda _: chain("input dense relu output"))
    window.docks.bring_up(window.docks.code)
    qtbot.waitUntil(lambda: "nn.Linear" in window.code.text)
    window.code.view.setFocus()
    qtbot.keyClick(window.code.view, Qt.Key.Key_F, CTRL)
    assert window.code.find_bar.isVisible()
    qtbot.keyClick(window.code.find_bar.field, Qt.Key.Key_Escape)
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_F, CTRL)
    assert window.code.find_bar.isHidden()


def test_export_opens_its_dialog_with_a_folder_named_after_the_document(
    window: Window, home: Path
) -> None:
    assert not window.menus.actions["export"].isEnabled()
    draw(window)
    window.menus.actions["export"].trigger()
    dialog = shown(window, ExportDialog)
    assert isinstance(dialog, ExportDialog)
    assert Path(dialog.folder.text()).name == "untitled"
    dialog.reject()


def test_settings_that_cannot_be_written_are_told(window: Window, home: Path) -> None:
    home.write_text("a file in place of the folder")
    window.choose_theme("light")
    assert any("cannot be made" in message.text for message in window.messages.messages)
    home.unlink()


def test_training_waits_for_a_refused_value_of_a_block(window: Window, qtbot: QtBot) -> None:
    example = next(example for example in examples() if example.path.stem == "iris-mlp")
    session = window.files.open_example(example)
    assert session is not None
    dense = next(n.id for n in session.document.graph.nodes.values() if n.kind == "dense")
    session.select([dense])
    (row,) = [row for row in window.inspector.findChildren(FieldRow)
              if row.isVisible() and row.param.name == "features"]  # fmt: skip
    line = row.field.focus_widget()
    line.setFocus()
    qtbot.keyClicks(line, "-")
    window.menus.actions["train"].trigger()
    assert not window.is_training
    assert line.hasFocus()
    assert window.messages.messages[-1].text.startswith("Training cannot start. ")
    assert row.reason in window.messages.messages[-1].text


def test_the_first_steps_open_the_gallery_and_an_example(window: Window, qtbot: QtBot) -> None:
    steps = window.canvas.first_steps
    qtbot.mouseClick(steps.example, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    example = examples()[0]
    action = next(action for action in menu.actions() if action.text() == example.title)
    menu.close()
    qtbot.mouseClick(steps.gallery, Qt.MouseButton.LeftButton)
    shown(window, GalleryDialog).reject()
    action.trigger()
    assert window.session.document.name == example.title
    assert window.canvas.first_steps.isHidden()
