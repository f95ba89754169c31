"""The plots of a run side by side, and the controls they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr
from app.theme import THEMES, Theme
from app.training.controls import PlotControls
from app.training.record import RunRecord

if TYPE_CHECKING:
    from app.training.plot import Plot

NARROWEST_PX, LEAST_WIDE_PX = 250, 170
LOWEST_PX, LEAST_HIGH_PX = 150, 84
"""Below the first a plot is harder to read; below the second it is not made, but scrolled to."""
SPACING_PX = 8


def columns_for(count: int, width: int, height: int) -> int:
    """In how many columns so many plots are read best: none too narrow, and none too low."""

    def ease(columns: int) -> tuple[float, int, int]:
        rows = max(1, -(-count // columns))
        wide, high = width / columns - SPACING_PX, height / rows - SPACING_PX
        return min(wide / NARROWEST_PX, 1.0) * min(high / LOWEST_PX, 1.0), -rows, -columns

    return max(range(1, max(1, min(count, width // LEAST_WIDE_PX)) + 1), key=ease)


class Plots(QStackedWidget):
    """One plot for the loss and one for each metric; a hint where nothing was trained yet.

    Signals:
        told: a `Message` for the person.
    """

    told = Signal(object)

    def __init__(self, controls: PlotControls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controls = controls
        self.plots: dict[str, Plot] = {}
        self._theme = THEMES["dark"]
        self._record: RunRecord | None = None
        self._before: RunRecord | None = None
        self._columns = 0
        self.hint = QLabel()
        self.hint.setProperty("role", "dim")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.grid_page = QWidget()
        self._grid = QGridLayout(self.grid_page)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACING_PX)
        self.scroller = QScrollArea()
        self.scroller.setAccessibleName(tr("Curves"))
        self.scroller.setWidgetResizable(True)
        self.scroller.setFrameShape(QScrollArea.Shape.NoFrame)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setWidget(self.grid_page)
        hint_page = QWidget()
        layout = QVBoxLayout(hint_page)
        layout.addWidget(self.hint)
        self.addWidget(hint_page)
        self.addWidget(self.scroller)
        self.setMinimumSize(160, 90)
        controls.changed.connect(self._show)
        controls.follow_asked.connect(self.follow)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        for plot in self.plots.values():
            plot.set_theme(theme)

    def show_run(self, record: RunRecord | None, before: RunRecord | None) -> None:
        """Shows a run, and the one before it if that is wanted."""
        self._record, self._before = record, before
        self.controls.set_can_compare(before is not None)
        self._show()

    def refresh(self) -> None:
        """Draws what has come."""
        record = self._record
        if record is None or not self.isVisible():
            return
        if list(self.plots) != record.names and record.version:
            self._show()
        for plot in self.plots.values():
            plot.refresh()

    def follow(self) -> None:
        """Keeps the newest values of every plot in view."""
        for plot in self.plots.values():
            plot.follow(True)

    def _show(self) -> None:
        record = self._record
        self.setCurrentIndex(0 if record is None else 1)
        if record is None or not self.isVisible():
            return
        self._make_plots(record)
        for plot in self.plots.values():
            plot.show_run(record, self._before, self.controls.view())

    def _make_plots(self, record: RunRecord) -> None:
        # pyqtgraph takes 0.25 s to import: nobody waits for it before there is something to plot
        from app.training.plot import Plot

        if list(self.plots) == record.names:
            return
        for name in [name for name in self.plots if name not in record.names]:
            plot = self.plots.pop(name)
            plot.hide()
            plot.deleteLater()
        for name in record.names:
            if name not in self.plots:
                plot = Plot(name, self.grid_page)
                plot.set_theme(self._theme)
                plot.pointed.connect(self._point)
                plot.told.connect(self.told)
                plot.following_changed.connect(self._tell_following)
                self.plots[name] = plot
        self.plots = {name: self.plots[name] for name in record.names}
        self._columns = 0
        self._place()

    def _place(self) -> None:
        columns = columns_for(len(self.plots), self.width(), self.height())
        if columns == self._columns:
            return
        self._columns = columns
        for place, plot in enumerate(self.plots.values()):
            self._grid.removeWidget(plot)
            self._grid.addWidget(plot, place // columns, place % columns)
            plot.show()
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        rows = -(-len(self.plots) // columns)
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, LEAST_HIGH_PX if row < rows else 0)

    def _point(self, step: float | None) -> None:
        for plot in self.plots.values():
            plot.read_at(step)

    def _tell_following(self) -> None:
        self.controls.show_following(all(plot.is_following for plot in self.plots.values()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        for plot in self.plots.values():
            plot.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()
