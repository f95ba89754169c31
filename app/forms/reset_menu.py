"""What the menu of a field holds: its default, a search, and what else is offered for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from app.forms import texts
from app.i18n import tr
from graph.params import Param, Plain

if TYPE_CHECKING:
    from app.forms.fields import Field


def fill_menu(menu: QMenu, field: Field) -> None:
    """Adds what puts the default back, what looks for a good value, and what else is offered."""
    shown = default_text(field.param.default, field.param)
    menu.addAction(tr("Reset to {value}", value=shown), field.reset_requested.emit)
    if field.is_searchable():
        menu.addAction(tr("Search for a good value…"), partial(field.choices_wanted.emit, ""))
    for text, run in field.offers():
        menu.addAction(text, run)


def default_text(default: Plain, param: Param) -> str:
    """The default as the menu names it."""
    if isinstance(default, bool):
        return tr("on") if default else tr("off")
    text = texts.text_of(param, default).partition("\n")[0]
    return text or tr("nothing")
