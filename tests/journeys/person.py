"""What a person does to the window, as real mouse and key events."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.canvas.ports import PortRef
from app.dragging import mime_of
from app.window import Window
from graph.model import Node, NodeId

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


class Person:
    """Hands and eyes in front of a window."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self.wait = qtbot.waitUntil

    def node(self, kind: str) -> Node:
        """The only block of a kind."""
        (found,) = (n for n in self.window.session.document.graph.nodes.values() if n.kind == kind)
        return found

    def drag_from_palette(self, kind: str, to: tuple[float, float]) -> NodeId:
        """Drags a row of the palette to a place on the canvas; answers the new block."""
        before = set(self.window.session.document.graph.nodes)
        canvas = self.window.canvas
        data = mime_of(kind)
        place = QPointF(*canvas.camera.to_view(*to))
        copy = Qt.DropAction.CopyAction
        enter = QDragEnterEvent(place.toPoint(), copy, data, LEFT, NO_KEYS)
        QApplication.sendEvent(canvas, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(canvas, QDragMoveEvent(place.toPoint(), copy, data, LEFT, NO_KEYS))
        QApplication.sendEvent(canvas, QDropEvent(place, copy, data, LEFT, NO_KEYS))
        (added,) = set(self.window.session.document.graph.nodes) - before
        return added

    def wire(self, source: NodeId, out: str, target: NodeId, into: str) -> None:
        """Drags from an output port to an input port."""
        start = self._at(PortRef(source, out, False))
        end = self._at(PortRef(target, into, True))
        self.drag(self.window.canvas, start, end)

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Presses, moves in steps and lets go."""
        QTest.mouseMove(widget, start)
        QTest.mousePress(widget, LEFT, NO_KEYS, start)
        for share in (0.1, 0.4, 0.7, 1.0):
            QTest.mouseMove(widget, start + (end - start) * share)
        QTest.mouseRelease(widget, LEFT, NO_KEYS, end)

    def click(self, widget: QWidget) -> None:
        """Clicks into the middle of a widget."""
        self.wait(lambda: widget.isVisible() and widget.isEnabled())
        QTest.mouseClick(widget, LEFT, NO_KEYS, widget.rect().center())

    def press(self, keys: str) -> None:
        """Types a shortcut into the window, brought to the front as the desktop would."""
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)
        QTest.keySequence(self.window.windowHandle(), keys)

    def _at(self, port: PortRef) -> QPoint:
        place = self.window.canvas.mirror.place_of(port)
        assert place is not None
        return QPointF(*self.window.canvas.camera.to_view(*place)).toPoint()
