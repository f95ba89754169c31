"""What the Arrange menu does to the selected blocks: lines, gaps, layouts, out of a chain."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.canvas import commands
from app.i18n import tr
from graph.arranging import Axis, Side, aligned, distributed, places_of, tidied
from graph.pulling import pulled_out

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

ALIGN_LABELS: dict[Side, str] = {
    "left": "Align left", "centre": "Align centre", "right": "Align right",
    "top": "Align top", "middle": "Align middle", "bottom": "Align bottom",
}  # fmt: skip


def align(canvas: Canvas, side: Side) -> None:
    """Puts the selected blocks on one line."""
    session = canvas.session
    if session is not None and commands.may_edit(session):
        places = aligned(places_of(session.document, session.selection), side)
        canvas.editor.placing.put(session, tr(ALIGN_LABELS[side]), places)


def distribute(canvas: Canvas, along: Axis) -> None:
    """Puts the selected blocks at even distances."""
    session = canvas.session
    if session is not None and commands.may_edit(session):
        label = tr("Distribute across") if along == "x" else tr("Distribute down")
        places = distributed(places_of(session.document, session.selection), along)
        canvas.editor.placing.put(session, label, places)


def tidy(canvas: Canvas) -> None:
    """Puts the selected blocks into straight rows and columns."""
    session = canvas.session
    if session is not None and commands.may_edit(session):
        places = tidied(places_of(session.document, session.selection))
        canvas.editor.placing.put(session, tr("Tidy selection"), places)


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
