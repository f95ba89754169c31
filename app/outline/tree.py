"""The outline's view: keys that do on rows what they do on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from app.i18n import tr
from app.line_edit import LineEdit
from app.outline.model import ICON_PX, SHAPE, TITLE, OutlineModel

SHAPE_PX = 104


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
        self.setIconSize(self.iconSize().__class__(ICON_PX, ICON_PX))
        self.setAllColumnsShowFocus(True)
        self.setExpandsOnDoubleClick(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegateForColumn(TITLE, _Names(self))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(SHAPE, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(SHAPE, SHAPE_PX)
        header.setMinimumSectionSize(48)
        self.doubleClicked.connect(lambda _: self.entered.emit())

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


class _Names(QStyledItemDelegate):
    """Lets a block be renamed in its row."""

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
