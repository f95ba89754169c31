"""The samples as a table: the number and the part of each row, and a cell for each column."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.browsing.looks import part_colour, part_name
from app.human import grouped
from app.i18n import tr
from app.theme import Theme
from backends.data.browsing.answers import VERDICTS, WRONG
from backends.data.browsing.columns import NumberColumn, TokenColumn
from backends.data.browsing.samples import Samples
from backends.data.readers.cells import is_gap

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
ROW_PX = 24
WIDEST_PX, TEXT_PX, PART_PX = 240, 560, 84
MEASURED_ROWS = 60
Roles = Qt.ItemDataRole
ANSWERED = frozenset(
    {Roles.DisplayRole, Roles.ToolTipRole, Roles.ForegroundRole, Roles.TextAlignmentRole}
)


class RowsModel(QAbstractTableModel):
    """The chosen rows; only what is looked at is made."""

    def __init__(self, samples: Samples, rows: np.ndarray, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.samples, self.rows, self._theme = samples, rows, theme

    def show_rows(self, samples: Samples, rows: np.ndarray) -> None:
        """Shows other rows, or the same in another order."""
        self.beginResetModel()
        self.samples, self.rows = samples, rows
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 1 + len(self.samples.columns)

    def data(self, index: Index, role: int = Roles.DisplayRole) -> object:
        if role not in ANSWERED:
            return None
        row = int(self.rows[index.row()])
        if index.column() == 0:
            part = int(self.samples.parts[row])
            if role == Roles.DisplayRole:
                return part_name(part)
            return QColor(part_colour(part, self._theme)) if role == Roles.ForegroundRole else None
        column = self.samples.columns[index.column() - 1]
        if role == Roles.TextAlignmentRole and isinstance(column, NumberColumn):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Roles.TextAlignmentRole:
            return None
        text = column.text(row)
        if role == Roles.ForegroundRole and column.kind == "answer" and text == VERDICTS[WRONG]:
            return QColor(self._theme.error)
        if role == Roles.ForegroundRole:
            return QColor(self._theme.dim2) if is_gap(text) else None
        return (text or "–") if role == Roles.DisplayRole else text

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Roles.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Vertical:
            return grouped(int(self.rows[section])) if role == Roles.DisplayRole else None
        if section == 0:
            return tr("part") if role == Roles.DisplayRole else None
        column = self.samples.columns[section - 1]
        match role:
            case Roles.DisplayRole:
                return column.name
            case Roles.ToolTipRole:
                what = tr("target") if column.is_target else tr("to learn from")
                return f"{column.name}\n{tr(column.kind)} · {what}"
            case Roles.FontRole if column.is_target:
                font = QFont()
                font.setBold(True)
                return font
        return None


class RowsTable(QTableView):
    """Shows the rows; a click on a heading sorts them.

    Signals:
        looked_at: a row of the data that the cursor is on.
        opened: a row that is to be looked at closely.
        sort_asked: the name of the column whose heading was clicked.
    """

    looked_at = Signal(int)
    opened = Signal(int)
    sort_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Samples of the data"))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        side = self.verticalHeader()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._ask_sort)
        self.doubleClicked.connect(lambda _index: self._open())

    def show_model(self, model: RowsModel) -> None:
        """Shows the rows of a model, columns as wide as their first cells."""
        self.setModel(model)
        self.selectionModel().currentRowChanged.connect(self._tell)
        metrics, header = self.fontMetrics(), self.horizontalHeader()
        header.resizeSection(0, PART_PX)
        for place, column in enumerate(model.samples.columns, 1):
            texts = [column.text(int(row)) for row in model.rows[:MEASURED_ROWS]]
            needed = max(map(metrics.horizontalAdvance, [f"{column.name}    ", *texts])) + 24
            most = (
                TEXT_PX if isinstance(column, TokenColumn) or column.kind == "text" else WIDEST_PX
            )
            header.resizeSection(place, min(needed, most))

    def go_to(self, place: int) -> None:
        """Puts the cursor on a place among the rows that are shown."""
        index = self.model().index(place, max(self.currentIndex().column(), 0))
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def show_order(self, column: str, *, is_falling: bool) -> None:
        """Marks the heading of the column that sorts the rows; "" marks none."""
        header, model = self.horizontalHeader(), self.model()
        assert isinstance(model, RowsModel)
        names = [each.name for each in model.samples.columns]
        header.setSortIndicatorShown(column in names)
        if column in names:
            orders = Qt.SortOrder
            order = orders.DescendingOrder if is_falling else orders.AscendingOrder
            header.setSortIndicator(names.index(column) + 1, order)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _row(self) -> int | None:
        model, index = self.model(), self.currentIndex()
        return int(model.rows[index.row()]) if isinstance(model, RowsModel) and index.isValid() \
            else None  # fmt: skip

    def _tell(self, *_: object) -> None:
        row = self._row()
        if row is not None:
            self.looked_at.emit(row)

    def _open(self) -> None:
        row = self._row()
        if row is not None:
            self.opened.emit(row)

    def _ask_sort(self, section: int) -> None:
        model = self.model()
        if isinstance(model, RowsModel):
            self.sort_asked.emit(model.samples.columns[section - 1].name if section else "")
