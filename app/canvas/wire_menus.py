"""The part of a right click's menu that leads a wire through points."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from app.canvas import points
from app.i18n import tr
from app.key_texts import in_use
from graph import leading
from graph.model import Edge

if TYPE_CHECKING:
    from app.canvas.gestures.editor import Editor
    from app.session import Session


def add_leading(menu: QMenu, editor: Editor, session: Session, edge: Edge, pos: QPointF) -> None:
    """Adds how to lead a wire through a point here, and how to let points go."""
    point = points.point_at(editor.canvas, pos)
    if point is not None:
        action = menu.addAction(tr("Delete point"))
        action.triggered.connect(lambda _checked=False: points.remove(session, [point]))
    else:
        action = menu.addAction(tr("Add point here"))
        add = partial(points.add_at, editor, session, edge, pos)
        action.triggered.connect(lambda _checked=False: add())
    action.setEnabled(not session.read_only)
    via = leading.present(session.document, edge).via
    if via:
        action = menu.addAction(f"{tr('Remove wire points')}\t{in_use('Shift+B')}")
        remove = partial(points.remove_from_wires, editor.canvas)
        action.triggered.connect(lambda _checked=False: remove())
        action.setEnabled(not session.read_only)
