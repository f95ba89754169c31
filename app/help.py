"""The overlay of shortcuts, and what this program is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import BY_ID, MENUS, SEPARATOR, Action, shortcuts_of
from app.crash import versions
from app.i18n import tr

GESTURES = (
    ("Drag from a port", "Wire two blocks"),
    ("Drag a block onto a wire", "Put it between"),
    ("Double click, Tab", "Search for a block to add"),
    ("Wheel", "Zoom at the pointer"),
    ("Space or middle button + drag", "Move the view"),
    ("Drag on the canvas", "Select in a box"),
    ("Alt+drag on the canvas", "Select in a loop"),
    ("Ctrl+drag a block", "Copy it"),
    ("Ctrl while dragging", "Leave the grid"),
    ("Alt+drag a block", "Take it out of its chain"),
    ("Shake while dragging", "Cut its wires"),
    ("Double click a block", "Rename it, or open a composite"),
    ("Enter", "Open the selected composite"),
    ("Arrows, with Shift further", "Move the selection"),
    ("Alt+Shift+arrows", "Move it by one px"),
    ("Ctrl+arrows", "Walk along the wires"),
    ("Escape", "Cancel, close a message, select nothing"),
    ("/", "Search the palette"),
)
MOST_ROWS = 31
"""In a column, so that all of it can be seen on a small screen."""
Group = tuple[str, list[tuple[str, str]]]


class ShortcutOverlay(QDialog):
    """All shortcuts at a glance, made from the actions."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        groups = _groups()
        groups.append((tr("On the canvas"), [(tr(keys), tr(what)) for keys, what in GESTURES]))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(36)
        for groups_below in _in_columns(groups):
            column = QVBoxLayout()
            for title, rows in groups_below:
                column.addLayout(_group(title, rows))
            column.setSpacing(18)
            column.addStretch(1)
            layout.addLayout(column)


def _in_columns(groups: list[Group]) -> list[list[Group]]:
    """The groups in as few columns as hold them, the long ones first."""
    count = 3
    while True:
        columns: list[list[Group]] = [[] for _ in range(count)]
        for group in sorted(groups, key=lambda group: -len(group[1])):
            min(columns, key=_height).append(group)
        if max(map(_height, columns)) <= MOST_ROWS or count >= len(groups):
            return columns
        count += 1


def _height(column: list[Group]) -> int:
    """How many rows a column takes, the titles and what is between them with it."""
    return sum(len(rows) + 2 for _, rows in column)


def _groups() -> list[Group]:
    found = []
    for title, items in MENUS:
        ids = [item for item in items if item != SEPARATOR and not item.startswith("<")]
        rows = [_row(BY_ID[id]) for id in ids if shortcuts_of(BY_ID[id])]
        found.append((tr(title), rows))
    return found


def _row(action: Action) -> tuple[str, str]:
    keys = shortcuts_of(action)[0].toString(QKeySequence.SequenceFormat.NativeText)
    return keys, tr(action.title).rstrip("…")


def _group(title: str, rows: list[tuple[str, str]]) -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.setSpacing(8)
    heading = QLabel(title.upper())
    heading.setProperty("role", "section")
    layout.addWidget(heading)
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    for number, (keys, what) in enumerate(rows):
        key = QLabel(keys)
        key.setProperty("role", "key")
        grid.addWidget(QLabel(what), number, 0)
        grid.addWidget(key, number, 1, Qt.AlignmentFlag.AlignRight)
    layout.addLayout(grid)
    return layout


class About(QDialog):
    """What this program is, and the versions that a report should name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Torchloom"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading = QLabel("Torchloom")
        heading.setProperty("role", "heading")
        text = QLabel(
            tr("Draw a neural network, train it, and take the code with you.\n"
               "Free software under the Apache License 2.0.")
        )  # fmt: skip
        self.versions = QPlainTextEdit(versions())
        self.versions.setReadOnly(True)
        self.versions.setProperty("role", "mono")
        self.versions.setFixedSize(420, 130)
        buttons = QDialogButtonBox()
        self.copy = QPushButton(tr("Copy versions"))
        clipboard = QGuiApplication.clipboard()
        self.copy.clicked.connect(lambda: clipboard.setText(self.versions.toPlainText()))
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for part in (heading, text, self.versions, buttons):
            layout.addWidget(part)
