"""A small plot of one line, with its ends written beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.human import figure
from app.theme import THEMES, Theme, blended, mono

HEIGHT_PX = 104
TEXT_PX = 10.5
GAP_PX = 5
NOTHING: tuple[float, ...] = ()


class SmallPlot(QWidget):
    """Draws a line; what it is at the mouse is written above it.

    The horizontal axis may be logarithmic; `ends` is what its ends are called, `read` tells a
    point. Values that are not finite are left out.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.xs: Sequence[float] = NOTHING
        self.ys: Sequence[float] = NOTHING
        self.caption = ""
        self.ends: tuple[str, str] | None = None
        self.read: Callable[[float, float], str] = lambda x, y: f"{figure(x)}: {figure(y)}"
        self.mark: float | None = None
        self.is_log = False
        self._from_zero = True
        self._theme = THEMES["dark"]
        self._at: float | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.update()

    def show_line(
        self,
        x: Sequence[float],
        y: Sequence[float],
        caption: str,
        *,
        is_log: bool = False,
        from_zero: bool = True,
        mark: float | None = None,
    ) -> None:
        """Shows a line and what it is; `mark` is a place on the horizontal axis."""
        kept = [(a, b) for a, b in zip(x, y, strict=True) if math.isfinite(a) and math.isfinite(b)]
        self.xs, self.ys = [a for a, _ in kept], [b for _, b in kept]
        self.caption, self.is_log, self._from_zero, self.mark = caption, is_log, from_zero, mark
        self._at = None
        self.setAccessibleDescription(caption)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, HEIGHT_PX)

    def told(self) -> str:
        """The words above the line: its caption, or what it is at the mouse."""
        if self._at is None or not self.xs:
            return self.caption
        places = [abs(self._place(x) - self._at) for x in self.xs]
        nearest = places.index(min(places))
        return self.read(self.xs[nearest], self.ys[nearest])

    def _place(self, x: float) -> float:
        """Where on the axis a value is, from 0 to 1."""
        low, high = self.xs[0], self.xs[-1]
        if self.is_log:
            low, high, x = math.log(low), math.log(high), math.log(x)
        return (x - low) / (high - low) if high > low else 0.0

    def _area(self) -> QRectF:
        high = self.fontMetrics().height() + GAP_PX
        return QRectF(self.rect()).adjusted(1, high, -1, -high)

    def _points(self, area: QRectF) -> QPolygonF:
        low, high = (0.0 if self._from_zero else min(self.ys)), max(self.ys)
        span = (high - low) or 1.0
        return QPolygonF(
            [
                QPointF(
                    area.left() + self._place(x) * area.width(),
                    area.bottom() - (y - low) / span * (area.height() - 4) - 1,
                )
                for x, y in zip(self.xs, self.ys, strict=True)
            ]
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, area = self._theme, self._area()
        with QPainter(self) as painter:
            painter.setFont(mono(TEXT_PX))
            painter.fillRect(area, QColor(theme.field))
            painter.setPen(QColor(theme.dim))
            above = QRectF(0, 0, self.width(), area.top() - 2)
            painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self.told())
            if not self.xs:
                return
            below = QRectF(0, area.bottom() + 3, self.width(), self.height() - area.bottom() - 3)
            first, last = self.ends or (figure(self.xs[0]), figure(self.xs[-1]))
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, first)
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, last)
            self._paint_places(painter, area)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            points = self._points(area)
            ground = QPolygonF(points)
            ground.append(QPointF(points.last().x(), area.bottom()))
            ground.append(QPointF(points.first().x(), area.bottom()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(blended(theme.field, theme.accent, 0.18)))
            painter.drawPolygon(ground)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.6))
            painter.drawPolyline(points)

    def _paint_places(self, painter: QPainter, area: QRectF) -> None:
        """The mark, and the line under the mouse."""
        places = [(self._at, self._theme.dim2)]
        if self.mark is not None:
            places.append((self._place(self.mark), self._theme.warn))
        for place, colour in places:
            if place is not None:
                x = area.left() + place * area.width()
                painter.setPen(QPen(QColor(colour), 1))
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area = self._area()
        self._at = min(max((event.position().x() - area.left()) / area.width(), 0.0), 1.0)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._at = None
        self.update()
