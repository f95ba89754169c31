"""The drawing's variables."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.forms import FieldRow
from app.forms.parts import column, label
from app.forms.sizes import Sizes as Sizes
from app.i18n import tr
from app.line_edit import LineEdit
from app.session import Session
from graph import edits
from graph.expressions import calculate
from graph.params import Expr, Param, Plain
from graph.problems import UserError


class Variables(QWidget):
    """A row for each variable, and one to add another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self.rows: dict[str, FieldRow] = {}
        self._lines: dict[str, QWidget] = {}
        self._stack = QVBoxLayout()
        self._stack.setSpacing(6)
        self.new_name = LineEdit(self)
        self.new_name.write_a_name()
        self.new_name.setPlaceholderText(tr("name"))
        self.new_name.setAccessibleName(tr("Name of a new variable"))
        self.new_value = LineEdit(self)
        self.new_value.setPlaceholderText(tr("value"))
        self.new_value.setAccessibleName(tr("Value of a new variable"))
        self.add = QPushButton(tr("Add"), self)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        for line in (self.new_name, self.new_value):
            line.returnPressed.connect(self._add)
        self.add.clicked.connect(self._add)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.new_name, 3)
        row.addWidget(self.new_value, 2)
        row.addWidget(self.add)
        layout = column(self, spacing=6)
        layout.addLayout(self._stack)
        layout.addLayout(row)
        layout.addWidget(self.error)

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on."""
        self._session = session
        self._tell("")

    def refresh(self) -> None:
        """Shows the variables with their numbers."""
        if self._session is None:
            return
        variables = self._session.document.variables
        if list(variables) != list(self.rows):
            self._build(list(variables))
        for name, row in self.rows.items():
            others = {key: value for key, value in variables.items() if key != name}
            row.show_values([variables[name]], others, keep_typed=True)

    def _build(self, names: list[str]) -> None:
        for line in self._lines.values():
            line.hide()
            line.deleteLater()
        self.rows, self._lines = {}, {}
        for name in names:
            line = QWidget(self)
            param = Param(name, "float", 0.0, name, "A variable of this drawing.")
            row = FieldRow(param, line, can_reset=False)
            row.field.committed.connect(lambda value, run, name=name: self._set(name, value, run))
            remove = QPushButton("✕", line)
            remove.setProperty("role", "flat")
            remove.setToolTip(tr("Remove {name}", name=name))
            remove.setAccessibleName(remove.toolTip())
            remove.clicked.connect(lambda _=False, name=name: self._remove(name))
            layout = QHBoxLayout(line)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(6)
            layout.addWidget(row, 1)
            layout.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
            self.rows[name], self._lines[name] = row, line
            self._stack.addWidget(line)

    def _set(self, name: str, value: object, is_run: bool) -> None:
        session = self._session
        if session is None:
            return
        number = _number(value, session.document.variables)
        session.apply(
            tr("Set {name}", name=name),
            lambda document: edits.set_variable(document, name, number),
            f"variable {name}" if is_run else None,
        )

    def _remove(self, name: str) -> None:
        if self._session is not None:
            self._session.apply(
                tr("Remove variable {name}", name=name),
                lambda document: edits.set_variable(document, name, None),
            )

    def _add(self) -> None:
        session = self._session
        if session is None:
            return
        name, text = self.new_name.text().strip(), self.new_value.text().strip()
        try:
            if name in session.document.variables:
                raise UserError(tr("There is already a variable {name}.", name=name))
            number = _number(Expr(text), session.document.variables)
            edits.set_variable(session.document, name, number)
        except UserError as error:
            self._tell(str(error))
            return
        self._tell("")
        session.apply(
            tr("Add variable {name}", name=name),
            lambda document: edits.set_variable(document, name, number),
        )
        self.new_name.clear()
        self.new_value.clear()
        self.new_name.setFocus()

    def _tell(self, reason: str) -> None:
        self.error.setText(reason)
        self.error.setVisible(bool(reason))


def _number(value: object, variables: Mapping[str, Plain]) -> float:
    """The number of what was typed; a variable holds a number, not an expression."""
    assert isinstance(value, (Expr, int, float))
    number = calculate(value, variables) if isinstance(value, Expr) else value
    return int(number) if number == int(number) else number
