"""A block's name, edited where it stands on the canvas."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.canvas.geometry import NODE_W
from app.canvas.own_keys import keep_from_canvas
from app.i18n import tr
from app.line_edit import LineEdit
from graph import edits
from graph.model import NodeId
from graph.problems import UserError

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

FIELD_AT, COLLAPSED_AT = (40.0, 22.0), (40.0, 4.0)
LEAST_PX = 150
REASON_PX = 240


class NameField(QFrame):
    """A line over the name of a block. Enter keeps what is typed, Esc does not.

    A name that cannot be is told while it is typed.

    Signals:
        closed: it goes away.
    """

    closed = Signal()

    def __init__(self, canvas: Canvas, session: Session, node: NodeId) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._session = session
        self._node = node
        self._is_open = True
        self.line = _Line(session.document.node(node).name, self)
        self.line.write_a_name()
        self.line.setAccessibleName(tr("Name of the block"))
        self.line.textChanged.connect(lambda _: self._judge())
        self.line.returnPressed.connect(self.commit)
        self.line.cancelled.connect(self.close_field)
        self.line.left.connect(self._leave)
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self.reason.setProperty("role", "error")
        self.reason.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.line)
        layout.addWidget(self.reason)
        theme = canvas.theme
        self.reason.setStyleSheet(
            f"background: {theme.panel}; color: {theme.error}; border: 1px solid {theme.error};"
            " border-radius: 6px; padding: 4px 6px; font-size: 11px;"
        )
        canvas.view_changed.connect(self._follow)
        session.changed.connect(self._follow)
        self._follow()
        self.show()
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def commit(self) -> None:
        """Renames the block; stays open where the name is refused."""
        if not self._is_open or self._judge():
            return
        name = self.line.text().strip()
        changed = name != self._session.document.node(self._node).name
        self.close_field()
        if changed:
            self._session.apply(tr("Rename block"), partial(edits.rename, id=self._node, name=name))

    def close_field(self) -> None:
        """Goes away without renaming; the canvas has the keys again."""
        if not self._is_open:
            return
        self._is_open = False
        had_focus = self.line.hasFocus()
        self.hide()
        if had_focus:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def _leave(self) -> None:
        """A click elsewhere keeps a name that can be; where the canvas closes, nothing is kept."""
        if not self.isVisible():
            return
        if self._judge():
            self.close_field()
        else:
            self.commit()

    def _judge(self) -> str:
        """Why the typed name is refused, shown below the line; empty where it is not."""
        reason = ""
        try:
            edits.rename(self._session.document, self._node, self.line.text())
        except UserError as error:
            reason = tr(str(error))
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self.line.setProperty("invalid", bool(reason))
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)
        self._follow()
        return reason

    def _follow(self) -> None:
        """Stays over the block while the view moves."""
        if not self._is_open:
            return
        node = self._session.document.graph.nodes.get(self._node)
        if node is None:
            self.close_field()
            return
        scale = self._canvas.camera.scale
        left, top = COLLAPSED_AT if node.collapsed else FIELD_AT
        x, y = self._canvas.camera.to_view(node.x + left, node.y + top)
        width = max(LEAST_PX, round((NODE_W - FIELD_AT[0] - 8) * scale))
        self.line.setFixedWidth(width)
        if self.reason.text():
            self.reason.setFixedSize(REASON_PX, self.reason.heightForWidth(REASON_PX))
        self.setFixedWidth(max(width, REASON_PX) if self.reason.text() else width)
        self.adjustSize()
        self.move(round(x), round(y))


class _Line(LineEdit):
    cancelled = Signal()
    left = Signal()

    def event(self, event: QEvent) -> bool:
        return keep_from_canvas(self, event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
            event.accept()  # Qt leaves Enter to the canvas, which would open what was renamed

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()
