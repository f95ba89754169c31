"""Shows new data: images as a grid, points of a plane as a plot, other rows as numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.generating.pictures import (
    are_images,
    are_points,
    paint_points,
    plot_image,
    shown_of,
)
from app.human import grouped
from app.i18n import tr
from app.theme import Theme, mono, sans

PADDING_PX = 12
LINE_PX = 18
CELL = 10
"""Letters of a number and the space before it."""


class SamplesView(QWidget):
    """An area with what was made in it, or with a word on what will be there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._made: np.ndarray | None = None
        self._grid: QImage | None = None
        self._small = QImage()
        self._text = tr("What is made is shown here.")
        self.setAccessibleName(tr("What was made"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def made(self) -> np.ndarray | None:
        """What is shown; None before anything was made."""
        return self._made

    def sizeHint(self) -> QSize:
        """Room for a square of images."""
        return QSize(480, 440)

    @property
    def wide(self) -> float:
        """How many times it is as wide as high."""
        return self.width() / max(self.height(), 1)

    def show_made(self, made: np.ndarray, sheet: QImage | None) -> None:
        """Shows new data; images on the sheet that `sheet_of` made."""
        self._made, self._grid, self._small = made, sheet, QImage()
        self.setAccessibleDescription(summary_of(made))
        self.update()

    def picture(self) -> QImage | None:
        """What is shown as an image of its own; None where it is no picture."""
        if self._grid is not None:
            return self._grid
        if self._made is not None and are_points(self._made):
            return plot_image(self._made, self._theme)
        return None

    def paintEvent(self, _event: QPaintEvent) -> None:
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.line), 1))
            painter.setBrush(QColor(self._theme.field))
            painter.drawRoundedRect(area, 8, 8)
            inside = area.adjusted(PADDING_PX, PADDING_PX, -PADDING_PX, -PADDING_PX)
            if self._made is None:
                painter.setPen(QColor(self._theme.dim))
                painter.setFont(sans(12))
                painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, self._text)
            elif self._grid is not None:
                self._paint_grid(painter, inside, self._grid)
            elif are_points(self._made):
                paint_points(painter, inside, self._made, self._theme)
            else:
                self._paint_rows(painter, inside, self._made)

    def _paint_grid(self, painter: QPainter, area: QRectF, grid: QImage) -> None:
        scale = min(area.width() / grid.width(), area.height() / grid.height())
        box = QRectF(0, 0, grid.width() * scale, grid.height() * scale)
        box.moveCenter(area.center())
        sharp = (box.size() * self.devicePixelRatioF()).toSize()
        if sharp.width() < grid.width():  # a painter alone would leave out lines between images
            if self._small.size() != sharp:
                ways = (
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                self._small = grid.scaled(sharp, *ways)
            grid = self._small
        painter.drawImage(box, grid)

    def _paint_rows(self, painter: QPainter, area: QRectF, made: np.ndarray) -> None:
        painter.setFont(mono(11))
        painter.setPen(QColor(self._theme.text))
        cell_px = painter.fontMetrics().horizontalAdvance("0" * CELL)
        numbers = int((area.width() - 3 * cell_px / CELL) // cell_px)
        for line, text in enumerate(lines_of(made, int(area.height() // LINE_PX), numbers)):
            painter.drawText(area.topLeft() + QPointF(0, (line + 0.75) * LINE_PX), text)


def lines_of(made: np.ndarray, rows: int, numbers: int) -> list[str]:
    """The first rows with their first numbers side by side."""
    flat = made.reshape(len(made), -1)
    more = "  …" if flat.shape[1] > numbers else ""
    return ["".join(f"{value:{CELL}.3g}" for value in row[:numbers]) + more for row in flat[:rows]]


def summary_of(made: np.ndarray) -> str:
    """How much was made, and what is not shown of it."""
    count, sizes = grouped(len(made)), " × ".join(map(str, made.shape[1:])) or "1"
    if are_images(made):
        text = tr("{count} images of {sizes}.", count=count, sizes=sizes)
    elif are_points(made):
        text = tr("{count} points.", count=count)
    else:
        text = tr("{count} rows of {sizes} numbers.", count=count, sizes=sizes)
    shown = shown_of(made)
    if shown < len(made):
        more = "The first {n} are shown; NPY and CSV files have all."
        text = f"{text} {tr(more, n=grouped(shown))}"
    return text
