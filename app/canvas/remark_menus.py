"""The menu of colours for frames and notes."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu

from app.canvas import remark_commands
from app.canvas.tones import tone_of
from app.i18n import tr
from app.theme import Theme
from graph.remarks import COLORS

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

SWATCH_PX = 14


def pop_up_colors(canvas: Canvas) -> None:
    """Shows the colours beside the selected frame or note, to choose one by the arrow keys."""
    session = canvas.session
    if session is None or not session.chosen_remarks:
        return
    menu = QMenu(canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    present = session.document.graph.remarks[min(session.chosen_remarks)].color
    fill_colors(menu, canvas.theme, session, present)
    menu.popup(canvas.place_of_selection())


def add_colors(menu: QMenu, theme: Theme, session: Session, present: str) -> None:
    """A menu of the colours that the selected frames and notes can have."""
    colors = menu.addMenu(tr("Colour"))
    colors.setEnabled(not session.read_only)
    fill_colors(colors, theme, session, present)


def fill_colors(menu: QMenu, theme: Theme, session: Session, present: str) -> None:
    """Adds each colour, the present one with a ring."""
    for color in COLORS:
        icon = _swatch(theme, color, color == present)
        action = menu.addAction(icon, tr(color.capitalize()))
        action.setIconVisibleInMenu(True)
        action.triggered.connect(partial(_paint, session, color))


def _paint(session: Session, color: str, _checked: bool = False) -> None:
    remark_commands.set_color(session, color)


@lru_cache
def _swatch(theme: Theme, color: str, is_present: bool) -> QIcon:
    """A dot of a colour, with a ring around the present one."""
    icon = QIcon()
    for ratio in (1, 2, 3):
        pixmap = QPixmap(SWATCH_PX * ratio, SWATCH_PX * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            dot = QRectF(0, 0, SWATCH_PX, SWATCH_PX).adjusted(1, 1, -1, -1)
            painter.setPen(QPen(QColor(theme.text), 1.5) if is_present else Qt.PenStyle.NoPen)
            painter.drawEllipse(dot)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone_of(theme, color)))
            inset = 3.0 if is_present else 0.0
            painter.drawEllipse(dot.adjusted(inset, inset, -inset, -inset))
        icon.addPixmap(pixmap)
    return icon
