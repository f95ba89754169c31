"""The trainings in line: what comes next, put in another order, taken out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QPushButton, QWidget

from app.forms.parts import column, section
from app.i18n import tr

ROW_PX = 27
MOST_ROWS = 4
ALT = Qt.KeyboardModifier.AltModifier


class Waits(Protocol):
    """What waits, as this view steers it."""

    def take(self, row: int = 0) -> object: ...
    def shift(self, row: int, by: int) -> int: ...


class LineView(QWidget):
    """A short list with its buttons; not there while nothing waits.

    Signals:
        start_wanted: the next one is to begin now.
    """

    start_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._queue: Waits | None = None
        self.list = _List(self)
        self.list.setAccessibleName(tr("Trainings in line"))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.up = self._button("▲", tr("Sooner  Alt+Up"), lambda: self.shift(-1))
        self.down = self._button("▼", tr("Later  Alt+Down"), lambda: self.shift(1))
        self.remove = self._button(tr("Remove"), tr("Take it out of the line  Del"), self.take)
        self.start = self._button(tr("Start"), tr("Begin with the first"), self.start_wanted.emit)
        self.list.keyed.connect(self._on_key)
        title = section(tr("In line"))
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(title)
        buttons.addStretch(1)
        for button in (self.up, self.down, self.remove, self.start):
            buttons.addWidget(button)
        layout = column(self, spacing=2)
        layout.addLayout(buttons)
        layout.addWidget(self.list)
        self.hide()

    def set_queue(self, queue: QAbstractItemModel) -> None:
        """Shows what waits there."""
        self._queue = queue  # type: ignore[assignment]  # whoever gives it knows what it can do
        self.list.setModel(queue)
        for signal in (queue.rowsInserted, queue.rowsRemoved, queue.rowsMoved):
            signal.connect(self._show_state)
        self._show_state()

    def set_running(self, is_running: bool) -> None:
        """The first begins by itself while another one trains."""
        self.start.setVisible(not is_running)

    def shift(self, by: int) -> None:
        """Moves the chosen one."""
        row = self._row()
        if self._queue is not None and row >= 0:
            place = self._queue.shift(row, by)
            self.list.setCurrentIndex(self.list.model().index(place, 0))

    def take(self) -> None:
        """Takes the chosen one out."""
        row = self._row()
        if self._queue is not None and row >= 0:
            self._queue.take(row)

    def _row(self) -> int:
        index = self.list.currentIndex()
        if index.isValid():
            return index.row()
        return 0 if self.list.model() is not None and self.list.model().rowCount() else -1

    def _show_state(self, *_: object) -> None:
        rows = self.list.model().rowCount()
        self.setVisible(rows > 0)
        self.list.setFixedHeight(min(rows, MOST_ROWS) * ROW_PX + 4)
        self.up.setEnabled(rows > 1)
        self.down.setEnabled(rows > 1)

    def _on_key(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Delete:
                self.take()
            case Qt.Key.Key_Up:
                self.shift(-1)
            case Qt.Key.Key_Down:
                self.shift(1)

    def _button(self, text: str, tip: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("role", "quiet")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: act())
        return button


class _List(QListView):
    """Hands over the keys that order the line.

    Signals:
        keyed: Del, or Alt with an arrow.
    """

    keyed = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_arrow = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.key() == Qt.Key.Key_Delete or (is_arrow and event.modifiers() == ALT):
            self.keyed.emit(event)
        else:
            super().keyPressEvent(event)
