"""What the Edit and Select menus hold for frames and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.action import Action, can_change_chosen, can_edit
from app.canvas import remark_commands
from app.canvas.remark_menus import pop_up_colors
from graph.remarks import Frame

if TYPE_CHECKING:
    from app.window import Window


def _has_remarks(window: Window) -> bool:
    return bool(window.session.document.graph.remarks)


def _can_colour(window: Window) -> bool:
    return bool(window.session.chosen_remarks) and can_edit(window)


def _has_frame(window: Window) -> bool:
    remarks = window.session.document.graph.remarks
    return any(isinstance(remarks[id], Frame) for id in window.session.chosen_remarks)


ACTIONS: tuple[Action, ...] = (
    Action("add-note", "Add note", lambda w: remark_commands.add_note(w.canvas, w.session),
           ("N",), can_edit, scope="canvas"),
    Action("frame-selection", "Frame selection",
           lambda w: remark_commands.frame_selection(w.canvas, w.session), ("Ctrl+J",),
           can_change_chosen, scope="canvas"),
    Action("fit-frame", "Fit frame", lambda w: remark_commands.fit_frames(w.session),
           ("Ctrl+Shift+J",), lambda w: _has_frame(w) and can_edit(w), scope="canvas"),
    Action("remark-colour", "Colour of frame or note…", lambda w: pop_up_colors(w.canvas), (),
           _can_colour, scope="canvas"),
    Action("select-in-frame", "Select inside frame",
           lambda w: remark_commands.select_contents(w.session), (), _has_frame,
           scope="canvas"),
    Action("next-remark", "Next frame or note",
           lambda w: remark_commands.step_to_next(w.canvas, w.session), ("Shift+N",),
           _has_remarks, scope="canvas"),
)  # fmt: skip
