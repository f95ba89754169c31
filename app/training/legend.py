"""The legend of a plot: a dot and a name for each curve, and the values at the cross-hair."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import tr
from app.theme import THEMES, Theme, mono, sans
from app.training.record import TRAIN, VALIDATION
from app.training.words import value_text

Reading = tuple[str, float | None]
DOT_PX = 8
GAP_PX = 12
VALUE_PX = 46
WITH_NAMES_PX, WITH_PLACE_PX = 275, 340


class Legend(QWidget):
    """Paints itself: labels in a layout would be laid out anew with every value."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = THEMES["dark"]
        self._parts: list[tuple[str, str, str]] = []
        self._where = ""
        self._has_names = self._has_place = True
        self._name_font, self._value_font = sans(11), mono(11)
        self._names = QFontMetrics(self._name_font)
        self._values = QFontMetrics(self._value_font)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def texts(self) -> list[str]:
        """What is shown, curve by curve."""
        return [f"{name} {value}".strip() for _, name, value in self._parts]

    @property
    def where(self) -> str:
        """The place of the cross-hair in words; empty where there is none."""
        return self._where

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.update()

    def set_room(self, px: int) -> None:
        """Fits a plot of that width: in a narrow one the place goes first, then the names."""
        fits = px >= WITH_NAMES_PX, px >= WITH_PLACE_PX
        if fits != (self._has_names, self._has_place):
            self._has_names, self._has_place = fits
            self._ask_room()
            self.update()

    def show_values(self, readings: Sequence[Reading], is_share: bool, where: str | None) -> None:
        """Shows a value for each split; one without a value is left out."""
        names = {TRAIN: tr("train"), VALIDATION: tr("val")}
        parts = [
            (split, names[split], value_text(value, is_share))
            for split, value in readings
            if value is not None
        ]
        if (parts, where or "") == (self._parts, self._where):
            return
        width = self.sizeHint().width()
        self._parts, self._where = parts, where or ""
        self.setAccessibleName(", ".join(self.texts))
        if self.sizeHint().width() != width:
            self._ask_room()
        self.update()

    def _ask_room(self) -> None:
        """Has the layout look anew, also before the legend is first shown, when Qt would not."""
        self.updateGeometry()
        plot = self.parentWidget()
        layout = plot.layout() if plot is not None else None
        if layout is not None:
            layout.invalidate()

    def _name_width(self, text: str) -> int:
        return self._names.horizontalAdvance(text)

    def _value_width(self, text: str) -> int:
        """Mostly the same, so that the layout stays as values change."""
        return max(VALUE_PX, self._values.horizontalAdvance(text))

    def sizeHint(self) -> QSize:
        names = [self._name_width(part[1]) + 5 if self._has_names else 0 for part in self._parts]
        values = [self._value_width(part[2]) for part in self._parts]
        widths = [DOT_PX + 5 + name + value for name, value in zip(names, values, strict=True)]
        is_told = self._where and self._has_place
        where = self._name_width(self._where) + GAP_PX if is_told else 0
        return QSize(where + sum(widths) + GAP_PX * max(len(widths) - 1, 0), 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        tones = {TRAIN: theme.accent, VALIDATION: theme.warn}
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            x, height = 0.0, self.height()
            painter.setFont(self._name_font)
            if self._where and self._has_place:
                width = self._name_width(self._where)
                painter.setPen(QColor(theme.dim))
                painter.drawText(QRectF(x, 0, width + 1, height), left, self._where)
                x += width + GAP_PX
            for split, name, value in self._parts:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(tones[split]))
                painter.drawEllipse(QPointF(x + DOT_PX / 2, height / 2), DOT_PX / 2, DOT_PX / 2)
                x += DOT_PX + 5
                if self._has_names:
                    width = self._name_width(name)
                    painter.setPen(QColor(theme.dim))
                    painter.setFont(self._name_font)
                    painter.drawText(QRectF(x, 0, width + 1, height), left, name)
                    x += width + 5
                painter.setPen(QColor(theme.text))
                painter.setFont(self._value_font)
                width = self._value_width(value)
                painter.drawText(QRectF(x, 0, width + 1, height), left, value)
                x += width + GAP_PX
