"""Opening, saving and closing documents in a window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.session import Session
from app.window import Window
from graph import edits
from graph.fileio import load, save
from graph.model import Document
from tests.drawing import chain

Buttons = QMessageBox.StandardButton


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A drawing on the disk."""
    path = tmp_path / "net.loom"
    save(chain("input dense output"), path)
    return path


def draw(session: Session) -> None:
    """Changes a document."""
    assert session.apply("Add", lambda document: edits.add(document, "relu"))


def opened(window: Window, path: Path) -> Session:
    """The session of a file that can be opened."""
    session = window.files.open(path)
    assert session is not None
    return session


def texts(window: Window) -> str:
    """What the message bar says."""
    return "\n".join(message.text for message in window.messages.messages)


def question(window: Window) -> QMessageBox:
    """The question that is open."""
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    return box


def answer(qtbot: QtBot, window: Window, button: Buttons) -> None:
    """Presses a button of the question that is open."""
    pressed = question(window).button(button)
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)


def press(qtbot: QtBot, window: Window, label: str) -> None:
    """Presses the button with that label of the question that is open."""
    (button,) = [b for b in question(window).buttons() if b.text().replace("&", "") == label]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(window: Window, path: Path) -> None:
    """Chooses a file in the dialog that is open."""
    (dialog,) = [d for d in window.findChildren(QFileDialog) if d.isVisible()]
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
    dialog.accept()


def test_an_opened_file_takes_the_place_of_the_untouched_document(
    window: Window, file: Path
) -> None:
    session = opened(window, file)
    assert window.tabs.sessions() == [session]
    assert session.path == file
    assert window.windowTitle().startswith("net.loom")
    assert window.files.recent() == [file]


def test_a_drawn_document_stays_when_a_file_is_opened(window: Window, file: Path) -> None:
    first = window.session
    draw(first)
    second = opened(window, file)
    assert window.tabs.sessions() == [first, second]


def test_a_file_opened_twice_is_brought_to_the_front(window: Window, file: Path) -> None:
    session = opened(window, file)
    window.files.new()
    assert window.session is not session
    assert opened(window, file.parent / "." / file.name) is session
    assert window.session is session
    assert len(window.tabs.sessions()) == 2


