"""What came of the trials: two pictures of them, of which one is seen, and the table below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabBar, QWidget

from app.forms.parts import column
from app.i18n import tr
from app.searching.curves import CurvesPlot
from app.searching.plot import ParallelPlot
from app.searching.table import TrialsTable
from app.theme import Theme
from backends.searching.trial import Trial
from graph.searching import Search


class TrialsView(QSplitter):
    """Shows trials; one that is chosen in a picture or in the table is marked in all.

    Signals:
        marked: the number of the trial that is chosen; 0 where none is.
        used: the values of the chosen trial are wanted.
    """

    marked = Signal(int)
    used = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.plot = ParallelPlot(theme)
        self.curves = CurvesPlot(theme)
        self.table = TrialsTable(theme)
        self.pictures = QTabBar()
        self.pictures.setAccessibleName(tr("Pictures of the trials"))
        self.pictures.setDrawBase(False)
        self.pictures.setExpanding(False)
        self.pictures.addTab(tr("Values"))
        self.pictures.addTab(tr("Curves"))
        self._pages = QStackedWidget()
        above = QWidget()
        rows = column(above)
        rows.addWidget(self.pictures, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self._pages, 1)
        for plot in (self.plot, self.curves):
            self._pages.addWidget(plot)
            plot.chosen.connect(self.table.choose)
            self.table.marked.connect(plot.mark)
        self.pictures.currentChanged.connect(self._pages.setCurrentIndex)
        self.table.marked.connect(self.marked)
        self.table.used.connect(self.used)
        self.setChildrenCollapsible(False)
        self.addWidget(above)
        self.addWidget(self.table)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)

    def show_trials(self, search: Search | None, trials: Sequence[Trial]) -> None:
        """Shows the trials of a search; None where there is none."""
        for part in (self.plot, self.curves, self.table):
            part.show_trials(search, trials)
        self.table.setVisible(bool(trials))

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.plot.set_theme(theme)
        self.curves.set_theme(theme)
        self.table.trials.set_theme(theme)
