"""What the Edit and Select menus hold for wires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.action import Action, can_edit
from app.canvas import points
from app.rewiring import has_wires, move_wires

if TYPE_CHECKING:
    from app.window import Window


def _is_drawn(window: Window) -> bool:
    return bool(window.session.document.graph.wires.into)


def _can_lead(window: Window) -> bool:
    return _is_drawn(window) and can_edit(window)


ACTIONS: tuple[Action, ...] = (
    Action("move-wires", "Move wires…", move_wires, ("J",),
           lambda w: has_wires(w) and can_edit(w), scope="canvas"),
    Action("add-wire-point", "Add point to wire", lambda w: points.add_to_wires(w.canvas),
           ("B",), _can_lead, scope="canvas"),
    Action("remove-wire-points", "Remove wire points",
           lambda w: points.remove_from_wires(w.canvas), ("Shift+B",),
           _can_lead, scope="canvas"),
    Action("next-wire", "Next wire", lambda w: points.next_wire(w.canvas), ("E",), _is_drawn,
           scope="canvas"),
    Action("next-wire-point", "Next wire point", lambda w: points.next_point(w.canvas),
           ("Shift+E",), _is_drawn, scope="canvas"),
)  # fmt: skip
