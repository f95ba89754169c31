"""A plot of several lines of many points each: panned and zoomed at once, values read exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.plotting import curves
from app.plotting.axes import Area
from app.plotting.pyramid import NOTHING, Pyramid
from app.theme import THEMES, Theme

FEW_POINTS = 60


@dataclass(frozen=True)
class Shown:
    """One line.

    Attributes:
        colour: as `#rrggbb`.
        is_dashed: whether it is dashed, as validation beside training.
        is_thin: whether it is drawn with the finest pen, as losses of steps are.
    """

    name: str
    line: Pyramid
    colour: str
    is_dashed: bool = False
    is_thin: bool = False


class LinesPlot(Area):
    """Draws lines over one x axis.

    Signals:
        read: the x under the pointer, or None.
    """

    read = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: tuple[Shown, ...] = ()
        self._curves: list[pg.PlotCurveItem] = []
        self._dots: list[pg.ScatterPlotItem] = []
        self.is_log = False
        self._is_whole = True
        self.view.sigXRangeChanged.connect(self._draw)
        self.moved_by_hand.connect(self._on_moved)
        self.follow_asked.connect(self.show_all)
        self.pointed.connect(self._point)
        self.paint_in(THEMES["dark"])

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.paint_in(theme)

    def show_lines(self, shown: Sequence[Shown], *, is_share: bool = False) -> None:
        """Shows these lines and no others, all of them in view."""
        self.shown = tuple(shown)
        self.left.is_share = is_share
        for item in (*self._curves, *self._dots):
            self.removeItem(item)
        self._curves = [self._curve(each) for each in self.shown]
        self._dots = [self._points(each) for each in self.shown]
        self.show_all()

    def set_log(self, is_log: bool) -> None:
        """Shows logarithms, or the values themselves."""
        self.is_log = self.left.is_log = is_log
        self.show_all()

    def show_all(self) -> None:
        """Brings all of every line into view."""
        self._is_whole = True
        ends = [float(each.line.x[-1]) for each in self.shown if len(each.line)]
        starts = [float(each.line.x[0]) for each in self.shown if len(each.line)]
        low, high = min([0.0, *starts]), max(ends, default=1.0)
        self.view.setXRange(low, high + 0.01 * (high - low) if high > low else low + 1, padding=0)
        self._draw()

    def values_at(self, x: float) -> list[tuple[str, float | None]]:
        """The value of each line whose point is nearest, from the points themselves."""
        return [(each.name, each.line.nearest(x)) for each in self.shown]

    def _curve(self, each: Shown) -> pg.PlotCurveItem:
        # thick smooth lines are several times as costly as thin ones
        curve = pg.PlotCurveItem(antialias=not each.is_thin, connect="finite")
        style = pg.QtCore.Qt.PenStyle.DashLine if each.is_dashed else None
        curve.setPen(pg.mkPen(each.colour, width=1 if each.is_thin else 2, style=style))
        curve.setSegmentedLineMode("on")
        self.addItem(curve, ignoreBounds=True)
        return curve

    def _points(self, each: Shown) -> pg.ScatterPlotItem:
        dots = pg.ScatterPlotItem(size=5, pen=None, brush=pg.mkBrush(each.colour), pxMode=True)
        self.addItem(dots, ignoreBounds=True)
        return dots

    def _on_moved(self) -> None:
        self._is_whole = False

    def _draw(self, *_: object) -> None:
        if not self.isVisible():
            return
        low, high = self.x_range()
        lines = []
        for each, curve, dots in zip(self.shown, self._curves, self._dots, strict=True):
            x, y = each.line.part(low, high)
            y = curves.logarithm(y) if self.is_log else y
            curve.setData(x, y)
            are_few = len(each.line) <= FEW_POINTS
            dots.setData(x if are_few else NOTHING, y if are_few else NOTHING)
            lines.append(y)
        found = curves.bounds(*lines)
        if found is not None and self._is_whole:
            wanted = curves.nice_range(*found)
            if self.left.is_share:
                wanted = (max(wanted[0], 0.0), min(max(wanted[1], 0.01), 1.0))
            self.view.setYRange(*wanted, padding=0)

    def _point(self, x: float | None) -> None:
        self.show_cross(x)
        self.read.emit(x)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()


def line_of(x: np.ndarray, y: np.ndarray) -> Pyramid:
    """A line through points; those without a place are left out."""
    there = np.isfinite(x)
    if not there.all():
        x, y = x[there], y[there]
    return Pyramid(np.asarray(x, np.float64), np.asarray(y, np.float64))


def nearest_text(value: float | None) -> str:
    """A value as the legend shows it; a dash where there is none."""
    return "–" if value is None or not math.isfinite(value) else f"{value:.4g}"
