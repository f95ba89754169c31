"""Whoever hears the window hears what each part of it is, and what is selected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractSpinBox, QDialog, QListView, QPushButton, QWidget

from app import spoken
from app.command_palette import CommandPalette
from app.examples import examples
from app.export_dialog import ExportDialog
from app.session import Session
from graph.model import NodeId
from tests.drawing import chain, set_params

if TYPE_CHECKING:
    from app.window import Window

CONV = NodeId("n2")


def nameless(root: QWidget) -> Iterator[str]:
    """Parts that take the keys, and say neither what they are nor what they hold."""
    for widget in (root, *root.findChildren(QWidget)):
        takes_keys = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        is_popup = isinstance(widget, QListView) and widget.window() is not root.window()
        is_inner = isinstance(widget.parent(), QAbstractSpinBox)  # which has the name
        is_unused = isinstance(widget, QPushButton) and widget.isHidden()
        if not takes_keys or is_popup or is_inner or is_unused:
            continue
        found = QAccessible.queryAccessibleInterface(widget)
        if not found or not found.text(QAccessible.Text.Name):
            yield f"{type(widget).__name__} in {type(widget.parent()).__name__}"


def open_example(window: Window) -> None:
    window.files.open_example(next(e for e in examples() if e.path.stem == "digits-cnn"))


def test_every_part_of_the_window_has_a_name(window: Window, qtbot) -> None:
    open_example(window)
    qtbot.waitUntil(lambda: window.session.data_info is not None)
    assert list(nameless(window)) == []
    ids = list(window.session.document.graph.nodes)
    for id in ids:
        window.session.select([id])
        assert list(nameless(window.inspector)) == []
    window.session.select(ids)
    assert list(nameless(window.inspector)) == []


def test_every_part_of_the_dialogs_has_a_name(window: Window) -> None:
    open_example(window)
    for id in ("export", "commands", "shortcuts", "gallery", "picture"):
        window.menus.actions[id].trigger()
    dialogs = window.findChildren(QDialog)
    assert {CommandPalette, ExportDialog} <= {type(dialog) for dialog in dialogs}
    assert {type(d).__name__: found for d in dialogs if (found := list(nameless(d)))} == {}


def test_the_canvas_says_what_is_selected(window: Window) -> None:
    window.session.apply("Draw", lambda _: drawn())
    window.session.select([CONV])
    said = "conv, Conv 2D, takes N×3×28×28, gives N×32×26×26, 2 of 4"
    assert window.canvas.accessibleDescription() == said
    assert window.canvas.accessibleName() == "Drawing"
    window.session.select([CONV, NodeId("n3")])
    assert window.canvas.accessibleDescription() == "2 of 4 selected"
    window.session.select([])
    assert window.canvas.accessibleDescription() == "Nothing selected, 4 blocks"


def test_problems_are_said_with_the_block(qapp) -> None:
    session = Session(set_params(drawn(), "n2", kernel_size=(99, 99)))
    session.select([CONV])
    assert "error: " in spoken.selection(session)


def drawn():
    return set_params(chain("input conv2d relu output"), "n1", shape="3, 28, 28")
