"""What the Edit menu holds: the steps back, the clipboard, and selected blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import locks, states
from app.actions.action import (
    SEPARATOR,
    Action,
    Key,
    can_change_chosen,
    can_change_selection,
    can_edit,
    has_blocks,
    has_chosen,
)
from app.connecting import connect_by_typing
from app.receiving import paste

if TYPE_CHECKING:
    from app.window import Window


def _can_rename(window: Window) -> bool:
    session = window.session
    return len(session.selection or session.chosen_remarks) == 1 and can_edit(window)


def _copy_picture(window: Window) -> None:
    from app.picturing.copying import copy_picture  # not before it is wanted

    copy_picture(window)


def _replace(window: Window) -> None:
    canvas = window.canvas
    (id,) = window.session.selection
    at = canvas.mapFromGlobal(canvas.place_of_selection())
    canvas.editor.search_to_replace(id, at.toPointF())


ACTIONS: tuple[Action, ...] = (
    Action("undo", "Undo", lambda w: w.canvas.undo(), (Key.Undo,),
           lambda w: w.session.history.undo_label is not None),
    Action("redo", "Redo", lambda w: w.canvas.redo(), (Key.Redo, "Ctrl+Y", "Ctrl+Shift+Z"),
           lambda w: w.session.history.redo_label is not None),
    Action("cut", "Cut", lambda w: w.canvas.cut(), (Key.Cut,), can_change_chosen,
           scope="canvas"),
    Action("copy", "Copy", lambda w: w.canvas.copy(), (Key.Copy,), has_chosen,
           scope="canvas"),
    Action("copy-picture", "Copy as picture", _copy_picture, ("Ctrl+Shift+C",), has_blocks,
           scope="canvas"),
    Action("paste", "Paste", paste, (Key.Paste,), scope="canvas"),
    Action("duplicate", "Duplicate", lambda w: w.canvas.duplicate(), ("Ctrl+D",),
           can_change_chosen, scope="canvas"),
    Action("delete", "Delete", lambda w: w.canvas.delete_selection(),
           (Key.Delete, "Backspace"), scope="canvas"),
    Action("delete-heal", "Delete and close the gap",
           lambda w: w.canvas.delete_selection(heal=True), ("Ctrl+Shift+Del",),
           can_change_selection, scope="canvas"),
    Action("connect", "Connect…", connect_by_typing, ("C",),
           can_change_selection, scope="canvas"),
    Action("bypass", "Bypass", lambda w: states.toggle_bypassed(w.session), ("Ctrl+B",),
           lambda w: states.is_any(states.bypassable, w.session) and can_edit(w),
           lambda w: states.are_bypassed(w.session, w.session.selection), scope="canvas"),
    Action("mute", "Mute", lambda w: states.toggle_muted(w.session), ("M", "Ctrl+M"),
           lambda w: states.is_any(states.mutable, w.session) and can_edit(w),
           lambda w: states.are_muted(w.session, w.session.selection), scope="canvas"),
    Action("collapse", "Collapse", lambda w: states.toggle_collapsed(w.session), ("Alt+C",),
           lambda w: states.can_collapse(w.session) and can_edit(w),
           lambda w: states.are_collapsed(w.session, w.session.selection), scope="canvas"),
    Action("lock", "Lock", lambda w: locks.toggle_locked(w.session), (locks.KEY,),
           can_change_chosen, lambda w: locks.are_locked(w.session), scope="canvas"),
    Action("unlock-all", "Unlock all", lambda w: locks.unlock_all(w.session), ("Shift+K",),
           lambda w: locks.has_locked(w.session) and can_edit(w), scope="canvas"),
    Action("disconnect", "Disconnect", lambda w: w.canvas.disconnect_selected(), ("Shift+C",),
           can_change_selection, scope="canvas"),
    Action("replace", "Replace block…", _replace, ("R",),
           lambda w: len(w.session.selection) == 1 and can_edit(w), scope="canvas"),
    Action("edit-parameters", "Edit parameters", lambda w: w.canvas.editor.edit_params(),
           ("P",), can_change_selection, scope="canvas"),
    Action("rename", "Rename", lambda w: w.canvas.rename_selected(), ("F2",), _can_rename,
           scope="canvas"),
    Action("add-block", "Add block…", lambda w: w.canvas.focus_search(None), ("Shift+A",),
           can_edit, scope="canvas"),
    Action("find", "Find in the drawing…", lambda w: w.canvas.editor.find(), (Key.Find,),
           has_blocks),
    Action("find-next", "Find next", lambda w: w.canvas.editor.find_bar.go_on(1), ("F3",),
           has_blocks),
    Action("find-previous", "Find previous", lambda w: w.canvas.editor.find_bar.go_on(-1),
           ("Shift+F3",), has_blocks),
)  # fmt: skip

MENU = (
    "undo", "redo", SEPARATOR, "cut", "copy", "copy-picture", "paste", "duplicate", "rename",
    "edit-parameters", "replace", "delete", "delete-heal", SEPARATOR, "connect", "disconnect",
    "move-wires", "add-wire-point", "remove-wire-points",
    "bypass", "mute", "collapse", "lock", "unlock-all", SEPARATOR, "add-block", "add-note",
    "frame-selection", "fit-frame", "remark-colour", SEPARATOR, "find", "find-next",
    "find-previous",
)  # fmt: skip
