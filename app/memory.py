"""What canvases leave in the settings: the blocks that were used last, and bookmarks of files.

Bookmarks are kept here and not in the drawing: where one person looks is no matter of the others,
and setting one neither makes a document unsaved nor is it undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from app.canvas import Canvas
from app.canvas.spots import Bookmarks, Spot, spot_from
from app.messages import Message
from app.session import Session
from app.settings import Settings, save_settings
from graph.change import Change
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window

MOST_USED = 12
MOST_BOOKMARKS = 180
FEW = 3
"""More blocks at once are pasted or opened, and no choice of a kind."""
WRITTEN_MS = 1000


class Memory(QObject):
    """Follows the canvases of a window, and writes a moment later."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._later = QTimer(self, singleShot=True, interval=WRITTEN_MS)
        self._later.timeout.connect(self._write)
        window.tabs.canvas_added.connect(self._follow)
        window.installEventFilter(self)
        window.palette_panel.recall(reversed(window.settings.used))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Writes what waits when the window closes."""
        if event.type() == QEvent.Type.Close and watched is self._window and self._later.isActive():
            self._write()
        return False

    def _follow(self, canvas: Canvas) -> None:
        session, trail = canvas.session, canvas.editor.trail
        assert session is not None
        canvas.editor.searches.used = lambda: self._window.settings.used
        session.changed.connect(partial(self._note_used, session))
        trail.bookmarks = bookmarks_of(self._window.settings, str(session.path or ""))
        trail.bookmarked.connect(partial(self._note_bookmarks, canvas))
        session.state_changed.connect(partial(self._on_path, canvas, [session.path]))

    def _note_used(self, session: Session, change: Change) -> None:
        if not 0 < len(change.added) <= FEW:
            return
        nodes = session.document.graph.nodes
        kinds = [nodes[id].kind for id in change.added if id in nodes]
        self._remember(with_used(self._window.settings, kinds))

    def _note_bookmarks(self, canvas: Canvas) -> None:
        session = canvas.session
        if session is not None and session.path is not None:
            text, marks = str(session.path), canvas.editor.trail.bookmarks
            self._remember(with_bookmarks(self._window.settings, text, marks))

    def _on_path(self, canvas: Canvas, path: list[object]) -> None:
        """A drawing that is saved elsewhere takes its bookmarks along; one that is new, too."""
        session = canvas.session
        if session is not None and [session.path] != path:
            path[0] = session.path
            if canvas.editor.trail.bookmarks:
                self._note_bookmarks(canvas)
            else:
                known = bookmarks_of(self._window.settings, str(session.path or ""))
                canvas.editor.trail.bookmarks = known

    def _remember(self, settings: Settings) -> None:
        if settings != self._window.settings:
            self._window.settings = settings
            self._later.start()

    def _write(self) -> None:
        self._later.stop()
        try:
            save_settings(self._window.settings)
        except UserError as error:
            self._window.tell(Message(str(error), "warning"))


def with_used(settings: Settings, kinds: Iterable[str]) -> Settings:
    """The settings after blocks of these kinds were added."""
    used = dict.fromkeys([*kinds, *settings.used])
    return replace(settings, used=tuple(used)[:MOST_USED])


def bookmarks_of(settings: Settings, path: str) -> Bookmarks:
    """The bookmarks of a file; lines that say nothing are passed over."""
    found: dict[int, Spot] = {}
    for line in settings.bookmarks:
        read = _read(line)
        if read is not None and read[0] == path:
            found[read[1]] = read[2]
    return found


def with_bookmarks(settings: Settings, path: str, bookmarks: Bookmarks) -> Settings:
    """The settings with these bookmarks of a file, before those of other files."""
    own = [json.dumps([path, number, spot.to_text()]) for number, spot in bookmarks.items()]
    others = [
        line for line in settings.bookmarks if (read := _read(line)) is None or read[0] != path
    ]
    return replace(settings, bookmarks=(*own, *others)[:MOST_BOOKMARKS])


def _read(line: str) -> tuple[str, int, Spot] | None:
    try:
        path, number, text = json.loads(line)
    except (ValueError, TypeError):
        return None
    spot = spot_from(text) if isinstance(text, str) else None
    is_sound = isinstance(path, str) and isinstance(number, int) and spot is not None
    return (path, number, spot) if is_sound and spot is not None else None
