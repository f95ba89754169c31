"""What is typed and not yet taken is not lost by saving, closing or exporting."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from app.export_dialog import ExportDialog
from app.forms import FieldRow
from app.session import Session
from app.window import Window
from graph.fileio import load, save
from graph.model import NodeId
from tests.drawing import chain

DENSE = NodeId("n2")


@pytest.fixture
def session(window: Window, qtbot: QtBot, tmp_path: Path) -> Session:
    """An opened file, with a number typed into a field that still has the focus."""
    path = tmp_path / "net.loom"
    save(chain("input dense output"), path)
    opened = window.files.open(path)
    assert opened is not None
    opened.select([DENSE])
    (row,) = [row for row in window.inspector.findChildren(FieldRow)
              if row.isVisible() and row.param.name == "features"]  # fmt: skip
    line = row.field.focus_widget()
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "99")
    assert opened.is_clean
    return opened


def test_saving_takes_what_is_typed_and_leaves_the_cursor_there(
    window: Window, session: Session
) -> None:
    field = window.focusWidget()
    window.menus.actions["save"].trigger()
    assert session.path is not None and session.is_clean
    assert load(session.path).document.node(DENSE).params["features"] == 99
    assert window.focusWidget() is field


@pytest.mark.parametrize("close", ["close", "quit"])
def test_closing_asks_about_what_is_typed(window: Window, session: Session, close: str) -> None:
    window.menus.actions[close].trigger()
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    assert "net.loom" in box.text() and session in window.tabs.sessions()
    box.button(QMessageBox.StandardButton.Cancel).click()


def test_a_description_that_is_typed_is_saved(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    session.select([])
    text = window.inspector.document_page.description
    text.setFocus()
    qtbot.keyClicks(text, "A net.")
    window.menus.actions["save"].trigger()
    assert session.path is not None
    assert load(session.path).document.description == "A net."


def test_what_is_typed_is_exported(window: Window, session: Session, qtbot: QtBot) -> None:
    window.menus.actions["export"].trigger()
    (dialog,) = window.findChildren(ExportDialog)
    qtbot.waitUntil(partial(dialog.isVisible))
    assert session.document.node(DENSE).params["features"] == 99
