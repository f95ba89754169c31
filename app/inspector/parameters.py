"""The parameters of a composite: their names and defaults, and a row to add another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.forms.fields import Field, field_for
from app.forms.parts import column, label
from app.i18n import tr
from app.line_edit import LineEdit
from app.properties import set_property
from app.session import Session
from graph.composites import parameters
from graph.model import Definition, Document
from graph.params import Expr, Param, Plain, Value, parameter
from graph.problems import UserError

NAME_PX = 104


class Parameters(QWidget):
    """A row for each parameter, and one to add another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._shown: dict[str, Param] = {}
        self.rows: dict[str, ParameterRow] = {}
        self._stack = QVBoxLayout()
        self._stack.setSpacing(6)
        self.new_name = LineEdit(self)
        self.new_name.write_a_name()
        self.new_name.setPlaceholderText(tr("name"))
        self.new_name.setAccessibleName(tr("Name of a new parameter"))
        self.new_value = LineEdit(self)
        self.new_value.setPlaceholderText(tr("default"))
        self.new_value.setAccessibleName(tr("Default of a new parameter"))
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

    def refresh(self, definition: Definition) -> None:
        """Shows the parameters of a definition."""
        wanted = dict(definition.parameters)
        if _fields(wanted) != _fields(self._shown):
            self._build(wanted)
        elif list(wanted) != list(self._shown):
            self._name(wanted)
        self._shown = wanted
        for name, row in self.rows.items():
            row.field.show_values([wanted[name].default], {})

    def _build(self, wanted: dict[str, Param]) -> None:
        for row in self.rows.values():
            row.hide()
            row.deleteLater()
        self.rows = {}
        for param in wanted.values():
            row = ParameterRow(param, self)
            row.name.editingFinished.connect(partial(self._rename, row))
            row.field.committed.connect(partial(self._set_default, row))
            row.remove.clicked.connect(partial(self._remove, row))
            self.rows[param.name] = row
            self._stack.addWidget(row)

    def _name(self, wanted: dict[str, Param]) -> None:
        """Lets the rows follow other names, under the hand that may be pressing on one."""
        self.rows = dict(zip(wanted, self.rows.values(), strict=True))
        for name, row in self.rows.items():
            row.show_name(wanted[name])

    def _here(self) -> str:
        assert self._session is not None
        return self._session.place[-1].definition

    def _apply(self, text: str, edit: Callable[[Document], Document]) -> bool:
        """Applies an edit, or tells under the rows why it cannot be."""
        session = self._session
        if session is None or not session.place:
            return False
        try:
            edit(session.document)
        except UserError as error:
            self._tell(str(error))
            return False
        self._tell("")
        return session.apply(text, edit)

    def _rename(self, row: ParameterRow) -> None:
        old, new = row.param.name, row.name.text().strip()
        if self._session is None or not self._session.place or new == old:
            return
        here = self._here()
        edit = partial(parameters.rename_parameter, definition=here, old=old, new=new)
        if not self._apply(tr("Rename {old} to {new}", old=old, new=new), edit):
            row.name.setText(old)

    def _set_default(self, row: ParameterRow, value: Value, _is_run: bool) -> None:
        if isinstance(value, Expr):
            self._tell(tr("A default is a value, not an expression."))
            return
        here, name = self._here(), row.param.name
        edit = partial(parameters.set_default, definition=here, name=name, value=value)
        self._apply(tr("Set the default of {name}", name=name), edit)

    def _remove(self, row: ParameterRow, _checked: bool = False) -> None:
        name = row.param.name
        edit = partial(parameters.remove_parameter, definition=self._here(), name=name)
        self._apply(tr("Remove parameter {name}", name=name), edit)

    def _add(self) -> None:
        name, text = self.new_name.text().strip(), self.new_value.text().strip()
        if self._session is None or not self._session.place:
            return
        try:
            value = read_default(text)
        except UserError as error:
            self._tell(str(error))
            return
        edit = partial(parameters.add_parameter, definition=self._here(), name=name, default=value)
        if self._apply(tr("Add parameter {name}", name=name), edit):
            self.new_name.clear()
            self.new_value.clear()
            self.new_name.setFocus()

    def _tell(self, reason: str) -> None:
        self.error.setText(reason)
        self.error.setVisible(bool(reason))


class ParameterRow(QWidget):
    """A parameter: its name, its default, and a button that removes it."""

    def __init__(self, param: Param, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = LineEdit(self)
        self.name.write_a_name()
        self.name.setFixedWidth(NAME_PX)
        self.field: Field = field_for(param, self)
        self.field.refused.connect(lambda reason: set_property(self, "invalid", bool(reason)))
        self.remove = QPushButton("✕", self)
        self.remove.setProperty("role", "flat")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.name)
        row.addWidget(self.field, 1)
        row.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        self.setToolTip(tr(param.help))
        self.show_name(param)

    def show_name(self, param: Param) -> None:
        """Shows a parameter whose field is the same."""
        self.param = param
        self.name.setText(param.name)
        self.name.setAccessibleName(tr("Name of the parameter {name}", name=param.name))
        self.remove.setToolTip(tr("Remove {name}", name=param.name))
        self.remove.setAccessibleName(self.remove.toolTip())


def _fields(parameters: Mapping[str, Param]) -> list[Param]:
    """The parameters as far as their fields differ."""
    return [replace(p, name="", title="", default=0) for p in parameters.values()]


def read_default(text: str) -> Plain:
    """The value that a person typed as a default: a number, a size, on or off, or a text.

    Raises:
        UserError: nothing was typed.
    """
    if not text:
        raise UserError(tr("A parameter needs a default, such as 64."))
    if text.lower() in ("on", "true", "off", "false"):
        return text.lower() in ("on", "true")
    for like in (parameter("n", 0), parameter("n", 0.0), parameter("n", (1, 1))):
        try:
            value = like.parse(text)
        except UserError:
            continue
        if not isinstance(value, Expr):
            return value
    return text
