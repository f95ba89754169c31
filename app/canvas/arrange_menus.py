"""The parts of a right click's menu that arrange the selected blocks, or select others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from app.canvas import arrange, picking
from app.i18n import tr
from app.key_texts import in_use

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session


def add_selecting(menu: QMenu, canvas: Canvas) -> None:
    """Adds how to come from the selected blocks to others."""
    inner = menu.addMenu(tr("Select"))
    _add(inner, tr("Upstream"), partial(picking.upstream, canvas), "Shift+U")
    _add(inner, tr("Downstream"), partial(picking.downstream, canvas), "Shift+D")
    _add(inner, tr("Connected"), partial(picking.connected, canvas), "Ctrl+L")
    _add(inner, tr("Same kind"), partial(picking.similar, canvas), "Shift+G")


def add_arranging(menu: QMenu, canvas: Canvas, session: Session) -> None:
    """Adds what puts several selected blocks in order."""
    if len(session.selection) < 2:
        return
    inner = menu.addMenu(tr("Arrange"))
    inner.setEnabled(not session.read_only)
    _add(inner, tr("Lay out"), partial(arrange.lay_out_selection, canvas), "Shift+L")
    _add(inner, tr("Tidy"), partial(arrange.tidy, canvas), "T")
    inner.addSeparator()
    _add(inner, tr("Align left"), partial(arrange.align, canvas, "left"), "Alt+A")
    _add(inner, tr("Align centre"), partial(arrange.align, canvas, "centre"), "Alt+H")
    _add(inner, tr("Align right"), partial(arrange.align, canvas, "right"), "Alt+D")
    _add(inner, tr("Align top"), partial(arrange.align, canvas, "top"), "Alt+W")
    _add(inner, tr("Align middle"), partial(arrange.align, canvas, "middle"), "Alt+V")
    _add(inner, tr("Align bottom"), partial(arrange.align, canvas, "bottom"), "Alt+S")
    if len(session.selection) < 3:
        return
    inner.addSeparator()
    _add(inner, tr("Distribute across"), partial(arrange.distribute, canvas, "x"), "Ctrl+Alt+H")
    _add(inner, tr("Distribute down"), partial(arrange.distribute, canvas, "y"), "Ctrl+Alt+V")


def _add(menu: QMenu, title: str, run: Callable[[], object], keys: str) -> None:
    # the keys stand in the text: a real shortcut would compete with that of the window
    menu.addAction(f"{title}\t{in_use(keys)}").triggered.connect(lambda _checked=False: run())
