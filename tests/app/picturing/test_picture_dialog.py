"""Export picture and Copy as picture, in a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.picturing.dialog import PictureDialog
from app.picturing.wish import CARRYING, FORMATS
from app.window import Window
from graph.fileio import dumps
from graph.model import NodeId
from graph.pictures import load_picture
from tests.drawing import chain

DRAWING = chain("input conv2d relu flatten dense output")


@pytest.fixture(autouse=True)
def clean_clipboard(qapp: QApplication) -> Iterator[None]:
    """Own data left on the clipboard crashes Qt when it ends."""
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def dialog(window: Window) -> PictureDialog:
    """The dialog of a window with a drawing of which two blocks are selected."""
    session = window.files.open_drawn(DRAWING)
    session.select([NodeId("n2"), NodeId("n3")])
    window.menus.actions["picture"].trigger()
    found = window.findChild(PictureDialog)
    assert isinstance(found, PictureDialog)
    return found


def export(qtbot: QtBot, window: Window, dialog: PictureDialog) -> None:
    with qtbot.waitSignal(dialog.accepted):
        dialog.start()


def test_the_picture_goes_to_the_named_file(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    window.files.open_drawn(DRAWING)
    for format in FORMATS:
        window.menus.actions["picture"].trigger()
        dialog = window.findChildren(PictureDialog)[-1]
        dialog.file.line.setText(str(tmp_path / "net.v2"))
        dialog.fields.format.setCurrentIndex(dialog.fields.format.findData(format))
        file = dialog.file.path
        assert file.name == f"net.v2.{format}"
        export(qtbot, window, dialog)
        assert file.stat().st_size > 1000
        assert "The picture is in" in window.messages.messages[-1].text
        if format in CARRYING:
            assert dumps(load_picture(file).document) == dumps(DRAWING)


def test_the_fields_say_what_is_drawn(dialog: PictureDialog, tmp_path: Path) -> None:
    whole = dialog.scene.size(1.0)
    dialog.fields.what.setCurrentIndex(dialog.fields.what.findData(True))
    assert dialog.scene.size(1.0) < whole
    assert dialog.scene.mirror.ids == [NodeId("n2"), NodeId("n3")]
    dialog.fields.ground.setCurrentIndex(dialog.fields.ground.findData("grid"))
    dialog.fields.format.setCurrentIndex(dialog.fields.format.findData("svg"))
    assert dialog.fields.wish.ground == "plain"
    dialog.file.line.setText(str(tmp_path / "net.PDF"))
    dialog.file.line.editingFinished.emit()
    assert dialog.fields.wish.format == "pdf"
    assert not dialog.fields.carries.isEnabled()
    dialog.fields.format.setCurrentIndex(dialog.fields.format.findData("svg"))
    assert dialog.file.path == tmp_path / "net.svg"


def test_a_file_that_is_there_is_replaced_only_when_asked_twice(
    window: Window, dialog: PictureDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "net.png"
    file.write_text("mine")
    dialog.file.line.setText(str(file))
    dialog.start()
    assert "there already" in dialog.status.text()
    assert file.read_text() == "mine"
    export(qtbot, window, dialog)
    assert file.read_bytes().startswith(b"\x89PNG")


def test_a_file_that_cannot_be_written_is_told_and_the_dialog_stays(
    dialog: PictureDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog.file.line.setText(str(tmp_path / "no" / "net.png"))
    dialog.start()
    qtbot.waitUntil(lambda: "cannot be written" in dialog.status.text())
    assert dialog.isVisible()
    assert dialog.export.isEnabled()
    dialog.file.line.setText("  ")
    dialog.start()
    assert "Name a file" in dialog.status.text()


def test_a_picture_too_large_is_refused_before_it_is_tried(dialog: PictureDialog) -> None:
    dialog.scene.mirror.rect[0, 0] = 900_000
    dialog._scenes[False] = type(dialog.scene)(
        dialog.scene.mirror, (0.0, 0.0, 90_000.0, 90_000.0), dialog.scene.document
    )
    dialog.fields.scale.setValue(8.0)
    assert "too large" in dialog.status.text()
    assert not dialog.export.isEnabled()
    dialog.fields.format.setCurrentIndex(dialog.fields.format.findData("svg"))
    assert dialog.export.isEnabled()


def test_cancelling_writes_nothing(dialog: PictureDialog, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "net.png"
    dialog.file.line.setText(str(file))
    dialog.fields.scale.setValue(8.0)
    dialog.start()
    task = dialog._task
    assert task is not None
    with qtbot.waitSignal(task.cancelled):
        dialog.reject()
    assert not file.exists()
    assert dialog.isVisible()
    assert dialog.export.isEnabled()
    assert "Cancelled" in dialog.status.text()


def test_a_file_chosen_by_hand_is_taken(dialog: PictureDialog, tmp_path: Path) -> None:
    dialog.file.browse.click()
    chooser = dialog.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.setDirectory(str(tmp_path))
    chooser.selectFile("other")
    chooser.accept()
    assert dialog.file.path == tmp_path / "other.png"


def test_a_copied_picture_is_an_image_that_opens_its_blocks(window: Window) -> None:
    session = window.files.open_drawn(DRAWING)
    session.select([NodeId("n2"), NodeId("n3")])
    window.canvas.setFocus()
    window.menus.actions["copy-picture"].trigger()
    data = QGuiApplication.clipboard().mimeData()
    image = QImage(data.imageData())
    assert (image.width(), image.height()) == (572, 524)
    assert image.text("torchloom").startswith("torchloom-drawing 1 ")
    window.menus.actions["paste"].trigger()
    assert window.session is not session
    kinds = sorted(node.kind for node in window.session.root.graph.nodes.values())
    assert kinds == ["conv2d", "relu"]
