"""A field that is searched, with the choices that are made for it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.elided import ElidedLabel
from app.forms.parts import column
from app.i18n import tr

HOW = (
    "A set such as {32, 64, 128}, or a range such as 1e-4..1e-1 log, 1..4, or 16..64 step 16. A "
    "block may be of several kinds, such as {relu, gelu}. Both may be typed into the field of a "
    "number anywhere, too."
)


class FieldLine(QWidget):
    """A field, and below its name the choices that are made for it.

    Signals:
        changed: other choices were typed.
        removed: it is no longer to be searched.
        entered: the choices are as they are meant.
    """

    changed = Signal()
    removed = Signal()
    entered = Signal()

    def __init__(self, name: str, choices: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        title = ElidedLabel("mono")
        title.show_text(name)
        self.choices = QLineEdit(choices)
        self.choices.setAccessibleName(tr("Choices for {field}", field=name))
        self.choices.setCursorPosition(0)  # the beginning is seen
        self.choices.setToolTip(tr(HOW))
        self.choices.textChanged.connect(lambda _: self.changed.emit())
        self.choices.returnPressed.connect(self.entered)
        self.away = QPushButton("×")
        self.away.setProperty("role", "quiet")
        self.away.setAutoDefault(False)
        self.away.setFixedWidth(28)
        self.away.setToolTip(tr("Leave {field} as it is", field=name))
        self.away.setAccessibleName(self.away.toolTip())
        self.away.clicked.connect(self.removed)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.choices, 1)
        row.addWidget(self.away)
        rows = column(self, spacing=2)
        rows.addWidget(title)
        rows.addLayout(row)

    def text(self) -> str:
        """The field and its choices as they are written."""
        return f"{self.name}={self.choices.text()}"
