"""The first parameters of blocks, edited where they stand on the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app.canvas.frame import MID_BELOW
from app.canvas.geometry import NODE_W
from app.canvas.own_keys import keep_from_canvas
from app.forms import FormView
from app.forms.code_field import WIDGET as CODE
from app.forms.fields import LineField
from app.forms.parts import label
from app.i18n import tr
from app.session import Session
from app.setting import search_name, set_param, variables_for
from app.theme import Theme
from graph import edits
from graph.block import Block
from graph.mentions import is_mention
from graph.model import NodeId
from graph.params import Value

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

MOST = 5
TOP_Y = 42.0
SUMMARY = (TOP_Y, 61.0)
"""From where to where the line of parameters reaches on a block."""
LEAST_PX, MOST_PX = 260, 340
MARGIN_PX = 6
ELSEWHERE = frozenset({CODE, "file", "folder"})
"""Fields that need the room and the dialogs of the inspector."""
COLUMN = "column"


class ParamStrip(QFrame):
    """Fields over blocks of one kind. Enter keeps what is typed and closes, Esc closes.

    Signals:
        closed: it goes away.
    """

    closed = Signal()

    def __init__(self, canvas: Canvas, session: Session, ids: Sequence[NodeId]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._session = session
        self._ids = tuple(ids)
        self._block = block_of(session, ids[0])
        self._is_open = True
        self.title = label("", "dim")
        self.form = FormView(self)
        self.form.search_name = lambda name: search_name(session, ids, name)
        self.note = label("", "dim", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 10, 8)
        layout.setSpacing(6)
        for part in (self.title, self.form, self.note):
            layout.addWidget(part)
        self.setObjectName("param-strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme: Theme | None = None
        self.setAccessibleName(tr("Parameters"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.form.edited.connect(self._set)
        self.form.run_ended.connect(session.seal)
        canvas.view_changed.connect(self._follow)
        session.changed.connect(self._refresh)
        session.leaving.connect(self.form.commit)
        self._refresh()
        for line in self._lines():
            line.focus_widget().installEventFilter(self)
        self.show()
        self._follow()
        self.raise_()
        # only now: on the way here the focus goes through other widgets
        QApplication.instance().focusChanged.connect(self._on_focus)  # type: ignore[union-attr]
        self._focus(0)

    def close_field(self) -> None:
        """Hands over what is typed and goes away; the canvas has the keys again."""
        if not self._is_open:
            return
        self._is_open = False
        QApplication.instance().focusChanged.disconnect(self._on_focus)  # type: ignore[union-attr]
        if self._are_there():
            self.form.commit()
        self._session.seal()
        had_focus = self._holds(QApplication.focusWidget())
        self.hide()
        if had_focus:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def _are_there(self) -> bool:
        nodes = self._session.document.graph.nodes
        return all(id in nodes and block_of(self._session, id) is self._block for id in self._ids)

    def _set(self, name: str, value: Value, is_run: bool) -> None:
        if self._are_there() and not set_param(
            self._session, self._ids, name, value, is_run=is_run
        ):
            self._refresh()

    def _refresh(self) -> None:
        """Shows the blocks as the document has them now."""
        if not self._is_open:
            return
        if not self._are_there() or self._block is None:
            self.close_field()
            return
        session, block = self._session, self._block
        nodes = [session.document.node(id) for id in self._ids]
        values, variables = [node.params for node in nodes], variables_for(session, nodes)
        kind = tr(edits.kind_title(nodes[0].kind, session.registry))
        self.title.setText(tr("{count} × {kind}", count=len(nodes), kind=kind))
        self.title.setVisible(len(nodes) > 1)
        aside = elsewhere(block)
        self.form.show_form(block, values, variables, key=self._ids, without=aside)
        shown = self.form.names()
        left_out = {*aside, *shown[MOST:]}
        self.form.show_form(block, values, variables, key=self._ids, without=left_out)
        self.form.setEnabled(not session.read_only)
        self.note.setText(tr("All parameters are in the inspector."))
        self.note.setVisible(bool(left_out))
        self._follow()

    def _follow(self) -> None:
        """Stays over the first block while the view moves."""
        node = self._session.document.graph.nodes.get(self._ids[0])
        if not self._is_open or node is None:
            return
        self._restyle()
        camera, room = self._canvas.camera, self._canvas.rect()
        self.setFixedWidth(min(max(LEAST_PX, round(NODE_W * camera.scale)), MOST_PX))
        self.adjustSize()
        x, y = camera.to_view(node.x, node.y + TOP_Y)
        right = room.right() - self.width() - MARGIN_PX
        bottom = room.bottom() - self.height() - MARGIN_PX
        at = QPoint(max(min(round(x), right), MARGIN_PX), max(min(round(y), bottom), MARGIN_PX))
        self.move(at)

    def _restyle(self) -> None:
        """Takes on the colours of the canvas where these are others than before."""
        theme = self._canvas.theme
        if theme is not self._theme:
            self._theme = theme
            self.setStyleSheet(
                f"#param-strip {{ background: {theme.panel}; border: 1px solid {theme.accent};"
                " border-radius: 10px; }"
            )

    # the keys

    def _fields(self) -> list[QWidget]:
        """What takes the keys, from top to bottom."""
        return [self.form.field(name).focus_widget() for name in self.form.names()]

    def _lines(self) -> list[LineField]:
        assert self._block is not None
        fields = [self.form.field(name) for name in self._block.params]
        return [field for field in fields if isinstance(field, LineField)]

    def _focus(self, place: int) -> None:
        fields = self._fields()
        if fields:
            fields[place % len(fields)].setFocus(Qt.FocusReason.TabFocusReason)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Goes round the fields: Tab does not leave the strip."""
        fields, holder = self._fields(), QApplication.focusWidget()
        place = fields.index(holder) if holder in fields else -1
        self._focus(place + (1 if next else -1))
        return True

    def event(self, event: QEvent) -> bool:
        """Keeps plain keys from the commands of the canvas, and grows with what is in it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            is_plain = not event.modifiers() & commands and event.text() != ""
            if is_plain or event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_F2):
                event.accept()
                return True
        if keep_from_canvas(self, event):
            return True
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._follow()  # a reason under a field needs room
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_field()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Closes by Enter, unless what is typed is refused."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            field = next(line for line in self._lines() if line.focus_widget() is watched)
            field.commit()
            if not field.is_typed:
                self.close_field()
            return True
        return super().eventFilter(watched, event)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """A click elsewhere closes; another window, or none, does not."""
        if new is not None and new.window() is self.window() and not self._holds(new):
            self.close_field()

    def _holds(self, widget: QWidget | None) -> bool:
        """Whether a widget is in here, or in a list that opened from here."""
        while widget is not None and widget is not self:
            widget = widget.parentWidget()
        return widget is self


def block_of(session: Session, id: NodeId) -> type[Block] | None:
    """The class of a block; None where its kind is not known."""
    return session.registry.of(session.document.node(id))


def elsewhere(block: type[Block]) -> set[str]:
    """The parameters that only the inspector edits."""
    return {
        name for name, each in block.params.items()
        if name == COLUMN or each.widget in ELSEWHERE or is_mention(each)
    }  # fmt: skip


def has_fields(session: Session, id: NodeId) -> bool:
    """Whether a block has parameters that can be edited over it."""
    block = block_of(session, id)
    return block is not None and bool(block.params.keys() - elsewhere(block))


def alike(session: Session, id: NodeId) -> list[NodeId]:
    """The selected blocks that are of the same kind as one of them, that one first."""
    block = block_of(session, id)
    nodes = session.document.graph.nodes
    chosen = [each for each in nodes if each in session.selection and each != id]
    return [id, *(each for each in chosen if block_of(session, each) is block)]


def is_on_summary(canvas: Canvas, id: NodeId, pos: QPointF) -> bool:
    """Whether a place of the widget is on the parameters that are written on a block."""
    session = canvas.session
    if session is None or canvas.camera.scale < MID_BELOW or not has_fields(session, id):
        return False
    y = canvas.at(pos).y() - session.document.node(id).y
    return SUMMARY[0] <= y <= SUMMARY[1]
