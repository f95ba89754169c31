"""Menus about composites outside the canvas: of the palette's rows, and of the library."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from app import composing, library
from app.block_search import first_line
from app.i18n import tr
from app.messages import Message
from graph.composites.places import TOP, way_to
from graph.composites.uses import instances
from graph.model import DEFINED
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window


def show_composite_menu(window: Window, kind: str, at: QPoint) -> None:
    """What can be done with a composite of the palette."""
    menu = QMenu(window)
    menu.aboutToHide.connect(menu.deleteLater)
    if kind.startswith(library.LIBRARY):
        _fill_kept(menu, window, kind)
    else:
        _fill_defined(menu, window, kind.removeprefix(DEFINED))
    menu.popup(at)


def _fill_defined(menu: QMenu, window: Window, name: str) -> None:
    session, can_edit = window.session, not window.session.read_only
    menu.addAction(tr("Add to the drawing"), partial(window.canvas.add_block, DEFINED + name))
    way = way_to(session.root, name) or TOP
    menu.addAction(tr("Open {name}", name=name), partial(session.go_to, way))
    menu.addSeparator()
    rename = menu.addAction(
        tr("Rename {name}…", name=name), partial(composing.ask_rename, session, window, name)
    )
    rename.setEnabled(can_edit)
    menu.addAction(tr("Save to library"), partial(composing.save_to_library, session, window, name))
    used = instances(session.root, name)
    text = tr("Delete {name}", name=name) if not used else tr("Delete (used {n} times)", n=used)
    delete = menu.addAction(text, partial(composing.delete_definition, session, name))
    delete.setEnabled(can_edit and not used)


def _fill_kept(menu: QMenu, window: Window, kind: str) -> None:
    add = menu.addAction(tr("Add to the drawing"), partial(window.canvas.add_block, kind))
    add.setEnabled(not window.session.read_only)
    menu.addSeparator()
    menu.addAction(
        tr("Delete from the library"), partial(_delete, window, kind.removeprefix(library.LIBRARY))
    )


def _delete(window: Window, name: str) -> None:
    try:
        library.delete(name)
    except UserError as error:
        window.tell(Message(str(error), "error"))


def show_library(window: Window) -> None:
    """The composites of the library, to add one."""
    menu = QMenu(window)
    menu.setToolTipsVisible(True)
    menu.aboutToHide.connect(menu.deleteLater)
    for block in library.blocks():
        action = menu.addAction(block.kind.title, partial(window.canvas.add_block, block.kind.name))
        action.setToolTip(first_line(block))
    if menu.isEmpty():
        menu.addAction(tr("The library is empty: save a composite to it first.")).setEnabled(False)
    canvas = window.canvas
    menu.popup(canvas.mapToGlobal(canvas.rect().center()))
