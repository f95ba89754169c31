"""The dialog of a search: what is chosen at the left, the trials and their picture at the right."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QDialog, QProgressBar, QPushButton, QWidget

from app.forms.desk import lay_out
from app.forms.parts import label
from app.i18n import tr
from app.searching.form import SearchForm
from app.searching.running import WORK, SearchRunner
from app.searching.view import TrialsView
from app.session import Session
from app.tasks import run_task
from app.theme import Theme
from app.training.readiness import is_same_run
from backends import loader
from backends.runs import lock
from backends.searching.folder import LATEST, Stored, find, read
from backends.searching.trial import Ended, SearchJob, Trial
from graph.problems import UserError
from graph.searching import Search, choose, combinations, values_text

SIZE_PX = (1080, 680)


@dataclass(frozen=True)
class Earlier:
    """A search that was made before, and whether another process goes on with it now."""

    stored: Stored
    trials: tuple[Trial, ...]
    is_running: bool


class SearchDialog(QDialog):
    """Looks for good values of a document, beside the window, which stays free.

    Args:
        theme: the one that is worn now.

    Signals:
        run_ended: a run has ended, so that lists of runs may look again.
    """

    run_ended = Signal()

    def __init__(
        self, session: Session, theme: Callable[[], Theme], runs: Path, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Search for good values: {title}", title=session.title))
        self.session = session
        self._theme = theme
        self._runs = runs
        self._search: Search | None = None  # that of the trials that are shown
        self._stored: Stored | None = None
        self._trials: tuple[Trial, ...] = ()
        self.runner = SearchRunner(self)
        self.form = SearchForm(session, self)
        self.view = TrialsView(theme(), self)
        self.plot, self.table = self.view.plot, self.view.table
        self.status = label("", "dim", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("How far the search is"))
        self.use = QPushButton(tr("Use these values"))
        self.use.setToolTip(
            tr("Puts the values of the chosen trial, or of the best, into the drawing.")
        )
        self.dismiss = QPushButton(tr("Close"))
        self.go = QPushButton(tr("Search"))
        self.go.setProperty("role", "primary")
        self.go.setToolTip(tr("Ctrl+Enter"))
        for button in (self.use, self.dismiss, self.go):
            button.setAutoDefault(False)
        below = (self.status, self.progress)
        lay_out(self, self.form, self.view, below, (self.use,), (self.dismiss, self.go))
        self.resize(*SIZE_PX)
        self._wire()
        self._show(())
        self._look_for_earlier()
        self._follow_state()
        self.form.add.setFocus()

    def start_or_stop(self) -> None:
        """Begins the search, goes on with it, or stops it."""
        if self.runner.is_running:
            self.runner.stop()
            self._follow_state()
            return
        document = self.session.root
        try:
            job = self._job_to_go_on() or SearchJob(
                document, self.form.search(document), self._runs, document.name
            )
        except UserError as error:
            self.tell(str(error), "error")
            return
        self._search = job.search
        self._show(())
        where, parallel = self.form.place()
        self.runner.start(replace(job, where=where, parallel=parallel))
        self._follow_state()

    def want(self, wanted: str) -> None:
        """Adds a field, with the choices that stand behind its name, if any do."""
        if self.runner.is_running:
            self.tell(tr("The search goes on; stop it to choose for other fields."), "warning")
            return
        try:
            self.form.want(wanted)
        except UserError as error:
            self.tell(str(error), "error")

    def use_values(self) -> None:
        """Puts the values of the chosen trial, or of the best, into the drawing."""
        trial, search = self._chosen(), self._search
        if trial is None or search is None or not shiboken6.isValid(self.session):
            return
        text = values_text(search.over, trial.values)
        if self.session.apply_to_whole(
            tr("Use values of a search"), lambda whole: choose(whole, search.over, trial.values)
        ):
            self.tell(tr("In the drawing now: {values}. Undo takes them back.", values=text), "dim")
        else:
            self.tell(tr("The drawing refuses the values, as its message says."), "error")

    def tell(self, text: str, role: str = "dim") -> None:
        """Says something below the trials."""
        self.status.setText(text)
        self.status.setProperty("role", role)
        self.status.style().polish(self.status)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.isVisible():
            self.view.set_theme(self._theme())

    def reject(self) -> None:
        """Closes; whatever closes a dialog comes here."""
        if self.runner.is_apart:
            self.runner.let_go()
        else:
            self.runner.stop()  # it can be gone on with
        super().reject()

    # what is shown

    def _chosen(self) -> Trial | None:
        number = self.table.number()
        chosen = next((trial for trial in self._trials if trial.number == number), None)
        return chosen or self.table.trials.best

    def _show(self, trials: tuple[Trial, ...]) -> None:
        self._trials = trials
        self.view.show_trials(self._search, trials)

    def _follow_runner(self) -> None:
        self._show(tuple(self.runner.trials.values()))
        self._follow_state()
        self._tell_progress()

    def _tell_progress(self) -> None:
        search, runner = self._search, self.runner
        if search is None or not runner.is_running:
            return
        done = sum(trial.is_made for trial in self._trials)
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(1000 * (done + runner.share) / search.trials))
        if runner.is_stopping:
            self.tell(tr("Stopping after this step…"))
            return
        text = tr("Trial {n} of {all}", n=min(done + 1, search.trials), all=search.trials)
        if runner.is_apart:
            text += " · " + tr("in a process of its own, which goes on without the window")
        self.tell(f"{text} · {runner.word}" if runner.word else text)

    def _follow_state(self) -> None:
        running = self.runner.is_running
        keep_word = self._job_to_go_on() is not None
        self.form.setEnabled(not running)
        self.go.setEnabled(running or bool(self.form.lines))
        self.go.setText(tr("Stop") if running else tr("Go on") if keep_word else tr("Search"))
        if self.runner.is_stopping:
            self.go.setText(tr("Stopping…"))
            self.go.setEnabled(False)
        stops = running and not self.runner.is_apart
        self.dismiss.setText(tr("Stop and close") if stops else tr("Close"))
        self.use.setEnabled(self._chosen() is not None)
        self.progress.setVisible(running)

    def _on_form(self) -> None:
        self._follow_state()
        if not self.form.lines:
            self.tell("")
            return
        try:
            count = combinations(self.form.search(self.session.root))
        except UserError as error:
            self.tell(str(error), "warning")
            return
        self.tell(
            tr("{n} choices in all.", n=count) if count is not None
            else tr("Choices without end.")
        )  # fmt: skip

    # a search that was made before

    def _job_to_go_on(self) -> SearchJob | None:
        """What goes on with the search that is shown, where it is the one that is wanted."""
        stored = self._stored
        if stored is None or not shiboken6.isValid(self.session):
            return None
        done = sum(trial.is_made for trial in self._trials)
        try:
            wanted = self.form.search(self.session.root)
        except UserError:
            return None
        job = stored.job(wanted.trials)
        is_same = job.search == wanted and is_same_run(stored.document, self.session.root)
        left = min(wanted.trials, combinations(wanted) or wanted.trials) - done
        return job if is_same and left > 0 else None

    def _look_for_earlier(self) -> None:
        """Shows the last search in this drawing."""
        runs, name = self._runs, self.session.root.name

        def look(_task: object) -> Earlier | None:
            try:
                stored = read(find(runs, LATEST, name))
                trials = loader.call(WORK, "tried", stored.folder, stored.search)
                owner = lock.owner_of(stored.folder)
                return Earlier(stored, trials, owner not in (None, os.getpid()))
            except UserError:
                return None  # there is none, or it cannot be read any more: a new one is begun

        run_task(self, look, self._show_earlier, lambda _: None, name="earlier search")

    def _show_earlier(self, found: Earlier | None) -> None:
        if found is None or self.runner.is_running or self.form.lines:
            return
        self._stored, self._search = found.stored, found.stored.search
        self.form.show_search(found.stored.search)
        self._show(found.trials)
        if found.is_running:
            self.runner.attach(found.stored)
        self._follow_state()
        if not found.is_running:
            name = found.stored.folder.name
            self.tell(tr("The last search in this drawing, {name}.", name=name))

    # its end

    def _on_end(self, ended: Ended) -> None:
        try:
            self._stored = read(ended.folder)
        except UserError:
            self._stored = None
        self._show(ended.trials)
        self._follow_state()
        if ended.is_stopped:
            self.tell(tr("Stopped. It can go on where it is."))
        elif ended.best is None:
            self.tell(ended.text or tr("No trial came to a value."), "error")
        else:
            self.tell(ended.text or tr("All trials are made."))

    def _on_refusal(self, error: UserError) -> None:
        self._follow_state()
        self.tell(str(error), "error")

    # how it is put together

    def _wire(self) -> None:
        self.go.clicked.connect(self.start_or_stop)
        QShortcut("Ctrl+Return", self, self.go.click)
        self.use.clicked.connect(self.use_values)
        self.dismiss.clicked.connect(self.close)
        self.form.changed.connect(self._on_form)
        self.form.refused.connect(lambda text: self.tell(text, "error"))
        self.view.marked.connect(lambda _: self._follow_state())
        self.view.used.connect(self.use_values)
        self.runner.changed.connect(self._follow_runner)
        self.runner.trial_ended.connect(self.run_ended)
        self.runner.ended.connect(self._on_end)
        self.runner.refused.connect(self._on_refusal)
        self.session.destroyed.connect(self.close)
