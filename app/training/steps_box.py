"""The steps between data and model: a list to add to, order and switch, and the form of one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from app.forms import FormView
from app.forms.parts import column, label, section
from app.i18n import tr
from app.session import Session
from app.training.steps_preview import StepsPreviewBox
from graph import step_edits
from graph.data import StepSpec
from graph.data_fields import step_names
from graph.model import Document
from graph.params import Value
from graph.problems import UserError
from graph.search_fields import Field
from graph.steps import DataStep, step_kinds

ROW_PX = 29


class StepsBox(QWidget):
    """Edits the steps of the document in front, and shows what they do to some rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._is_filling = False
        self.add = QPushButton(tr("Add step"))
        self.add.setToolTip(tr("Normalise, resize, flip, mix …: in the order of the list"))
        self.add.setMenu(self._menu())
        self.up = self._button("↑", tr("Move the step up"), "Alt+Up", self.raise_step)
        self.down = self._button("↓", tr("Move the step down"), "Alt+Down", self.lower_step)
        self.drop = self._button("✕", tr("Remove the step"), "Del", self.remove)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Steps between data and model"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show_step)
        self.list.itemChanged.connect(self._switch)
        self.about = label("", "dim", wrap=True)
        self.form = FormView(self)
        self.form.edited.connect(self._set)
        self.form.run_ended.connect(self._end_run)
        self.form.search_name = self._search_name
        self.preview = StepsPreviewBox(self)
        self._arrange()

    def _button(self, text: str, tip: str, keys: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(f"{tip} ({QKeySequence(keys).toString()})")
        button.setAccessibleName(tip)
        button.setProperty("role", "flat")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: act())
        return button

    def _arrange(self) -> None:
        for keys, act in (
            ("Alt+Up", self.raise_step), ("Alt+Down", self.lower_step),
            ("Del", self.remove),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(section(tr("Steps")), 1)
        for button in (self.up, self.down, self.drop, self.add):
            row.addWidget(button)
        layout = column(self)
        layout.addLayout(row)
        for part in (self.list, self.about, self.form, self.preview):
            layout.addWidget(part)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for kind, cls in step_kinds().items():
            action = menu.addAction(tr(cls.title))
            action.setToolTip(_doc(cls))
            action.triggered.connect(lambda _=False, kind=kind: self.add_step(kind))
        return menu

    # ------------------------------------------------------------------ show

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on."""
        self._session = session
        self.refresh()

    def refresh(self) -> None:
        """Shows the steps as the document has them now."""
        session = self._session
        if session is None:
            return
        steps, place = session.document.data.steps, self.list.currentRow()
        self._is_filling = True
        while self.list.count() > len(steps):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(steps):
            self.list.addItem(QListWidgetItem())
        for number, step in enumerate(steps):
            self._fill(self.list.item(number), step)
        self._is_filling = False
        self.list.setCurrentRow(min(max(place, 0), len(steps) - 1))
        height = max(self.list.sizeHintForRow(0), ROW_PX)  # of the theme, once it is shown
        self.list.setFixedHeight(max(len(steps), 1) * height + 6)
        self.list.setVisible(bool(steps))
        self.preview.setVisible(bool(steps))
        self.preview.show_data(session.document.data)
        self._show_step()

    def _fill(self, item: QListWidgetItem, step: StepSpec) -> None:
        cls = step_kinds().get(step.kind)
        item.setText(_text(step, cls))
        item.setToolTip(_doc(cls) if cls else tr("This version does not have this step"))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if step.on else Qt.CheckState.Unchecked)

    def _show_step(self, _place: int = 0) -> None:
        session, place = self._session, self.list.currentRow()
        if session is None or self._is_filling:
            return
        steps = session.document.data.steps
        can_edit = not session.read_only
        held = 0 <= place < len(steps)
        self.add.setEnabled(can_edit)
        self.up.setEnabled(can_edit and held and place > 0)
        self.down.setEnabled(can_edit and held and place < len(steps) - 1)
        self.drop.setEnabled(can_edit and held)
        for button in (self.up, self.down, self.drop):
            button.setVisible(bool(steps))
        cls = step_kinds().get(steps[place].kind) if held else None
        self.form.setVisible(cls is not None)
        self.form.setEnabled(can_edit)
        self.about.setText(self._about(steps, cls))
        if cls is not None:
            inputs = session.data_info.inputs() if session.data_info else ()
            one = len(inputs) <= 1 and not steps[place].params.get("column")
            self.form.show_form(
                cls, [steps[place].params], key=(session, place, cls),
                without=("column",) if one else (),
            )  # fmt: skip
            self.form.set_choices("column", ("", *(each.name for each in inputs)))

    def _about(self, steps: tuple[StepSpec, ...], cls: type[DataStep] | None) -> str:
        if cls is not None:
            acts = tr("Acts always.") if cls.acts == "always" else tr("Acts while training only.")
            return f"{_doc(cls)} {acts}"
        if steps:
            return tr("This version does not have this step; it is kept as it is.")
        return tr("Rows reach the model as they are. Add steps to normalise or vary them.")

    def _search_name(self, name: str) -> str:
        session, place = self._session, self.list.currentRow()
        names = step_names(session.document.data.steps) if session is not None else []
        return str(Field(name, names[place], of_data=True)) if 0 <= place < len(names) else ""

    def take_focus(self) -> None:
        """Takes the keys, and comes into view."""
        first = self.list if self.list.count() else self.add
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        area = self.parent()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parent()
        if area is not None:
            area.ensureWidgetVisible(first)

    # ------------------------------------------------------------------ edit

    def add_step(self, kind: str) -> None:
        """Adds a step behind the one that is chosen."""
        session = self._session
        if session is None:
            return
        place = self.list.currentRow() + 1 if self.list.count() else 0
        title = tr("Add {step}", step=tr(step_kinds()[kind].title))
        if session.apply(title, partial(step_edits.add_step, kind=kind, place=place)):
            self.refresh()
            self.list.setCurrentRow(place)
            self.list.setFocus()

    def remove(self) -> None:
        """Removes the step that is chosen."""
        place = self.list.currentRow()
        if self._session is not None and place >= 0:
            self._session.apply(tr("Remove step"), partial(step_edits.remove_step, place=place))
            self.refresh()

    def raise_step(self) -> None:
        """Moves the step that is chosen up."""
        self._move(-1)

    def lower_step(self) -> None:
        """Moves the step that is chosen down."""
        self._move(1)

    def _move(self, by: int) -> None:
        place = self.list.currentRow()
        if self._session is None or not 0 <= place + by < self.list.count():
            return
        edit = partial(step_edits.move_step, place=place, to=place + by)
        if self._session.apply(tr("Move step"), edit):
            self.refresh()
            self.list.setCurrentRow(place + by)

    def _switch(self, item: QListWidgetItem) -> None:
        session = self._session
        if session is None or self._is_filling:
            return
        place, on = self.list.row(item), item.checkState() == Qt.CheckState.Checked
        steps = session.document.data.steps
        if place < len(steps) and steps[place].on != on:
            title = tr("Turn step on") if on else tr("Turn step off")
            session.apply(title, partial(step_edits.switch_step, place=place, on=on))
        self.refresh()

    def _set(self, name: str, value: Value, is_run: bool) -> None:
        session, place = self._session, self.list.currentRow()
        if session is None or not 0 <= place < len(session.document.data.steps):
            return
        cls = step_kinds()[session.document.data.steps[place].kind]
        title = tr("Set {name}", name=tr(cls.params[name].title).lower())

        def edit(document: Document) -> Document:
            return step_edits.set_step(document, place, name, value)

        session.apply(title, edit, f"step {place} {name}" if is_run else None)
        self.refresh()

    def _end_run(self) -> None:
        if self._session is not None:
            self._session.seal()


def _doc(cls: type[DataStep]) -> str:
    return tr((cls.__doc__ or "").strip().splitlines()[0])


def _text(step: StepSpec, cls: type[DataStep] | None) -> str:
    if cls is None:
        return step.kind
    try:
        summary = cls.build(step.params).summary()
    except UserError:
        summary = tr("a value is wrong")
    return f"{tr(cls.title)}   {summary}".rstrip()
