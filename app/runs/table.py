"""The table view of runs: chosen rows, chosen columns, and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from app.i18n import tr
from app.runs.model import ENTRY_ROLE, Found, RunsModel
from backends.runs.entry import Entry

ROW_PX = 27
WIDTHS = {"name": 190, "status": 92, "started": 128, "tags": 120, "notes": 220, "dataset": 92}
USUAL_PX = 82
NAMES_PX = 150
"""Of the names that stay in sight while other columns are scrolled to."""
MARK_PX = 10
"""Of the arrow that says how rows are sorted."""
Trigger = QAbstractItemView.EditTrigger


class RunsTable(QTableView):
    """Shows the rows that were found.

    Signals:
        opened: Enter or a double click on a run.
        remove_wanted: Del was pressed.
        menu_wanted: a place of the screen for a menu over the chosen runs.
        hidden_changed: other columns are hidden now; their ids.
    """

    opened = Signal()
    remove_wanted = Signal()
    menu_wanted = Signal(object)
    hidden_changed = Signal(object)

    def __init__(self, model: RunsModel, found: Found, parent: QWidget) -> None:
        super().__init__(parent)
        self.runs = model
        self.hidden: tuple[str, ...] = ()
        self.setModel(found)
        self.setAccessibleName(tr("Runs"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(Trigger.EditKeyPressed | Trigger.SelectedClicked)
        self.setStyleSheet("QHeaderView::section:vertical { border: 0; }")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSortingEnabled(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        names = self.verticalHeader()
        names.hide()
        names.setDefaultSectionSize(ROW_PX)
        names.setFixedWidth(NAMES_PX)
        names.setTextElideMode(Qt.TextElideMode.ElideRight)
        names.setHighlightSections(False)
        self.setCornerButtonEnabled(False)
        self.horizontalScrollBar().valueChanged.connect(self._show_names)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self.columns_menu().popup(header.mapToGlobal(at))
        )
        model.modelReset.connect(self.place_columns)
        self.doubleClicked.connect(lambda _: self.opened.emit())
        self.place_columns()
        self.sortByColumn(2, Qt.SortOrder.DescendingOrder)

    def chosen(self) -> list[Entry]:
        """The chosen runs, from top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [index.data(ENTRY_ROLE) for index in rows]

    def choose(self, paths: list[Path]) -> None:
        """Chooses the runs in these folders, as far as they are shown."""
        select = QItemSelectionModel.SelectionFlag
        self.clearSelection()
        for row in range(self.model().rowCount()):
            index = self.model().index(row, 0)
            if index.data(ENTRY_ROLE).path in paths:
                flags = select.Select | select.Rows
                self.selectionModel().setCurrentIndex(index, flags)

    def copy(self) -> None:
        """Puts the chosen runs on the clipboard, a row each, as spreadsheets take them."""
        header = self.horizontalHeader()
        places = [header.logicalIndex(seen) for seen in range(header.count())]
        columns = [self.runs.columns[p] for p in places if not self.isColumnHidden(p)]
        rows = [[column.title for column in columns]]
        rows += [[(c.whole or c.text)(entry) for c in columns] for entry in self.chosen()]
        lines = ("\t".join(" ".join(cell.split()) for cell in row) for row in rows)
        QGuiApplication.clipboard().setText("\n".join(lines))

    def place_columns(self) -> None:
        """Gives columns their widths, and hides those that are not wanted."""
        for place, column in enumerate(self.runs.columns):
            title = self.horizontalHeader().sectionSizeHint(place) + MARK_PX
            self.setColumnWidth(place, WIDTHS.get(column.id, max(USUAL_PX, title)))
            self.setColumnHidden(place, column.id in self.hidden)

    def hide_columns(self, ids: tuple[str, ...]) -> None:
        """Hides these columns and no others."""
        self.hidden = ids
        self.place_columns()

    def columns_menu(self) -> QMenu:
        """A menu that shows and hides columns."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self.runs.columns[1:]:
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(column.id not in self.hidden)
            action.toggled.connect(self._toggle(column.id))
        return menu

    def _show_names(self, scrolled_px: int) -> None:
        """Keeps the names of runs in sight once their column no longer is."""
        gone_px = self.columnViewportPosition(0) + self.columnWidth(0)
        is_gone = scrolled_px > 0 and gone_px <= 0
        if is_gone == self.verticalHeader().isHidden():
            self.verticalHeader().setVisible(is_gone)

    def _toggle(self, id: str) -> Callable[[bool], None]:
        def toggle(is_shown: bool) -> None:
            others = tuple(other for other in self.hidden if other != id)
            self.hide_columns(others if is_shown else (*others, id))
            self.hidden_changed.emit(self.hidden)

        return toggle

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_editing = self.state() is QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_editing:
            self.opened.emit()
        elif event.matches(QKeySequence.StandardKey.Copy) and not is_editing:
            self.copy()
        elif event.key() == Qt.Key.Key_Delete and not is_editing:
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())
