"""Trains one trial of a search: a run like any other, which is cut short where it is weak."""

from __future__ import annotations

import contextlib
import importlib
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from backends.launch import process
from backends.protocol import (
    Control,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Job,
    Started,
    Stopped,
)
from backends.runs.entry import read_entry, read_notes, write_notes
from backends.runs.follow import Follower
from backends.runs.log import add_line
from backends.searching.heeding import Heeding
from backends.searching.pruning import is_told, why_cut
from backends.searching.study import Study
from backends.searching.trial import (
    FAILED,
    FINISHED,
    PRUNED,
    STOPPED,
    Curve,
    Hear,
    SearchJob,
    Trial,
)
from graph.model import Document
from graph.problems import UserError
from graph.recipe import Recipe
from graph.searching import values_text

LONGEST_TITLE = 120


class TrialTraining:
    """One trial from its first step, or from where its run was stopped, to its end."""

    def __init__(
        self, job: SearchJob, folder: Path, study: Study, trial: Trial, document: Document,
        hear: Hear, control: Control,
    ) -> None:  # fmt: skip
        self._job, self._search, self._folder = job, job.search, folder
        self._study, self._trial, self._document = study, trial, document
        self._hear = hear
        self._control = Heeding(control)  # its own: the others go on
        self._curve: Curve = ()
        self._epochs = 0
        self._cut = ""
        self._ends: list[Event] = []

    def run(self) -> Trial:
        """Trains it; answers what came of it."""
        self._train()
        (end,) = self._ends
        return self._judged(replace(self._trial, curve=self._curve), end)

    def _train(self) -> None:
        """Trains it, or takes what its run has come to, or comes to, without this search."""
        run, where = self._trial.run, self._job.where
        entry = read_entry(run) if run else None
        if entry is not None and entry.status == "finished":
            for event in Follower(entry.path).read():
                self._take(event)
        elif run is not None and process.is_alive(run):
            process.attach(run, self._take, self._control).join()
        else:
            job = Job(self._document, self._job.runs, resume=run if entry else None)
            if where.is_here:
                train = importlib.import_module("backends.pytorch.train").run  # it takes torch
                train(job, self._take, self._control)
            else:
                process.train(job, where, self._take, self._control).join()

    # while it trains

    def _take(self, event: Event) -> None:
        if isinstance(event, Started):
            self._epochs = event.epochs
            self._mark(event.run)
            self._look_at(event.done)
        elif isinstance(event, EpochEnded):
            self._look_at([event])
        elif isinstance(event, (Finished, Stopped, Failed)):
            self._ends.append(event)
        self._hear(event)

    def _look_at(self, epochs: Iterable[EpochEnded]) -> None:
        """Keeps what epochs came to, and stops the run where that is weak."""
        before = self._curve
        for event in epochs:
            value = (event.validation or event.train).get(self._search.objective)
            is_of_use = value is not None and math.isfinite(value) and is_told(event.epoch)
            if value is None or not is_of_use or self._cut:
                continue
            self._curve = (*self._curve, (event.epoch, value))
            is_weak = self._study.tell(self._trial, event.epoch, value)
            if is_weak and event.epoch < self._epochs:
                self._cut = why_cut(self._search, event.epoch, value)
                self._control.stop()
        if self._curve is not before:
            self._hear(replace(self._trial, curve=self._curve))

    def _mark(self, run: Path) -> None:
        """Says of a run which search it belongs to, and to the search which run it is."""
        self._study.note(self._trial, run)
        self._trial = replace(self._trial, run=run)
        text = values_text(self._search.over, self._trial.values)
        _add_tag(run, self._folder.name, f"{self._job.document.name}: {text}"[:LONGEST_TITLE])
        self._hear(self._trial)

    # what came of it

    def _judged(self, trial: Trial, end: Event) -> Trial:
        if isinstance(end, Failed):
            return replace(trial, state=FAILED, run=end.run, text=end.text)
        assert isinstance(end, (Finished, Stopped))
        trial = replace(trial, run=end.run or trial.run)
        # where it was over after that epoch anyway, nothing was cut short
        if self._cut and not (isinstance(end, Finished) and end.epochs <= self._curve[-1][0]):
            return self._cut_short(trial)
        if isinstance(end, Stopped):
            return replace(trial, state=STOPPED)
        value = self._value(trial.run)
        if value is None or not math.isfinite(value):
            text = f"The run has no finite {self._search.objective}."
            return replace(trial, state=FAILED, text=text)
        return replace(trial, state=FINISHED, value=value)

    def _value(self, run: Path | None) -> float | None:
        """What the search goes by, as the run tells it of the weights that it kept."""
        document, entry = self._document, read_entry(run) if run else None
        keeps_best = Recipe.build(document.recipe, document.variables).keep == "best"
        last = entry and (entry.validation or entry.train)
        best = entry and (entry.best_validation or entry.best_train)
        return ((best if keeps_best else None) or last or {}).get(self._search.objective)

    def _cut_short(self, trial: Trial) -> Trial:
        if trial.run is not None:
            _add_tag(trial.run, PRUNED)
            add_line(trial.run, self._cut)
        return replace(trial, state=PRUNED, value=self._curve[-1][1], text=self._cut)


def _add_tag(run: Path, tag: str, name: str | None = None) -> None:
    tags = read_notes(run).get("tags")
    held = [each for each in tags if each != tag] if isinstance(tags, list) else []
    named = {} if name is None else {"name": name}
    with contextlib.suppress(UserError):  # it trains as well without
        write_notes(run, tags=[*held, tag], **named)
