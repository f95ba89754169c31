"""The page of the recipe: how the drawing in front is trained."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QWidget

from app.forms import FormView
from app.forms.parts import column, label
from app.human import figure
from app.i18n import tr
from app.session import Session
from app.theme import Theme
from app.training.range_row import RangeRow
from app.training.rates import UNKNOWN_STEPS, Rates, rates_of
from app.training.record import metric_names, optimizer_names
from app.training.small_plot import SmallPlot
from graph import edits
from graph.optimizing import Optimizing
from graph.params import Value
from graph.recipe import Recipe


class RecipePage(QWidget):
    """A form over the recipe."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._drawn: list[str] = []
        self.form = FormView(self)
        self.form.edited.connect(self._set)
        self.form.run_ended.connect(self._end_run)
        self.form.search_name = str  # a search calls them as the recipe does
        self.drawn = label("", "dim", wrap=True)
        self.rates = SmallPlot()
        self.rates.setAccessibleName(tr("Learning rate over the run"))
        self.rates.read = self._read_rate
        self.range = RangeRow()
        self.range.chosen.connect(lambda rate: self._set("learning_rate", rate, False))
        layout = column(self, margin=12)
        self.steers = QCheckBox(tr("Steer the run that goes on"))
        self.steers.setToolTip(
            tr("Changes of learning rates, clipping, epochs and stop rules, and which blocks are "
               "frozen, count from the next step on. They are marked on the curves and part of the "
               "exported script.")
        )  # fmt: skip
        self.steers.setEnabled(False)  # and not hidden: fields must not move as a run starts
        layout.addWidget(self.steers)
        layout.addWidget(self.drawn)
        layout.addWidget(self.form)
        layout.addStretch(1)

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on."""
        self._session = session
        self.refresh()

    def leave(self) -> None:
        """Hands over what was typed."""
        if self._session is not None:
            self.form.commit()

    def refresh(self) -> None:
        """Shows the recipe as the document has it now."""
        session = self._session
        if session is None:
            return
        document, drawn = session.document, optimizer_names(session.document.whole())
        self._drawn = drawn
        names = ", ".join(f"“{name}”" for name in drawn)
        self.drawn.setText(tr("How gradients become steps is drawn: {names}.", names=names))
        self.drawn.setVisible(bool(drawn))
        self.form.show_form(
            Recipe, [document.recipe], document.variables, key=session,
            without=Optimizing.params if drawn else (),  # each says it for itself
        )  # fmt: skip
        if self.rates.parent() is not self.form:
            self.form.place_below("warmup_steps", self.rates)
            self.form.place_below("learning_rate", self.range)
        self.range.set_session(session)
        self.range.setVisible(not drawn)
        measured = metric_names(document.whole())
        self.form.set_choices("stop_metric", ["", "loss", *measured])
        self.form.setEnabled(not session.read_only)
        self.refresh_rates()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.rates.set_theme(theme)
        self.range.set_theme(theme)

    def show_steering(self, can_steer: bool) -> None:
        """Offers to steer a run; it does not unless a person says so."""
        if can_steer != self.steers.isEnabled():
            self.steers.setEnabled(can_steer)
            self.steers.setChecked(False)

    def refresh_rates(self) -> None:
        """Shows the learning rate over the run that the recipe makes of the data."""
        session = self._session
        if session is None:
            return
        document = session.document
        rows = session.data_info.rows if session.data_info is not None else None
        found = rates_of(document.recipe, document.variables, rows, as_share=bool(self._drawn))
        self.rates.setVisible(found is not None)
        if found is not None:
            last = found.epochs[-1] + 1 / (found.steps_per_epoch or UNKNOWN_STEPS)
            self.rates.ends = (tr("start"), tr("{n} epochs", n=f"{last:.0f}"))
            self.rates.show_line(found.epochs, found.values, self._caption(found))

    def _caption(self, rates: Rates) -> str:
        if rates.schedule == "plateau":
            return tr("until it stops improving: {rate}", rate=figure(max(rates.values)))
        highest, last = figure(max(rates.values)), figure(rates.values[-1])
        return highest if highest == last else tr("up to {rate}, at the end {last}",
                                                  rate=highest, last=last)  # fmt: skip

    def _read_rate(self, epoch: float, rate: float) -> str:
        return tr("epoch {n}: {rate}", n=f"{epoch:.2f}", rate=figure(rate))

    def refresh_optimizers(self) -> None:
        """Leaves to the Optimizers of the drawing what is theirs, where others are drawn now."""
        if self._session and optimizer_names(self._session.document.whole()) != self._drawn:
            self.refresh()

    def _set(self, name: str, value: Value, is_run: bool) -> None:
        session = self._session
        if session is None:
            return
        title = tr("Set {name}", name=tr(Recipe.params[name].title).lower())
        edit = partial(edits.set_recipe, name=name, value=value)
        if not session.apply(title, edit, f"recipe {name}" if is_run else None):
            self.refresh()

    def _end_run(self) -> None:
        if self._session is not None:
            self._session.seal()
