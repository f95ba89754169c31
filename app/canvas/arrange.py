"""What the Arrange menu does to the selected blocks: lines, gaps, layouts, out of a chain."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app import locks
from app.canvas import commands
from app.i18n import tr
from graph.arranging import Axis, Places, Side, aligned, distributed, places_of, tidied
from graph.pulling import pulled_out

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

ALIGN_LABELS: dict[Side, str] = {
    "left": "Align left", "centre": "Align centre", "right": "Align right",
    "top": "Align top", "middle": "Align middle", "bottom": "Align bottom",
}  # fmt: skip


def align(canvas: Canvas, side: Side) -> None:
    """Puts the selected blocks on one line."""
    _place(canvas, tr(ALIGN_LABELS[side]), partial(aligned, side=side))


def distribute(canvas: Canvas, along: Axis) -> None:
    """Puts the selected blocks at even distances."""
    label = tr("Distribute across") if along == "x" else tr("Distribute down")
    _place(canvas, label, partial(distributed, along=along))


def tidy(canvas: Canvas) -> None:
    """Puts the selected blocks into straight rows and columns."""
    _place(canvas, tr("Tidy selection"), tidied)


def _place(canvas: Canvas, label: str, arrange: Callable[[Places], Places]) -> None:
    session = canvas.session
    if session is None or not commands.may_edit(session):
        return
    ids, _ = locks.free(session, session.selection)
    places = places_of(session.document, ids)
    canvas.editor.placing.work_out(session, label, len(places), partial(arrange, places))


def lay_out_selection(canvas: Canvas) -> None:
    """Places the selected blocks anew by the wires among them."""
    session = canvas.session
    if session is not None and commands.may_edit(session):
        canvas.editor.placing.lay_out(session, session.selection)


def take_out(canvas: Canvas) -> None:
    """Takes the selected blocks out of their chains, which close over the gap."""
    session = canvas.session
    if session is not None:
        session.apply(tr("Take out of the chain"), partial(pulled_out, ids=session.selection))
