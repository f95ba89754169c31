"""The editor of a parameter that names other blocks: typed, or ticked in a menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.forms.fields import BROWSE_PX, LineField
from app.i18n import tr
from graph.mentions import names_in
from graph.params import Param


class BlocksField(LineField):
    """Names of blocks, separated by commas."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self._choices: tuple[str, ...] = ()
        self.pick = QPushButton("…", self)
        self.pick.setToolTip(tr("Choose blocks"))
        self.pick.setAccessibleName(tr("Choose blocks"))
        self.pick.setFixedWidth(BROWSE_PX)
        self.pick.setStyleSheet("padding: 5px 0;")
        self.pick.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pick.clicked.connect(self._show_menu)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.pick)

    def set_choices(self, choices: Sequence[str]) -> None:
        """Offers these blocks."""
        self._choices = tuple(choices)
        self.pick.setEnabled(bool(self._choices))

    def refresh(self) -> None:
        super().refresh()
        self.line.setToolTip(self.line.text())
        if not self.is_mixed:
            self.line.setPlaceholderText(tr("all that no other names"))

    def menu(self) -> QMenu:
        """The blocks to choose from, ticked where they are named; others are offered to go."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen = () if self.is_mixed else names_in(str(self.values[0]))
        for name in dict.fromkeys((*self._choices, *chosen)):
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(name in chosen)
            action.triggered.connect(lambda is_on, name=name: self._tick(name, is_on))
        return menu

    def _show_menu(self) -> None:
        self.menu().popup(self.pick.mapToGlobal(QPoint(0, self.pick.height())))

    def _tick(self, name: str, is_on: bool) -> None:
        chosen = () if self.is_mixed else names_in(str(self.values[0]))
        kept = [*(word for word in chosen if word != name), *([name] if is_on else [])]
        in_order = sorted(kept, key=lambda word: (*self._choices, *kept).index(word))
        self.committed.emit(", ".join(in_order), False)
