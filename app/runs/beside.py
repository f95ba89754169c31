"""Results of several runs, and the values in which they differ, a column for each run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.i18n import tr
from app.runs.columns import columns_of
from app.theme import Theme
from backends.runs.entry import Entry
from graph.differences import Difference, differences, recipe_differences
from graph.model import Document

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
LEADING = 2
NARROWEST_PX, WIDEST_PX = 90, 260
ABSENT = "–"
UNREADABLE = "?"


@dataclass(frozen=True)
class Row:
    """One value of every run."""

    what: str
    name: str
    values: tuple[str, ...]


def result_rows(entries: Sequence[Entry]) -> list[Row]:
    """What was measured, as the table of runs has it."""
    rows = [
        Row(tr("Result"), column.title, tuple(map(column.text, entries)))
        for column in columns_of(entries)
        if column.is_number
    ]
    return [row for row in rows if any(row.values)]


def value_rows(documents: Sequence[Document | None]) -> list[Row]:
    """Values of recipes, data and drawings in which some run differs from the first."""
    base = next((document for document in documents if document is not None), None)
    first: dict[tuple[str, str], str] = {}
    others: dict[tuple[str, str], dict[int, str]] = {}
    for place, document in enumerate(documents):
        if base is None or document is None or document is base:
            continue
        for each in (*recipe_differences(base, document), *differences(base, document)):
            key = each.what, each.name
            before, after = _told(each)
            first.setdefault(key, before)
            others.setdefault(key, {})[place] = after
    rows = []
    for (what, name), before in first.items():
        told = others[what, name]
        values = (
            UNREADABLE if document is None else told.get(place, before)
            for place, document in enumerate(documents)
        )
        rows.append(Row(what, name, tuple(values)))
    return rows


def _told(each: Difference) -> tuple[str, str]:
    if each.kind == "changed":
        return each.before or ABSENT, each.after or ABSENT
    words = tr("there"), ABSENT
    return words if each.kind == "removed" else (words[1], words[0])


class Beside(QTableView):
    """Rows of values; those that are not as in the first run stand out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Values of the runs"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._theme = theme
        self.rows: tuple[Row, ...] = ()

    def show_runs(self, entries: Sequence[Entry], documents: Sequence[Document | None]) -> None:
        """Shows these runs, in this order."""
        self.rows = (*result_rows(entries), *value_rows(documents))
        titles = ("", tr("Value"), *(entry.name for entry in entries))
        self.setModel(_Model(self.rows, titles, self._theme, self))
        self.resizeColumnsToContents()
        for place in range(len(titles)):
            width = min(max(self.columnWidth(place) + 10, NARROWEST_PX), WIDEST_PX)
            self.setColumnWidth(place, width)


class _Model(QAbstractTableModel):
    def __init__(
        self, rows: Sequence[Row], titles: Sequence[str], theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._rows, self._titles, self._theme = rows, titles, theme

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._titles[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return (self._group(index.row()), row.name, *row.values)[column]
            case Qt.ItemDataRole.ForegroundRole if column < LEADING:
                return QColor(self._theme.dim)
            case Qt.ItemDataRole.ForegroundRole if self._differs(row, column):
                return QColor(self._theme.accent)
        return None

    def _group(self, place: int) -> str:
        """The heading of a row, where the row above has another."""
        what = self._rows[place].what
        return what if place == 0 or self._rows[place - 1].what != what else ""

    def _differs(self, row: Row, column: int) -> bool:
        return row.what != tr("Result") and row.values[column - LEADING] != row.values[0]
