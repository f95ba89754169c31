"""What a screen reader can do with a block of the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import shiboken6
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessibleActionInterface

from app.i18n import tr
from app.key_texts import in_use
from app.states import toggle_collapsed
from graph.model import NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

PRESS = QAccessibleActionInterface.pressAction()
FOCUS = QAccessibleActionInterface.setFocusAction()
MENU = QAccessibleActionInterface.showMenuAction()
TOGGLE = QAccessibleActionInterface.toggleAction()
RENAME = "Rename"


class Deed(NamedTuple):
    """Something that can be done, by a name and in words, with the key that does it too."""

    run: Callable[[Canvas, NodeId], object]
    name: str
    does: str
    key: str = ""


def _choose(canvas: Canvas, id: NodeId) -> None:
    canvas.editor.choose(frozenset([id]))
    canvas.center_on([id])
    canvas.setFocus(Qt.FocusReason.OtherFocusReason)


def _open(canvas: Canvas, id: NodeId) -> None:
    _choose(canvas, id)
    if not canvas.editor.open_selected():
        canvas.editor.edit_params()


def _show_menu(canvas: Canvas, id: NodeId) -> None:
    _choose(canvas, id)
    left, top, right, bottom = canvas.mirror.folds.box_of(canvas.mirror, canvas.mirror.row[id])
    at = QPointF(*canvas.camera.to_view((left + right) / 2, (top + bottom) / 2))
    canvas.editor.show_menu(at, canvas.mapToGlobal(at.toPoint()))


def _collapse(canvas: Canvas, id: NodeId) -> None:
    if canvas.session is not None and not canvas.session.read_only:
        toggle_collapsed(canvas.session, [id], ())


def _rename(canvas: Canvas, id: NodeId) -> None:
    _choose(canvas, id)
    canvas.editor.rename(id)


def deeds() -> Mapping[str, Deed]:
    """All that can be done with a block, what is usual first."""
    return {
        PRESS: Deed(_open, tr("Open"), tr("Looks inside it, or edits its parameters"), "Return"),
        FOCUS: Deed(_choose, tr("Select"), tr("Selects it and brings it into view")),
        MENU: Deed(_show_menu, tr("Menu"), tr("Shows what can be done with it"), "Menu"),
        RENAME: Deed(_rename, tr("Rename"), tr("Writes another name on it"), in_use("F2")),
        TOGGLE: Deed(
            _collapse, tr("Collapse"), tr("Shows its title alone, or all of it"), in_use("Alt+C")
        ),
    }


class BlockActions(QAccessibleActionInterface):
    """The actions of one block, as long as that is there."""

    def __init__(self, canvas: Canvas, id: NodeId) -> None:
        super().__init__()
        self._canvas = canvas
        self._id = id

    def _deed(self, name: str) -> Deed | None:
        is_there = shiboken6.isValid(self._canvas) and self._id in self._canvas.mirror.row
        return deeds().get(name) if is_there else None

    def actionNames(self) -> list[str]:
        return list(deeds())

    def localizedActionName(self, name: str) -> str:
        deed = self._deed(name)
        return deed.name if deed else ""

    def localizedActionDescription(self, name: str) -> str:
        deed = self._deed(name)
        return deed.does if deed else ""

    def keyBindingsForAction(self, actionName: str) -> list[str]:
        deed = self._deed(actionName)
        return [deed.key] if deed and deed.key else []

    def doAction(self, actionName: str) -> None:
        deed = self._deed(actionName)
        if deed is not None:
            deed.run(self._canvas, self._id)
