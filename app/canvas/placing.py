"""Blocks that an action places: worked out off the UI thread where that takes long, then moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation
from PySide6.QtGui import QPainter

from app import locks
from app.canvas.camera import Camera, between
from app.canvas.geometry import Floats
from app.canvas.ghosts import paint_note
from app.i18n import tr
from app.messages import Message
from app.tasks import Task, run_task
from graph import edits, leading, remark_edits
from graph.arranging import laid_out
from graph.beside import kept_beside
from graph.framing import refitted
from graph.layout import layout
from graph.layout.around import around_locked
from graph.model import Document, NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

Places = Mapping[NodeId, tuple[float, float]]
AT_ONCE = 600
"""So many blocks are laid out in less than a frame or two."""
MOST_MOVING = 2500
"""With more, a frame of the animation would take too long."""
MOVE_MS = 180


class Placing(QObject):
    """Places blocks of one canvas, one run after the other."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._task: Task | None = None
        self._count = 0
        self._move: _Move | None = None

    def is_busy(self) -> bool:
        """Whether places are being worked out."""
        return self._task is not None

    def cancel(self) -> bool:
        """Leaves the blocks where they are; whether anything was under way."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            self._canvas.update()
        return task is not None

    def lay_out_all(self, session: Session) -> None:
        """Places all blocks anew so that they fill the view, and shows them all."""
        graph = session.document.graph
        aspect = self._canvas.width() / self._canvas.height()

        def find() -> Places:
            return around_locked(graph, layout(graph, aspect))

        label = tr("Auto-layout")
        self.work_out(session, label, len(graph.nodes), find, fits=True, lets_go=True)

    def lay_out(self, session: Session, ids: Iterable[NodeId]) -> None:
        """Places some blocks anew by the wires among them, where they are."""
        chosen, _ = locks.free(session, ids)
        find = partial(laid_out, session.document.graph, chosen)
        self.work_out(session, tr("Lay out selection"), len(chosen), find, lets_go=True)

    def work_out(
        self, session: Session, label: str, count: int, find: Callable[[], Places], *,
        fits: bool = False, lets_go: bool = False,
    ) -> None:  # fmt: skip
        """Moves blocks in one step of undo, once their places are found.

        Args:
            count: how many blocks that may be; few are placed at once.
            find: finds their places, in another thread where there are many.
            fits: the whole drawing is shown then.
            lets_go: wires among these blocks are no longer led through points, which stood for
                where the blocks were.
        """
        self.cancel()
        if not count:
            return
        if count <= AT_ONCE:
            after = placed(session.document, find(), lets_go=lets_go)
            self._become(session, label, after, fits=fits)
            return
        before, self._count = session.document, count
        self._task = run_task(
            self, lambda _: placed(before, find(), lets_go=lets_go),
            partial(self._take, session, label, before, fits), self._refuse, name="layout",
        )  # fmt: skip
        self._canvas.update()

    def _take(
        self, session: Session, label: str, before: Document, fits: bool, after: Document
    ) -> None:
        self._task = None
        self._canvas.update()
        if session is not self._canvas.session or session.document is not before:
            text = tr("The drawing changed meanwhile; its blocks stay where they are.")
            session.message.emit(Message(text))
            return
        self._become(session, label, after, fits=fits)

    def _refuse(self, error: Exception) -> None:
        self._task = None
        self._canvas.request_help.emit(str(error))

    def _become(self, session: Session, label: str, after: Document, *, fits: bool) -> None:
        """Takes on a drawing whose blocks are at other places, and shows the whole if wanted."""
        canvas, nodes = self._canvas, session.document.graph.nodes
        moved = [id for id, node in after.graph.nodes.items() if node is not nodes[id]]
        moved = [id for id in moved if id not in canvas.mirror.folds.bar]
        start = canvas.mirror.rect[[canvas.mirror.row[id] for id in moved], :2].copy()
        seen = canvas.camera
        if not session.apply(label, lambda _: after):
            return
        if fits:
            canvas.fit()
        elif moved:
            canvas.reveal(canvas.mirror.boxes_of(moved))
        if canvas.options.animated and 0 < len(moved) <= MOST_MOVING:
            self._move = _Move(canvas, moved, start, seen if fits else None, self)

    def paint(self, painter: QPainter) -> None:
        """Tells that places are being worked out."""
        if self._task is not None:
            canvas = self._canvas
            text = tr("Placing {n} blocks. Esc stops.", n=f"{self._count:,}")
            paint_note(painter, canvas, canvas.theme, QPointF(12, 12), text, canvas.theme.accent)


def placed(document: Document, places: Places, *, lets_go: bool = False) -> Document:
    """The document with blocks at these places, frames around them and notes beside them.

    What is locked stays where it is, with the points of wires between two such blocks.
    """
    if lets_go:
        held = document.graph.nodes
        led = leading.led_within(document, places.keys())
        stays = {e for e in led if held[e.source].locked and held[e.target].locked}
        document = leading.let_go(document, [edge for edge in led if edge not in stays])
    nodes, remarks = document.graph.nodes, document.graph.remarks
    moved = {
        id: at
        for id, at in places.items()
        if not nodes[id].locked and edits.place(at) != (nodes[id].x, nodes[id].y)
    }
    if not moved:
        return document
    made = refitted(document, edits.move(document, moved), places.keys())
    made = kept_beside(document, made) if places.keys() >= nodes.keys() else made
    return remark_edits.put(made, [each for each in remarks.values() if each.locked])


class _Move(QVariantAnimation):
    """Shows blocks on their way to where the document has them, and the view on its way."""

    def __init__(
        self, canvas: Canvas, ids: list[NodeId], start: Floats, seen: Camera | None, parent: QObject
    ) -> None:
        super().__init__(parent, startValue=0.0, endValue=1.0, duration=MOVE_MS)
        self._canvas = canvas
        self._mirror, self._version = canvas.mirror, canvas.mirror.version
        self._rows = [canvas.mirror.row[id] for id in ids]
        self._start = start
        self._end = canvas.mirror.rect[self._rows, :2].copy()
        self._cameras = (seen, canvas.camera) if seen is not None else None
        self._seen = canvas.camera
        self.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.valueChanged.connect(self._go_on)
        self.finished.connect(self.deleteLater)
        self._go_on(0.0)
        self.start()

    def _go_on(self, share: float) -> None:
        canvas, mirror = self._canvas, self._mirror
        is_outdated = canvas.mirror is not mirror or mirror.version != self._version
        if is_outdated or canvas.gesture is not None or share >= 1.0:
            self._end_now(is_outdated)
            return
        mirror.preview_at(self._rows, self._start + (self._end - self._start) * share)
        self._show(share)
        canvas.update()

    def _show(self, share: float) -> None:
        """Takes the view along, unless a person has moved it."""
        if self._cameras is None or self._canvas.camera != self._seen:
            self._cameras = None
            return
        self._canvas.look(between(*self._cameras, share))
        self._seen = self._canvas.camera

    def _end_now(self, is_outdated: bool) -> None:
        self.stop()
        if not is_outdated:
            self._mirror.end_preview()
        is_free = not is_outdated and self._canvas.gesture is None
        if is_free and self._cameras is not None and self._canvas.camera == self._seen:
            self._canvas.fit()
        self._canvas.refresh()
        self.deleteLater()
