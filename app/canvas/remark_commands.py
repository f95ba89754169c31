"""What menus and keys do to frames and notes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from app import locks, states
from app.canvas.snapping import on_grid
from app.i18n import tr
from graph import remark_edits
from graph.framing import box_around, contents, fitted
from graph.remark_edits import next_remark_id
from graph.remarks import Note, RemarkId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session


def add_note(canvas: Canvas, session: Session, pos: QPointF | None = None) -> None:
    """Adds an empty note at a place of the widget or in its middle, and lets one write on it."""
    at = canvas.at(pos if pos is not None else QPointF(canvas.rect().center()))
    usual = Note(RemarkId(""))
    corner = on_grid(at.x() - usual.width / 2, at.y() - usual.height / 2)
    id = next_remark_id(session.document)
    if session.apply(tr("Add note"), partial(remark_edits.add_note, at=corner)):
        session.select((), [id])
        canvas.editor.write_on(id)


def frame_selection(canvas: Canvas, session: Session) -> None:
    """Puts a frame around what is selected, and lets one write its title."""
    box = box_around(session.document.graph, session.selection, session.chosen_remarks)
    if box is None:
        canvas.request_help.emit(tr("Select the blocks that the frame is to be around."))
        return
    id = next_remark_id(session.document)
    if session.apply(tr("Frame selection"), partial(remark_edits.add_frame, box=box)):
        session.select((), [id])
        canvas.editor.write_on(id)


def set_color(session: Session, color: str) -> None:
    """Gives the selected frames and notes a colour."""
    edit = partial(remark_edits.set_color, ids=session.chosen_remarks, color=color)
    session.apply(tr("Change colour"), edit)


def select_contents(session: Session) -> None:
    """Selects what lies in the selected frames, and them with it; collapsed ones are opened."""
    for id in sorted(session.chosen_remarks):
        states.open_frame(session, id)
    blocks, remarks = contents(session.document.graph, session.chosen_remarks)
    session.select(session.selection | blocks, session.chosen_remarks | remarks)


def fit_frames(session: Session) -> None:
    """Makes the selected frames as large as what lies in them."""
    _, frames = locks.free(session, (), session.chosen_remarks)
    if frames:
        session.apply(tr("Fit frame"), partial(fitted, ids=frames))


def step_to_next(canvas: Canvas, session: Session) -> None:
    """Selects the frame or note after the selected one that is drawn, from top to bottom."""
    remarks = session.document.graph.remarks
    row = sorted(canvas.mirror.remarks.remarks, key=lambda each: (each.y, each.x, each.id))
    if not row:
        canvas.request_help.emit(tr("There are no frames or notes here."))
        return
    ids = [each.id for each in row]
    chosen = [place for place, id in enumerate(ids) if id in session.chosen_remarks]
    id = ids[(chosen[-1] + 1) % len(ids)] if chosen else ids[0]
    session.select((), [id])
    canvas.reveal([remarks[id].shown])
