"""The editor of a parameter that holds a list of names: typed, or ticked in a menu."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.column_lists import joined_columns, parted_columns
from app.forms.fields import BROWSE_PX, LineField
from app.i18n import tr
from graph.mentions import names_in
from graph.params import Param


class NamesField(LineField):
    """Names, separated by commas; `tip` says what the menu of them is for."""

    def __init__(self, param: Param, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self._choices: tuple[str, ...] = ()
        self.pick = QPushButton("…", self)
        self.pick.setToolTip(tip)
        self.pick.setAccessibleName(tip)
        self.pick.setFixedWidth(BROWSE_PX)
        self.pick.setStyleSheet("padding: 5px 0;")
        self.pick.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pick.setEnabled(False)
        self.pick.clicked.connect(self._show_menu)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.pick)

    def parted(self, text: str) -> tuple[str, ...]:
        """The names in a text."""
        return names_in(text)

    def joined(self, names: Iterable[str]) -> str:
        """The text of these names."""
        return ", ".join(names)

    def set_choices(self, choices: Sequence[str]) -> None:
        """Offers these names."""
        self._choices = tuple(choices)
        self.pick.setEnabled(bool(self._choices))

    def refresh(self) -> None:
        super().refresh()
        self.line.setToolTip(self.line.text())

    def menu(self) -> QMenu:
        """What there is to choose from, ticked where it is named; other names are offered to go."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen = self._chosen()
        for name in dict.fromkeys((*self._choices, *chosen)):
            action = menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name in chosen)
            action.triggered.connect(lambda is_on, name=name: self._tick(name, is_on))
        return menu

    def _show_menu(self) -> None:
        self.menu().popup(self.pick.mapToGlobal(QPoint(0, self.pick.height())))

    def _chosen(self) -> tuple[str, ...]:
        return () if self.is_mixed else self.parted(str(self.values[0]))

    def _tick(self, name: str, is_on: bool) -> None:
        kept = [*(word for word in self._chosen() if word != name), *([name] if is_on else [])]
        in_order = sorted(kept, key=lambda word: (*self._choices, *kept).index(word))
        self.committed.emit(self.joined(in_order), False)


class BlocksField(NamesField):
    """Names of blocks of the drawing."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, tr("Choose blocks"), parent)

    def _said_empty(self) -> str:
        return tr("all that no other names")


class ColumnsField(NamesField):
    """Names of columns of the data; quotes hold those that have commas."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, tr("Choose columns"), parent)

    def parted(self, text: str) -> tuple[str, ...]:
        """The names, as tables read them."""
        return parted_columns(text)

    def joined(self, names: Iterable[str]) -> str:
        """The names, quoted where they have to be."""
        return joined_columns(names)
