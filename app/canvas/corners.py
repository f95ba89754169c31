"""Where a card over the canvas hides the fewest blocks: one of its four corners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

MARGIN, ABOVE = 16, 8


class Corner:
    """The corner that a card stands in. It stays there as long as that hides no block."""

    def __init__(self, canvas: Canvas, card: QWidget) -> None:
        self._canvas = canvas
        self._card = card
        self._place = 0

    def take(self) -> None:
        """Moves the card to the corner where it hides the fewest blocks."""
        places = self._places()
        hidden = self._hidden(places[self._place])
        if hidden:
            all_ = [self._hidden(place) for place in places]
            if min(all_) < hidden:
                self._place = all_.index(min(all_))
        self._card.move(places[self._place])

    def _places(self) -> list[QPoint]:
        """Over the foot bar, over the minimap, and the upper corners, below what stands there."""
        canvas, card = self._canvas, self._card
        right = canvas.width() - MARGIN - card.width()
        low = canvas.height() - MARGIN - card.height()
        above_map = low
        if not canvas.minimap.isHidden():
            above_map = canvas.minimap.y() - ABOVE - card.height()
        above_bar = low - canvas.foot_bar.height() - ABOVE
        top = max(MARGIN, canvas.crumbs.height_taken() + ABOVE)
        return [QPoint(MARGIN, above_bar), QPoint(right, above_map), QPoint(right, top),
                QPoint(MARGIN, top)]  # fmt: skip

    def _hidden(self, place: QPoint) -> int:
        """How many blocks the card would hide."""
        camera, card = self._canvas.camera, self._card
        left, top = camera.to_canvas(place.x(), place.y())
        right, bottom = camera.to_canvas(place.x() + card.width(), place.y() + card.height())
        return len(self._canvas.mirror.nodes_in((left, top, right, bottom)))
