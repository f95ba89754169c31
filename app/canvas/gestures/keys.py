"""What keys do on the canvas, beside the shortcuts of the window's actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.canvas import commands
from app.canvas.geometry import GRID
from app.canvas.walking import step_from

if TYPE_CHECKING:
    from app.canvas.gestures.editor import Editor
    from app.session import Session

Key = Qt.Key
Held = Qt.KeyboardModifier
ARROWS = {
    Key.Key_Left: (-1, 0),
    Key.Key_Right: (1, 0),
    Key.Key_Up: (0, -1),
    Key.Key_Down: (0, 1),
}
LONG_STEP = 5
ZOOM_STEP = 1.25
RUN_MS = 1500
"""Presses of arrow keys that are closer together are one run."""


def press(editor: Editor, session: Session, event: QKeyEvent) -> bool:
    """Does what a key asks for; whether it asks for anything."""
    canvas, key = editor.canvas, Qt.Key(event.key())
    if key in ARROWS:
        _arrow(editor, session, key, event.modifiers())
        return True
    if event.modifiers() & (Held.ControlModifier | Held.AltModifier | Held.MetaModifier):
        return False
    match key:
        case Key.Key_Tab:
            editor.focus_search(None)
        case Key.Key_Return | Key.Key_Enter:
            return editor.open_selected() or editor.edit_params()
        case Key.Key_F2:
            editor.rename_selected()
        case Key.Key_Escape:
            return (
                editor.drop_lasso()
                or editor.placing.cancel()
                or editor.clear_selection()
                or editor.find_bar.close_bar()
            )
        case Key.Key_Home:
            canvas.fit()
        case Key.Key_Slash:
            canvas.palette_requested.emit()
        case Key.Key_Question:
            canvas.shortcuts_requested.emit()
        case Key.Key_Plus | Key.Key_Equal:
            canvas.zoom_by(ZOOM_STEP)
        case Key.Key_Minus:
            canvas.zoom_by(1 / ZOOM_STEP)
        case _:
            return False
    return True


def _arrow(editor: Editor, session: Session, key: Qt.Key, held: Held) -> None:
    """Moves the selection: a step of the grid, with Shift more, with Alt and Shift one px.

    With Ctrl, or where nothing is selected, it goes to the next block, and with Shift selects on
    the way.
    """
    dx, dy = ARROWS[key]
    chosen = commands.ordered(session)
    points = editor.chosen_points
    if not (chosen or session.chosen_remarks or points) or held & Held.ControlModifier:
        start = editor.walked if editor.walked in session.selection else None
        start = start or next(iter(chosen), None)
        found = step_from(session.document, start, dx, dy)
        if found is not None:
            kept = session.selection if held & Held.ShiftModifier else frozenset()
            editor.choose(kept | {found})
            editor.walked = found
            editor.canvas.center_on([found])
    else:
        if editor.pause.hasExpired(RUN_MS):
            session.seal()  # a new run of presses is a step of undo of its own
        px = _step_px(held)
        commands.nudge(session, dx * px, dy * px, points)
        editor.pause.start()


def _step_px(held: Held) -> float:
    if held & Held.AltModifier:
        return 1.0
    return GRID * (LONG_STEP if held & Held.ShiftModifier else 1)
