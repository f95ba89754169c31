"""The samples side by side: as pictures in lines, or as a table, as a person likes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QWidget

from app.browsing.grid import SIDE_PX, Cells, GridModel, SamplesGrid
from app.browsing.table import RowsModel, RowsTable
from app.browsing.thumbs import Thumbs
from app.forms.parts import label
from app.i18n import tr
from app.theme import Theme
from backends.data.browsing.samples import Samples

GRID, TABLE, NOTHING = 0, 1, 2
SHARPNESS = 2  # pixels for each of the screen's where that has few


class RowsView(QStackedWidget):
    """Shows the rows that are wanted.

    Signals:
        looked_at: a row of the data that the cursor is on.
        opened: a row that is to be looked at closely.
        sort_asked: the column that is to sort the rows.
    """

    looked_at = Signal(int)
    opened = Signal(int)
    sort_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._thumbs: Thumbs | None = None
        self._cells: Cells | None = None
        self._grid_model: GridModel | None = None
        self._table_model: RowsModel | None = None
        self._samples: Samples | None = None
        self._row: int | None = None
        self.shown = np.zeros(0, np.int64)
        self.grid = SamplesGrid()
        self.table = RowsTable()
        self.nothing = label(
            tr("No sample is like that. “Show all” takes the filters back."), "dim", wrap=True
        )
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in (self.grid, self.table, self.nothing):
            self.addWidget(page)
        self.table.sort_asked.connect(self.sort_asked)
        for view in (self.grid, self.table):
            view.looked_at.connect(self._look_at)
            view.opened.connect(self.opened)
        self.switch = QWidget()
        self._buttons = QButtonGroup(self)
        row = QHBoxLayout(self.switch)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for place, (text, about) in enumerate(
            ((tr("Pictures"), tr("As pictures in lines")), (tr("Table"), tr("As a table")))
        ):
            button = QPushButton(text)
            button.setProperty("role", "flat")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setToolTip(about)
            self._buttons.addButton(button, place)
            row.addWidget(button)
        self._buttons.idClicked.connect(self.show_as)
        self._as = TABLE

    def show_samples(self, samples: Samples, *, keeps: bool = False) -> None:
        """Shows other samples, as they are best looked at; or the same with more known of them."""
        self._samples = samples
        if keeps:
            self.stop()
            self._make()
            self._restore()
            return
        self._row = None
        self.shown = np.arange(len(samples))
        self.stop()
        self._make()
        has_pictures = samples.look in ("pictures", "waves")
        self.switch.setVisible(has_pictures)
        self.show_as(GRID if has_pictures else TABLE)

    def _make(self) -> None:
        """Makes the models and the pictures anew."""
        samples = self._samples
        if samples is None:
            return
        old = (self._grid_model, self._table_model, self._cells, self._thumbs)
        self._thumbs = Thumbs(samples, self.theme, SIDE_PX * SHARPNESS, self)
        self._cells = Cells(self._thumbs, samples, self.theme, self)
        self._grid_model = GridModel(samples, self.shown, self)
        self._table_model = RowsModel(samples, self.shown, self.theme, self)
        self.grid.show_model(self._grid_model, self._cells, self._thumbs)
        self.table.show_model(self._table_model)
        for each in old:
            if each is not None:
                each.deleteLater()

    def show_rows(self, samples: Samples, rows: np.ndarray) -> None:
        """Shows these rows in this order; the cursor stays on its sample, if that is among them."""
        if self._grid_model is None or self._table_model is None or self._cells is None:
            return
        self._samples, self.shown, self._cells.samples = samples, rows, samples
        self._grid_model.show_rows(samples, rows)
        self._table_model.show_rows(samples, rows)
        self.setCurrentIndex(self._as if len(rows) else NOTHING)
        self._restore()

    def _restore(self) -> None:
        if not len(self.shown):
            return
        found = np.flatnonzero(self.shown == (-1 if self._row is None else self._row))
        view = self.grid if self._as == GRID else self.table
        view.go_to(int(found[0]) if len(found) else 0)

    def show_as(self, place: int) -> None:
        """Turns to the pictures or to the table."""
        had_focus = self.grid.hasFocus() or self.table.hasFocus()
        self._as = place
        self._buttons.button(place).setChecked(True)
        self.setCurrentIndex(place if len(self.shown) else NOTHING)
        self._restore()
        if had_focus:
            self.take_focus()

    def show_order(self, column: str, *, is_falling: bool) -> None:
        """Marks the column that sorts the rows."""
        if self._table_model is not None:
            self.table.show_order(column, is_falling=is_falling)

    def take_focus(self) -> None:
        """Puts the keys into the samples."""
        (self.grid if self._as == GRID else self.table).setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.theme = theme
        self.stop()
        self._make()
        self._restore()

    def stop(self) -> None:
        """Makes no more pictures."""
        if self._thumbs is not None:
            self._thumbs.stop()

    def thumbs_made(self) -> int:
        """How many small pictures are there."""
        return len(self._thumbs) if self._thumbs is not None else 0

    def _look_at(self, row: int) -> None:
        self._row = row
        self.looked_at.emit(row)
