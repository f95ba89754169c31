"""All actions in one list: type a few letters of one, press Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr
from app.theme import Theme, mono

WIDTH_PX = 460
HEIGHT_PX = 380
ACTION = Qt.ItemDataRole.UserRole
KEYS = Qt.ItemDataRole.UserRole + 1
BESIDE = "beside"
"""The property of an action that holds what stands at the right instead of its keys."""


def fuzzy_score(query: str, text: str) -> int | None:
    """How well a text fits letters that appear in it in this order; None where they do not.

    The beginnings of words, and letters in a row, count more.
    """
    text_low, place, score, run = text.lower(), -1, 0, 0
    for letter in query.lower().replace(" ", ""):
        found = text_low.find(letter, place + 1)
        if found < 0:
            return None
        starts_word = found == 0 or not text_low[found - 1].isalnum()
        run = run + 1 if found == place + 1 and place >= 0 else 0
        score += 8 * starts_word + 4 * run + (found == 0) * 4 - min(found - place - 1, 6)
        place = found
    return score - len(text) // 8


class CommandPalette(QDialog):
    """A small window above the others with a field and the actions that fit it."""

    def __init__(self, actions: Sequence[QAction], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions = [action for action in actions if action.isEnabled()]
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("What do you want to do?"))
        self.field.textChanged.connect(self._show_matches)
        self.field.installEventFilter(self)
        self.field.setAccessibleName(self.field.placeholderText())
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Commands"))
        self.list.setItemDelegate(_WithKeys(theme, self.list))
        self.list.itemClicked.connect(lambda _: self.run_current())
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        self.nothing = QLabel()
        self.nothing.setProperty("role", "dim")
        self.nothing.setContentsMargins(8, 4, 8, 4)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.nothing, 1)
        self.setFixedSize(WIDTH_PX, HEIGHT_PX)
        self.setObjectName("command-palette")
        self.setStyleSheet(
            f"#command-palette {{ background: {theme.panel}; border: 1px solid {theme.border}; }}"
        )
        top = parent.mapToGlobal(QPoint((parent.width() - WIDTH_PX) // 2, 90))
        self.move(top)
        self._show_matches("")
        self.field.setFocus()

    def run_current(self) -> None:
        """Does what is marked, after this window has closed."""
        item: QListWidgetItem | None = self.list.currentItem()
        action = item.data(ACTION) if item is not None else None
        self.close()
        if isinstance(action, QAction):
            action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets the arrow keys of the field move through the list."""
        if (
            watched is self.field
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._steer(event.key())
        ):
            return True
        return super().eventFilter(watched, event)

    def _steer(self, key: int) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8,
                 Qt.Key.Key_PageUp: -8}  # fmt: skip
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.run_current()
            return True
        if key not in steps:
            return False
        row = self.list.currentRow() + steps[Qt.Key(key)]
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        return True

    def _show_matches(self, query: str) -> None:
        scored = []
        for order, action in enumerate(self._actions):
            score = fuzzy_score(query, action.text())
            if score is not None:
                scored.append((-score if query else 0, order, action))
        self.list.clear()
        for _, _, action in sorted(scored, key=lambda entry: entry[:2]):
            item = QListWidgetItem(action.text().rstrip("…"))
            item.setData(ACTION, action)
            native = QKeySequence.SequenceFormat.NativeText
            item.setData(KEYS, action.property(BESIDE) or action.shortcut().toString(native))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(scored))
        self.nothing.setVisible(not scored)
        self.nothing.setText(tr("No command matches “{query}”.", query=query))


class _WithKeys(QStyledItemDelegate):
    """Paints the shortcut of an action at the right of its row."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._dim = QColor(theme.dim)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        super().paint(painter, option, index)  # type: ignore[arg-type]  # Qt's two index types
        keys = index.data(KEYS)  # type: ignore[attr-defined]
        if not keys:
            return
        painter.save()
        painter.setFont(mono(11))
        painter.setPen(self._dim)
        box: QRect = option.rect.adjusted(0, 0, -10, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, keys)
        painter.restore()
