"""Steers one training run at a time, and keeps what is known of the runs of each session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.session import Session
from app.settings import home
from app.training import steering
from app.training.inbox import Inbox
from app.training.readiness import is_same_run
from app.training.record import RunRecord
from backends.launch import process
from backends.launch.where import THREAD, Kind, Where
from backends.protocol import Control, Job, Noted, Turned
from backends.pytorch.recipe import FROZEN
from backends.runs.columns import Columns, read_columns
from backends.runs.folder import METRICS
from backends.runs.metrics import changes_of


@dataclass
class Runs:
    """The last run of a session, the one before it, and the last one whose weights were kept."""

    last: RunRecord | None = None
    before: RunRecord | None = None
    kept: Path | None = None


@dataclass(frozen=True)
class Past:
    """What the folder of a run tells of its earlier part."""

    columns: Columns
    turned: list[Turned]


def read_past(run: Path) -> Past:
    """Reads it; not on the UI thread, for a long run takes a while."""
    return Past(read_columns(run), changes_of(run / METRICS))


class Runner(QObject):
    """The run that goes on, if there is one, and the last runs of all sessions.

    Signals:
        running_changed: whether a run goes on now.
        noted: what went wrong without ending the run.
    """

    running_changed = Signal(bool)
    noted = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self.record: RunRecord | None = None
        self._runs: dict[Session, Runs] = {}
        self._control: Control | None = None
        self._inbox = Inbox()
        self.where = THREAD
        self._runs_on = THREAD  # of the run that goes on

    @property
    def is_running(self) -> bool:
        """Whether a run goes on, paused or not."""
        return self._control is not None

    @property
    def is_paused(self) -> bool:
        """Whether the run waits to be resumed."""
        return self._control is not None and self._control.is_paused

    @property
    def is_stopping(self) -> bool:
        """Whether the run was asked to stop and has not ended yet."""
        return self._control is not None and self._control.is_stopped

    def runs_of(self, session: Session) -> Runs:
        """The runs of a session; forgotten when it is closed; its run goes on."""
        if session not in self._runs:
            self._runs[session] = Runs()
            session.destroyed.connect(partial(self._forget, session))
        return self._runs[session]

    def can_resume(self, session: Session) -> bool:
        """Whether the last run was stopped and the drawing still trains the same way."""
        last = self.runs_of(session).last
        return last is not None and last.can_resume and is_same_run(last.job.document, session.root)

    def train(self, session: Session, *, from_last: bool = False) -> None:
        """Starts a run of a session; `from_last` is with the weights that its last run kept."""
        self.train_job(self.job_of(session, from_last=from_last), session.title, session)

    def job_of(self, session: Session, *, from_last: bool = False) -> Job:
        """What training a session means now."""
        start_from = self.runs_of(session).kept if from_last else None
        return Job(session.root, home() / "runs", start_from=start_from)

    def train_job(self, job: Job, title: str, session: Session | None) -> None:
        """Starts a job; the session is that of its document, where that is still open."""
        record = RunRecord(job, title)
        if session is not None:
            runs = self.runs_of(session)
            if runs.last is not None and len(runs.last.steps):
                runs.before = runs.last
            runs.last = record
        self._start(session, record)

    def resume(self, session: Session) -> None:
        """Goes on with the run that was stopped."""
        last = self.runs_of(session).last
        if last is not None and last.can_resume:
            last.go_on(Job(session.root, home() / "runs", resume=last.run))
            self._start(session, last)

    def go_on_with(self, session: Session, run: Path, past: Past) -> None:
        """Goes on with a run that this window may not have made, of a session's drawing."""
        if self.is_running:
            return
        record = RunRecord(Job(session.root, run.parent, resume=run), session.title)
        record.show_past(past.columns)
        record.turned = past.turned
        self.runs_of(session).last = record
        self._start(session, record)

    def _start(self, session: Session | None, record: RunRecord) -> None:
        self.session, self.record = session, record
        self._control, self._inbox = Control(), Inbox()
        self._runs_on = self.where
        process.train(record.job, self.where, self._inbox.put, self._control)
        self.running_changed.emit(True)

    @property
    def is_apart(self) -> bool:
        """Whether a run goes on in other processes, which do not end with this one."""
        return self.is_running and not self._runs_on.is_here

    @property
    def apart(self) -> Path | None:
        """The folder of the run that goes on in other processes, once there is one."""
        record = self.record
        if not self.is_apart or record is None:
            return None
        return record.run or (record.preparing.run if record.preparing else None)

    def set_where(self, where: Where) -> None:
        """The next runs go on there."""
        self.where = where

    def attach(self, session: Session, run: Path) -> None:
        """Follows a run of a session's drawing that goes on in other processes."""
        record = RunRecord(Job(session.root, run.parent, folder=run), session.title)
        self.runs_of(session).last = record
        self.session, self.record = session, record
        self._control, self._inbox = Control(), Inbox()
        self._runs_on = Where(Kind.PROCESS)
        process.attach(run, self._inbox.put, self._control)
        self.running_changed.emit(True)

    def let_go(self) -> None:
        """Follows the run no longer; it goes on in its own processes."""
        self._control = self.record = None
        self.running_changed.emit(False)

    def pause_or_resume(self) -> None:
        """Makes the run wait, or lets it go on."""
        if self._control is None or self._control.is_stopped:
            return
        if self._control.is_paused:
            self._control.resume()
        else:
            self._control.pause()

    def follow(self) -> None:
        """Has the run take over what of its recipe was changed in the drawing since."""
        record, session = self.record, self.session
        if self._control is None or record is None or session is None:
            return
        job, now = record.job, session.root
        changed = steering.turned(job.document, now)
        for name, value in changed.items():
            self._control.set(name, value)
        if changed:
            record.job = replace(job, document=steering.following(job.document, now))

    def frozen_apart(self) -> str | None:
        """Which modules the drawing has frozen now, where the run that goes on has others."""
        if self.record is None or self.session is None:
            return None
        now = steering.frozen(self.record.job.document, self.session.root).get(FROZEN)
        return None if now is None else str(now)

    def stop(self) -> None:
        """Asks the run to stop before its next step."""
        if self._control is not None:
            self._control.stop()

    @property
    def has_ended(self) -> bool:
        """Whether the last event of the run waits to be taken."""
        return self.is_running and self._inbox.is_whole

    def drain(self) -> bool:
        """Takes all waiting events into the record; answers whether there were any."""
        record = self.record
        if record is None or self._control is None:
            return False
        before = record.version
        while not record.is_over:
            event = self._inbox.take()
            if event is None:
                break
            record.take(event)
            if isinstance(event, Noted):
                self.noted.emit(event.text)
        return record.version != before

    def end(self) -> None:
        """Lets go of a run whose last event has been taken."""
        record, self._control = self.record, None
        if record is not None and self.session in self._runs:
            runs = self._runs[self.session]
            runs.kept = record.weights_run or runs.kept
        self.running_changed.emit(False)

    def _forget(self, session: Session, _gone: QObject | None = None) -> None:
        self._runs.pop(session, None)
        if session is self.session:
            self.session = None  # its run goes on