def test_a_missing_file_is_told_and_leaves_the_recent_ones(window: Window, file: Path) -> None:
    session = opened(window, file)
    window.close_session(session)
    file.unlink()
    assert window.files.open(file) is None
    assert "There is no file" in texts(window)
    assert window.files.recent() == []


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_a_damaged_file_is_told_and_left_alone(window: Window, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    before = window.tabs.sessions()
    assert window.files.open(file) is None
    assert file.name in texts(window)
    assert window.tabs.sessions() == before
    assert file.read_bytes() == content


def test_the_open_dialog_opens_what_is_chosen(window: Window, file: Path) -> None:
    window.menus.actions["open"].trigger()
    choose(window, file)
    assert window.session.path == file


def test_save_writes_to_the_file_and_cleans_the_mark(window: Window, file: Path) -> None:
    session = opened(window, file)
    draw(session)
    assert window.windowTitle().startswith("net.loom*")
    window.menus.actions["save"].trigger()
    assert session.is_clean
    assert len(load(file).document.graph.nodes) == 4
    assert window.windowTitle().startswith("net.loom –")


def test_a_new_document_is_saved_under_the_chosen_name_with_the_suffix(
    window: Window, tmp_path: Path
) -> None:
    draw(window.session)
    window.menus.actions["save"].trigger()
    choose(window, tmp_path / "mine")
    assert window.session.path == tmp_path / "mine.loom"
    assert window.session.is_clean
    assert load(tmp_path / "mine.loom").document == window.session.document


def test_a_document_without_a_name_takes_that_of_its_file(window: Window, tmp_path: Path) -> None:
    draw(window.session)
    window.files.save_to(window.session, tmp_path / "mine.loom")
    assert window.session.root.name == load(tmp_path / "mine.loom").document.name == "mine"
    assert window.session.is_clean
    window.session.undo()
    assert window.session.root.name == "mine", "that is no step of its own"
    window.session.redo()
    assert window.session.is_clean
    window.files.save_to(window.session, tmp_path / "other.loom")
    assert window.session.root.name == "mine"


def test_a_name_with_a_slash_is_offered_as_a_file_name(window: Window) -> None:
    window.session.apply("Rename", lambda d: edits.rename_document(d, "a/b"))
    draw(window.session)
    window.menus.actions["save"].trigger()
    (dialog,) = [d for d in window.findChildren(QFileDialog) if d.isVisible()]
    assert Path(dialog.selectedFiles()[0]).name == "a-b.loom"


def test_save_as_leaves_the_old_file_and_goes_on_with_the_new(
    window: Window, file: Path, tmp_path: Path
) -> None:
    before = file.read_bytes()
    session = opened(window, file)
    draw(session)
    window.menus.actions["save-as"].trigger()
    choose(window, tmp_path / "other.loom")
    assert file.read_bytes() == before
    assert session.path == tmp_path / "other.loom"
    assert window.files.recent()[0] == tmp_path / "other.loom"


def test_a_document_that_cannot_be_written_stays_unsaved_and_is_told(
    window: Window, file: Path
) -> None:
    draw(window.session)
    window.files.save_to(window.session, file / "inner.loom")
    assert "cannot be written" in texts(window)
    assert not window.session.is_clean
    assert window.session.path is None


def test_a_file_that_another_program_changed_is_replaced_only_when_asked(
    window: Window, file: Path, qtbot: QtBot
) -> None:
    session = opened(window, file)
    draw(session)
    save(Document(name="theirs"), file)
    window.menus.actions["save"].trigger()
    answer(qtbot, window, Buttons.Cancel)
    assert load(file).document.name == "theirs"
    assert not session.is_clean
    window.menus.actions["save"].trigger()
    press(qtbot, window, "Replace")
    assert load(file).document == session.document
    assert session.is_clean


def test_a_newer_file_is_read_only_and_saved_under_another_name(
    window: Window, tmp_path: Path
) -> None:
    file = tmp_path / "newer.loom"
    text = '{"torchloom": 99, "nodes": [{"id": "n1", "kind": "dense", "name": "d", "at": [0, 0]}]}'
    file.write_text(text, "utf-8")
    session = opened(window, file)
    assert "newer Torchloom" in texts(window)
    assert not session.apply("Add", lambda d: edits.add(d, "relu"))
    assert len(session.document.graph.nodes) == 1
    window.menus.actions["save"].trigger()
    choose(window, tmp_path / "copy.loom")
    assert file.read_text("utf-8") == text
    draw(session)


def test_closing_an_unsaved_document_asks_first(window: Window, file: Path, qtbot: QtBot) -> None:
    session = opened(window, file)
    window.files.new()
    draw(session)
    for button, stays in ((Buttons.Cancel, True), (Buttons.Discard, False)):
        window.files.close(session)
        assert window.session is session
        answer(qtbot, window, button)
        assert (session in window.tabs.sessions()) is stays
    assert len(load(file).document.graph.nodes) == 3


def test_saving_on_the_way_out_saves_and_closes(window: Window, file: Path, qtbot: QtBot) -> None:
    session = opened(window, file)
    draw(session)
    window.menus.actions["close"].trigger()
    answer(qtbot, window, Buttons.Save)
    assert len(load(file).document.graph.nodes) == 4
    assert session not in window.tabs.sessions()
    assert len(window.tabs.sessions()) == 1


def test_an_untouched_document_closes_without_a_question(window: Window) -> None:
    session = window.session
    window.files.close(session)
    assert session not in window.tabs.sessions()
    assert not [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def drop(window: Window, *paths: Path) -> bool:
    """Drops files onto the window; whether they were taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, button = QPointF(300, 300), Qt.MouseButton.LeftButton
    plain, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where.toPoint(), copy, data, button, plain)
    enter.ignore()
    # Qt hands it to the canvas first, which wants blocks only, and then to what holds the canvas
    QApplication.sendEvent(window.canvas, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(where, copy, data, button, plain))
    return enter.isAccepted()


def test_dropped_drawings_open_and_other_files_are_not_taken(
    window: Window, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "second.loom"
    save(chain("input relu"), other)
    assert not drop(window, tmp_path / "notes.txt")
    assert drop(window, file, other, tmp_path / "notes.txt")
    assert [session.path for session in window.tabs.sessions()] == [file, other]


def test_the_recent_menu_opens_its_files(window: Window, file: Path) -> None:
    session = opened(window, file)
    window.close_session(session)
    menu = window.menus._recent
    menu.aboutToShow.emit()
    (action,) = menu.actions()
    assert action.text().startswith("net.loom")
    action.trigger()
    assert window.session.path == file


def test_an_example_opens_as_a_copy_without_a_file(window: Window) -> None:
    menu = window.menus._examples
    menu.aboutToShow.emit()
    assert len(menu.actions()) >= 5
    menu.actions()[0].trigger()
    assert window.session.path is None
    assert window.session.document.graph.nodes
