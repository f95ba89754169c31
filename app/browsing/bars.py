"""Bars: how many samples of each class are in each part, and how many are of which length."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.browsing.looks import part_colour, part_name
from app.human import figure, grouped
from app.i18n import tr
from app.theme import Theme, mono, sans
from backends.data.browsing.measuring import Histogram

LINE_PX, BAR_PX = 20, 10
NAME_SHARE, MOST_NAME_PX = 0.32, 130
GAP_PX = 8
MOST_CLASSES = 200
HISTOGRAM_PX = 120


def write_line(
    painter: QPainter, theme: Theme, line: QRectF, words: tuple[str, str],
    px: tuple[float, float], *, is_bold: bool = False,
) -> QRectF:  # fmt: skip
    """Writes a name at the left of a line and a number at its right; answers the bar's room."""
    (name, number), (name_px, number_px) = words, px
    flags = Qt.AlignmentFlag.AlignVCenter
    painter.setFont(sans(11, is_bold))
    painter.setPen(QColor(theme.text))
    shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(name_px))
    painter.drawText(QRectF(line.left(), line.top(), name_px, line.height()), flags, shown)
    painter.setFont(mono(10.5))
    painter.setPen(QColor(theme.dim))
    side = QRectF(line.right() - number_px, line.top(), number_px, line.height())
    painter.drawText(side, flags | Qt.AlignmentFlag.AlignRight, number)
    above = (line.height() - BAR_PX) / 2
    return line.adjusted(name_px + GAP_PX, above, -number_px - GAP_PX, -above)


class ClassBars(QWidget):
    """A line for each class: its name, a bar in the colours of the parts, and its number."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self._counts = np.zeros((0, 0), np.int64)
        self.setAccessibleName(tr("Balance of classes"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.update()

    def show_counts(self, names: tuple[str, ...], counts: np.ndarray) -> None:
        """Shows how many samples of each class are in each part (C, parts)."""
        self._names, self._counts = names[:MOST_CLASSES], counts[:MOST_CLASSES]
        self.setFixedHeight(max(LINE_PX * len(self._names), 1))
        self.setAccessibleDescription("; ".join(map(self.told, range(len(self._names)))))
        self.update()

    def told(self, place: int) -> str:
        """How many of a class are in which part, in words."""
        each = [
            f"{part_name(part)} {grouped(int(n))}"
            for part, n in enumerate(self._counts[place])
            if n
        ]
        return f"{self._names[place]}: {', '.join(each) or tr('none')}"

    def sizeHint(self) -> QSize:
        return QSize(240, max(LINE_PX * len(self._names), 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._names:
            return
        theme = self._theme
        totals = self._counts.sum(axis=1)
        most = max(int(totals.max()), 1)
        with QPainter(self) as painter:
            painter.setFont(mono(10.5))
            number_px = painter.fontMetrics().horizontalAdvance(grouped(most)) + 2
            name_px = min(NAME_SHARE * self.width(), MOST_NAME_PX)
            for place, name in enumerate(self._names):
                line = QRectF(0, place * LINE_PX, self.width(), LINE_PX)
                words = name, grouped(int(totals[place]))
                room = write_line(painter, theme, line, words, (name_px, number_px))
                self._bar(painter, room, most, place)

    def _bar(self, painter: QPainter, room: QRectF, most: int, place: int) -> None:
        left = room.left()
        for part, count in enumerate(self._counts[place]):
            width = float(count) * room.width() / most
            painter.fillRect(QRectF(left, room.top(), width, room.height()),
                             QColor(part_colour(part, self._theme)))  # fmt: skip
            left += width

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = event.pos().y() // LINE_PX
            if place < len(self._names):
                QToolTip.showText(event.globalPos(), self.told(place), self)
            return True
        return super().event(event)


class LengthBars(QWidget):
    """How many samples are of which length."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._held: Histogram | None = None
        self.setAccessibleName(tr("Lengths of the samples"))
        self.setFixedHeight(HISTOGRAM_PX)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.update()

    def show_histogram(self, held: Histogram) -> None:
        """Shows these bars."""
        self._held = held
        self.setAccessibleDescription(self.told())
        self.update()

    def told(self) -> str:
        """The lengths in words."""
        held = self._held
        if held is None:
            return ""
        return tr("{low} to {high} {unit}, half of them at most {middle}",
                  low=figure(float(held.edges[0])), high=figure(float(held.edges[-1])),
                  unit=tr(held.unit), middle=figure(held.middle))  # fmt: skip

    def paintEvent(self, _event: QPaintEvent) -> None:
        held, theme = self._held, self._theme
        if held is None:
            return
        with QPainter(self) as painter:
            painter.setFont(mono(10.5))
            line = painter.fontMetrics().height() + 2
            area = QRectF(0, 0, self.width(), self.height() - line)
            painter.fillRect(area, QColor(theme.field))
            wide, most = area.width() / len(held.counts), max(int(held.counts.max()), 1)
            for place, count in enumerate(held.counts):
                high = float(count) / most * (area.height() - 4)
                bar = QRectF(place * wide + 0.5, area.bottom() - high, max(wide - 1, 1), high)
                painter.fillRect(bar, QColor(theme.accent))
            painter.setPen(QColor(theme.dim))
            below = QRectF(0, area.bottom() + 2, self.width(), line)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, figure(float(held.edges[0])))
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, figure(float(held.edges[-1])))
