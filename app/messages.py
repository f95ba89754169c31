"""What the program tells a person without stopping them: messages that lie over the canvas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr
from app.theme import Theme, blended
from graph.problems import Fix

Kind = Literal["info", "warning", "error"]
INFO_STAYS_MS = 6000
CHOICE_STAYS_MS = 30_000
"""Of information with buttons: time enough to read it, go there and press one."""
AT_MOST = 3
NO_BREAK = "\u00a0"
WIDEST_PX = 760
PLACED_ANEW = (QEvent.Type.Resize, QEvent.Type.LayoutRequest)
MARGIN_PX = 12


@dataclass(frozen=True)
class Choice:
    """A button in a message: its words, and what it does. The message goes when it is pressed.

    `tip` is what the button says when the pointer rests on it.
    """

    label: str
    run: Callable[[], object]
    tip: str = ""


@dataclass(frozen=True)
class Message:
    """One thing to tell; `fix` is an edit that the message offers, `choices` are other buttons.

    `until_edit` is for what may no longer be true once the document changes: it goes then.
    Of those with one `topic` only the newest is shown.
    """

    text: str
    kind: Kind = "info"
    fix: Fix | None = None
    choices: tuple[Choice, ...] = ()
    until_edit: bool = False
    topic: str = ""


class MessageBar(QWidget):
    """Up to three messages, the newest at the bottom. Information goes by itself once it is read.

    It lies over `host`, so that nothing moves away under the pointer when a message comes or goes;
    `below` answers how far from the top of the host it begins.
    """

    fix_requested = Signal(object)

    def __init__(self, theme: Theme, host: QWidget, below: Callable[[], int] = lambda: 0) -> None:
        super().__init__(host)
        self._theme = theme
        self._host = host
        self._below = below
        self._rows: list[_Row] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        host.installEventFilter(self)
        self.hide()

    @property
    def messages(self) -> list[Message]:
        """What is shown now, oldest first."""
        return [row.message for row in self._rows]

    def tell(self, message: Message, owner: object = None) -> None:
        """Shows a message; the same text again takes the place of the first.

        What has an owner, such as a document, is seen only while that is in front.
        """
        for row in [row for row in self._rows if row.message.text == message.text]:
            self._drop(row)
        if message.topic:
            self.drop_topic(message.topic)
        while len(self._rows) >= AT_MOST:
            self._drop(self._rows[0])
        row = _Row(message, self._theme, self, owner)
        row.closed.connect(lambda: self._drop(row))
        row.fix_pressed.connect(self.fix_requested)
        self._rows.append(row)
        self._layout.addWidget(row)
        row.show()  # a layout counts it only once it is shown
        self._place()

    def show_owner(self, owner: object) -> None:
        """Shows what belongs to this owner or to none."""
        for row in self._rows:
            row.setVisible(row.owner is None or row.owner is owner)
        self._place()

    def forget_owner(self, owner: object) -> None:
        """Takes away what belongs to an owner that goes."""
        for row in [row for row in self._rows if row.owner is owner]:
            self._drop(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps its place over the host."""
        if watched is self._host and event.type() in PLACED_ANEW:
            self._place()
        return super().eventFilter(watched, event)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        for row in self._rows:
            row.paint(theme)

    def drop_outdated(self) -> None:
        """Takes messages away that were told until the next edit."""
        for row in [row for row in self._rows if row.message.until_edit]:
            self._drop(row)
        self._place()

    def drop_topic(self, topic: str) -> None:
        """Takes messages on something away that is no longer so."""
        for row in [row for row in self._rows if row.message.topic == topic]:
            self._drop(row)

    def close_newest(self) -> bool:
        """Takes the newest message away that is seen; answers whether there was one."""
        row = next((row for row in reversed(self._rows) if not row.isHidden()), None)
        if row is not None:
            self._drop(row)
        return row is not None

    def clear(self) -> None:
        """Takes all messages away."""
        for row in list(self._rows):
            self._drop(row)

    def _drop(self, row: _Row) -> None:
        if row not in self._rows:
            return
        self._rows.remove(row)
        row.hide()
        row.deleteLater()
        self._place()

    def _place(self) -> None:
        self.setVisible(any(not row.isHidden() for row in self._rows))
        if self.isHidden():
            return
        width = min(self._host.width() - 2 * MARGIN_PX, WIDEST_PX)
        height = self._layout.totalHeightForWidth(width)
        left = (self._host.width() - width) // 2
        self.setGeometry(left, self._below() + MARGIN_PX, width, height)
        self.raise_()


class _Row(QFrame):
    closed = Signal()
    fix_pressed = Signal(object)

    def __init__(self, message: Message, theme: Theme, parent: QWidget, owner: object) -> None:
        super().__init__(parent)
        self.message = message
        self.owner = owner
        self.setObjectName("message")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        self._text = QLabel(message.text.replace(" %", NO_BREAK + "%"))
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(self._text.textInteractionFlags().TextSelectableByMouse)
        layout.addWidget(self._text, 1)
        fix = message.fix
        if fix is not None:
            self._button(fix.label, lambda: self.fix_pressed.emit(fix))
        for choice in message.choices:
            self._button(choice.label, choice.run, choice.tip)
        close = QPushButton("✕")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.setProperty("role", "flat")
        close.setAccessibleName(tr("Close message"))
        close.setToolTip(tr("Close message (Esc)"))
        close.clicked.connect(self.closed)
        layout.addWidget(close)
        self.paint(theme)
        stays_ms = CHOICE_STAYS_MS if message.choices else INFO_STAYS_MS
        self._timer = QTimer(self, singleShot=True, interval=stays_ms)
        self._timer.timeout.connect(self.closed)
        self._goes = message.kind == "info" and fix is None
        if self._goes:
            self._timer.start()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()  # it is being read

    def leaveEvent(self, event: QEvent) -> None:
        if self._goes:
            self._timer.start()

    def _button(self, label: str, run: Callable[[], object], tip: str = "") -> None:
        button = QPushButton(label)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        button.clicked.connect(self.closed)
        button.clicked.connect(lambda: run())
        layout = self.layout()
        assert layout is not None
        layout.addWidget(button)

    def paint(self, theme: Theme) -> None:
        tone = {"info": theme.accent, "warning": theme.warn, "error": theme.error}
        strong = tone[self.message.kind]
        self.setStyleSheet(
            f"#message {{ background: {blended(theme.panel, strong, 0.14)};"
            f" border: 1px solid {blended(theme.panel, strong, 0.4)};"
            f" border-left: 3px solid {strong}; border-radius: 7px; }}"
        )
