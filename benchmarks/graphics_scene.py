"""The peer: the drawing as a QGraphicsScene, an item for each block and each edge.

This is how such an editor is usually written, with the usual care: level of detail in `paint`,
cached paths and no children of items.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from app.canvas.edges import course_path
from app.canvas.frame import FAR_BELOW, MID_BELOW
from app.canvas.geometry import NODE_H, NODE_W, PORT_R
from app.canvas.labels import BlockTexts, block_texts
from app.canvas.looks import COLOURS
from app.canvas.mirror import Mirror
from app.theme import Theme, mono, sans

BODY = QRectF(0, 0, NODE_W, NODE_H)


class BlockItem(QGraphicsItem):
    """A block."""

    def __init__(self, mirror: Mirror, row: int, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tone = QColor(theme.categories[COLOURS[mirror.category[row]]])
        self._texts: BlockTexts | None = None
        self._mirror, self._row = mirror, row
        self._spots = [QPointF(spot.x, spot.y) for spot in mirror.layouts[row].spots]
        self.edges: list[tuple[EdgeItem, bool]] = []
        self.setPos(*mirror.rect[row, :2].tolist())

    def boundingRect(self) -> QRectF:
        return BODY.adjusted(-8, -8, 8, 10)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setPen(Qt.PenStyle.NoPen)
        if scale < FAR_BELOW:
            painter.fillRect(BODY, self._tone)
            return
        theme = self._theme
        painter.setBrush(QColor(0, 0, 0, 40))
        painter.drawRoundedRect(BODY.adjusted(-3, 0, 3, 6), 12, 12)
        painter.setBrush(QColor(theme.body))
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRoundedRect(BODY, 10, 10)
        painter.fillRect(QRectF(0, 6, 4, NODE_H - 12), self._tone)
        painter.setPen(QPen(QColor(theme.canvas), 2))
        painter.setBrush(QColor(theme.port))
        for spot in self._spots:
            painter.drawEllipse(spot, PORT_R, PORT_R)
        if self._texts is None:
            self._texts = block_texts(self._mirror, self._mirror.ids[self._row])
        painter.setPen(QColor(theme.text))
        painter.setFont(sans(13, bold=True))
        painter.drawText(QPointF(46, 21), self._texts.title)
        if scale >= MID_BELOW:
            painter.setPen(QColor(theme.dim))
            painter.setFont(sans(11))
            painter.drawText(QPointF(46, 36), self._texts.name)
            painter.setFont(mono(10))
            painter.drawText(QPointF(14, 55), self._texts.summary)

    def move_by(self, dx: float, dy: float) -> None:
        """Moves the block with the ends of its edges."""
        self.setPos(self.x() + dx, self.y() + dy)
        for edge, is_start in self.edges:
            edge.stretch(dx, dy, is_start)


class EdgeItem(QGraphicsPathItem):
    """An edge."""

    def __init__(self, mirror: Mirror, row: int, theme: Theme) -> None:
        x1, y1, x2, y2 = mirror.line[row].tolist()
        lane = float(mirror.lane[row])
        super().__init__(course_path(x1, y1, x2, y2, None if math.isnan(lane) else lane))
        self._line = QLineF(x1, y1, x2, y2)
        self._pen = QPen(QColor(theme.edge), 2)
        self._hair = QPen(QColor(theme.edge), 0)
        self.setZValue(-1)

    def stretch(self, dx: float, dy: float, is_start: bool) -> None:
        """Moves one end."""
        if is_start:
            self._line.setP1(self._line.p1() + QPointF(dx, dy))
        else:
            self._line.setP2(self._line.p2() + QPointF(dx, dy))
        path = QPainterPath(self._line.p1())
        bend = max(34.0, abs(self._line.dy()) / 2)
        path.cubicTo(
            self._line.p1() + QPointF(0, bend), self._line.p2() - QPointF(0, bend), self._line.p2()
        )
        self.setPath(path)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if option.levelOfDetailFromTransform(painter.worldTransform()) < FAR_BELOW:
            painter.setPen(self._hair)
            painter.drawLine(self._line)
        else:
            painter.setPen(self._pen)
            painter.drawPath(self.path())


class SceneView(QGraphicsView):
    """A view of a drawing as a scene."""

    def __init__(self, mirror: Mirror, theme: Theme) -> None:
        scene = QGraphicsScene()
        super().__init__(scene)
        scene.setParent(self)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setBackgroundBrush(QColor(theme.canvas))
        self.blocks = [BlockItem(mirror, row, theme) for row in range(len(mirror.ids))]
        self.edges = [EdgeItem(mirror, row, theme) for row in range(len(mirror.edges))]
        for row, edge in enumerate(self.edges):
            self.blocks[mirror.source[row]].edges.append((edge, True))
            self.blocks[mirror.target[row]].edges.append((edge, False))
            scene.addItem(edge)
        for block in self.blocks:
            scene.addItem(block)

    def look(self, scale: float, x: float, y: float) -> None:
        """Shows a place of the canvas in the middle, at a scale."""
        self.resetTransform()
        self.scale(scale, scale)
        self.centerOn(x, y)
