"""The training dock: data and recipe at the left, the run and its plots at the right."""

from __future__ import annotations

import time
from pathlib import Path

import shiboken6
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop import soon
from app.elided import ElidedLabel
from app.forms import refused_row, show_row
from app.i18n import tr
from app.messages import Message
from app.session import Session
from app.theme import Theme
from app.training import telling, words
from app.training.dropped import kind_of, local_paths
from app.training.header import Header
from app.training.layout import Parts
from app.training.readiness import why_not_train
from app.training.runner import Runner
from backends.protocol import Failed, Job
from backends.runs.standing import why_not_resumed
from graph.change import Change
from graph.model import NodeId

TICK_MS = 250
LARGEST_SHARE = 0.01
LONGEST_WAIT_S = 1.0
NARROW_PX, LOW_PX = 740, 420
SMALLEST = (270, 150)


class TrainingPanel(QWidget):
    """Trains the document in front; a run goes on when another comes to the front.

    Signals:
        running_changed: whether a run goes on now.
        paused_changed: whether the run waits to be continued.
        status: epoch and speed in a few words, for the status bar.
        problems_wanted: the person wants to see all problems.
        go_to: blocks that are to be shown.
        run_wanted: the session whose run is to be shown.
    """

    running_changed = Signal(bool)
    paused_changed = Signal(bool)
    status = Signal(str)
    problems_wanted = Signal()
    go_to = Signal(object)
    run_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAcceptDrops(True)
        self._session: Session | None = None
        self._status = ""
        self._frozen_apart: str | None = None
        self.runner = Runner(self)
        self.header = Header()
        self.elsewhere = ElidedLabel("dim")
        self.parts = Parts(self.header)
        self.parts.plots.told.connect(self._tell)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._tick)
        self._draw_at = 0.0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addWidget(self.header)
        layout.addWidget(self.elsewhere)
        layout.addWidget(self.parts, 1)
        self.header.train_asked.connect(lambda from_last: self._train(from_last=from_last))
        self.header.resume_asked.connect(self.resume)
        self.header.pause_asked.connect(self.pause_or_resume)
        self.header.stop_asked.connect(self.stop)
        self.parts.recipe_page.steers.toggled.connect(lambda _: self._steer())
        self.runner.running_changed.connect(self._on_running)
        self.parts.where_page.chosen.connect(self.runner.set_where)
        self.runner.noted.connect(lambda text: self._tell(Message(text, "warning")))
        self._show_run()

    @property
    def last_run(self) -> Path | None:
        """The run folder of the last run of the document in front whose weights were kept."""
        return self.runner.runs_of(self._session).kept if self._session is not None else None

    def trains(self, session: Session) -> bool:
        """Whether a run of this document goes on now."""
        return self.runner.is_running and self.runner.session is session

    def set_session(self, session: Session) -> None:
        """Shows data, recipe and runs of another document; a run that goes on is not touched."""
        old = self._session
        if session is old:
            return
        if old is not None and shiboken6.isValid(old):
            self.parts.leave()
            old.changed.disconnect(self._on_changed)
            old.problems_changed.disconnect(self._on_problems)
        self._session = session
        session.changed.connect(self._on_changed)
        session.problems_changed.connect(self._on_problems)
        self.parts.set_session(session)
        self._show_run()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.parts.set_theme(theme)

    def train(self) -> None:
        """Trains the document in front from fresh weights; says why where it cannot be trained."""
        self._train(from_last=False)

    def train_from_last(self) -> None:
        """Trains the document in front from the weights that were kept last."""
        self._train(from_last=True)

    def set_weights(self) -> None:
        """Other weights were kept for the document in front: buttons say so."""
        self._show_buttons()

    def resume(self) -> None:
        """Goes on with the stopped run of the document in front."""
        session = self._session
        if session is None or self.runner.is_running or self._is_refused(session):
            return
        last = self.runner.runs_of(session).last
        if not self.runner.can_resume(session) or last is None or last.run is None:
            return
        reason = why_not_resumed(last.run)
        if reason:
            self._tell(telling.lost_checkpoints(reason, self.train))
        else:
            self.runner.resume(session)

    def pause_or_resume(self) -> None:
        """Makes the run wait, or lets it go on."""
        self.runner.pause_or_resume()
        self._show_progress()
        self.paused_changed.emit(self.runner.is_paused)

    def show_curves(self) -> None:
        """Brings the plots to the front."""
        self.parts.show_curves()

    def stop(self) -> None:
        """Stops the run before its next step; its last checkpoint is kept."""
        self.runner.stop()
        self._show_progress()

    def job_to_train(self) -> Job | None:
        """What training the document in front means now; None, and why, where it cannot be."""
        session = self._session
        return self.runner.job_of(session) if session and self._is_ready(session) else None

    def _train(self, *, from_last: bool) -> None:
        session = self._session
        if session is not None and not self.runner.is_running and self._is_ready(session):
            self.runner.train(session, from_last=from_last)

    def _is_ready(self, session: Session) -> bool:
        """Whether a document can be trained; where it cannot, the person is told why."""
        if self._is_refused(session):
            return False
        problem = why_not_train(session)
        if problem is not None:
            session.show(problem.nodes)
            session.message.emit(telling.refusal(problem, self.problems_wanted.emit))
        return problem is None

    def _is_refused(self, session: Session) -> bool:
        """Hands over what was typed; a field that refuses it is shown, and keeps runs waiting."""
        self.parts.leave()
        row = refused_row(self.window())
        if row is None:
            return False
        if self.parts.isAncestorOf(row):
            self.parts.show_settings()
        show_row(row)
        session.message.emit(telling.field_refusal(tr(row.param.title), row.reason))
        return True

    def _on_running(self, is_running: bool) -> None:
        if is_running:
            self._draw_at = 0.0
            self._timer.start()
            self.parts.show_curves()
        else:
            self._timer.stop()
        self._show_run()
        self.running_changed.emit(is_running)

    def _tick(self) -> None:
        """Takes in and draws what has come, so seldom that it costs little; the end at once."""
        if time.monotonic() < self._draw_at and not self.runner.has_ended:
            return
        started = time.thread_time()
        if self.runner.drain():
            self._show_progress()
        self.parts.plots.refresh()
        record = self.runner.record
        if record is not None and record.is_over:
            self._end()
            return
        soon(self, lambda: self._wait(time.thread_time() - started))  # once all is painted

    def _wait(self, cost_s: float) -> None:
        """Draws again after a while: what this thread computes, the training has to wait for."""
        self._draw_at = time.monotonic() + min(cost_s / LARGEST_SHARE, LONGEST_WAIT_S)

    def _end(self) -> None:
        record, owner = self.runner.record, self.runner.session
        self.runner.end()
        told = owner or self._session
        if record is None or told is None:
            return
        is_seen = owner is self._session and self.parts.plots.isVisible()
        message = telling.end_message(
            record,
            lambda text: telling.Details(text, self.window()).open(),
            lambda node: self._go_to(owner, node),
            None if owner is None or is_seen else lambda: self.run_wanted.emit(owner),
            self.resume if owner is not None and owner is self._session else None,
            is_in_front=owner is not None and owner is self._session,
        )
        told.message.emit(message)
        node = record.end.node if isinstance(record.end, Failed) else None
        if owner is not None and node is not None:
            owner.show([node])
            self._go_to(owner, node)

    def _tell(self, message: Message) -> None:
        if self._session is not None:
            self._session.message.emit(message)

    def _go_to(self, owner: Session | None, node: NodeId) -> None:
        if owner is not None and owner is self._session:
            self.go_to.emit((node,))

    def _on_changed(self, change: Change) -> None:
        if change.settings:
            self.parts.refresh()
        elif change.structure:
            self.parts.data_page.refresh_info()
            self.parts.recipe_page.refresh_optimizers()
        if change.settings or change.structure:
            self._show_buttons()
            self._show_hint()
            self._steer()

    def _steer(self) -> None:
        """Has the run of the document in front follow its recipe, where that is wanted."""
        steers = self.parts.recipe_page.steers
        if self._session is None or not self.trains(self._session):
            return
        if steers.isChecked():
            self.runner.follow()
            return
        apart, before = self.runner.frozen_apart(), self._frozen_apart
        self._frozen_apart = apart
        if apart not in (None, before):
            self._tell(telling.not_steered(lambda: steers.setChecked(True)))

    def _on_problems(self) -> None:
        self.parts.data_page.refresh_info()
        self.parts.recipe_page.refresh_rates()
        self._show_hint()

    def _show_run(self) -> None:
        """Shows the run of the document in front, whatever it was."""
        runs = self.runner.runs_of(self._session) if self._session is not None else None
        last, before = (runs.last, runs.before) if runs is not None else (None, None)
        self.parts.plots.show_run(last, before)
        self._show_progress()
        self._show_hint()

    def _show_progress(self) -> None:
        """Shows how far the run is, here, at its document, and in the status bar."""
        runner, session = self.runner, self._session
        self.parts.recipe_page.show_steering(session is not None and self.trains(session))
        self._show_buttons()
        here = runner.runs_of(session).last if session is not None else None
        self.parts.where_page.show_run(runner.apart)
        is_here = runner.is_running and runner.record is here
        self.header.show_run(
            here,
            is_paused=is_here and runner.is_paused,
            is_stopping=is_here and runner.is_stopping,
        )
        running = runner.record if runner.is_running else None
        self.elsewhere.setVisible(running is not None and not is_here)
        told = running or here
        text = words.status_text(told, is_paused=runner.is_paused) if told is not None else ""
        if running is not None:
            said = tr("{title} is training: {progress}", title=running.title, progress=text)
            self.elsewhere.show_text(said)
        if text != self._status:
            self._status = text
            self.status.emit(text)

    def _show_buttons(self) -> None:
        runner, session = self.runner, self._session
        is_idle = session is not None and not runner.is_running
        self.header.show_buttons(
            can_train=is_idle,
            can_resume=session is not None and is_idle and runner.can_resume(session),
            has_weights=self.last_run is not None,
            can_steer=runner.is_running,
            is_paused=runner.is_paused,
            is_stopping=runner.is_stopping,
        )

    def _show_hint(self) -> None:
        session = self._session
        problem = why_not_train(session) if session is not None else None
        if problem is None:
            hint = tr("Press Train to see the loss fall here.\nWhat is trained on, and how, is "
                      "under Data and Recipe.")  # fmt: skip
        else:
            hint = tr("Curves appear here once the drawing trains.\n{problem}",
                      problem=problem.text)  # fmt: skip
        self.parts.plots.hint.setText(hint)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accepts a file or folder that can be data; others are left to the window."""
        if any(kind_of(path) for path in local_paths(event.mimeData())):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Takes a dropped file as the data."""
        taken = any(self.parts.data_page.take_file(path) for path in local_paths(event.mimeData()))
        event.setAccepted(taken)

    def minimumSizeHint(self) -> QSize:
        return QSize(*SMALLEST)  # narrower than its parts side by side: they go below each other

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.width() >= NARROW_PX:
            self.parts.arrange("wide")
        else:
            self.parts.arrange("single" if self.height() < LOW_PX else "stacked")
