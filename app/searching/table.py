"""The trials of a search as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from app.human import duration, figure
from app.i18n import tr
from app.theme import Theme, mono
from backends.searching.trial import (
    FAILED,
    FINISHED,
    PRUNED,
    REFUSED,
    RUNNING,
    STOPPED,
    Trial,
    best_of,
)
from graph.params import Value
from graph.searching import Search
from graph.spaces import value_text

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
SORT_ROLE = Role.UserRole
NO_INDEX = QModelIndex()
ROW_PX = 25
NARROW_PX, USUAL_PX, WIDEST_PX = 56, 72, 150
STATE_PX = 130
STATES = {
    RUNNING: "trains now", FINISHED: "finished", REFUSED: "not trained", FAILED: "failed",
    STOPPED: "stopped", PRUNED: "cut short",
}  # fmt: skip


class TrialsModel(QAbstractTableModel):
    """A row for each trial, a column for each field, and what it came to."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.search: Search | None = None
        self.trials: list[Trial] = []
        self.best: Trial | None = None
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme

    def show(self, search: Search | None, trials: Sequence[Trial]) -> None:
        """Shows these trials; those that stay keep their row."""
        if search != self.search or len(trials) < len(self.trials):
            self.beginResetModel()
            self.search, self.trials = search, list(trials)
            self.best = best_of(search, trials) if search else None
            self.endResetModel()
            return
        more = len(trials) - len(self.trials)
        if more:
            self.beginInsertRows(NO_INDEX, len(self.trials), len(trials) - 1)
        self.trials = list(trials)
        self.best = best_of(search, trials) if search else None
        if more:
            self.endInsertRows()
        if self.trials:
            last = self.index(len(self.trials) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.trials)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._heads())

    def headerData(self, section: int, way: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        # Any: as Qt wants it
        if way is Qt.Orientation.Horizontal and role in (Role.DisplayRole, Role.ToolTipRole):
            return self._heads()[section]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # Any: as Qt wants it
        if not index.isValid():
            return None
        trial, column = self.trials[index.row()], index.column()
        fields = len(trial.values)
        if role == Role.DisplayRole:
            return self._texts(trial)[column]
        if role == SORT_ROLE:
            return self._keys(trial)[column]
        if role == Role.ToolTipRole:
            return trial.text or None
        if role == Role.FontRole and 0 < column <= fields + 1:
            return mono(11, bold=trial == self.best)
        if role == Role.ForegroundRole and column > fields:
            return self._colour(trial, column - fields)
        return None

    def _colour(self, trial: Trial, place: int) -> QColor | None:
        if trial == self.best and place == 1:
            return QColor(self._theme.ok)
        if trial.state in (REFUSED, FAILED) and place == 3:
            return QColor(self._theme.error)
        if trial.state == PRUNED:
            return QColor(self._theme.dim)
        return None

    def _heads(self) -> list[str]:
        if self.search is None:
            return []
        fields = [str(over.field) for over in self.search.over]
        return [tr("Trial"), *fields, self.search.objective, tr("Time"), tr("State")]

    def _texts(self, trial: Trial) -> list[str]:
        return [
            str(trial.number),
            *map(value_text, trial.values),
            "–" if trial.value is None else figure(trial.value),
            duration(trial.seconds) if trial.seconds else "",
            _told(trial),
        ]

    def _keys(self, trial: Trial) -> list[float | str]:
        highest = self.search is not None and self.search.is_highest
        none = float("-inf") if highest else float("inf")
        return [
            trial.number,
            *map(_key, trial.values),
            none if trial.value is None else trial.value,
            trial.seconds,
            trial.state,
        ]


def _told(trial: Trial) -> str:
    state = tr(STATES[trial.state])
    if trial.state == PRUNED:
        return trial.text or state  # which says it
    return f"{state}: {trial.text}" if trial.text else state


def _key(value: Value) -> float | str:
    return value if isinstance(value, int | float) else value_text(value)


def fitted(wide: Sequence[int], room: int) -> list[int]:
    """How wide columns are of which the first tells numbers, and the two last what came of them.

    Those of fields, between them, become narrower where all of them need more than the room.
    """
    least = [NARROW_PX, *[USUAL_PX] * (len(wide) - 1)]
    px = [min(max(each, low), WIDEST_PX) for each, low in zip(wide, least, strict=True)]
    fields = slice(1, len(px) - 2)
    over = sum(px) - room
    while over > 0 and max(px[fields], default=0) > NARROW_PX:
        widest = max(px[fields])
        place = px.index(widest, 1, len(px) - 2)
        cut = min(over, widest - NARROW_PX, 8)
        px[place] -= cut
        over -= cut
    return px


class TrialsTable(QTableView):
    """Shows the trials; a chosen one is the row.

    Signals:
        marked: the number of the trial in the row that is chosen; 0 where none is.
        used: Enter or a double click on a trial.
    """

    marked = Signal(int)
    used = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trials = TrialsModel(theme, self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.trials)
        self._sorted.setSortRole(SORT_ROLE)
        self.setModel(self._sorted)
        self.setAccessibleName(tr("Trials"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.selectionModel().selectionChanged.connect(lambda *_: self.marked.emit(self.number()))
        self.trials.modelReset.connect(lambda: self.marked.emit(0))
        self.activated.connect(lambda _: self.used.emit())

    def show_trials(self, search: Search | None, trials: Sequence[Trial]) -> None:
        """Shows the trials of a search."""
        is_new = search != self.trials.search
        self.trials.show(search, trials)
        if is_new and search is not None:
            self._size_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        wider = event.size().width() != event.oldSize().width()
        super().resizeEvent(event)
        if wider and self.trials.search is not None:
            self._size_columns()

    def _size_columns(self) -> None:
        header = self.horizontalHeader()
        metrics = self.fontMetrics()
        last = self.trials.columnCount() - 1
        titles = [str(self.trials.headerData(column, Qt.Orientation.Horizontal))
                  for column in range(last)]  # fmt: skip
        wide = [metrics.horizontalAdvance(title) + 26 for title in titles]
        for column, px in enumerate(fitted(wide, self.viewport().width() - STATE_PX)):
            self.setColumnWidth(column, px)
        self.setColumnWidth(last, NARROW_PX)  # which the rest of the room is added to
        header.setTextElideMode(Qt.TextElideMode.ElideLeft)
        header.setMinimumSectionSize(NARROW_PX)
        header.setStretchLastSection(True)

    def number(self) -> int:
        """The number of the trial that is chosen; 0 where none is."""
        rows = self.selectionModel().selectedRows()
        if not rows:
            return 0
        return self.trials.trials[self._sorted.mapToSource(rows[0]).row()].number

    def choose(self, number: int) -> None:
        """Chooses the row of a trial."""
        for row, trial in enumerate(self.trials.trials):
            if trial.number == number:
                index = self._sorted.mapFromSource(self.trials.index(row, 0))
                self.selectRow(index.row())
                self.scrollTo(index)
