"""What the Select menu holds: from some blocks to others, by wires, by kind or by a loop."""

from __future__ import annotations

from app.actions.action import SEPARATOR, Action, Key, has_blocks, has_selection
from app.canvas import picking

ACTIONS: tuple[Action, ...] = (
    Action("select-all", "Select all", lambda w: w.canvas.select_all(), (Key.SelectAll,),
           has_blocks, scope="canvas"),
    Action("select-none", "Select nothing", lambda w: picking.nothing(w.canvas),
           ("Ctrl+Shift+A",), scope="canvas"),
    Action("select-invert", "Invert selection", lambda w: picking.invert(w.canvas),
           ("Ctrl+I",), has_blocks, scope="canvas"),
    Action("select-lasso", "Select by lasso", lambda w: w.canvas.editor.take_lasso(), ("Q",),
           has_blocks, scope="canvas"),
    Action("select-upstream", "Select upstream", lambda w: picking.upstream(w.canvas),
           ("Shift+U",), has_selection, scope="canvas"),
    Action("select-downstream", "Select downstream", lambda w: picking.downstream(w.canvas),
           ("Shift+D",), has_selection, scope="canvas"),
    Action("select-connected", "Select connected", lambda w: picking.connected(w.canvas),
           ("Ctrl+L",), has_selection, scope="canvas"),
    Action("select-similar", "Select same kind", lambda w: picking.similar(w.canvas),
           ("Shift+G",), has_selection, scope="canvas"),
)  # fmt: skip

MENU = (
    "select-all", "select-none", "select-invert", "select-lasso", SEPARATOR,
    "select-upstream", "select-downstream", "select-connected", "select-similar", SEPARATOR,
    "select-in-frame", "next-remark", "next-wire", "next-wire-point",
)  # fmt: skip
