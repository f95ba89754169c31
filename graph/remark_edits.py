"""Pure edits of frames and notes: each takes a document and answers another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from graph.hiding import hiding
from graph.model import Document, NodeId
from graph.problems import UserError
from graph.remarks import (
    FARTHEST,
    LARGEST,
    LEAST_HEIGHT,
    LEAST_WIDTH,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Frame,
    Note,
    Remark,
    RemarkId,
    Remarks,
    within,
)

Box = tuple[float, float, float, float]


def next_remark_id(document: Document) -> RemarkId:
    """The id that the next added frame or note will get."""
    return RemarkId(f"r{document.next_id}")


def add_note(document: Document, at: tuple[float, float], text: str = "") -> Document:
    """The document with one more note, whose id is `next_remark_id(document)`."""
    note = Note(next_remark_id(document), text=_checked_text(text))
    return _with_new(document, _placed(note, (*at, at[0] + note.width, at[1] + note.height)))


def add_frame(document: Document, box: Box, title: str = "") -> Document:
    """The document with one more frame, whose id is `next_remark_id(document)`."""
    frame = Frame(next_remark_id(document), title=_checked_title(title))
    return _with_new(document, _placed(frame, box))


def _with_new(document: Document, remark: Remark) -> Document:
    made = document.with_graph(remarks={**document.graph.remarks, remark.id: remark})
    return replace(made, next_id=document.next_id + 1)


def set_title(document: Document, id: RemarkId, title: str) -> Document:
    """The document with another title on a frame.

    Raises:
        UserError: it is too long.
    """
    frame = document.graph.remarks.get(id)
    if not isinstance(frame, Frame):
        return document
    return _with(document, [replace(frame, title=_checked_title(title))])


def set_text(document: Document, id: RemarkId, text: str) -> Document:
    """The document with another text on a note.

    Raises:
        UserError: it is too long.
    """
    note = document.graph.remarks.get(id)
    if not isinstance(note, Note):
        return document
    return _with(document, [replace(note, text=_checked_text(text))])


def set_color(document: Document, ids: Iterable[RemarkId], color: str) -> Document:
    """The document with these frames and notes in another colour."""
    return _with(document, [replace(each, color=color) for each in _those(document, ids)])


def move(document: Document, ids: Iterable[RemarkId], step: tuple[float, float]) -> Document:
    """The document with frames and notes moved by so many px, without what lies in them."""
    dx, dy = step
    return _with(document, [moved(each, dx, dy) for each in _those(document, ids)])


def moved(remark: Remark, dx: float, dy: float) -> Remark:
    """The same remark that far away."""
    return replace(
        remark,
        x=within(remark.x + dx, -FARTHEST, FARTHEST, remark.x),
        y=within(remark.y + dy, -FARTHEST, FARTHEST, remark.y),
    )


def resize(document: Document, id: RemarkId, box: Box) -> Document:
    """The document with a frame or note in another box: left, top, right, bottom."""
    return _with(document, [_placed(each, box) for each in _those(document, [id])])


def put(document: Document, remarks: Iterable[Remark]) -> Document:
    """The document with these in place of those with the same ids."""
    return _with(document, remarks)


def remove(document: Document, ids: Iterable[RemarkId]) -> Document:
    """The document without these frames and notes; the blocks in a frame stay."""
    gone = set(ids) & document.graph.remarks.keys()
    if not gone:
        return document
    kept = {id: each for id, each in document.graph.remarks.items() if id not in gone}
    return document.with_graph(remarks=kept)


def with_copies(
    document: Document,
    remarks: Iterable[Remark],
    offset: tuple[float, float],
    blocks: Mapping[NodeId, NodeId],
) -> Document:
    """The document with copies of these, none of them locked, that far from where they are.

    Args:
        blocks: the copies of the blocks that were copied with them.
    """
    free = (replace(moved(each, *offset), locked=False) for each in remarks)
    copies = renumbered(free, document.next_id, blocks)
    if not copies:
        return document
    made = document.with_graph(remarks={**document.graph.remarks, **copies})
    return replace(made, next_id=document.next_id + len(copies))


def renumbered(remarks: Iterable[Remark], first: int, blocks: Mapping[NodeId, NodeId]) -> Remarks:
    """The same remarks with ids from a number on; collapsed frames hide the new of the blocks."""
    known = {RemarkId(f"r{number}"): each for number, each in enumerate(remarks, first)}
    ids = {each.id: id for id, each in known.items()}
    return {id: replace(hiding(each, blocks, ids), id=id) for id, each in known.items()}


def _those(document: Document, ids: Iterable[RemarkId]) -> list[Remark]:
    remarks = document.graph.remarks
    return [remarks[id] for id in dict.fromkeys(ids) if id in remarks]


def _with(document: Document, remarks: Iterable[Remark]) -> Document:
    changed = {each.id: each for each in remarks}
    if not changed:
        return document
    return document.with_graph(remarks={**document.graph.remarks, **changed})


def _placed(remark: Remark, box: Box) -> Remark:
    """A remark in a box, which is made as large as one must be."""
    left, top, right, bottom = box
    return replace(
        remark,
        x=within(left, -FARTHEST, FARTHEST, remark.x),
        y=within(top, -FARTHEST, FARTHEST, remark.y),
        width=within(right - left, LEAST_WIDTH, LARGEST, remark.width),
        height=within(bottom - top, LEAST_HEIGHT, LARGEST, remark.height),
    )


def _checked_title(title: str) -> str:
    title = " ".join(title.split())
    if len(title) > LONGEST_TITLE:
        raise UserError(
            f"The title of a frame has {LONGEST_TITLE} characters at most, but this has "
            f"{len(title):,}."
        )
    return title


def _checked_text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise UserError(
            f"A note holds {LONGEST_TEXT:,} characters at most, but this text has {len(text):,}."
        )
    return text
