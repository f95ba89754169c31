"""What a column of a table is for, chosen in the menu of its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.column_lists import kind_of, parted_columns, with_kind, with_name
from app.i18n import tr
from graph.params import Value

Choose = Callable[[str, Value], object]


def column_menu(column: str, params: Mapping[str, Value], choose: Choose, parent: QWidget) -> QMenu:
    """A menu for one column; `choose` takes a parameter of the source and its new value."""
    target = str(params.get("target", "")).strip()
    further = str(params.get("more_targets", ""))
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    first = menu.addAction(tr("Predict it"), lambda: choose("target", column))
    first.setCheckable(True)
    first.setChecked(column == target)
    too = menu.addAction(tr("Predict it, too"))
    too.setCheckable(True)
    too.setChecked(column in parted_columns(further))
    too.setEnabled(bool(target) and column != target)
    too.triggered.connect(lambda on: choose("more_targets", with_name(further, column, on)))
    menu.addSeparator()
    _add_kinds(menu, column, str(params.get("kinds", "")), choose)
    return menu


def _add_kinds(menu: QMenu, column: str, kinds: str, choose: Choose) -> None:
    titles = {
        "": tr("It holds what it looks like"), "number": tr("It holds numbers"),
        "category": tr("It holds categories"), "date": tr("It holds dates"),
        "ignore": tr("Leave it out"),
    }  # fmt: skip
    group = QActionGroup(menu)
    said = kind_of(kinds, column)
    for kind, title in titles.items():
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(kind == said)
        group.addAction(action)
        action.triggered.connect(
            lambda _, kind=kind: choose("kinds", with_kind(kinds, column, kind))
        )
