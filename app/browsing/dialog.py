"""The window that shows the samples of a document's data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QDialog, QProgressBar, QPushButton, QStackedWidget, QWidget

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
from app.i18n import tr, tr_count
from app.session import Session
from app.tasks import Task, run_task
from app.theme import Theme
from backends.data.browsing.measuring import Facts
from backends.data.browsing.samples import Samples
from graph.problems import UserError


class BrowserDialog(QDialog):
    """Reads the data of a document, follows it, and lets a person find samples in it."""

    def __init__(self, session: Session, theme: Callable[[], Theme], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.session, self._theme_now = session, theme
        self._theme = theme()
        self._wanted: Wanted | None = None
        self._tasks: dict[str, Task] = {}
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
        self.message = label("", "dim", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.count = ElidedLabel("dim")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.stop)
        self.again = QPushButton(tr("Read again"))
        self.again.setAutoDefault(False)
        self.again.setToolTip(tr("Reads the data anew, as it is now (F5)"))
        self.again.clicked.connect(self.read_again)
        self.pages = QStackedWidget()
        self.tabs = arrange(self)
        QShortcut("Ctrl+F", self, self._go_search)
        QShortcut("F5", self, self.read_again)
        session.changed.connect(self._follow)
        session.problems_changed.connect(self._follow)
        QTimer.singleShot(0, self, self._follow)

    @property
    def is_settled(self) -> bool:
        """Whether all that is wanted was read and is shown."""
        return self._wanted is not None and not self._tasks and not self.filters.is_typing

    # the data

    def read_again(self) -> None:
        """Reads the data anew."""
        self._wanted = None
        self._follow()

    def stop(self) -> None:
        """Stops whatever is being read."""
        was_reading = "read" in self._tasks
        self._drop("read", "measure", "choose")
        if was_reading:
            self._say(tr("Reading was cancelled. “Read again” starts anew."))
        elif self.facts is None:
            self.overview.show_waiting(tr("Summing up was cancelled. “Read again” starts anew."))

    def _follow(self, _change: object = None) -> None:
        wanted = wanted_of(self.session.root)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self.setWindowTitle(tr("Data of {title}", title=self.session.title))
        self._drop("read", "measure", "choose")
        self.samples = self.facts = None
        self._say(tr("Reading the data…"))
        self._start("read", partial(reading.read, wanted), self._know, self._refuse)

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
        self.filters.setEnabled(True)
        self.rows.take_focus()
        self._start("measure", partial(reading.sum_up, samples), self._sum_up, self._refuse)

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
        self.filters.setEnabled(False)
        self.sample.show_nothing()
        self.overview.show_waiting(tr("There is nothing to sum up yet."))

    # what is wanted of it

    def _choose(self) -> None:
        samples = self.samples
        if samples is None:
            return
        self._drop("choose")
        choice = self.filters.choice()
        self.rows.show_order(choice.sort, is_falling=choice.is_falling)
        self._start("choose", partial(reading.choose, samples, choice, self.facts),
                    partial(self._show_chosen, samples), self._refuse)  # fmt: skip

    def _show_chosen(self, samples: Samples, rows: np.ndarray) -> None:
        if samples is not self.samples:
            return
        self.rows.show_rows(samples, rows)
        total, shown = len(samples), len(rows)
        if shown == total:
            text = tr_count(total, "1 sample", "{n} samples")
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

    # work

    def _start(
        self, name: str, work: Callable[[Task], object], done: Callable[..., object],
        refused: Callable[[UserError], object],
    ) -> None:  # fmt: skip
        task = run_task(self, work, done, refused, name=f"browser-{name}")
        task.progressed.connect(self._show_share)
        for ended in (task.done, task.refused, task.cancelled):
            ended.connect(partial(self._end, name, task))
        self._tasks[name] = task
        self._show_busy()

    def _end(self, name: str, task: Task, *_: object) -> None:
        if self._tasks.get(name) is task:
            del self._tasks[name]
        self._show_busy()

    def _drop(self, *names: str) -> None:
        for name in names:
            task = self._tasks.pop(name, None)
            if task is not None:
                task.cancel()
        self._show_busy()

    def _show_share(self, share: float, _text: str) -> None:
        self.progress.setRange(0, 100)
        self.progress.setValue(round(100 * share))

    def _show_busy(self) -> None:
        is_busy = bool(self._tasks.keys() & {"read", "measure"})
        if is_busy != self.progress.isVisibleTo(self):
            self.progress.setRange(0, 0)
        self.progress.setVisible(is_busy)
        self.cancel.setVisible(is_busy)
        self.again.setVisible(not is_busy)

    # the window

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
        self._drop("read", "measure", "choose")
        self.rows.stop()
        super().done(result)
