"""What the Arrange menu holds: layouts, lines and even gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.action import SEPARATOR, Action, can_change_selection, can_edit, has_blocks
from app.canvas import arrange

if TYPE_CHECKING:
    from app.window import Window


def _has_two(window: Window) -> bool:
    return len(window.session.selection) >= 2 and can_edit(window)


def _has_three(window: Window) -> bool:
    return len(window.session.selection) >= 3 and can_edit(window)


ACTIONS: tuple[Action, ...] = (
    Action("layout", "Auto-layout", lambda w: w.canvas.auto_layout(), ("L",),
           lambda w: has_blocks(w) and can_edit(w), scope="canvas"),
    Action("layout-selection", "Lay out selection",
           lambda w: arrange.lay_out_selection(w.canvas), ("Shift+L",), _has_two,
           scope="canvas"),
    Action("tidy", "Tidy selection", lambda w: arrange.tidy(w.canvas), ("T",), _has_two,
           scope="canvas"),
    Action("align-left", "Align left", lambda w: arrange.align(w.canvas, "left"),
           ("Alt+A",), _has_two, scope="canvas"),
    Action("align-centre", "Align centre", lambda w: arrange.align(w.canvas, "centre"),
           ("Alt+H",), _has_two, scope="canvas"),
    Action("align-right", "Align right", lambda w: arrange.align(w.canvas, "right"),
           ("Alt+D",), _has_two, scope="canvas"),
    Action("align-top", "Align top", lambda w: arrange.align(w.canvas, "top"),
           ("Alt+W",), _has_two, scope="canvas"),
    Action("align-middle", "Align middle", lambda w: arrange.align(w.canvas, "middle"),
           ("Alt+V",), _has_two, scope="canvas"),
    Action("align-bottom", "Align bottom", lambda w: arrange.align(w.canvas, "bottom"),
           ("Alt+S",), _has_two, scope="canvas"),
    Action("distribute-across", "Distribute across",
           lambda w: arrange.distribute(w.canvas, "x"), ("Ctrl+Alt+H",), _has_three,
           scope="canvas"),
    Action("distribute-down", "Distribute down",
           lambda w: arrange.distribute(w.canvas, "y"), ("Ctrl+Alt+V",), _has_three,
           scope="canvas"),
    Action("take-out", "Take out of the chain", lambda w: arrange.take_out(w.canvas),
           ("Shift+X",), can_change_selection, scope="canvas"),
)  # fmt: skip

MENU = (
    "layout", "layout-selection", "tidy", SEPARATOR,
    "align-left", "align-centre", "align-right", SEPARATOR,
    "align-top", "align-middle", "align-bottom", SEPARATOR,
    "distribute-across", "distribute-down", SEPARATOR, "take-out",
)  # fmt: skip
