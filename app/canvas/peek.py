"""A picture of what is inside a composite, over the canvas, without going there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QCursor, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.canvas.insides import Inside, Insides, first_of
from app.canvas.peek_picture import InsidePicture
from app.i18n import tr
from graph.composites.places import Step
from graph.model import NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

KEY = "V"
HELD_MS = 300
"""A key that is let go sooner was tapped: the picture stays until it is closed."""
LET_GO_MS = 60
"""Some desktops tell of a key that repeats as let go and pressed again, at once."""
LARGEST = QSize(560, 420)
AROUND = QSize(32, 104)
"""What the title and the lines below it take."""
MARGIN_PX, GAP_PX = 12, 14
MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)
_seen: WeakKeyDictionary[Canvas, Insides] = WeakKeyDictionary()
"""What each canvas has shown so far."""


def peek(canvas: Canvas, node: NodeId | None = None) -> Peek | None:
    """Shows what is inside a composite: this, the selected one, or the one at the pointer."""
    session = canvas.session
    if session is None:
        return None
    chosen = session.selection if len(session.selection) == 1 else frozenset[NodeId]()
    pointer = QPointF(canvas.mapFromGlobal(QCursor.pos()))
    found = first_of(session, (node, *chosen, canvas.editor.node_at(pointer)))
    if found is None:
        canvas.request_help.emit(tr("Select a composite to look inside, or point at one."))
        return None
    canvas.cancel_gesture()
    canvas.editor.close_fields()
    canvas.reveal(canvas.mirror.boxes_of([found]))
    return Peek(canvas, session, found)


class Peek(QFrame):
    """The picture with its title. Enter opens what is shown, Esc or letting go of the key closes.

    Tab goes through the composites in it, Down looks into the one that is marked, Up comes back.
    """

    def __init__(self, canvas: Canvas, session: Session, node: NodeId) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._session = session
        self._insides = _seen.setdefault(canvas, Insides())
        self._way: tuple[NodeId, ...] = (node,)
        self._marked: NodeId | None = None
        self._pressed: set[int] = set()
        self._is_open = True
        self._let_go = QTimer(self, singleShot=True, interval=LET_GO_MS)
        self._let_go.timeout.connect(self.close_peek)
        self._since = QElapsedTimer()
        self._since.start()
        self.title, self.facts, self.hint = QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        self.picture = InsidePicture(lambda: canvas.theme, self)
        for label in (self.facts, self.hint):
            label.setProperty("role", "dim")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(6)
        for part in (self.title, self.facts, self.picture, self.hint):
            layout.addWidget(part)
        theme = canvas.theme
        self.setObjectName("peek")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"#peek {{ background: {theme.panel}; border: 1px solid {theme.accent};"
            " border-radius: 12px; }"
        )
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        session.changed.connect(self.close_peek)
        canvas.view_changed.connect(self._place)
        self._show()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def inside(self) -> Inside:
        """What is shown now."""
        return self._all()[-1]

    def _all(self) -> list[Inside]:
        """What is shown now, and before it what is around it."""
        session, found = self._session, list[Inside]()
        around = session.document, session.typing
        for length in range(1, len(self._way) + 1):
            inside = self._insides.of(*around, session.registry, self._way[:length])
            found.append(inside)
            around = inside.document, inside.typing
        return found

    @property
    def marked(self) -> NodeId | None:
        """The composite in the picture that Down and Enter are about."""
        return self._marked

    def close_peek(self) -> None:
        """Goes away; the canvas has the keys again."""
        if not self._is_open:
            return
        self._is_open = False
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    def look_into(self, node: NodeId | None) -> bool:
        """Shows what is inside a composite of the picture; whether it is one."""
        if node is None or node not in self.inside.instances:
            return False
        self._way, self._marked = (*self._way, node), None
        self._show()
        return True

    def back(self) -> bool:
        """Shows what the picture was of before; whether there is more around it."""
        if len(self._way) == 1:
            return False
        *above, self._marked = self._way
        self._way = tuple(above)
        self._show()
        return True

    def mark(self, step: int) -> None:
        """Marks the next composite in the picture, or the one before."""
        ids = self.inside.instances
        if ids:
            place = ids.index(self._marked) + step if self._marked in ids else min(step, 0)
            self._marked = ids[place % len(ids)]
            self._show()

    def enter(self) -> None:
        """Looks at what is shown, or at the composite that is marked in it, on the canvas."""
        steps = [inside.step for inside in self._all()]
        if self._marked is not None:
            node = self.inside.document.node(self._marked)
            steps.append(Step(node.definition, node.id))
        self.close_peek()
        self._session.go_to((*self._session.place, *steps))

    def _show(self) -> None:
        inside = self.inside
        names = [self._session.document.node(self._way[0]).definition]
        if len(self._way) > 1:
            names += ["…"] * (len(self._way) > 2) + [inside.step.definition]
        title = " › ".join(names)
        self.title.setText(self.fontMetrics().elidedText(
            title, Qt.TextElideMode.ElideMiddle, LARGEST.width() - 40
        ))  # fmt: skip
        self.facts.setText(inside.facts)
        parts = [tr("Enter opens it")]
        if inside.instances:
            parts += [tr("Tab marks a composite"), tr("↓ looks into it")]
        if len(self._way) > 1:
            parts.append(tr("↑ back"))
        self.hint.setText("   ".join([*parts, tr("Esc closes")]))
        self.picture.show_inside(inside, self._marked, self._room())
        self.setAccessibleName(tr("Inside {name}", name=title))
        self.setAccessibleDescription(inside.facts)
        self._place()

    def _room(self) -> QSize:
        room = self._canvas.size() - QSize(2 * MARGIN_PX, 2 * MARGIN_PX) - AROUND
        return room.boundedTo(LARGEST).expandedTo(QSize(120, 80))

    def _place(self) -> None:
        """Stands beside the block, where there is room for it."""
        if self._canvas.session is not self._session:
            self.close_peek()
        boxes = self._canvas.mirror.boxes_of(self._way[:1])
        if not self._is_open or not boxes:
            return
        self.adjustSize()
        left, top, right, _ = boxes[0]
        x, y = self._canvas.camera.to_view(right, top)
        before, _ = self._canvas.camera.to_view(left, top)
        x += GAP_PX
        if x + self.width() > self._canvas.width() - MARGIN_PX:
            x = before - GAP_PX - self.width()
        most = self._canvas.rect().adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        at_x = max(min(round(x), most.right() - self.width()), most.left())
        at_y = max(min(round(y), most.bottom() - self.height()), most.top())
        self.move(at_x, at_y)

    # keys and pointer

    def event(self, event: QEvent) -> bool:
        """Keeps plain keys from the commands of the canvas."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        event.accept()
        if self._let_go.isActive():
            self._let_go.stop()  # it is held all the same
            return
        if event.isAutoRepeat() and key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return
        self._pressed.add(key)
        match key:
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.enter()
            case Qt.Key.Key_Tab | Qt.Key.Key_Right:
                self.mark(1)
            case Qt.Key.Key_Backtab | Qt.Key.Key_Left:
                self.mark(-1)
            case Qt.Key.Key_Down:
                self.look_into(self._marked or next(iter(self.inside.instances), None))
            case Qt.Key.Key_Up | Qt.Key.Key_Backspace:
                self.back()
            case _ if key not in MODIFIERS:
                self.close_peek()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Closes where the key is let go that was held to look."""
        event.accept()
        key = event.key()
        if event.isAutoRepeat() or key in MODIFIERS:
            return
        if key in self._pressed:
            self._pressed.discard(key)
        elif self._since.hasExpired(HELD_MS):
            self._let_go.start()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Keeps Tab for the composites in the picture."""
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_peek()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.picture.mapFrom(self, event.position())
        self.look_into(self.picture.node_at(at))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.enter()
        event.accept()
