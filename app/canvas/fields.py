"""The one field that may lie over the canvas: over a block, a frame's title or a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.canvas.param_strip import ParamStrip
from app.canvas.remark_field import RemarkField
from app.canvas.rename import NameField
from graph.model import NodeId
from graph.remarks import RemarkId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session


class Fields(QObject):
    """Opens a field, and closes the one before.

    Signals:
        search_wanted: a field, as a search calls it, and the choices that were typed for it.
    """

    search_wanted = Signal(str)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._open: NameField | ParamStrip | RemarkField | None = None

    def rename(self, session: Session, node: NodeId) -> None:
        """Opens a field over the name of a block."""
        self._make_way()
        self._canvas.center_on([node])
        self._show(NameField(self._canvas, session, node))

    def edit_params(self, session: Session, ids: Sequence[NodeId]) -> None:
        """Opens fields over the first of these blocks, for the parameters of all of them."""
        self._make_way()
        self._canvas.center_on(ids[:1])
        strip = ParamStrip(self._canvas, session, ids)
        strip.form.search_wanted.connect(self.search_wanted)
        self._show(strip)

    def write_on(self, session: Session, remark: RemarkId) -> None:
        """Opens a field over the title of a frame or the text of a note."""
        self._make_way()
        self._canvas.reveal([session.document.graph.remarks[remark].shown])
        self._show(RemarkField(self._canvas, session, remark))

    def close(self) -> None:
        """Closes what is open."""
        if self._open is not None:
            self._open.close_field()

    def _make_way(self) -> None:
        self.close()
        self._canvas.cancel_gesture()

    def _show(self, field: NameField | ParamStrip | RemarkField) -> None:
        self._open = field
        field.closed.connect(lambda: self._forget(field))

    def _forget(self, field: NameField | ParamStrip | RemarkField) -> None:
        if self._open is field:
            self._open = None
