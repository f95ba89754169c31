"""The budget: what training and using the drawing take on the devices that there are."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.budget.bars import Parts
from app.budget.words import (
    inference_facts,
    inference_parts,
    missing_note,
    training_facts,
    training_parts,
    verdict,
)
from app.forms import FormView
from app.forms.parts import Facts, column, label, scrolled, section
from app.forms.sizes import Sizes
from app.i18n import tr
from app.properties import set_property
from app.session import Session
from app.tasks import Task
from app.theme import Theme
from graph.budget import BATCH, Budget, budget
from graph.change import Change
from graph.cost import Costs
from graph.model import Document
from graph.needs import Needs, needs_of, recipe_of
from graph.plan import PlanForm, plan_of, plan_text, plan_values
from graph.problems import UserError
from graph.tensor import symbols_in
from graph.typed import Typing

Arrangement = tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]
ARRANGEMENTS: tuple[tuple[int, Arrangement], ...] = (
    (800, ((6, 3, 8, 7), (("plan", "sizes", "train", "use"),))),
    (460, ((1, 1), (("plan", "train"), ("sizes", "use")))),
    (0, ((1,), (("train",), ("use",), ("plan",), ("sizes",)))),
)
"""From which width on which parts are where, with the shares of the columns."""
MOST_PARTS = 4
SOON_MS = 8
"""Edits that follow each other faster are counted once."""


class Counted(NamedTuple):
    """What a document needs, and the symbolic sizes in its types."""

    document: Document
    typing: Typing
    needs: Needs
    symbols: set[str]


class BudgetPanel(QWidget):
    """Memory by part, the largest batch that fits, and the work of a step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session: Session | None = None
        self._values: dict[str, object] = {}
        self._is_stale = True
        self._task: Task | None = None
        self.budget: Budget | None = None
        self.form = FormView(self)
        self.form.edited.connect(self._on_edited)
        self.sizes = Sizes(self)
        self.verdict = label("", "dim", wrap=True)
        self.training = Parts(self)
        self.training_facts = Facts(self)
        self.inference = Parts(self)
        self.inference_facts = Facts(self)
        self.missing = label("", "warning", wrap=True)
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._start)
        self._arrange()
        self.form.show_form(PlanForm, [self._values])

    def _arrange(self) -> None:
        page = QWidget()
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(14, 12, 14, 12)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(16)
        training = [self.training, self.verdict, self.training_facts, self.missing]
        parts: dict[str, tuple[str, list[QWidget]]] = {
            "plan": (tr("Plan"), [self.form]),
            "sizes": (tr("Sizes"), [self.sizes]),
            "train": (tr("To train, on each device"), training),
            "use": (tr("To use, on each device"), [self.inference, self.inference_facts]),
        }
        self._groups = {}
        for name, (title, widgets) in parts.items():
            group = self._groups[name] = QWidget(page)
            layout = column(group, spacing=9)
            layout.addWidget(section(title))
            for widget in widgets:
                layout.addWidget(widget)
            layout.addStretch(1)
        self._lay_out(ARRANGEMENTS[0][1])
        column(self).addWidget(scrolled(page, self, tr("Budget")))

    def _lay_out(self, arrangement: Arrangement) -> None:
        """Puts the parts where they belong; each column has a share of the width."""
        self._arrangement = arrangement
        shares, rows = arrangement
        for group in self._groups.values():
            self._grid.removeWidget(group)
        for row, names in enumerate(rows):
            for place, name in enumerate(names):
                self._grid.addWidget(self._groups[name], row, place)
        for place in range(MOST_PARTS):
            self._grid.setColumnStretch(place, shares[place] if place < len(shares) else 0)
            self._grid.setRowStretch(place, int(place == len(rows) - 1))

    def set_session(self, session: Session) -> None:
        """Shows what another document takes."""
        if self._session is not None:
            self._session.changed.disconnect(self._on_changed)
        self._session = session
        self._drop_task()
        session.changed.connect(self._on_changed)
        self.sizes.set_session(session)
        self._mark_stale()

    @property
    def plan(self) -> str:
        """The plan as text, to be kept until the next start."""
        return plan_text(self._values)

    def set_plan(self, text: str) -> None:
        """Goes on with a plan that was kept."""
        self._values = plan_values(text)
        self.form.show_form(PlanForm, [self._values])
        self._mark_stale()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.training.set_theme(theme)
        self.inference.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """Counts what changed while it was not seen."""
        super().showEvent(event)
        if self._is_stale:
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts its parts below each other where they do not fit side by side."""
        super().resizeEvent(event)
        width = self.width()
        wanted = next(found for least, found in ARRANGEMENTS if width >= least)
        if wanted is not self._arrangement:
            self._lay_out(wanted)

    def _on_changed(self, change: Change) -> None:
        if change.structure or change.settings:
            self._mark_stale()

    def _on_edited(self, name: str, value: object, _is_run: bool) -> None:
        self._values[name] = value
        self.form.show_form(PlanForm, [self._values])
        self._mark_stale()

    def _mark_stale(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._soon.start()

    def _refresh(self) -> None:
        """Counts at once."""
        session = self._session
        if session is not None:
            self._drop_task()
            self._is_stale = False
            self._show(_counted(session.root, session.root_typing, session.root_costs))

    def _start(self) -> None:
        """Counts in another thread: a large drawing takes long."""
        session = self._session
        if session is None or self._task is not None:
            return
        self._is_stale = False
        document, typing, costs = session.root, session.root_typing, session.root_costs
        task = Task(lambda _task: _counted(document, typing, costs), "budget", self)
        task.done.connect(self._on_counted)
        task.cancelled.connect(lambda: self._forget(task))
        self._task = task
        task.start()

    def _on_counted(self, counted: Counted) -> None:
        self._task = None
        self._show(counted)
        if self._is_stale and self.isVisible():
            self._soon.start()

    def _forget(self, task: Task) -> None:
        """Goes on after a bug in the other thread, which the crash handler tells."""
        if self._task is task:
            self._task = None

    def _drop_task(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _show(self, counted: Counted) -> None:
        try:
            plan = plan_of(self._values)
        except UserError:
            return  # the reason stands under the field
        document, needs = counted.document, counted.needs
        found = self.budget = budget(needs, document.sizes, plan)
        self.sizes.refresh(counted.symbols)
        self.training.show_parts(training_parts(found), found.device_bytes)
        self.inference.show_parts(inference_parts(found), found.device_bytes)
        self.verdict.setText(verdict(found))
        set_property(self.verdict, "role", "dim" if found.fits else "error")
        batch = recipe_of(document).batch_size
        of_batch = budget(needs, {**document.sizes, BATCH: batch}, plan)
        self.training_facts.show_facts(training_facts(found, plan, batch, of_batch))
        self.inference_facts.show_facts(inference_facts(found))
        self.missing.setText(missing_note(document, counted.typing))
        self.missing.setVisible(bool(self.missing.text()))


def _counted(document: Document, typing: Typing, costs: Costs) -> Counted:
    needs = needs_of(document, typing, costs)
    return Counted(document, typing, needs, _symbols(typing))


def _symbols(typing: Typing) -> set[str]:
    """The symbolic sizes in the types of the drawing."""
    types = {type_ for outputs in typing.types.values() for type_ in outputs.values()}
    return {name for type_ in types for dim in type_.shape for name in symbols_in(dim)}
