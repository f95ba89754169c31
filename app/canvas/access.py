"""The blocks of a canvas as a screen reader meets them: a list with an item for each block.

An item is made when somebody asks for it, and is found again by its block, however blocks are
added and removed. Qt's cache deletes what is registered there, so each item is kept here as long.
"""

from __future__ import annotations

import math
import weakref
from typing import TYPE_CHECKING, cast

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QSize
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QAccessibleInterface,
    QColor,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import VoidPtr

from app import spoken
from app.canvas import hits
from app.canvas.access_actions import BlockActions
from graph.model import NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

NAMED_BY_CLASS = "Canvas"
FURTHEST = 2**30
EVERY = QAccessible.RelationFlag(0xFFFFFFFF)
NOBODY = cast("QAccessibleInterface", None)  # cast: Qt takes None, which the stubs leave out
NO_OBJECT = cast("QObject", None)  # cast: as above
NOWHERE = VoidPtr(0)
NO_WINDOW = cast("QWindow", None)  # cast: as above
Relation = tuple[QAccessibleInterface, QAccessible.RelationFlag]


class Access(QObject):
    """The items of one canvas, and what is told of them while a screen reader listens.

    Attributes:
        list: what stands for the canvas; None until somebody asks.
        made: the items that somebody asked for, each with its number in Qt's cache.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self.list: CanvasAccess | None = None
        self.made: dict[NodeId, tuple[BlockAccess, int]] = {}
        self._order: tuple[object, int, list[NodeId], dict[NodeId, int]] | None = None
        canvas.view_changed.connect(self._forget_gone)
        canvas.destroyed.connect(self._clear)

    def blocks(self) -> list[NodeId]:
        """The blocks in the order of the flow."""
        return self._ordered()[0]

    def place_of(self, id: NodeId) -> int:
        """The place of a block among them; -1 where it is gone."""
        return self._ordered()[1].get(id, -1)

    def item(self, id: NodeId) -> BlockAccess:
        """The item of a block."""
        found = self.made.get(id)
        if found is None:
            item = BlockAccess(self, id)
            found = self.made[id] = (item, QAccessible.registerAccessibleInterface(item))
        return found[0]

    def single(self) -> NodeId | None:
        """The block that the keys work on: the only one that is selected."""
        selection = self.canvas.mirror.selection
        id = next(iter(selection)) if len(selection) == 1 else None
        return id if id in self.canvas.mirror.row else None

    def tell_focus(self) -> bool:
        """Tells which block has the keys now; whether there is one, and somebody listens."""
        id = self.single()
        if id is None or not QAccessible.isActive() or not self.canvas.hasFocus():
            return False
        _tell(self.item(id), QAccessible.Event.Focus)
        return True

    def tell_selection(self) -> None:
        """Tells that other blocks are selected."""
        if QAccessible.isActive():
            event = QAccessibleEvent(self.canvas, QAccessible.Event.SelectionWithin)
            QAccessible.updateAccessibility(event)

    def _ordered(self) -> tuple[list[NodeId], dict[NodeId, int]]:
        mirror = self.canvas.mirror
        made = self._order
        if made is None or made[0] is not mirror or made[1] != mirror.version:
            rank = mirror.typing.order.rank if mirror.typing is not None else {}
            ids = sorted(mirror.ids, key=lambda id: rank.get(id, len(rank)))
            places = {id: place for place, id in enumerate(ids)}
            made = self._order = (mirror, mirror.version, ids, places)
        return made[2], made[3]

    def _forget_gone(self) -> None:
        row = self.canvas.mirror.row
        self._forget([id for id in self.made if id not in row])

    def _forget(self, ids: list[NodeId]) -> None:
        for id in ids:
            # Qt deletes it first: to free what Qt still knows is a segfault
            QAccessible.deleteAccessibleInterface(self.made[id][1])
            del self.made[id]

    def _clear(self) -> None:
        self._forget(list(self.made))


class CanvasAccess(QAccessibleWidget):
    """The canvas: the widgets that stand on it, and then its blocks."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas, QAccessible.Role.List, "")
        # PySide keeps what a factory made for ever, and must not keep the canvas with it
        self._weak = weakref.ref(canvas.access)

    @property
    def _access(self) -> Access:
        access = self._weak()
        assert access is not None  # Qt deletes this together with the canvas
        return access

    def childCount(self) -> int:
        return super().childCount() + len(self._access.blocks())

    def child(self, index: int) -> QAccessibleInterface:
        widgets, blocks = super().childCount(), self._access.blocks()
        if index < widgets:
            return super().child(index)
        place = index - widgets
        return self._access.item(blocks[place]) if place < len(blocks) else NOBODY

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if not isinstance(child, BlockAccess):
            return int(super().indexOfChild(child))
        place = self._access.place_of(child.id)
        return super().childCount() + place if place >= 0 else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        found = super().childAt(x, y)
        if found is not NOBODY:
            return found
        canvas = self._access.canvas
        at = canvas.at(canvas.mapFromGlobal(QPoint(x, y)).toPointF())
        id = hits.node_at(canvas.mirror, at.x(), at.y())
        return self._access.item(id) if id is not None else NOBODY

    def focusChild(self) -> QAccessibleInterface:
        id = self._access.single()
        if id is not None and self._access.canvas.hasFocus():
            return self._access.item(id)
        return super().focusChild()


