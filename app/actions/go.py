"""What the Go menu holds: places that were looked at, and bookmarks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.actions.action import SEPARATOR, Action, Key, has_blocks, has_selection
from app.canvas.trail import BOOKMARKS, zoom_to_selection

if TYPE_CHECKING:
    from app.window import Window


def _setting(number: int) -> Callable[[Window], object]:
    return lambda window: window.canvas.editor.trail.set_bookmark(number)


def _going(number: int) -> Callable[[Window], object]:
    return lambda window: window.canvas.editor.trail.go_to_bookmark(number)


GO_TO_BOOKMARKS: tuple[Action, ...] = tuple(
    Action(f"bookmark-{n}", f"Go to bookmark {n}", _going(n), (f"Ctrl+{n}",)) for n in BOOKMARKS
)
SET_BOOKMARKS: tuple[Action, ...] = tuple(
    Action(f"set-bookmark-{n}", f"Set bookmark {n}", _setting(n), (f"Ctrl+Shift+{n}",), has_blocks)
    for n in BOOKMARKS
)
BOOKMARK_ACTIONS = tuple(action.id for action in (*GO_TO_BOOKMARKS, *SET_BOOKMARKS))

ACTIONS: tuple[Action, ...] = (
    Action("back", "Back", lambda w: w.canvas.editor.trail.back(), ("Alt+Left", Key.Back)),
    Action("forward", "Forward", lambda w: w.canvas.editor.trail.forward(),
           ("Alt+Right", Key.Forward)),
    Action("zoom-selection", "Zoom to selection", lambda w: zoom_to_selection(w.canvas),
           ("Z", "."), has_selection, scope="canvas"),
    *GO_TO_BOOKMARKS,
    *SET_BOOKMARKS,
)  # fmt: skip

MENU = ("back", "forward", SEPARATOR, "zoom-selection", SEPARATOR, "<bookmarks>", "<set-bookmarks>")
