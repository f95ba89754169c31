"""The curves of several runs over each other, one measured value at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QWidget,
)

from app.forms.parts import column, emptied
from app.i18n import tr
from app.metric_titles import metric_title
from app.plotting.lines import LinesPlot, Shown, line_of, nearest_text
from app.theme import Theme
from backends.runs.columns import Columns
from backends.runs.entry import Entry

COLOURS = ("conv", "act", "io", "linear", "attention", "norm", "loss", "pool", "recurrent")
LONGEST_NAME_PX = 320
LEGEND_SHARE = 0.45
Run = tuple[Entry, Columns]


class CurvesPage(QWidget):
    """A plot, what it shows, and a legend that reads values under the pointer.

    A run keeps its colour: the line of training is plain, that of the validation dashed. A line
    whose name is not ticked is left out.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._runs: tuple[Run, ...] = ()
        self.measure = QComboBox()
        self.measure.setAccessibleName(tr("What is shown"))
        self.steps = QCheckBox(tr("Each step"))
        self.steps.setToolTip(tr("The loss of every step, not the means of epochs"))
        self.log = QCheckBox(tr("Log"))
        self.log.setToolTip(tr("Logarithmic axis"))
        self.plot = LinesPlot(self)
        self.plot.setAccessibleName(tr("Curves of the runs"))
        self.plot.set_theme(theme)
        self.where = QLabel()
        self.where.setProperty("role", "dim")
        self.legend = QGridLayout()
        self.legend.setHorizontalSpacing(14)
        self.legend.setVerticalSpacing(2)
        self._lines: tuple[Shown, ...] = ()
        self._is_share = False
        self._hidden: set[str] = set()
        self._values: list[QLabel] = []
        self._arrange()
        self.measure.currentIndexChanged.connect(lambda _: self._show())
        self.steps.toggled.connect(lambda _: self._show())
        self.log.toggled.connect(self.plot.set_log)
        self.plot.read.connect(self._read)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        for part in (self.measure, self.steps, self.log):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.where)
        layout = column(self, margin=8)
        layout.addLayout(row)
        layout.addWidget(self.plot, 1)
        content = QWidget()
        content.setLayout(self.legend)
        self.scroller = QScrollArea(self)
        self.scroller.setWidgetResizable(True)
        self.scroller.setAccessibleName(tr("Names of the lines"))
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setWidget(content)
        for widget in (content, self.scroller.viewport()):  # the colour behind it is the dialog's
            widget.setAutoFillBackground(False)
        layout.addWidget(self.scroller)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_legend()

    def _fit_legend(self) -> None:
        """Gives the legend the room it needs, up to a part of the page; the plot has the rest."""
        wanted = self.legend.sizeHint().height()
        self.scroller.setFixedHeight(min(wanted, round(LEGEND_SHARE * self.height())))

    def show_runs(self, runs: Sequence[Run]) -> None:
        """Shows these runs."""
        self._runs = tuple(runs)
        names = dict.fromkeys(name for _, columns in runs for name in columns.names())
        self.measure.blockSignals(True)
        self.measure.clear()
        for name in names:
            self.measure.addItem(metric_title(name), name)
        self.measure.blockSignals(False)
        has_epochs = any(columns.epochs for _, columns in runs)
        self.steps.setChecked(not has_epochs)
        self._show()

    def _show(self) -> None:
        name = self.measure.currentData() or "loss"
        has_steps = name == "loss" or any(name in columns.parts for _, columns in self._runs)
        self.steps.setEnabled(has_steps)
        by_step = has_steps and self.steps.isChecked()
        shown: list[Shown] = []
        for place, (entry, columns) in enumerate(self._runs):
            colour = self._theme.categories[COLOURS[place % len(COLOURS)]]
            if by_step:
                loss = columns.loss if name == "loss" else columns.parts.get(name, columns.loss[:0])
                line = line_of(columns.steps[: len(loss)], loss)
                shown.append(Shown(entry.name, line, colour, is_thin=True))
                continue
            for split, is_dashed in (("train", False), ("validation", True)):
                line = line_of(*columns.means(split, name))
                if len(line):
                    told = f"{entry.name} · {tr('val') if is_dashed else tr('train')}"
                    shown.append(Shown(told, line, colour, is_dashed=is_dashed))
        values = [each.line.y for each in shown if len(each.line)]
        is_share = "accuracy" in name and all(
            float(np.nanmin(v)) >= 0 and float(np.nanmax(v)) <= 1 for v in values
        )  # fmt: skip
        self._lines, self._is_share = tuple(shown), is_share
        self._make_legend()
        self._draw()

    def _draw(self) -> None:
        """Draws the lines that are ticked."""
        seen = [each for each in self._lines if each.name not in self._hidden]
        self.plot.show_lines(seen, is_share=self._is_share)
        self._read(None)

    def _tick(self, name: str, is_shown: bool) -> None:
        (self._hidden.discard if is_shown else self._hidden.add)(name)
        self._draw()

    def _make_legend(self) -> None:
        emptied(self.legend)
        self._values = []
        columns = 2 if len(self._lines) > 3 else 1
        for place, each in enumerate(self._lines):
            row, side = divmod(place, columns)
            mark, name, value = (
                QLabel("– –" if each.is_dashed else "——"),
                self._ticked(each.name),
                QLabel(),
            )
            mark.setStyleSheet(f"color: {each.colour}; font-weight: bold;")
            value.setProperty("role", "mono")
            for offset, part in enumerate((mark, name, value)):
                self.legend.addWidget(part, row, 4 * side + offset)
            self.legend.setColumnStretch(4 * side + 3, 1)
            self._values.append(value)
        self._fit_legend()

    def _ticked(self, name: str) -> QCheckBox:
        """The name of a line, to be ticked where the line is to be seen."""
        box = QCheckBox()
        short = box.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, LONGEST_NAME_PX)
        box.setText(short.replace("&", "&&"))
        box.setToolTip(name if short != name else "")
        box.setAccessibleName(name)
        box.setChecked(name not in self._hidden)
        box.toggled.connect(partial(self._tick, name))
        return box

    def _read(self, x: float | None) -> None:
        """Reads values from the points themselves: at the pointer, or the last ones."""
        at = float("inf") if x is None else x
        for label, each in zip(self._values, self._lines, strict=True):
            label.setText(nearest_text(each.line.nearest(at)))
        self.where.setText(tr("last values") if x is None else tr("step {n}", n=max(round(x), 0)))
