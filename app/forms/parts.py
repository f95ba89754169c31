"""Small widgets that panels are made of: headings, lines and rows of facts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr

NUMBER_INDENT_PX = 7


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A text in the look that `role` names in the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def section(title: str) -> QLabel:
    """The heading of a part of a panel."""
    return label(title.upper(), "section")


def rule() -> QFrame:
    """A thin line between two parts of a panel."""
    line = QFrame()
    line.setProperty("role", "line")
    return line


def indent(spin: QAbstractSpinBox) -> None:
    """Lets a number begin where the texts of other fields do.

    Qt 6.11 leaves out the left padding that a style sheet gives a spin box.
    """
    spin.lineEdit().setTextMargins(NUMBER_INDENT_PX, 0, 0, 0)


def scrolled(page: QWidget, parent: QWidget, title: str = "") -> QScrollArea:
    """A page in a scroll area that only scrolls up and down; `title` is what it is called."""
    page.setProperty("role", "panel")
    area = QScrollArea(parent)
    area.setAccessibleName(title or tr("Page"))
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area


def column(parent: QWidget, *, margin: int = 0, spacing: int = 8) -> QVBoxLayout:
    """A layout from top to bottom."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    return layout


def emptied(layout: QLayout) -> None:
    """Takes all widgets out of a layout and drops them."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Facts(QWidget):
    """Rows of a name at the left and a value in the font of numbers at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Shows these names and values, and no others."""
        while len(self._rows) < len(facts):
            self._add_row()
        for place, (name, value) in enumerate(self._rows):
            shown = place < len(facts)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(facts[place][0])
                value.setText(facts[place][1])

    def facts(self) -> list[tuple[str, str]]:
        """What is shown."""
        return [(n.text(), v.text()) for n, v in self._rows if not n.isHidden()]

    def _add_row(self) -> None:
        name, value = label("", "dim"), label("", "mono", wrap=True)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._rows)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1)
        self._rows.append((name, value))
