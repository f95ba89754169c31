"""What the Edit menu holds: the steps back, the clipboard, and selected blocks."""

from __future__ import annotations

from app.actions.action import (
    SEPARATOR,
    Action,
    Key,
    can_change_selection,
    can_edit,
    has_selection,
)
from app.receiving import paste

ACTIONS: tuple[Action, ...] = (
    Action("undo", "Undo", lambda w: w.canvas.undo(), (Key.Undo,),
           lambda w: w.session.history.undo_label is not None),
    Action("redo", "Redo", lambda w: w.canvas.redo(), (Key.Redo, "Ctrl+Y", "Ctrl+Shift+Z"),
           lambda w: w.session.history.redo_label is not None),
    Action("cut", "Cut", lambda w: w.canvas.cut(), (Key.Cut,), can_change_selection,
           scope="canvas"),
    Action("copy", "Copy", lambda w: w.canvas.copy(), (Key.Copy,), has_selection,
           scope="canvas"),
    Action("paste", "Paste", paste, (Key.Paste,), scope="canvas"),
    Action("duplicate", "Duplicate", lambda w: w.canvas.duplicate(), ("Ctrl+D",),
           can_change_selection, scope="canvas"),
    Action("delete", "Delete", lambda w: w.canvas.delete_selection(),
           (Key.Delete, "Backspace"), scope="canvas"),
    Action("delete-heal", "Delete and close the gap",
           lambda w: w.canvas.delete_selection(heal=True), ("Ctrl+Shift+Del",),
           can_change_selection, scope="canvas"),
    Action("connect", "Connect two blocks", lambda w: w.canvas.connect_selected(), ("C",),
           lambda w: len(w.session.selection) == 2 and can_edit(w), scope="canvas"),
    Action("disconnect", "Disconnect", lambda w: w.canvas.disconnect_selected(), ("Shift+C",),
           can_change_selection, scope="canvas"),
    Action("rename", "Rename block", lambda w: w.canvas.rename_selected(), ("F2",),
           lambda w: len(w.session.selection) == 1 and can_edit(w), scope="canvas"),
    Action("add-block", "Add block…", lambda w: w.canvas.focus_search(None), ("Shift+A",),
           can_edit, scope="canvas"),
    Action("find", "Find in the drawing…", lambda w: w.canvas.editor.find(), (Key.Find,),
           has_blocks),
    Action("find-next", "Find next", lambda w: w.canvas.editor.find_bar.step(1), ("F3",),
           has_blocks),
    Action("find-previous", "Find previous", lambda w: w.canvas.editor.find_bar.step(-1),
           ("Shift+F3",), has_blocks),
)  # fmt: skip

MENU = (
    "undo", "redo", SEPARATOR, "cut", "copy", "paste", "duplicate", "rename", "delete",
    "delete-heal", SEPARATOR, "connect", "disconnect", SEPARATOR, "add-block",
    SEPARATOR, "find", "find-next", "find-previous",
)  # fmt: skip
