"""Blocks that are drawn as their titles alone: how high they are, and which of them changed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.geometry import COLLAPSED_H, NODE_H, NODE_W, Ints
from app.canvas.traits import COLLAPSED, LOCKED, traits_for_the_eye
from graph.change import Change
from graph.model import Graph, NodeId

LIFT_PX = 6.0
"""How much higher the icon and the title stand where nothing is written below them."""
CHEVRON = (NODE_W - 17.0, COLLAPSED_H / 2)
CHEVRON_W, CHEVRON_H, CHEVRON_GAP = 4.5, 3.5, 4.5
CHEVRON_REACH = 11.0


def height_of(traits: int) -> float:
    """How high a block is, in px of the canvas."""
    return COLLAPSED_H if traits & COLLAPSED else NODE_H


def is_on_chevron(x: float, y: float) -> bool:
    """Whether a place, from the corner of a collapsed block, is on what opens it."""
    return math.hypot(x - CHEVRON[0], y - CHEVRON[1]) <= CHEVRON_REACH


def paint_chevron(painter: QPainter, tone: str) -> None:
    """Paints two arrows down at the right of a collapsed block, whose corner is the origin."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tone), 1.5))
    painter.translate(*CHEVRON)
    for y in (-CHEVRON_GAP, 0.0):
        tip = QPointF(0.0, y + CHEVRON_H)
        painter.drawLine(QPointF(-CHEVRON_W, y), tip)
        painter.drawLine(tip, QPointF(CHEVRON_W, y))
    painter.restore()


def restated(change: Change, graph: Graph, row: Mapping[NodeId, int], traits: Ints) -> Change:
    """The change, with blocks that were collapsed or locked among those that look different.

    Args:
        graph: as it is now.
        row: where each block is in `traits`, which are those from before.
    """
    if not change.moved:
        return change
    nodes, seen = graph.nodes, (traits & (COLLAPSED | LOCKED)).tolist()
    turned = frozenset(id for id in change.moved if traits_for_the_eye(nodes[id]) != seen[row[id]])
    return replace(change, changed=change.changed | turned) if turned else change
