"""Makes a search: one run after the other, each with values that those before it suggest."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

from backends.data.source import source_of
from backends.launch.orders import GO, STOP, Orders, order
from backends.probing import settled
from backends.protocol import Control
from backends.runs import lock
from backends.runs.folder import cannot_write
from backends.searching.folder import begin, keep
from backends.searching.heeding import Heeding
from backends.searching.study import Study, need_optuna
from backends.searching.training import TrialTraining
from backends.searching.trial import (
    FAILED,
    REFUSED,
    STOPPED,
    Begun,
    Ended,
    Hear,
    SearchJob,
    Trial,
    best_of,
)
from graph.data import DataInfo, DataSpec
from graph.model import Document
from graph.problems import UserError
from graph.searching import Search, choose, combinations, refusal
from graph.stepping import stepped

REFUSALS_PER_TRIAL = 10
SAME_FAILURES = 3
ORDER = "order.txt"


def run(job: SearchJob, hear: Hear, control: Control) -> Ended:
    """Makes a search in the calling thread; a stopped one can be gone on with.

    It stops by its control, and by `stop` from any process.

    Raises:
        UserError: it cannot be made, because Optuna is missing, its folder cannot be written, or
            another process makes it now.
    """
    need_optuna()
    folder = job.resume or begin(job)
    lock.take(folder)
    try:
        if job.resume is not None:
            keep(folder, job.search, job.document.name)  # more trials may be wished than before
        try:
            order(folder / ORDER, GO)
        except OSError as error:
            raise cannot_write(folder, error) from error
        return _Searching(job, folder, hear, Heeding(control, Orders(folder / ORDER))).run()
    finally:
        lock.release(folder)


def stop(folder: Path) -> None:
    """Asks whoever makes a search to stop before the next step."""
    with contextlib.suppress(OSError):
        order(folder / ORDER, STOP)


def tried(folder: Path, search: Search) -> tuple[Trial, ...]:
    """What a search has tried so far.

    Raises:
        UserError: Optuna is not installed, or its journal is damaged.
    """
    return Study(folder, search).trials()


class _Searching:
    def __init__(self, job: SearchJob, folder: Path, hear: Hear, control: Control) -> None:
        self._job = job
        self._search = job.search
        self._folder = folder
        self._hear = hear
        self._control = control
        self._study = Study(folder, job.search, job.parallel)
        self._described: tuple[DataSpec, DataInfo] | None = None
        if not any(over.field.of_data for over in job.search.over):
            self._data_of(job.document)  # what is wrong with it is said at once

    def run(self) -> Ended:
        study, search = self._study, self._search
        self._hear(Begun(self._folder, study.trials(), combinations(search)))
        with ThreadPoolExecutor(self._job.parallel, "trial") as pool:
            try:
                text = self._make_all(pool)
            except BaseException:
                self._control.stop()  # the trials beside the one that failed
                raise
        trials = study.trials()
        text = "" if self._done(trials) >= search.trials else text
        is_stopped = self._control.is_stopped and not text and self._done(trials) < search.trials
        return Ended(self._folder, trials, best_of(search, trials), is_stopped, text)

    def _make_all(self, pool: ThreadPoolExecutor) -> str:
        """Makes trials, as many beside each other as are wished; answers why there are no more."""
        running: set[Future[Trial]] = set()
        exhausted = ""
        while True:
            text = exhausted or self._why_over(len(running))
            if not text and len(running) < self._job.parallel and not self._control.is_stopped:
                trial = self._study.next()
                if trial is None:
                    exhausted = "All choices have been tried."
                else:
                    self._hear(trial)
                    running.add(self._begun(trial, pool))
            elif running:
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                for each in ended:
                    self._end(each.result())
            else:
                return text

    def _begun(self, trial: Trial, pool: ThreadPoolExecutor) -> Future[Trial]:
        if self._job.parallel > 1:
            return pool.submit(self._try, trial)
        made: Future[Trial] = Future()
        made.set_result(self._try(trial))  # in this thread, as any other run
        return made

    def _end(self, trial: Trial) -> None:
        if trial.state != STOPPED:
            self._study.end(trial)
        self._hear(trial)

    def _done(self, trials: tuple[Trial, ...]) -> int:
        return sum(trial.is_made for trial in trials)

    def _why_over(self, running: int) -> str:
        """Why no other trial is begun beside those that run; empty where one is."""
        trials, wanted = self._study.trials(), self._search.trials
        if self._done(trials) + running >= wanted:
            return "All trials are made."
        refused = [trial for trial in trials if trial.state == REFUSED]
        if len(refused) >= REFUSALS_PER_TRIAL * wanted:
            return f"{len(refused)} choices could not be trained. The last: {refused[-1].text}"
        failed = [trial.text for trial in trials if trial.state == FAILED]
        if len(failed) >= SAME_FAILURES and len(failed) == self._done(trials) == failed.count(
            failed[0]
        ):
            return f"Every trial failed in the same way: {failed[0]}"
        return ""

    def _try(self, trial: Trial) -> Trial:
        start = time.perf_counter()
        text, document = "", self._job.document
        try:
            document = choose(self._job.document, self._search.over, trial.values)
            text = refusal(document, self._data_of(document), settled(document))
        except UserError as error:
            text = str(error)
        if text:
            return replace(trial, state=REFUSED, text=text)
        trial = TrialTraining(
            self._job, self._folder, self._study, trial, document, self._hear, self._control
        ).run()
        return replace(trial, seconds=time.perf_counter() - start)

    def _data_of(self, document: Document) -> DataInfo:
        """What the data of a choice holds, looked at again where other data is chosen."""
        known, spec = self._described, document.data
        if known is None or known[0] != spec:
            known = self._described = spec, stepped(source_of(spec).describe(), spec.steps)
        return known[1]
