"""A form for any class of declared parameters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.desktop import soon
from app.forms.code_field import WIDGET as CODE_WIDGET
from app.forms.code_field import CodeField
from app.forms.fields import ChoiceField, Field, LineField, field_for
from app.forms.names_field import BlocksField, ColumnsField, NamesField
from app.forms.parts import section
from app.forms.reset_menu import default_text, fill_menu
from app.i18n import tr
from graph.mentions import is_mention
from graph.params import Expr, Form, Param, Plain
from graph.problems import UserError

Values = Mapping[str, object]
NOTHING: Mapping[str, Plain] = {}
WIDEST_LABEL_PX = 132
ABOVE_HEADING_PX = 8


class FormView(QWidget):
    """Shows the parameters of a form class and the values of one or several things.

    Signals:
        edited: a parameter's name, its new value, and whether that is one of a run of steps.
        run_ended: the run of steps is over, because the focus went elsewhere.
        code_wanted: the code that a parameter holds is to be written.
        search_wanted: a field, as a search calls it, and the choices that were typed for it.

    Attributes:
        search_name: what a search calls a parameter; empty where it cannot choose for it.
    """

    edited = Signal(str, object, bool)
    run_ended = Signal()
    code_wanted = Signal(str)
    search_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: type[Form] | None = None
        self._rows: dict[str, FieldRow] = {}
        self.headings: dict[str, QLabel] = {}
        self._key: Hashable = None
        self.search_name: Callable[[str], str] = lambda _: ""
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_form(
        self,
        form: type[Form],
        values: Sequence[Values],
        variables: Mapping[str, Plain] = NOTHING,
        *,
        key: Hashable = None,
        without: Collection[str] = (),
    ) -> None:
        """Shows values, one mapping for each thing that is edited; missing ones are the defaults.

        What is being typed stays while `key`, the identity of the things, stays the same.
        Parameters in `without` are left out.
        """
        if form is not self._form:
            self._build(form)
        same = key == self._key and form is self._form
        self._form, self._key = form, key
        shown = _shown_names(form, values, variables)
        for name, row in self._rows.items():
            declared = form.params[name]
            row.show_values(
                [each.get(name, declared.default) for each in values], variables, keep_typed=same
            )
            row.setVisible(name in shown and name not in without)
        self._show_headings()

    def _show_headings(self) -> None:
        """Shows the headings below which a row is shown."""
        heading: QLabel | None = None
        for name, row in self._rows.items():
            if name in self.headings:
                heading = self.headings[name]
                heading.hide()
            if heading is not None and not row.isHidden():
                heading.show()

    def place_below(self, name: str, widget: QWidget) -> None:
        """Puts a widget below the row of a parameter."""
        self._layout.insertWidget(self._layout.indexOf(self._rows[name]) + 1, widget)

    def field(self, name: str) -> Field:
        """The editor of a parameter."""
        return self._rows[name].field

    def error(self, name: str) -> str:
        """The reason that is shown under a field; empty where there is none."""
        return self._rows[name].reason

    def is_changed(self, name: str) -> bool:
        """Whether a parameter is marked as different from its default."""
        return self._rows[name].dot.on

    def names(self) -> list[str]:
        """The parameters whose rows are shown."""
        return [name for name, row in self._rows.items() if not row.isHidden()]

    def set_choices(self, name: str, choices: Sequence[str]) -> None:
        """Offers words for a parameter that the form knows none for, such as column names."""
        field = self._rows[name].field if name in self._rows else None
        if isinstance(field, (ChoiceField, NamesField)):
            field.set_choices(choices)

    def commit(self) -> None:
        """Hands over what was typed and not yet committed."""
        for row in self._rows.values():
            row.field.commit()

    def _build(self, form: type[Form]) -> None:
        for old in (*self._rows.values(), *self.headings.values()):
            old.hide()
            old.deleteLater()
        self._rows, self.headings = {}, {}
        self._form = form
        for param in form.params.values():
            row = FieldRow(param, self)
            row.field.committed.connect(
                lambda value, run, name=param.name: self.edited.emit(name, value, run)
            )
            row.field.reset_requested.connect(
                lambda param=param: self.edited.emit(param.name, param.default, False)
            )
            row.field.run_ended.connect(self.run_ended)
            row.field.is_searchable = partial(self._is_searchable, param)
            row.field.choices_wanted.connect(partial(self._want_search, param.name))
            if isinstance(row.field, CodeField):
                row.field.edit_wanted.connect(partial(self.code_wanted.emit, param.name))
            row.field.focus_widget().installEventFilter(self)
            self._rows[param.name] = row
            if param.name in form.sections:
                heading = section(tr(form.sections[param.name]))
                heading.setContentsMargins(0, ABOVE_HEADING_PX if self._layout.count() else 0, 0, 0)
                self.headings[param.name] = heading
                self._layout.addWidget(heading)
            self._layout.addWidget(row)
        widths = [row.label.sizeHint().width() for row in self._rows.values()]
        width = min(max(widths, default=0), WIDEST_LABEL_PX)
        for row in self._rows.values():
            row.label.setFixedWidth(width)

    def _is_searchable(self, param: Param) -> bool:
        return param.kind != "text" and bool(self.search_name(param.name))

    def _want_search(self, name: str, choices: str) -> None:
        self.search_wanted.emit("=".join(filter(None, (self.search_name(name), choices))))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.run_ended.emit()
        return super().eventFilter(watched, event)


def _shown_names(
    form: type[Form], values: Sequence[Values], variables: Mapping[str, Plain]
) -> set[str]:
    """The parameters that `show_if` shows for any of the things."""
    shown: set[str] = set()
    for each in values:
        accepted: dict[str, Plain] = {}
        for name, value in each.items():
            if name in form.params:
                try:
                    accepted[name] = form.params[name].resolve(value, variables)
                except UserError:
                    continue  # a refused value is shown with its reason; here its default stands in
        built: Form = form(**accepted)
        shown |= {param.name for param in built.shown()}
    return shown


def _field(param: Param, parent: QWidget) -> Field:
    if param.widget == CODE_WIDGET:
        return CodeField(param, parent)
    if param.widget == "columns":
        return ColumnsField(param, parent)
    return BlocksField(param, parent) if is_mention(param) else field_for(param, parent)


class FieldRow(QWidget):
    """A parameter: the mark of a change, its title, its editor, its unit, and what is wrong."""

    def __init__(self, param: Param, parent: QWidget, *, can_reset: bool = True) -> None:
        super().__init__(parent)
        self.param = param
        self.can_reset = can_reset
        self.reason = ""
        self.dot = _Dot(self)
        self.label = QLabel(tr(param.title), self)
        self.label.setWordWrap(True)
        self.field = _field(param, self)
        self.unit = QLabel(self)
        self.unit.setProperty("role", "dim")
        self._error = QLabel(self)
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self.label.setBuddy(self.field.focus_widget())
        if isinstance(self.field, LineField):
            self.field.scrub.take(self.label)
        self.setToolTip(tr(param.help))
        self._arrange()
        self.field.refused.connect(self._on_refused)

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.dot)
        line.addWidget(self.label)
        line.addWidget(self.field, 1)
        line.addWidget(self.unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(line)
        column.addWidget(self._error)

    def show_values(
        self, values: Sequence[object], variables: Mapping[str, Plain], *, keep_typed: bool
    ) -> None:
        """Shows values; what is being typed stays while they are the same as before."""
        field = self.field
        typed = isinstance(field, LineField) and (field.is_typed or bool(self.reason))
        same = list(values) == list(self.field.values) and variables == self.field.variables
        if not (keep_typed and same and typed):
            self.field.show_values(values, variables)
        changed = self.can_reset and any(value != self.param.default for value in values)
        self.dot.set_on(changed)
        self.unit.setText(self._unit_text(values, variables))
        self.unit.setVisible(bool(self.unit.text()))

    def _unit_text(self, values: Sequence[object], variables: Mapping[str, Plain]) -> str:
        unit = tr(self.param.unit) if self.param.unit else ""
        first = values[0]
        if not isinstance(first, Expr) or self.field.is_mixed:
            return unit
        try:
            result = default_text(self.param.resolve(first, variables), self.param)
        except UserError:
            return unit  # the reason stands under the field
        return f"= {result} {unit}".rstrip()

    def _on_refused(self, reason: str) -> None:
        self.reason = reason
        self._error.setText(reason)
        self._error.setVisible(bool(reason))
        if reason and self.isVisible():
            self.reveal_soon()

    def reveal_soon(self) -> None:
        """Scrolls to the reason under the field once there is room for it."""
        soon(self, self._reveal_reason)

    def _reveal_reason(self) -> None:
        """Scrolls to the reason, once the row has grown by it."""
        area = self.parent()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parent()
        if area is not None:
            area.ensureWidgetVisible(self._error, 0, 6)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.can_reset:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, self.field)
        menu.popup(event.globalPos())


class _Dot(QWidget):
    """A small mark: this value is not the default."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.on = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def set_on(self, on: bool) -> None:
        self.on = on
        self.setToolTip(tr("Differs from the default; right-click to reset.") if on else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(6, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.on:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().highlight())
            painter.drawEllipse(QPointF(self.width() / 2, self.height() / 2), 2.5, 2.5)
