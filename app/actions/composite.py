"""What the Composite menu holds: definitions, repeats and shared weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import composing, states
from app.actions.action import SEPARATOR, Action, can_change_selection, can_edit
from app.canvas.peek import KEY, peek
from app.composite_menus import show_library

if TYPE_CHECKING:
    from app.window import Window


def _one_is_chosen(window: Window) -> bool:
    return composing.chosen(window.session) is not None and can_edit(window)


def _has_definition(window: Window) -> bool:
    return bool(composing.chosen_definition(window.session))


def _can_unpack(window: Window) -> bool:
    id = composing.chosen(window.session)
    if id is None or not can_edit(window):
        return False
    node = window.session.document.node(id)
    return bool(node.repeat or node.definition in window.session.root.definitions)


def _is_instance(window: Window) -> bool:
    return composing.chosen(window.session) is not None and _has_definition(window)


def _leave(window: Window) -> None:
    window.canvas.leave()
    window.canvas.setFocus()  # what had it belongs to what was inside


ACTIONS: tuple[Action, ...] = (
    Action("make-composite", "Make composite…", lambda w: composing.ask_make(w.session, w),
           ("Ctrl+G",), can_change_selection),
    Action("unpack", "Unpack", lambda w: composing.take_apart(w.session), ("Ctrl+Shift+G",),
           _can_unpack),
    Action("open-composite", "Open composite", lambda w: w.canvas.open_selected(), (),
           _is_instance),
    Action("peek", "Look inside", lambda w: peek(w.canvas), (KEY,), scope="canvas"),
    Action("leave-composite", "Leave composite", _leave, ("Ctrl+Up",),
           lambda w: bool(w.session.place)),
    Action("rename-composite", "Rename composite…",
           lambda w: composing.ask_rename(w.session, w), ("Shift+F2",),
           lambda w: _has_definition(w) and can_edit(w)),
    Action("make-independent", "Make independent",
           lambda w: composing.make_independent(w.session), (),
           lambda w: _is_instance(w) and can_edit(w)),
    Action("repeat", "Repeat…", lambda w: composing.ask_repeat(w.session, w), ("Ctrl+R",),
           can_change_selection),
    Action("share-weights", "Share weights with…",
           lambda w: composing.ask_share(w.session, w, w.canvas.place_of_selection()), (),
           _one_is_chosen),
    Action("freeze", "Freeze weights", lambda w: states.toggle_frozen(w.session), ("Shift+Z",),
           lambda w: states.is_any(states.freezable, w.session) and can_edit(w),
           lambda w: states.are_frozen(w.session, w.session.selection), scope="canvas"),
    Action("save-to-library", "Save to library",
           lambda w: composing.save_to_library(w.session, w), (), _has_definition),
    Action("insert-from-library", "Insert from library…", show_library, (),
           can_edit),
)  # fmt: skip

MENU = (
    "make-composite", "unpack", SEPARATOR, "open-composite", "peek", "leave-composite", SEPARATOR,
    "rename-composite", "make-independent", SEPARATOR, "repeat", "share-weights",
    "freeze", SEPARATOR,
    "save-to-library", "insert-from-library",
)  # fmt: skip
