"""The outline in the window: what is selected there is selected on the canvas, and keys work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from graph.model import Edge, NodeId
from graph.remarks import RemarkId

if TYPE_CHECKING:
    from app.window import Window

LEFT_OUT = {"rename", "find-next", "add-note", "next-remark"}
"""The outline renames in its rows; the others would take the focus away."""


def wire_outline(window: Window) -> None:
    """Joins the outline to the canvas in front and to the inspector."""
    outline = window.outline

    def choose(
        nodes: frozenset[NodeId], edges: frozenset[Edge], remarks: frozenset[RemarkId]
    ) -> None:
        canvas = window.canvas
        canvas.editor.choose(nodes, edges, remarks)
        seen = nodes or {end for edge in edges for end in (edge.source, edge.target)}
        if seen:
            canvas.center_on(sorted(seen))
        elif remarks:
            all_remarks = window.session.document.graph.remarks
            canvas.reveal([all_remarks[id].shown for id in remarks])

    outline.chosen.connect(choose)
    outline.edit_wanted.connect(lambda: focus_first_field(window))
    outline.write_wanted.connect(lambda: window.canvas.rename_selected())
    for action in window.tabs.actions():
        if action.objectName() not in LEFT_OUT:
            outline.tree.addAction(action)


def show_outline(window: Window) -> None:
    """Brings the outline to the front, with the focus in it; back to the canvas where it has it."""
    tree = window.outline.tree
    if tree.hasFocus():
        window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        return
    window.docks.bring_up(window.docks.outline)
    tree.setFocus(Qt.FocusReason.OtherFocusReason)
    if not tree.currentIndex().isValid():
        tree.setCurrentIndex(tree.model().index(0, 0))


def focus_first_field(window: Window) -> None:
    """Puts the focus into the first field of the inspector."""
    window.docks.bring_up(window.docks.inspector)
    for widget in window.inspector.page().findChildren(QWidget):
        accepts = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if accepts and widget.isVisible() and widget.isEnabled():
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            return