class BlockAccess(QAccessibleInterface):
    """A block: an item with its name, its wires, its states, its actions and its place."""

    def __init__(self, access: Access, id: NodeId) -> None:
        super().__init__()
        self._access = access
        self.id = id
        self._actions = BlockActions(access.canvas, id)
        self._actions_at = VoidPtr(shiboken6.getCppPointer(self._actions)[0])

    def interface_cast(self, kind: QAccessible.InterfaceType) -> int:  # as the stubs have it
        # PySide makes a wild pointer of an int or None, and the right one of these
        is_action = kind == QAccessible.InterfaceType.ActionInterface
        return cast("int", self._actions_at if is_action else NOWHERE)  # cast: see above

    def isValid(self) -> bool:
        is_there = shiboken6.isValid(self._access) and shiboken6.isValid(self._access.canvas)
        return is_there and self.id in self._access.canvas.mirror.row

    def object(self) -> QObject:
        return NO_OBJECT  # a block is no object of Qt

    def window(self) -> QWindow:
        return self._access.canvas.window().windowHandle() if self.isValid() else NO_WINDOW

    def parent(self) -> QAccessibleInterface:
        if not shiboken6.isValid(self._access):
            return NOBODY
        return QAccessible.queryAccessibleInterface(self._access.canvas)

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> QAccessibleInterface:
        return NOBODY

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        return NOBODY

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def focusChild(self) -> QAccessibleInterface:
        return NOBODY

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, what: QAccessible.Text) -> str:
        if not self.isValid():
            return ""
        mirror = self._access.canvas.mirror
        if what == QAccessible.Text.Name and mirror.typing is not None:
            problems = [each for each in mirror.problems if each.nodes[:1] == (self.id,)]
            return spoken.block(mirror.document, mirror.typing, mirror.registry, self.id, problems)
        if what == QAccessible.Text.Description:
            return spoken.wires(mirror.document, self.id)
        return ""

    def setText(self, what: QAccessible.Text, text: str) -> None:
        """Blocks get their names by the actions of the program."""

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        if not self.isValid():
            state.invalid = True
            return state
        canvas = self._access.canvas
        state.focusable = state.selectable = state.multiSelectable = True
        state.selected = self.id in canvas.mirror.selection
        state.focused = canvas.hasFocus() and self._access.single() == self.id
        state.disabled = canvas.mirror.document.graph.nodes[self.id].muted
        state.invisible = not canvas.isVisible()
        state.offscreen = not self.rect().intersects(_on_screen(canvas))
        return state

    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        canvas = self._access.canvas
        mirror, camera = canvas.mirror, canvas.camera
        x, y, right, bottom = mirror.folds.box_of(mirror, mirror.row[self.id])
        left, top = camera.to_view(x, y)
        corner = canvas.mapToGlobal(QPoint(_whole(left), _whole(top)))
        size = (max(math.ceil(side * camera.scale), 1) for side in (right - x, bottom - y))
        return QRect(corner, QSize(*size))

    def relations(self, match: QAccessible.RelationFlag = EVERY) -> list[Relation]:
        """The blocks that this one is wired to."""
        if not self.isValid():
            return []
        graph, row = self._access.canvas.mirror.document.graph, self._access.canvas.mirror.row
        found: list[Relation] = []
        flags = QAccessible.RelationFlag
        wired = [(edge.source, flags.FlowsFrom) for edge in graph.inputs_of(self.id)]
        wired += [(edge.target, flags.FlowsTo) for edge in graph.consumers_of(self.id)]
        for other, flag in dict.fromkeys(wired):
            if other in row and flag & match:
                found.append((self._access.item(other), flag))
        return found

    def foregroundColor(self) -> QColor:
        return QColor(self._access.canvas.theme.text)

    def backgroundColor(self) -> QColor:
        return QColor(self._access.canvas.theme.body)


def _tell(item: QAccessibleInterface, what: QAccessible.Event) -> None:
    QAccessible.updateAccessibility(QAccessibleEvent(item, what))


def _on_screen(canvas: Canvas) -> QRect:
    return QRect(canvas.mapToGlobal(QPoint(0, 0)), canvas.size())


def _whole(px: float) -> int:
    """A px for Qt, which knows no more than 32 bits."""
    return round(min(max(px, -FURTHEST), FURTHEST)) if math.isfinite(px) else FURTHEST


def _made_for(key: str, widget: QObject) -> QAccessibleInterface | None:
    """What Qt asks for each kind of object: an interface for canvases, none for others."""
    from app.canvas.canvas import Canvas  # it makes the items of this module

    if key != NAMED_BY_CLASS or not isinstance(widget, Canvas):
        return NOBODY
    widget.access.list = CanvasAccess(widget)
    return widget.access.list


QAccessible.installFactory(_made_for)
