"""What differs between two drawings, as a table: what, which value, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QLabel, QStackedWidget, QTableView, QWidget

from app.i18n import tr
from app.theme import Theme
from graph.differences import Difference, differences, recipe_differences
from graph.model import Document

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
MARKS = {"added": "+", "removed": "−", "changed": "≠"}


def recipe_rows(before: Document, after: Document) -> tuple[Difference, ...]:
    """In what two runs were trained differently."""
    return recipe_differences(before, after)


def difference_rows(before: Document, after: Document) -> tuple[Difference, ...]:
    """In what their drawings differ."""
    return differences(before, after)


class _Model(QAbstractTableModel):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Difference, ...] = ()
        self._theme = theme

    def show(self, rows: Sequence[Difference]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # Any: as Qt wants it
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("", tr("What"), tr("Value"), tr("Before"), tr("After"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # Any: as Qt wants it
        row, column = self.rows[index.row()], index.column()
        words = {"added": tr("added"), "removed": tr("removed"), "changed": tr("changed")}
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            texts = (MARKS[row.kind], row.what, row.name, row.before, row.after)
            if column == 0 and role == Qt.ItemDataRole.ToolTipRole:
                return words[row.kind]
            if column == 2 and not row.name:
                return words[row.kind]
            return texts[column]
        if role == Qt.ItemDataRole.ForegroundRole and column == 0:
            theme = self._theme
            colours = {"added": theme.ok, "removed": theme.error, "changed": theme.warn}
            return QColor(colours[row.kind])
        return None


class Differences(QStackedWidget):
    """A table of differences; a word where there are none."""

    def __init__(self, theme: Theme, none: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none = none
        self.model = _Model(theme, self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("Differences"))
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for column, width in enumerate((30, 330, 170, 190)):
            self.table.setColumnWidth(column, width)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.said = QLabel(none)
        self.said.setProperty("role", "dim")
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(self.said)
        self.addWidget(self.table)

    def show_rows(self, rows: Sequence[Difference]) -> None:
        """Shows these differences."""
        self.model.show(rows)
        self.said.setText(self._none)
        self.setCurrentWidget(self.table if rows else self.said)

    def say(self, text: str) -> None:
        """Says why there is nothing to show."""
        self.said.setText(text)
        self.setCurrentWidget(self.said)
