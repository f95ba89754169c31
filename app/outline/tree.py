"""The outline's view: keys that do on rows what they do on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from app.i18n import tr
from app.line_edit import LineEdit
from app.outline.model import ICON_PX, SHAPE, OutlineModel
from app.theme import THEMES, Theme, mono

GAP_PX = 10


class OutlineTree(QTreeView):
    """Rows that arrows walk, open and close.

    Signals:
        entered: the current row is to be opened or edited.
        rename_wanted: the current row is to get another name.
    """

    entered = Signal()
    rename_wanted = Signal()

    def __init__(self, model: OutlineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(tr("Outline of the drawing"))
        self.setAccessibleDescription(
            tr("Blocks in the order of the data. Right shows the ports of a block, Enter edits it, "
               "F2 renames, C connects, Delete removes.")
        )  # fmt: skip
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setExpandsOnDoubleClick(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHeaderHidden(True)
        self._looks = _Looks(self)
        self.setItemDelegate(self._looks)
        self.doubleClicked.connect(lambda _: self.entered.emit())

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._looks.theme = theme
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Keeps letters for finding a row by its name; C connects, as on the canvas."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_letter = not event.modifiers() and event.text().isprintable() and event.text()
            if is_letter and event.key() != Qt.Key.Key_C:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() != QAbstractItemView.State.EditingState and not event.modifiers():
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.entered.emit()
                return
            if event.key() == Qt.Key.Key_F2:
                self.rename_wanted.emit()
                return
        super().keyPressEvent(event)


class _Looks(QStyledItemDelegate):
    """A title, and the shape at the right where it fits; lets a block be renamed in its row."""

    theme = THEMES["dark"]

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        shape, rect, font = index.data(SHAPE), QRect(option.rect), mono(11)
        width = QFontMetrics(font).horizontalAdvance(shape) + GAP_PX if shape else 0
        super().paint(painter, option, index)
        icon = ICON_PX + GAP_PX if index.data(Qt.ItemDataRole.DecorationRole) else GAP_PX
        title = option.fontMetrics.horizontalAdvance(index.data())
        if width and icon + title + width + GAP_PX <= rect.width():
            painter.setFont(font)
            painter.setPen(QColor(self.theme.dim))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(rect.adjusted(0, 0, -GAP_PX, 0), right, shape)

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        line = LineEdit(parent)
        line.write_a_name()
        line.setAccessibleName(tr("Name of the block"))
        return line
