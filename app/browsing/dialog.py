"""The window that shows the samples of a document's data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QDialog, QPushButton, QStackedWidget, QWidget
from shiboken6 import isValid

from app.browsing import reading
from app.browsing.filters import Filters
from app.browsing.layout import arrange
from app.browsing.overview import Overview
from app.browsing.reading import Wanted, wanted_of
from app.browsing.rows import RowsView
from app.browsing.sample_view import SampleView
from app.elided import ElidedLabel
from app.forms.parts import label
from app.human import grouped
from app.i18n import tr
from app.session import Session
from app.theme import Theme
from app.working import Work
from backends.data.browsing.measuring import Facts
from backends.data.browsing.samples import Samples
from graph.problems import UserError


class BrowserDialog(QDialog):
    """Reads the data of a document, follows it, and lets a person find samples in it."""

    def __init__(
        self, session: Session, theme: Callable[[], Theme],
        weights: Callable[[], Path | None], parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.session, self._theme_now = session, theme
        self._theme = theme()
        self._wanted: Wanted | None = None
        self._weights = weights
        self.samples: Samples | None = None
        self.facts: Facts | None = None
        self.filters = Filters()
        self.filters.changed.connect(self._choose)
        self.rows = RowsView(self._theme)
        self.rows.looked_at.connect(self._look_at)
        self.rows.opened.connect(self._open)
        self.rows.sort_asked.connect(self.filters.sort_by)
        self.sample = SampleView(self._theme)
        self.overview = Overview(self._theme)
        self.overview.gaps_wanted.connect(self._show_gaps)
        self.message = label("", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.count = ElidedLabel("dim")
        self.work = Work(quick=("choose",))
        self.work.cancel_wanted.connect(self.stop)
        self.work.changed.connect(self.show_state)
        self.try_it = QPushButton(tr("Try the model"))
        self.try_it.setAutoDefault(False)
        self.try_it.clicked.connect(self.try_model)
        self.again = QPushButton(tr("Read again"))
        self.again.setAutoDefault(False)
        self.again.setToolTip(tr("Reads the data anew, as it is now (F5)"))
        self.again.clicked.connect(self.read_again)
        self.pages = QStackedWidget()
        self.tabs = arrange(self)
        QShortcut("Ctrl+F", self, self._go_search)
        QShortcut("F5", self, self.read_again)
        QShortcut("F9", self, self.try_it.click)
        session.changed.connect(self._follow)
        session.problems_changed.connect(self._follow)
        session.destroyed.connect(self.reject)
        QTimer.singleShot(0, self, self._follow)

    @property
    def is_settled(self) -> bool:
        """Whether all that is wanted was read and is shown."""
        return self._wanted is not None and self.work.is_idle and not self.filters.is_typing

    # the data

    def read_again(self) -> None:
        """Reads the data anew."""
        self._wanted = None
        self._follow()

    def stop(self) -> None:
        """Stops whatever is being read."""
        was_reading, was_measuring = map(self.work.goes_on, ("read", "measure"))
        self.work.drop()
        if was_reading:
            self._say(tr("Reading was cancelled. “Read again” starts anew."))
        elif was_measuring:
            self.overview.show_waiting(tr("Summing up was cancelled. “Read again” starts anew."))

    def _follow(self, _change: object = None) -> None:
        wanted = wanted_of(self.session.root)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self.setWindowTitle(tr("Data of {title}", title=self.session.title))
        self.work.drop()
        self.samples = self.facts = None
        self._say(tr("Reading the data…"))
        self.work.start("read", partial(reading.read, wanted), self._know, self._refuse)

    def _know(self, samples: Samples | None) -> None:
        if samples is None:
            return
        if not len(samples):
            self._say(tr("The data has no samples."))
            return
        self.samples = samples
        self.rows.show_samples(samples)
        self.sample.show_nothing()
        self.overview.show_waiting()
        self.pages.setCurrentIndex(1)
        self.filters.offer(samples)  # which chooses, too
        self.filters.show()
        self.rows.take_focus()
        self.work.start("measure", partial(reading.sum_up, samples), self._sum_up, self._refuse)

    def _sum_up(self, facts: Facts | None) -> None:
        samples = self.samples
        if facts is None or samples is None:
            return
        self.facts = facts
        self.samples = samples.without(facts.unreadable)
        self.overview.show_facts(self.samples, facts)
        self._choose()

    def _refuse(self, error: UserError) -> None:
        self._say(str(error))

    def _say(self, text: str) -> None:
        """Shows a text in place of samples."""
        self.message.setText(text)
        self.pages.setCurrentIndex(0)
        self.count.show_text("")
        self.filters.hide()
        self.rows.switch.hide()
        self.sample.show_nothing()
        self.overview.show_waiting(tr("There is nothing to sum up yet."))

    def try_model(self) -> None:
        """Asks the model, with the weights of its last run, for its answer to every sample."""
        samples, run = self.samples, self._weights()
        if samples is None or run is None:
            return
        self.count.show_text(tr("The model answers…"))
        self.work.start("try", partial(reading.try_model, self.session.root, run, samples),
                        self._know_answers, self._refuse_answers)  # fmt: skip

    def _know_answers(self, samples: Samples | None) -> None:
        if samples is None:
            return
        self.samples = samples
        self.rows.show_samples(samples, keeps=True)
        self.filters.offer(samples, keeps=True)
        self.overview.show_answers(samples)

    def _refuse_answers(self, error: UserError) -> None:
        self.overview.show_answers(self.samples, str(error))
        self.tabs.setCurrentIndex(1)
        self._choose()

    # what is wanted of it

    def _choose(self) -> None:
        samples = self.samples
        if samples is None:
            return
        choice = self.filters.choice()
        self.rows.show_order(choice.sort, is_falling=choice.is_falling)
        self.work.start("choose", partial(reading.choose, samples, choice, self.facts),
                    partial(self._show_chosen, samples), self._refuse)  # fmt: skip

    def _show_chosen(self, samples: Samples, rows: np.ndarray) -> None:
        if samples is not self.samples:
            return
        self.rows.show_rows(samples, rows)
        total, shown = len(samples), len(rows)
        if shown == total:
            text = tr("1 sample") if total == 1 else tr("{n} samples", n=grouped(total))
        else:
            text = tr("{shown} of {total} samples", shown=grouped(shown), total=grouped(total))
        self.count.show_text(text)
        if not shown:
            self.sample.show_nothing()
        elif self.sample.row is not None:
            self.sample.show_sample(samples, self.sample.row)

    def _show_gaps(self) -> None:
        self.filters.show_all()
        self.filters.gaps.click()

    def _look_at(self, row: int) -> None:
        if self.samples is not None and row != self.sample.row:
            self.sample.show_sample(self.samples, row)

    def _open(self, row: int) -> None:
        self._look_at(row)
        self.tabs.setCurrentIndex(0)

    # the window

    def show_state(self, *_: object) -> None:
        """Offers what can be done now; asked anew when a run begins or ends."""
        if not isValid(self.session):
            return  # the document was closed, and this with it
        self.again.setVisible(self.work.isHidden())
        run = self._weights()
        self.try_it.setVisible(self.samples is not None and self.work.isHidden())
        self.try_it.setEnabled(run is not None)
        self.try_it.setToolTip(
            tr("Asks the model, as {run} has trained it, for its answer to every sample (F9)",
               run=run.name) if run is not None else
            tr("Once a run of the drawing has ended, its answers can be seen beside the data.")
        )  # fmt: skip

    def _go_search(self) -> None:
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        in_search = self.filters.search.hasFocus()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down) and in_search:
            self.rows.take_focus()
        elif event.key() == Qt.Key.Key_Escape and in_search and self.filters.search.text():
            self.filters.search.clear()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._theme != self._theme_now():
            self._theme = self._theme_now()
            self.rows.set_theme(self._theme)
            self.sample.set_theme(self._theme)
            self.overview.set_theme(self._theme)

    def done(self, result: int) -> None:
        self.work.drop()
        self.rows.stop()
        super().done(result)
