"""The places of a drawing that a person looked at: back and forward through them, and bookmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent

from app.canvas.camera import fitted
from app.canvas.spots import Bookmarks, Spot
from app.i18n import tr
from graph.composites.places import TOP

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

REST_MS = 500
"""A view that does not move for so long was looked at."""
MOST_KEPT = 100
BOOKMARKS = range(1, 10)


class Trail(QObject):
    """Notes where a view comes to rest, and goes there again.

    Signals:
        bookmarked: a bookmark was set.
    """

    bookmarked = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._back: list[Spot] = []
        self._forward: list[Spot] = []
        self._anchor: Spot | None = None
        self._here: Spot | None = None
        self._last: Spot | None = None
        self._size = canvas.size()
        self.bookmarks: Bookmarks = {}
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.arrive)
        canvas.view_changed.connect(self._on_view)
        canvas.installEventFilter(self)

    @property
    def places_back(self) -> int:
        """How many places one can go back."""
        return len(self._back)

    def back(self) -> None:
        """Looks where one looked before."""
        self._travel(self._back, self._forward, tr("There is no earlier place to go back to."))

    def forward(self) -> None:
        """Looks where one looked before going back."""
        self._travel(self._forward, self._back, tr("There is no later place to go to."))

    def set_bookmark(self, number: int) -> None:
        """Keeps the present view under a number."""
        self.bookmarks = {**self.bookmarks, number: self._spot()}
        self.bookmarked.emit()
        self._canvas.request_help.emit(tr("Bookmark {number} is set here.", number=number))

    def go_to_bookmark(self, number: int) -> None:
        """Looks at what is kept under a number."""
        spot = self.bookmarks.get(number)
        if spot is None:
            text = tr("Bookmark {number} is not set: look at a place and set it.", number=number)
            self._canvas.request_help.emit(text)
        else:
            self._look(spot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the buttons at the side of a mouse."""
        if (
            watched is self._canvas
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonPress
        ):
            if event.button() == Qt.MouseButton.BackButton:
                self.back()
                return True
            if event.button() == Qt.MouseButton.ForwardButton:
                self.forward()
                return True
        return False

    def _spot(self) -> Spot:
        canvas = self._canvas
        way = canvas.session.place if canvas.session else TOP
        return Spot.seen(way, canvas.camera, canvas.width(), canvas.height())

    def _is_far(self, one: Spot, other: Spot) -> bool:
        return one.is_far(other, self._canvas.width(), self._canvas.height())

    def _on_view(self) -> None:
        """A jump is a place at once, a view that glides where it comes to rest."""
        now, canvas = self._spot(), self._canvas
        last, self._last = self._last, now
        if last is None or self._size != canvas.size() or not canvas.isVisible():
            # a window that becomes larger shows the same place
            self._size = canvas.size()
            self._stay(now)
            return
        is_jump = self._is_far(last, now)
        if is_jump and self._rest.isActive() and self._rest.interval():
            self._note(last)  # one looked there, if only for a moment
        self._rest.start(0 if is_jump else REST_MS)

    def arrive(self) -> None:
        """Takes what is seen now for a place that one looks at."""
        self._rest.stop()
        self._note(self._spot())

    def _note(self, spot: Spot) -> None:
        """Takes another place up; a view near the last one is the same place, looked at closer."""
        if self._anchor is None or self._here is None:
            self._stay(spot)
        elif self._is_far(self._anchor, spot):
            self._back.append(self._here)
            del self._back[:-MOST_KEPT]
            self._forward.clear()
            self._stay(spot)
        else:
            self._here = spot

    def _stay(self, spot: Spot) -> None:
        self._anchor = self._here = spot

    def _travel(self, source: list[Spot], target: list[Spot], nowhere: str) -> None:
        self.arrive()
        if not source or self._here is None:
            self._canvas.request_help.emit(nowhere)
            return
        target.append(self._here)
        self._look(source.pop())
        self._rest.stop()
        self._stay(self._spot())  # not all of it may be there any more

    def _look(self, spot: Spot) -> None:
        canvas = self._canvas
        if canvas.session is not None and canvas.session.place != spot.way:
            canvas.session.go_to(spot.way)
        canvas.look(spot.camera(canvas.width(), canvas.height()))


def zoom_to_selection(canvas: Canvas) -> None:
    """Shows the selected blocks as large as they fit; without any, the whole drawing."""
    session = canvas.session
    box = canvas.mirror.bounds(session.selection) if session and session.selection else None
    if box is None:
        canvas.fit()
    else:
        canvas.glide(fitted(box, canvas.width(), canvas.height()))
