"""A person's hand on a canvas: real mouse, key and drag events at places of the drawing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas import Canvas
from app.canvas.geometry import NODE_H, NODE_W
from app.canvas.ports import PortRef
from app.dragging import mime_of
from app.session import Session
from graph.model import NodeId

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
STEPS = 4


class Hand:
    """Drives a shown canvas. Places are px of the widget."""

    def __init__(self, canvas: Canvas, session: Session) -> None:
        self.canvas = canvas
        self.session = session
        self.messages = []
        session.message.connect(lambda message: self.messages.append(message.text))
        canvas.request_help.connect(self.messages.append)

    def view(self, x, y):
        return QPoint(*map(round, self.canvas.camera.to_view(x, y)))

    def block(self, id, dx=0.0, dy=0.0):
        """The middle of a block, or that far from it in px of the canvas."""
        node = self.session.document.node(NodeId(id))
        return self.view(node.x + NODE_W / 2 + dx, node.y + NODE_H / 2 + dy)

    def port(self, id, name, slot=0, *, out=False):
        return self.view(*self.canvas.mirror.place_of(PortRef(NodeId(id), name, not out, slot)))

    def wire(self, id, into="x", slot=0):
        """The middle of the wire into a port."""
        edges = self.session.document.graph.edges_into(NodeId(id), into)
        edge = next(edge for edge in edges if edge.slot == slot)
        x1, y1, x2, y2 = self.canvas.mirror.line[self.canvas.mirror.edges.index(edge)]
        return self.view((x1 + x2) / 2, (y1 + y2) / 2)

    def click(self, at, held=PLAIN):
        QTest.mouseClick(self.canvas, LEFT, held, at)

    def double_click(self, at, held=PLAIN):
        self.click(at, held)
        QTest.mouseDClick(self.canvas, LEFT, held, at)

    def press(self, at, held=PLAIN):
        QTest.mousePress(self.canvas, LEFT, held, at)

    def move(self, at, held=PLAIN, *, buttons=LEFT):
        where = QPointF(at)
        event = QMouseEvent(
            QEvent.Type.MouseMove, where, self.canvas.mapToGlobal(where),
            Qt.MouseButton.NoButton, buttons, held,
        )  # fmt: skip
        QApplication.sendEvent(self.canvas, event)

    def release(self, at, held=PLAIN):
        QTest.mouseRelease(self.canvas, LEFT, held, at)

    def pull(self, start, end, held=PLAIN):
        """Presses and moves, without the release."""
        self.press(start, held)
        for step in range(1, STEPS + 1):
            self.move(start + (end - start) * step / STEPS, held)

    def drag(self, start, end, held=PLAIN):
        self.pull(start, end, held)
        self.release(end, held)

    def key(self, key, held=PLAIN):
        QTest.keyClick(QApplication.focusWidget() or self.canvas, key, held)

    def type(self, text):
        QTest.keyClicks(QApplication.focusWidget(), text)

    def carry(self, kind, at):
        """Drags a block from the palette over a place, without dropping it."""
        self._mime = mime_of(kind)
        for make in (QDragEnterEvent, QDragMoveEvent):
            event = make(at, Qt.DropAction.CopyAction, self._mime, LEFT, PLAIN)
            QApplication.sendEvent(self.canvas, event)
        return event

    def drop(self, kind, at):
        self.carry(kind, at)
        event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, self._mime, LEFT, PLAIN)
        QApplication.sendEvent(self.canvas, event)
        return event

    def leave(self):
        QApplication.sendEvent(self.canvas, QDragLeaveEvent())

    def at(self, id):
        node = self.session.document.node(NodeId(id))
        return (node.x, node.y)

    def edges(self):
        """All wires as `n1.y n2.x`, with the slot of a many port."""
        return sorted(
            f"{e.source}.{e.out} {e.target}.{e.into}" + (f"[{e.slot}]" if e.slot else "")
            for e in self.session.document.graph.edges()
        )

    def kinds(self):
        return [node.kind for node in self.session.document.graph.nodes.values()]
