"""All shortcuts and gestures at a glance, with a search."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import BY_ID, MENUS, SEPARATOR, THEME_ACTIONS
from app.actions.go import GO_TO_BOOKMARKS, SET_BOOKMARKS
from app.actions.view import HEAT_ACTIONS, SIZE_ACTIONS
from app.canvas.port_kinds import Kind
from app.forms.parts import label, scrolled, section
from app.help import GESTURES
from app.i18n import tr
from app.key_editor import KeyEditor
from app.keys import custom_in, keys_of, text_of
from app.line_edit import LineEdit
from app.port_legend import marker_picture

if TYPE_CHECKING:
    from app.window import Window

COLUMN_PX = 350
MOST_COLUMNS = 4
TALLEST_PX = 760
ROW_PX = 19
BESIDE_PX = 80
# What the window fills with actions of its own.
FILLED = {
    "<theme>": THEME_ACTIONS,
    "<heat>": HEAT_ACTIONS,
    "<size>": SIZE_ACTIONS,
    "<panels>": ("reset-docks",),
    "<bookmarks>": tuple(action.id for action in GO_TO_BOOKMARKS),
    "<set-bookmarks>": tuple(action.id for action in SET_BOOKMARKS),
}


@dataclass
class Row:
    """A thing that can be done and what does it: keys, or a gesture; or a mark and its meaning."""

    what: str
    keys: str
    picture: QPixmap | None = None
    parts: list[QLabel] = field(default_factory=list)

    def fits(self, query: str) -> bool:
        """Whether all words of a query are in it."""
        text = f"{self.what} {self.keys}".casefold()
        return all(word in text for word in query.casefold().split())


class ShortcutOverlay(QDialog):
    """Every action and gesture, group by group; what does not fit the search is left out."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = LineEdit()
        self.field.setPlaceholderText(tr("Search by what it does, or by its key"))
        self.field.setAccessibleName(tr("Search shortcuts"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._filter)
        self.change = QPushButton(tr("Change shortcuts…"))
        self.change.setAutoDefault(False)
        self.change.clicked.connect(self._change)
        self.nothing = label("", "dim")
        self.nothing.hide()
        self._groups: list[tuple[QWidget, list[Row]]] = []
        page = QWidget()
        self._fill(page, max(min(window.width() // COLUMN_PX, MOST_COLUMNS), 1))
        top = QHBoxLayout()
        top.addWidget(self.field, 1)
        top.addWidget(self.change)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 12, 12)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.nothing)
        layout.addWidget(scrolled(page, self), 1)
        self._fit_in(window, page)
        self.field.setFocus()

    def shown(self) -> list[str]:
        """What is listed now."""
        return [row.what for _, rows in self._groups for row in rows if not row.parts[0].isHidden()]

    def _fill(self, page: QWidget, count: int) -> None:
        """Puts the groups into so many columns of about the same height."""
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, 12, 0)
        columns.setSpacing(32)
        groups = self._listed()
        heights = [0] * count
        stacks = [QVBoxLayout() for _ in range(count)]
        for title, rows in sorted(groups, key=lambda group: -len(group[1])):
            place = heights.index(min(heights))
            heights[place] += len(rows) + 2
            group = _group(title, rows)
            self._groups.append((group, rows))
            stacks[place].addWidget(group)
        for stack in stacks:
            stack.setSpacing(16)
            stack.addStretch(1)
            columns.addLayout(stack)

    def _listed(self) -> list[tuple[str, list[Row]]]:
        custom = custom_in(self._window.settings.shortcuts)
        found = []
        for title, items in MENUS:
            ids = [id for item in items for id in FILLED.get(item, (item,)) if id in BY_ID]
            rows = [
                Row(tr(BY_ID[id].title).rstrip("…"), text_of(keys_of(BY_ID[id], custom)))
                for id in ids
                if id != SEPARATOR
            ]
            found.append((tr(title), rows))
        gestures = [Row(tr(what), tr(keys)) for keys, what in GESTURES]
        return [*found, (tr("On the canvas"), gestures), (tr("Marks of ports"), self._marks())]

    def _marks(self) -> list[Row]:
        theme, ratio = self._window.theme, self.devicePixelRatioF()
        return [
            Row(tr(kind.title), kind.letter, marker_picture(kind, theme, ratio)) for kind in Kind
        ]

    def _fit_in(self, window: Window, page: QWidget) -> None:
        wanted = page.sizeHint()
        width = min(wanted.width() + BESIDE_PX, window.width())
        self.resize(width, min(wanted.height() + BESIDE_PX, TALLEST_PX, window.height()))

    def _filter(self, query: str) -> None:
        for group, rows in self._groups:
            for row in rows:
                for part in row.parts:
                    part.setVisible(row.fits(query))
            group.setVisible(any(row.fits(query) for row in rows))
        self.nothing.setText(tr("No shortcut or gesture matches “{query}”.", query=query))
        self.nothing.setVisible(not self.shown())

    def _change(self) -> None:
        self.close()
        KeyEditor(self._window).open()


def _group(title: str, rows: list[Row]) -> QWidget:
    group = QWidget()
    layout = QVBoxLayout(group)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(section(title))
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 1)
    for number, row in enumerate(rows):
        what, keys = label(row.what), label(row.keys, "key" if row.keys else "")
        row.parts += [what, keys]
        if row.picture is not None:
            keys.setPixmap(row.picture)
            keys.setProperty("role", "")
        grid.setRowMinimumHeight(number, ROW_PX)
        grid.addWidget(what, number, 0)
        grid.addWidget(keys, number, 1, Qt.AlignmentFlag.AlignRight)
    layout.addLayout(grid)
    return group
