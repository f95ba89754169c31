"""A training run from its job to its last event, in the thread that calls."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from backends.data.audit import FEW, remarks
from backends.data.source import Cancelled, Splits
from backends.protocol import Control, Emit, Failed, Finished, Job, Noted, Preparing, Stopped
from backends.pytorch import checkpoint
from backends.pytorch import record as records
from backends.pytorch.bounds import check_indices
from backends.pytorch.compile import Built
from backends.pytorch.data_kept import keep_data, need_as_many_rows
from backends.pytorch.failures import explain
from backends.pytorch.loop import Run, evaluate, fit
from backends.pytorch.memory import bounded_memory
from backends.pytorch.place import pick_device
from backends.pytorch.prepare import Prepared, build_model, load_columns, need_loss, prepare
from backends.pytorch.record import Record
from backends.pytorch.report import Report
from backends.pytorch.reuse import reused_memory
from backends.pytorch.run import Diverged
from backends.pytorch.teamwork import LONE, Leader
from backends.runs.log import add_line
from backends.runs.standing import why_not_resumed
from graph.problems import UserError

TELL_EVERY_S = 0.1
# Random numbers and threads belong to the process: two runs at once would not be repeatable.
one_run = threading.Lock()


def run(job: Job, emit: Emit, control: Control, leader: Leader = LONE) -> None:
    """Trains, and tells of it by events; exactly one of Finished, Stopped and Failed is the last.

    The whole run happens in the calling thread.

    Args:
        leader: speaks to the other processes, where several train together.

    Raises:
        RuntimeError: another process has died; the run has not ended by that.
    """
    training = _Training(job, emit, control, leader)
    try:
        last = training.run()
    except BaseException as error:  # a border: the window must hear of whatever happens
        if leader.lost_the_others(error):
            raise
        last = training.failed(error)
        if not isinstance(error, Exception):
            emit(last)
            raise
    del training  # who hears the last event may end the program: let no tensor outlive it
    emit(last)


class _Training:
    """One run; what it has made so far is there when something fails."""

    def __init__(self, job: Job, emit: Emit, control: Control, leader: Leader) -> None:
        self.leader = leader
        self.job = job
        self.emit = emit
        self.control = control
        self.started_at = time.perf_counter()
        self.prepared: Prepared | None = None
        self.built: Built | None = None
        self.record: Record | None = None
        self.report: Report | None = None

    def run(self) -> Finished | Stopped | Failed:
        """The run; answers its last event."""
        try:
            with self._alone(), _own_threads(), _own_memory(), reused_memory():
                return self._train()
        except Cancelled:
            return Stopped(None, 0, 0, self._seconds())
        finally:
            if self.record is not None:
                self.record.close()

    def failed(self, error: BaseException) -> Failed:
        """What to tell of an error that ended the run."""
        run = self.report.run if self.report else None
        failure = explain(error, self.prepared, self.built, run.step + 1 if run else None)
        if self.report is not None:
            with contextlib.suppress(Exception):  # it may be what failed
                self.report.tell_steps()
        path: Path | None = None
        if self.record is not None:
            path = self.record.path
            if isinstance(error, Diverged):
                more = self.record.diverged(error.step)
                failure = replace(failure, text=f"{failure.text} {more}".rstrip())
            self.record.failed(failure, run)
        return Failed(failure.text, failure.node, path, failure.details)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if not one_run.acquire(blocking=False):
            self.emit(Preparing("Waiting until the other run has ended"))
            while not one_run.acquire(timeout=TELL_EVERY_S):
                self._stop_if_asked()
        try:
            yield
        finally:
            one_run.release()

    def _train(self) -> Finished | Stopped:
        prepared, built, splits = self._prepare()
        state = self._begin(prepared, built, splits)
        assert self.record is not None and built.objective is not None
        keep_data(self.record.path, prepared.document.data, splits, self._warn)
        rows = [len(next(iter(part.values()), ())) for part in (splits.train, splits.test)]
        self.report = Report(self.emit, self.control, self.record, *rows)
        progress, team = self.leader.heeded(self.report), self.leader.team
        self.leader.begin()
        try:
            run = fit(
                built.model, built.objective, splits.train, prepared.recipe, progress, state, team
            )
        except Exception:
            self.report.tell_steps()  # the last losses show how it went wrong
            raise
        if not run.is_over():
            return self._stopped(run)
        test: dict[str, float] | None = {}
        if rows[1]:
            test = evaluate(built.model, built.objective, splits.test, run.recipe, progress, team)
        return self._stopped(run) if test is None else self._finished(run, test)

    def _prepare(self) -> tuple[Prepared, Built, Splits]:
        is_stopped = self._is_stopped
        self.prepared = prepared = prepare(self.job.document, self._tell, is_stopped)
        need_loss(prepared)
        pick_device(prepared.recipe.device)
        splits = load_columns(prepared, _Thinned(self._tell, "Reading the data"), is_stopped)
        check_indices(prepared, splits.train, "training")
        check_indices(prepared, splits.test, "test")
        for text in remarks(prepared.data, splits, FEW):
            self._warn(text)
        self._tell("Building the model", None)
        self._stop_if_asked()
        self.built = built = build_model(prepared)
        return prepared, built, splits

    def _begin(self, prepared: Prepared, built: Built, splits: Splits) -> dict[str, Any] | None:
        # Any: a checkpoint, as the loop takes it
        """Opens the folder of the run; answers the state to go on with, if there is one."""
        resume, start_from = self.job.resume, self.job.start_from
        state = checkpoint.load_checkpoint(resume, self._warn) if resume else None
        if resume is not None and state is None and (reason := why_not_resumed(resume)):
            raise UserError(reason)
        if resume is not None and state is not None and state["batch"]:
            need_as_many_rows(resume, splits)
        if resume is not None and state is None and start_from is None:
            start_from = records.began_with(resume)  # it is made again from its beginning
        if start_from is not None:
            fits, weights = checkpoint.start_from(built.model, prepared.source.paths, start_from)
            self._tell(f"{fits} of {weights} weights go on from {start_from.name}", None)
        if resume is None:
            self.record = records.begin(self.job, prepared, self._warn)
        else:
            step, epochs = (state["step"], len(state["history"])) if state else (0, 0)
            self.record = records.go_on(resume, prepared, step, epochs, self._warn)
        self.record.clock = self._seconds
        return state

    def _finished(self, run: Run, test: dict[str, float]) -> Finished:
        assert self.record is not None
        best = run.best.epoch if run.best else len(run.history)
        reason = run.why_over()
        early, seconds = reason != "epochs", self._seconds()
        self.record.update(
            status="finished", best_epoch=best, stopped_early=early, ended_by=reason, test=test,
            seconds=seconds,
        )  # fmt: skip
        return Finished(self.record.path, len(run.history), best, early, test, seconds, reason)

    def _stopped(self, run: Run) -> Stopped:
        assert self.record is not None
        seconds = self._seconds()
        self.record.update(status="stopped", step=run.step, seconds=seconds)
        return Stopped(self.record.path, len(run.history), run.step, seconds)

    def _seconds(self) -> float:
        paused = self.report.pace.paused_s if self.report else 0.0
        before = self.record.seconds_before if self.record else 0.0
        return before + time.perf_counter() - self.started_at - paused

    def _is_stopped(self) -> bool:
        return self.control.is_stopped

    def _stop_if_asked(self) -> None:
        if self.control.is_stopped:
            raise Cancelled

    def _warn(self, text: str) -> None:
        run = self.record.path if self.record is not None else self.job.resume
        if run is not None:
            add_line(run, text)
        self.emit(Noted(text))

    def _tell(self, text: str, share: float | None) -> None:
        self.emit(Preparing(text, share))


class _Thinned:
    """Tells of progress a few times a second."""

    def __init__(self, tell: Any, text: str) -> None:  # Any: takes text and share
        self._tell, self._text = tell, text
        self._next = 0.0

    def __call__(self, share: float) -> None:
        now = time.perf_counter()
        if now >= self._next or share >= 1:
            self._next = now + TELL_EVERY_S
            self._tell(self._text, share)


@contextlib.contextmanager
def _own_threads() -> Iterator[None]:
    """Puts back how many threads torch computes with, and gives memory back to the GPU."""
    threads = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()  # does nothing where CUDA was not used


def _own_memory() -> contextlib.AbstractContextManager[None]:
    """Bounds the memory, unless a GPU's driver reserves more addresses than there is memory."""
    return contextlib.nullcontext() if torch.cuda.is_available() else bounded_memory()
