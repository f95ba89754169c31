"""The budget: what training and using the drawing take on the devices that there are."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.budget.bars import Parts
from app.budget.plan import PlanForm, plan_of
from app.budget.words import (
    inference_facts,
    inference_parts,
    missing_note,
    training_facts,
    training_parts,
    verdict,
)
from app.forms import FormView
from app.forms.fields import set_property
from app.forms.parts import Facts, column, label, scrolled, section
from app.forms.sizes import Sizes
from app.i18n import tr
from app.session import Session
from app.theme import Theme
from graph.budget import Budget, budget
from graph.change import Change
from graph.needs import needs_of
from graph.problems import UserError
from graph.tensor import symbols_in
from graph.typed import Typing

STACKED_BELOW_PX = 640
SOON_MS = 20
"""Edits that follow each other faster are counted once."""


class BudgetPanel(QWidget):
    """Memory by part, the largest batch that fits, and the work of a step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session: Session | None = None
        self._values: dict[str, object] = {}
        self._is_stale = True
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
        self._soon.timeout.connect(self._refresh)
        self._arrange()
        self.form.show_form(PlanForm, [self._values])

    def _arrange(self) -> None:
        page = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._row.setContentsMargins(14, 12, 14, 12)
        self._row.setSpacing(28)
        groups = (
            (2, [section(tr("Plan")), self.form, section(tr("Sizes")), self.sizes]),
            (3, [section(tr("To train, on each device")), self.training, self.verdict,
                 self.training_facts, self.missing]),
            (3, [section(tr("To use, on each device")), self.inference, self.inference_facts]),
        )  # fmt: skip
        for stretch, parts in groups:
            group = QWidget(page)
            layout = column(group, spacing=9)
            for part in parts:
                layout.addWidget(part)
            layout.addStretch(1)
            self._row.addWidget(group, stretch)
        column(self).addWidget(scrolled(page, self))

    def set_session(self, session: Session) -> None:
        """Shows what another document takes."""
        if self._session is not None:
            self._session.changed.disconnect(self._on_changed)
        self._session = session
        session.changed.connect(self._on_changed)
        self.sizes.set_session(session)
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
        ways = QBoxLayout.Direction
        is_narrow = self.width() < STACKED_BELOW_PX
        self._row.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)
        self._row.setSpacing(16 if is_narrow else 28)

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
        session = self._session
        if session is None:
            return
        try:
            plan = plan_of(self._values)
        except UserError:
            return  # the reason stands under the field
        self._is_stale = False
        document, typing = session.root, session.root_typing
        needs = needs_of(document, typing, session.root_costs)
        found = self.budget = budget(needs, document.sizes, plan)
        self.sizes.refresh(_symbols(typing))
        self.training.show_parts(training_parts(found), found.device_bytes)
        self.inference.show_parts(inference_parts(found), found.device_bytes)
        self.verdict.setText(verdict(found))
        set_property(self.verdict, "role", "dim" if found.fits else "error")
        self.training_facts.show_facts(training_facts(found, plan))
        self.inference_facts.show_facts(inference_facts(found))
        self.missing.setText(missing_note(document, typing))
        self.missing.setVisible(bool(self.missing.text()))


def _symbols(typing: Typing) -> set[str]:
    """The symbolic sizes in the types of the drawing."""
    types = {type_ for outputs in typing.types.values() for type_ in outputs.values()}
    return {name for type_ in types for dim in type_.shape for name in symbols_in(dim)}
