"""Pictures and texts from elsewhere: the drawing in them opens, or the reason is told."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from app.window import Window
from graph import clipboard
from graph.fileio import clip_to_text, dumps
from graph.pictures import png, svg, wrapped
from tests.custom import GATE, drawn
from tests.drawing import chain

DRAWING = chain("input conv2d relu flatten dense output")


@pytest.fixture(autouse=True)
def clean_clipboard(qapp: QApplication) -> Iterator[None]:
    """Own data left on the clipboard crashes Qt when it ends."""
    yield
    QGuiApplication.clipboard().clear()


def png_of(text: str = "") -> bytes:
    """A small picture as Qt writes it, with a text in it."""
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    if text:
        image.setText(png.KEY, text)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")  # type: ignore[call-overload]  # its stub forgets text
    return bytes(buffer.data().data())


def dropped(window: Window, data: QMimeData) -> bool:
    """Drops something onto the window; whether it was taken."""
    where, button = QPointF(300, 300), Qt.MouseButton.LeftButton
    plain, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where.toPoint(), copy, data, button, plain)
    enter.ignore()
    QApplication.sendEvent(window.canvas, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(where, copy, data, button, plain))
    return enter.isAccepted()


def of_files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def of_bytes(format: str, content: bytes) -> QMimeData:
    data = QMimeData()
    data.setData(format, content)
    return data


def last_message(window: Window) -> str:
    return window.messages.messages[-1].text


def test_a_dropped_picture_opens_its_drawing_in_a_tab_without_a_file(
    window: Window, tmp_path: Path
) -> None:
    picture, vector = tmp_path / "net.PNG", tmp_path / "net.svg"
    picture.write_bytes(png_of(wrapped(DRAWING)))
    text = f'<svg xmlns="http://www.w3.org/2000/svg">{svg.metadata(wrapped(DRAWING))}</svg>'
    vector.write_text(text, "utf-8")
    assert dropped(window, of_files(picture, vector))
    assert [dumps(session.root) for session in window.tabs.sessions()] == [dumps(DRAWING)] * 2
    assert window.session.path is None
    assert "the drawing that net.svg carries" in last_message(window)


def test_a_picture_without_a_drawing_is_told(window: Window, tmp_path: Path) -> None:
    hopeless = {
        png_of(): "carries no drawing",
        png.SIGNATURE: "cut off",
        b"no picture": "neither a PNG nor an SVG",
        struct.pack(">20I", *range(20)): "neither a PNG nor an SVG",
    }
    before = window.tabs.sessions()
    for content, told in hopeless.items():
        file = tmp_path / "net.png"
        file.write_bytes(content)
        assert dropped(window, of_files(file))
        assert window.tabs.sessions() == before
        assert told in last_message(window)


def test_a_picture_dragged_out_of_a_browser_opens_as_unsaved_work(window: Window) -> None:
    assert dropped(window, of_bytes("image/png", png_of(wrapped(DRAWING))))
    assert dumps(window.session.root) == dumps(DRAWING)
    assert not window.session.is_clean
    assert not dropped(window, of_bytes("text/plain", b"hello"))


def test_a_pasted_picture_opens_its_drawing(window: Window, tmp_path: Path) -> None:
    QGuiApplication.clipboard().setMimeData(of_bytes("image/png", png_of(wrapped(DRAWING))))
    window.canvas.setFocus()
    window.menus.actions["paste"].trigger()
    assert dumps(window.session.root) == dumps(DRAWING)
    QGuiApplication.clipboard().setMimeData(of_files(tmp_path / "gone.png"))
    window.menus.actions["paste"].trigger()
    assert "There is no file" in last_message(window)


def test_a_whole_drawing_pasted_as_text_opens_in_a_tab(window: Window) -> None:
    QGuiApplication.clipboard().setText(f"Here it is:\n```\n{dumps(DRAWING)}```\nNice, no?")
    window.menus.actions["paste"].trigger()
    assert dumps(window.session.root) == dumps(DRAWING)


def test_blocks_pasted_from_a_chat_go_into_the_drawing_in_front(window: Window) -> None:
    text = clip_to_text(clipboard.copy(DRAWING, DRAWING.graph.nodes))
    QGuiApplication.clipboard().setText(f"> try this\n> {text}\n> ok?")
    session = window.session
    window.menus.actions["paste"].trigger()
    assert window.session is session
    assert len(session.root.graph.nodes) == len(DRAWING.graph.nodes)


def test_foreign_text_is_refused_gently(window: Window) -> None:
    before = window.session.root
    for text in ("", "hello", '{"torchloom": "x"}', '{"torchloom-clip": 1, "n'):
        window.messages.clear()
        QGuiApplication.clipboard().setText(text)
        window.menus.actions["paste"].trigger()
        assert window.session.root is before
        assert window.messages.messages[-1].kind in ("warning", "error")


def test_code_in_a_picture_is_not_trusted(window: Window, tmp_path: Path) -> None:
    from graph.code_edits import untrusted

    file = tmp_path / "net.png"
    file.write_bytes(png_of(wrapped(drawn(GATE))))
    assert dropped(window, of_files(file))
    assert [written.name for written in untrusted(window.session.root)]
