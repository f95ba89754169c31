"""What the canvas does with the pointer, and what this program is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.crash import versions
from app.i18n import tr

GESTURES = (
    ("Drag from a port", "Wire two blocks"),
    ("Shift+drag from a port", "Move all its wires"),
    ("Alt+drag from a port", "Wire all selected blocks"),
    ("Drag a block onto a wire", "Put it between"),
    ("Double click a wire", "Add a point to lead it"),
    ("Double click a point", "Remove it"),
    ("Alt+drag a wire", "Lead it through a new point"),
    ("Shift+double click a wire", "Insert a block"),
    ("Alt+click a composite", "Look inside"),
    ("Click the double arrow", "Open what is collapsed"),
    ("Double click, Tab", "Search for a block to add"),
    ("conv 64 3x3 s2", "Name and parameters, in a search"),
    ("Wheel, pinch", "Zoom at the pointer"),
    ("Two fingers", "Move the view"),
    ("Hold a finger", "Show the menu"),
    ("Back and forward buttons", "Go through places looked at"),
    ("?", "Show these shortcuts"),
    ("Space or middle button + drag", "Move the view"),
    ("Drag on the canvas", "Select in a box"),
    ("Alt+drag on the canvas", "Select in a loop"),
    ("Ctrl+drag a block", "Copy it"),
    ("Drag a frame's title", "Move it with what is in it"),
    ("Alt+drag a frame's title", "Move the frame alone"),
    ("Double click a title or note", "Write on it"),
    ("Ctrl while dragging", "Leave the grid"),
    ("Alt+drag a block", "Take it out of its chain"),
    ("Shake while dragging", "Cut its wires"),
    ("Double click a block", "Rename it, or open a composite"),
    ("Enter", "Edit parameters, or open a composite"),
    ("Click what a block says", "Edit its parameters there"),
    ("Drag a number sideways", "Change it; Shift finer, Ctrl coarser"),
    ("Arrows, with Shift further", "Move the selection"),
    ("Alt+Shift+arrows", "Move it by one px"),
    ("Ctrl+arrows", "Walk along the wires"),
    ("Escape", "Cancel, close a message, select nothing"),
    ("/", "Search the palette"),
)


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
