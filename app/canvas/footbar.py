"""The bar at the foot of the canvas: zoom, fit and layout."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.i18n import tr
from app.key_texts import in_use

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

MARGIN = 16
STEP = 1.25
SOON_MS = 50


class FootBar(QWidget):
    """Buttons over the lower left corner of the canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.out = _button("−", tr("Zoom out"), lambda: canvas.zoom_by(1 / STEP))
        self.scale = _button("100 %", tr("Zoom to 100 %"), lambda: canvas.zoom_to(1.0))
        self.into = _button("+", tr("Zoom in"), lambda: canvas.zoom_by(STEP))
        self.fit = _button(tr("Fit"), tr("Show the whole drawing"), canvas.fit)
        self.arrange = _button(tr("Layout"), tr("Place all blocks anew"), canvas.auto_layout)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(2)
        for part in (self.out, self.scale, self.into, self.fit, self.arrange):
            layout.addWidget(part)
        self.scale.setFixedWidth(self.scale.fontMetrics().horizontalAdvance("100 %") + 30)
        layout.insertSpacing(3, 8)
        # a frame of its own for every step of a wheel would make zooming slower
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._show_scale)
        canvas.view_changed.connect(self.follow)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._canvas.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.panel))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def follow(self) -> None:
        """Stands in its corner and shows the present scale."""
        canvas = self._canvas
        if not self._soon.isActive():
            self._soon.start()
        self.fit.setText(f"{tr('Fit')}  {in_use('F')}".strip())
        self.arrange.setText(f"{tr('Layout')}  {in_use('L')}".strip())
        has_blocks = bool(canvas.mirror.ids)
        read_only = canvas.session is None or bool(canvas.session.read_only)
        self.fit.setEnabled(has_blocks)
        self.arrange.setEnabled(has_blocks and not read_only)
        self.adjustSize()
        self.move(MARGIN, canvas.height() - self.height() - MARGIN)

    def _show_scale(self) -> None:
        self.scale.setText(f"{self._canvas.camera.scale:.0%}".replace("%", " %"))


def _button(text: str, tip: str, run: Callable[[], object]) -> QPushButton:
    made = QPushButton(text)
    made.setProperty("role", "quiet")
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    # the canvas keeps the keyboard
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.clicked.connect(lambda: run())
    return made
