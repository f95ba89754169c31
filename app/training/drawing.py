"""The curves of one plot: from the series of a run to what pyqtgraph draws."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from app.plotting import curves
from app.plotting.axes import Area
from app.plotting.series import Floats, Series, Smoothed
from app.theme import Theme, blended
from app.training.record import LOSS, TRAIN, VALIDATION, RunRecord
from app.training.view import View
from app.training.words import turned_text

FEW_EPOCHS = 60
LEAST_OLD_WEIGHT = 0.9
LONGEST_OF_LINE = 0.9
STEPS_BESIDE = 3
ALONG, BESIDE = [(1, 0), (1, 0)], [(0, 0), (1, 0)]
"""Where words about a change touch its line, in the left and in the right part of a plot."""
NOTHING: Floats = np.empty(0)
Line = tuple[Floats, Floats]


class Drawing:
    """Draws a run into an area: the losses of steps, the means of epochs, and the run before.

    Losses of steps are drawn with every change; the rest only when an epoch has ended or another
    part is looked at, which is seldom.
    """

    def __init__(self, area: Area, name: str) -> None:
        self.area = area
        self.name = name
        self.raw = self._curve(antialias=False)
        self.old_train, self.old_validation = self._curve(), self._curve()
        self.train, self.validation, self.smooth = self._curve(), self._curve(), self._curve()
        self.dots = {split: self._dots() for split in (TRAIN, VALIDATION)}
        self.marks: list[pg.InfiniteLine] = []
        self._mark_pen = pg.mkPen("#888888")
        self._averages: dict[int, Smoothed] = {}
        self._seldom: object = None
        self._seldom_lines: list[Floats] = []

    def _curve(self, *, antialias: bool = True) -> pg.PlotCurveItem:
        curve = pg.PlotCurveItem(antialias=antialias, connect="finite")
        curve.setSegmentedLineMode("on")  # thick lines are several times cheaper in pieces
        self.area.addItem(curve, ignoreBounds=True)
        return curve

    def _dots(self) -> pg.ScatterPlotItem:
        dots = pg.ScatterPlotItem(size=5, pen=None, pxMode=True)
        self.area.addItem(dots, ignoreBounds=True)
        return dots

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        tones = {TRAIN: theme.accent, VALIDATION: theme.warn}
        self._mark_pen = pg.mkPen(theme.dim, width=1, style=Qt.PenStyle.DashLine)
        for mark in self.marks:
            mark.setPen(self._mark_pen)
            mark.label.setColor(theme.dim)
        self.raw.setPen(pg.mkPen(blended(theme.field, theme.accent, 0.42), width=1))
        self.smooth.setPen(pg.mkPen(theme.accent, width=2))
        self.train.setPen(pg.mkPen(theme.accent, width=1 if self.name == LOSS else 2))
        self.validation.setPen(pg.mkPen(theme.warn, width=2))
        for split, dots in self.dots.items():
            dots.setBrush(pg.mkBrush(tones[split]))
        self.old_train.setPen(pg.mkPen(blended(theme.field, theme.accent, 0.35), width=1))
        self.old_validation.setPen(pg.mkPen(blended(theme.field, theme.warn, 0.4), width=1))

    def forget(self) -> None:
        """Makes ready for another run."""
        self._averages, self._seldom = {}, None
        while self.marks:
            self.area.removeItem(self.marks.pop())

    def _mark_turned(self, record: RunRecord, scale: float) -> None:
        """A line at each step before which a value of the recipe was changed."""
        while len(self.marks) > len(record.turned):
            self.area.removeItem(self.marks.pop())
        for turned in record.turned[len(self.marks) :]:
            mark = pg.InfiniteLine(
                angle=90, pen=self._mark_pen, label=turned_text(turned),
                labelOpts={"color": self._mark_pen.color()},
            )  # fmt: skip
            self.area.addItem(mark, ignoreBounds=True)
            self.marks.append(mark)
        for mark, turned in zip(self.marks, record.turned, strict=True):
            mark.setPos((turned.step + 0.5) * scale)
        self.lay_marks()

    def lay_marks(self) -> None:
        """Words go along their line where that is long enough, and else beside it, in steps."""
        room = self.area.height() - self.area.bottom.height()
        for place, mark in enumerate(self.marks):
            words = mark.label
            lies = words.textItem.boundingRect().width() > LONGEST_OF_LINE * room
            words.rotateAxis = None if lies else pg.Point(1, 0)
            words.anchors = BESIDE if lies else ALONG
            words.updateTransform(force=True)
            words.setPosition(1.0 - (place % STEPS_BESIDE) / STEPS_BESIDE if lies else 0.94)

    def draw(self, record: RunRecord, before: RunRecord | None, view: View) -> list[Floats]:
        """Draws what is in view; answers the values that are shown."""
        is_log = self.is_log(record, view)
        lines = self._draw_steps(record, view, is_log)
        seldom = (id(record), len(record.ended), id(before), view, self.area.x_range())
        if seldom != self._seldom or len(record.turned) != len(self.marks):
            self._mark_turned(record, view.scale(record))
            self._seldom = seldom
            self._seldom_lines = [
                *self._draw_epochs(record, view.scale(record), is_log),
                *self._draw_before(before, view, is_log),
            ]
        return [*lines, *self._seldom_lines]

    def is_log(self, record: RunRecord, view: View) -> bool:
        """Whether the y axis is logarithmic, which says nothing of shares."""
        return view.is_log and self.name not in record.shares

    def step_series(self, record: RunRecord, weight: float) -> Series:
        """The loss of each step, smoothed where that is wanted; only of what has one."""
        steps = record.losses[self.name]
        return self._average(record, steps, weight) if weight else steps

    def _draw_steps(self, record: RunRecord, view: View, is_log: bool) -> list[Floats]:
        steps = record.losses.get(self.name)
        if steps is None:
            return []
        scale = view.scale(record)
        raw = curves.envelope(*self._part(steps, scale, is_log))
        smooth = None
        if view.weight:
            average = self._average(record, steps, view.weight)
            smooth = curves.thinned(*self._part(average, scale, is_log))
        return [put(self.raw, raw), put(self.smooth, smooth)]

    def _draw_epochs(self, record: RunRecord, scale: float, is_log: bool) -> list[Floats]:
        """Lines and dots for few epochs; where they are many, lines alone."""
        shown = []
        for split, curve in ((TRAIN, self.train), (VALIDATION, self.validation)):
            part = self._known_part(record.epochs.get((split, self.name)), scale, is_log)
            are_few = part is not None and len(part[0]) <= FEW_EPOCHS
            # beside the line of the steps the means of few epochs are dots without a line
            is_beside = split == TRAIN and self.name in record.losses
            is_line = part is not None and not (is_beside and are_few)
            shown.append(put(curve, curves.thinned(*part) if part and is_line else None))
            dots = part if part and are_few else (NOTHING, NOTHING)
            self.dots[split].setData(*dots)
            shown.append(dots[1])
        return shown

    def _draw_before(self, before: RunRecord | None, view: View, is_log: bool) -> list[Floats]:
        train = validation = None
        if before is not None:
            scale = view.scale(before)
            series = before.epochs.get((TRAIN, self.name))
            steps = before.losses.get(self.name)
            if steps:
                series = self._average(before, steps, max(view.weight, LEAST_OLD_WEIGHT))
            train = self._known_part(series, scale, is_log)
            old = before.epochs.get((VALIDATION, self.name))
            validation = self._known_part(old, scale, is_log)
        return [
            put(self.old_train, train and curves.thinned(*train)),
            put(self.old_validation, validation and curves.thinned(*validation)),
        ]

    def _average(self, record: RunRecord, steps: Series, weight: float) -> Series:
        kept = self._averages.get(id(record))
        if kept is None or kept.weight != weight or kept.source is not steps:
            kept = self._averages[id(record)] = Smoothed(steps, weight)
        return kept.update()

    def _known_part(self, series: Series | None, scale: float, is_log: bool) -> Line | None:
        return None if series is None else self._part(series, scale, is_log)

    def _part(self, series: Series, scale: float, is_log: bool) -> Line:
        """The points in view, in units of the axes."""
        low, high = self.area.x_range()
        x, y = curves.within(series, low / scale, high / scale)
        return x * scale, curves.logarithm(y) if is_log else y


def put(curve: pg.PlotCurveItem, line: Line | None) -> Floats:
    """Gives a curve its points; answers their values."""
    x, y = line or (NOTHING, NOTHING)
    if len(x) or (curve.xData is not None and len(curve.xData)):
        curve.setData(x, y)
    return y
