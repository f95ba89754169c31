"""The numbers that stand for the symbolic sizes of a drawing."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from app.forms.parts import column, label
from app.forms.view import FieldRow
from app.i18n import tr
from app.session import Session
from graph import edits
from graph.model import DEFAULT_SIZES
from graph.params import Expr, Param

SYMBOL_HELP = {"N": "Examples in a batch.", "T": "Steps of a sequence."}


class Sizes(QWidget):
    """A field for each symbolic size of the drawing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self.rows: dict[str, FieldRow] = {}
        self._layout = column(self, spacing=6)
        self._none = label(tr("None: all sizes are known."), "dim", wrap=True)
        self._layout.addWidget(self._none)

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on."""
        self._session = session

    def refresh(self, symbols: Iterable[str]) -> None:
        """Shows these symbols with their numbers."""
        if self._session is None:
            return
        wanted = sorted(symbols)
        if wanted != list(self.rows):
            self._build(wanted)
        sizes = self._session.document.sizes
        for name, row in self.rows.items():
            row.show_values([sizes.get(name, row.param.default)], {}, keep_typed=True)
        self._none.setVisible(not wanted)

    def _build(self, names: list[str]) -> None:
        for row in self.rows.values():
            row.hide()
            row.deleteLater()
        self.rows = {}
        for name in names:
            row = FieldRow(_size_param(name), self)
            row.field.committed.connect(lambda value, run, name=name: self._set(name, value, run))
            row.field.reset_requested.connect(
                lambda row=row: self._set(row.param.name, row.param.default, False)
            )
            self.rows[name] = row
            self._layout.addWidget(row)

    def _set(self, name: str, value: object, is_run: bool) -> None:
        session = self._session
        if session is None:
            return
        if isinstance(value, Expr) or not isinstance(value, int):
            return
        session.apply(
            tr("Set size {name}", name=name),
            lambda document: edits.set_size(document, name, value),
            f"size {name}" if is_run else None,
        )


def _size_param(name: str) -> Param:
    default = DEFAULT_SIZES.get(name, 16)
    help = SYMBOL_HELP.get(name, "The number that stands for this size where costs are shown.")
    return Param(name, "int", default, name, help, ge=1)
