"""The axes and the drawing area of a plot. Imports pyqtgraph (0.25 s): import it late."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.plotting.curves import nice_step, tick_text
from app.theme import Theme, mono

LEFT_PX = 44
BOTTOM_PX = 18
TICKS_EVERY_PX = 30


class NiceAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """An axis with few round ticks; of logarithms it shows the numbers themselves."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.is_share = False
        self.is_log = False
        self.setStyle(
            tickLength=0, tickTextOffset=5, autoExpandTextSpace=False, hideOverlappingLabels=False
        )
        if orientation == "left":
            self.setWidth(LEFT_PX)
        else:
            self.setHeight(BOTTOM_PX)

    def boundingRect(self) -> QRectF:
        """A little more than the axis: pyqtgraph drops the ticks at the ends otherwise."""
        rect: QRectF = super().boundingRect()
        is_left = self.orientation == "left"
        return rect.adjusted(0, -9, 0, 9) if is_left else rect.adjusted(-9, 0, 12, 0)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """One level of ticks."""
        if not high > low:
            return []
        room = TICKS_EVERY_PX if self.orientation == "left" else 2 * TICKS_EVERY_PX
        step = nice_step(high - low, max(1, min(6, int(size / room))))
        if self.is_log:
            step = max(step, 1.0) if high - low >= 2 else step
        elif self.orientation == "bottom" and high - low >= 2:
            step = max(step, 1.0)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [(step, [number * step for number in range(first, last + 1)])]

    def tickStrings(self, values: list[float], scale: float, step: float) -> list[str]:
        """The texts of the ticks."""
        if self.is_log:
            return [f"{10.0**value:.2g}" for value in values]
        return [tick_text(value, step, is_share=self.is_share) for value in values]

    def paint_in(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.setPen(pg.mkPen(None))
        self.setTextPen(pg.mkPen(theme.dim))
        self.setTickPen(pg.mkPen(theme.line))
        self.setTickFont(mono(10))


class Area(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph is not typed
    """The drawing area: pan by dragging, zoom by the wheel. Counts the time that it paints.

    Signals:
        moved_by_hand: the person panned or zoomed.
        pointed: the x under the pointer, or None when it leaves.
        follow_asked: a double click.
        menu_asked: the global place for a context menu.
        resized: it has another size.
    """

    moved_by_hand = Signal()
    pointed = Signal(object)
    follow_asked = Signal()
    menu_asked = Signal(object)
    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        axes = {"left": NiceAxis("left"), "bottom": NiceAxis("bottom")}
        # menus that nobody sees would be made first, which takes a quarter of the time
        view = pg.ViewBox(enableMenu=False)
        super().__init__(parent, axisItems=axes, viewBox=view, enableMenu=False)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.layout.setContentsMargins(0, 7, 8, 0)
        self.view = item.getViewBox()
        self.view.disableAutoRange()
        self.view.setDefaultPadding(0)
        self.view.sigRangeChangedManually.connect(lambda *_: self.moved_by_hand.emit())
        self.left: NiceAxis = item.getAxis("left")
        self.bottom: NiceAxis = item.getAxis("bottom")
        self.left.setGrid(255)
        for axis in (self.left, self.bottom):
            axis.setZValue(-200)  # the grid belongs behind the curves
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.cross = pg.InfiniteLine(angle=90, movable=False)
        self.cross.setZValue(50)
        self.cross.hide()
        self.addItem(self.cross, ignoreBounds=True)

    def x_range(self) -> tuple[float, float]:
        """The part of the x axis that is in view."""
        low, high = self.view.viewRange()[0]
        return float(low), float(high)

    def show_cross(self, x: float | None) -> None:
        """Shows a vertical line at a place, or none."""
        self.cross.setVisible(x is not None)
        if x is not None:
            self.cross.setPos(x)

    def paint_in(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.setBackground(theme.field)
        self.cross.setPen(pg.mkPen(theme.dim2))
        for axis in (self.left, self.bottom):
            axis.paint_in(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def mouseMoveEvent(self, event: Any) -> None:  # Any: pyqtgraph is not typed
        super().mouseMoveEvent(event)
        place = self.mapToScene(event.position().toPoint())
        inside = self.view.sceneBoundingRect().contains(place)
        at = self.view.mapSceneToView(place).x() if inside else None
        self.pointed.emit(at)

    def leaveEvent(self, event: Any) -> None:  # Any: pyqtgraph is not typed
        super().leaveEvent(event)
        self.pointed.emit(None)

    def mouseDoubleClickEvent(self, event: Any) -> None:  # Any: pyqtgraph is not typed
        super().mouseDoubleClickEvent(event)
        self.follow_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())
