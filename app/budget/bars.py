"""Amounts as bars: one row for each part, and all parts in one bar against what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from app.forms.parts import label
from app.human import byte_count
from app.theme import THEMES, Theme

HEIGHT_PX = 8
TOTAL_PX = 14
LIMIT_PX = 2
NARROWEST_PX = 48


@dataclass(frozen=True)
class Part:
    """A part of the memory: its name, its bytes, and the colour of which category it has."""

    name: str
    bytes: int
    colour: str
    help: str = ""


class Bar(QWidget):
    """Amounts side by side on a track; `limit` is where what there is ends."""

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = THEMES["dark"]
        self._shares: list[tuple[float, str]] = []
        self._limit = 1.0
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Wide enough to tell bars apart."""
        return QSize(2 * NARROWEST_PX, self.height())

    def show_shares(self, shares: Sequence[tuple[float, str]], limit: float = 1.0) -> None:
        """Shows shares of the width with the keys of their colours."""
        if (list(shares), limit) != (self._shares, self._limit):
            self._shares, self._limit = list(shares), limit
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the track, the amounts from the left, and the limit."""
        box = QRectF(self.rect())
        round_px = box.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            shape = QPainterPath()
            shape.addRoundedRect(box, round_px, round_px)
            painter.setClipPath(shape)
            painter.fillRect(box, QColor(self._theme.line))
            x = 0.0
            for share, key in self._shares:
                width = share * box.width()
                amount = QRectF(x, 0, max(width, 1.0 if share else 0.0), box.height())
                painter.fillRect(amount, QColor(self._theme.categories[key]))
                x += width
            if self._limit < 1:
                place = self._limit * box.width() - LIMIT_PX / 2
                mark = QRectF(place, 0, LIMIT_PX, box.height())
                painter.fillRect(mark, QColor(self._theme.text))


class Swatch(QWidget):
    """A dot in the colour of a part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = QColor()
        self.setFixedSize(8, 8)

    def show_colour(self, colour: QColor) -> None:
        """Shows a colour."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the dot."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour)
            painter.drawEllipse(QRectF(self.rect()))


class Parts(QWidget):
    """A table of parts with bars, above it their sum against what there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = THEMES["dark"]
        self._parts: tuple[Part, ...] = ()
        self._rows: list[tuple[Swatch, QLabel, Bar, QLabel]] = []
        self.total = Bar(TOTAL_PX, self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(self.total, 0, 0, 1, 4)

    def show_parts(self, parts: Sequence[Part], there: int) -> None:
        """Shows these parts; `there` is how much memory there is."""
        self._parts = tuple(parts)
        while len(self._rows) < len(parts):
            self._add_row()
        whole = sum(part.bytes for part in parts)
        scale = max(whole, there, 1)
        self.total.show_shares([(p.bytes / scale, p.colour) for p in parts], there / scale)
        largest = max([part.bytes for part in parts] + [1])
        for place, row in enumerate(self._rows):
            part = parts[place] if place < len(parts) else None
            for widget in row:
                widget.setVisible(part is not None)
            if part is not None:
                swatch, name, bar, amount = row
                name.setText(part.name)
                name.setToolTip(part.help)
                amount.setText(byte_count(part.bytes))
                bar.show_shares([(part.bytes / largest, part.colour)])
                swatch.show_colour(QColor(self._theme.categories[part.colour]))

    def facts(self) -> list[tuple[str, str]]:
        """Names and amounts as they are shown."""
        return [(n.text(), a.text()) for _, n, _, a in self._rows if not n.isHidden()]

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.total.set_theme(theme)
        for (swatch, _, bar, _), part in zip(self._rows, self._parts, strict=False):
            bar.set_theme(theme)
            swatch.show_colour(QColor(theme.categories[part.colour]))

    def _add_row(self) -> None:
        swatch, bar = Swatch(self), Bar(HEIGHT_PX, self)
        bar.set_theme(self._theme)
        name, amount = label("", "dim"), label("", "mono")
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        amount.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._rows) + 1
        for place, widget in enumerate((swatch, name, bar, amount)):
            self._grid.addWidget(widget, row, place)
        self._rows.append((swatch, name, bar, amount))
