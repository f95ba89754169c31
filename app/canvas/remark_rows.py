"""The frames and notes of a drawing as rows, back to front, and what of them is at a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.canvas.frame_title import is_bar
from app.canvas.geometry import Box, Floats, Ints
from graph.framing import TITLE_PX
from graph.hiding import hidden_in
from graph.remarks import Frame, Remark, RemarkId, Remarks

LEFT, TOP, RIGHT, BOTTOM = 1, 2, 4, 8
GRIP_PX = 6.0
LABEL_PX = 18.0
"""How high a title is where the frame is so small that it stands above it."""
LABELS_BELOW = 0.5


@dataclass(frozen=True)
class Grip:
    """Where a frame or note is held: `edges` are those that a drag resizes; none moves it."""

    id: RemarkId
    edges: int = 0


class RemarkRows:
    """Follows the remarks of a document. Large frames come first, notes last.

    Attributes:
        rect: a row of left, top, width, height each.
        selection: those that are marked.
        previewed: those that are shown elsewhere than the document has them.
    """

    def __init__(self) -> None:
        self.selection: frozenset[RemarkId] = frozenset()
        self._known: Remarks = {}
        self._take([])

    def follow(self, remarks: Remarks) -> None:
        """Shows the remarks of another document."""
        if remarks is not self._known:
            self._known = remarks
            hidden = hidden_in(remarks)
            shown = (each for each in remarks.values() if each.id not in hidden)
            self._take(sorted(shown, key=_depth))

    def _take(self, remarks: list[Remark]) -> None:
        self.remarks = remarks
        self.row = {each.id: row for row, each in enumerate(remarks)}
        boxes = [each.shown for each in remarks]
        rows = [(left, top, right - left, bottom - top) for left, top, right, bottom in boxes]
        self.rect: Floats = np.array(rows, np.float64).reshape(-1, 4)
        self.previewed: frozenset[RemarkId] = frozenset()

    def preview_move(self, ids: Iterable[RemarkId], dx: float, dy: float) -> None:
        """Shows some that far from where the document has them, until the next change."""
        ids = frozenset(ids) & self.row.keys()
        self.previewed |= ids
        for id in ids:
            row = self.row[id]
            left, top, _, _ = self.remarks[row].shown
            self.rect[row, :2] = left + dx, top + dy

    def preview_box(self, id: RemarkId, box: Box) -> None:
        """Shows one in another box, until the next change."""
        self.previewed |= {id}
        left, top, right, bottom = box
        self.rect[self.row[id]] = left, top, right - left, bottom - top

    def end_preview(self) -> None:
        """Shows all where the document has them."""
        self._take(self.remarks)

    def in_box(self, box: Box) -> Ints:
        """The rows of those that touch a box."""
        left, top, right, bottom = box
        x, y, width, height = self.rect.T
        return np.flatnonzero(
            (x <= right) & (x + width >= left) & (y <= bottom) & (y + height >= top)
        )

    def caught_by(self, box: Box) -> frozenset[RemarkId]:
        """What a box that is drawn selects: notes that it touches, frames wholly in it."""
        left, top, right, bottom = box
        found = []
        for row in self.in_box(box).tolist():
            x, y, width, height = self.rect[row].tolist()
            whole = left <= x and top <= y and x + width <= right and y + height <= bottom
            if whole or not isinstance(self.remarks[row], Frame):
                found.append(self.remarks[row].id)
        return frozenset(found)

    def grip_at(self, x: float, y: float, scale: float) -> Grip | None:
        """What a press at a place of the canvas would hold; None inside a frame and elsewhere."""
        reach = GRIP_PX / scale
        label = LABEL_PX / scale if scale < LABELS_BELOW else 0.0
        near = (x - reach, y - reach, x + reach, y + reach + label)
        for row in self.in_box(near)[::-1].tolist():
            left, top, width, height = self.rect[row].tolist()
            box = (left, top, left + width, top + height)
            remark = self.remarks[row]
            edges = 0 if is_bar(remark) else _edges_at(box, x, y, min(reach, width / 4, height / 4))
            if edges:
                return Grip(remark.id, edges)
            held = height
            if isinstance(remark, Frame) and not is_bar(remark):
                held, top = min(max(TITLE_PX, label), height), top - label
                held += label
            if left <= x <= left + width and top <= y <= top + held:
                return Grip(self.remarks[row].id)
        return None


def _depth(remark: Remark) -> tuple[bool, float, str]:
    is_frame = isinstance(remark, Frame)
    return (not is_frame, -remark.width * remark.height if is_frame else 0.0, remark.id)


def _edges_at(box: Box, x: float, y: float, reach: float) -> int:
    left, top, right, bottom = box
    if not (left - reach <= x <= right + reach and top - reach <= y <= bottom + reach):
        return 0
    edges = 0
    if abs(x - left) <= reach:
        edges = LEFT
    elif abs(x - right) <= reach:
        edges = RIGHT
    if abs(y - top) <= reach:
        edges |= TOP
    elif abs(y - bottom) <= reach:
        edges |= BOTTOM
    return edges
