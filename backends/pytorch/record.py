"""Writes down what a run is made of and what comes of it, in its folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from backends.probing import settled
from backends.protocol import EpochEnded, Job
from backends.pytorch.failures import Failure
from backends.pytorch.frozen import frozen_modules
from backends.pytorch.keeper import Keeper
from backends.pytorch.place import Place
from backends.pytorch.prepare import Prepared
from backends.pytorch.recipe import Optimizing, Recipe
from backends.pytorch.run import Run
from backends.pytorch.source import print_source
from backends.runs import folder as store
from backends.runs import lock
from backends.runs.checkpoints import Keeping, forget_checkpoints_after, forget_spoilt
from backends.runs.log import add_line
from backends.runs.metrics import MetricsFile, forget_after
from graph import recipe as declared
from graph.data import DataSpec, StepSpec
from graph.fileio import dumps, load
from graph.freezing import frozen_as
from graph.lower import lower
from graph.model import Document
from graph.problems import UserError

TELL_EVERY_S = 1.0
# The weights and the optimizer's memory fit these values, or the past fits the future.
FIXED = (
    "batch_size", "validation_fraction", "seed",
    "accumulate", "averaging", "swa_start", "precision",
    *(each.name for each in fields(Optimizing) if each.name != "learning_rate"),
)  # fmt: skip
# What a run that goes on keeps of its summary.
OF_EARLIER = ("started", "start_from", "best_epoch", "best", "last", "epochs", "step", "seconds")


class Record:
    """The open folder of one run.

    Attributes:
        clock: the seconds that the run has taken so far.
        seconds_before: those of its earlier parts, of a run that goes on.
    """

    def __init__(self, path: Path, prepared: Prepared, tell: Callable[[str], object]) -> None:
        self.path = path
        self.prepared = prepared
        self.seconds_before = 0.0
        self.clock: Callable[[], float] = lambda: 0.0
        self.summary: dict[str, object] = {
            "name": prepared.document.name,
            "status": "running",
            "process": os.getpid(),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "keep": prepared.recipe.keep,
            "dataset": prepared.document.data.called,
            "document": hashlib.sha256(dumps(prepared.document).encode()).hexdigest(),
        }
        self.metrics = MetricsFile(path / store.METRICS)
        self.keeper = Keeper(
            path, prepared.source.paths, keeping_of(prepared.document), self._flush, tell
        )
        self._summary_lock = threading.Lock()
        self._told_at = time.perf_counter()

    def started(self, facts: Mapping[str, object], run: Run) -> None:
        """The first step comes next."""
        place = run.place
        self.keeper.begin(run.step)
        store.write_json(self.path / store.ENVIRONMENT, environment(self.prepared.recipe, place))
        self.update(**facts)

    def update(self, **facts: object) -> None:
        """Writes what is newly known into the summary."""
        if "status" in facts:
            add_line(self.path, f"{facts['status']} {facts.get('text', '')}")
        with self._summary_lock:
            self.summary |= facts
            store.write_json(self.path / store.SUMMARY, self.summary)

    def epoch(self, epoch: EpochEnded) -> None:
        """Writes down an epoch."""
        self.metrics.add_epoch(epoch)
        means = {"train": epoch.train, "validation": epoch.validation}
        facts = {"epochs": epoch.epoch, "step": epoch.step, "last": means}
        if epoch.best:
            facts |= {"best_epoch": epoch.epoch, "best": means}
        with self._summary_lock:
            self.summary |= facts
        if time.perf_counter() - self._told_at >= TELL_EVERY_S:
            self._told_at = time.perf_counter()
            with contextlib.suppress(OSError), self._summary_lock:
                # unflushed: it is made anew with every checkpoint
                store.write_lightly(self.path / store.SUMMARY, self.summary)

    def diverged(self, step: int) -> str:
        """Sees to it that the run can be gone on with from before its loss was no number there.

        Answers what a person should know of that.
        """
        self.keeper.wait()
        last = forget_spoilt(self.path, step)
        return f"The run can be gone on with from step {last:,}." if last is not None else ""

    def failed(self, failure: Failure, run: Run | None) -> None:
        """Keeps what can be kept of a run that could not go on."""
        self.keeper.wait()
        with contextlib.suppress(UserError, RuntimeError):  # the device may be gone with them
            if run is not None:
                self.keeper.keep_best(run)
                if not (self.path / store.DOCUMENT).exists():  # the folder was taken away meanwhile
                    write_makings(self.path, self.prepared)
        with contextlib.suppress(UserError):
            details = {"details": failure.details} if failure.details else {}
            node = {"node": failure.node} if failure.node else {}
            seconds = self.clock()
            self.update(status="failed", text=failure.text, seconds=seconds, **details, **node)

    def close(self) -> None:
        """Ends the files."""
        self.keeper.wait()
        self.metrics.close()
        lock.release(self.path)

    def _flush(self) -> None:
        """Before a checkpoint counts, the rows up to it are on the disk."""
        self.metrics.flush()
        self.update(seconds=self.clock())


def keeping_of(document: Document) -> Keeping:
    """Which checkpoints a document wants to be kept."""
    recipe = declared.Recipe.build(document.recipe, document.variables)
    return Keeping(
        recipe.checkpoint_epochs, recipe.checkpoint_steps, recipe.checkpoints_kept,
        recipe.checkpoints_size * 10**6,
    )  # fmt: skip


def begin(job: Job, prepared: Prepared, tell: Callable[[str], object]) -> Record:
    """Makes the folder of a new run and writes what the run is made of.

    Args:
        tell: told of what goes wrong without ending the run.

    Raises:
        UserError: the folder cannot be written; nothing is left of it.
    """
    path = job.folder or store.make_folder(job.runs, prepared.document.name)
    try:
        lock.take(path)
        write_makings(path, prepared)
        record = Record(path, prepared, tell)
        add_line(path, "begins")
        record.update(**({"start_from": str(job.start_from)} if job.start_from else {}))
    except UserError:
        store.remove_folder(path)
        raise
    return record


def write_makings(path: Path, prepared: Prepared) -> None:
    """Writes drawing, source and recipe."""
    store.write_text(path / store.DOCUMENT, dumps(prepared.document))
    store.write_text(path / store.MODEL, prepared.source.model)
    store.write_text(path / store.OBJECTIVE, prepared.source.objective)
    store.write_json(path / store.RECIPE, recipe_json(prepared.recipe))


def recipe_json(recipe: Recipe) -> dict[str, Any]:  # Any: as JSON gives it back
    """The recipe as its file holds it."""
    held: dict[str, Any] = json.loads(json.dumps(asdict(recipe)))  # Any: see above
    for step, values in zip(recipe.steps, held["steps"], strict=True):
        values["step"] = type(step).__name__
    return held


def go_on(
    path: Path, prepared: Prepared, step: int, epochs: int, tell: Callable[[str], object]
) -> Record:
    """Opens the folder of a run that goes on after that step and that many epochs.

    Raises:
        UserError: drawing, data or recipe no longer fit the run, or another process trains it.
    """
    _check_same(path, prepared)
    lock.take(path)
    try:
        earlier = store.read_json(path / store.SUMMARY)
        store.sweep(path)
        write_makings(path, prepared)
        add_line(path, f"goes on after step {step}")
        forget_after(path / store.METRICS, step, epochs)
        forget_checkpoints_after(path, step)
        record = Record(path, prepared, tell)
        record.update(**{name: earlier[name] for name in OF_EARLIER if name in earlier})
    except UserError:
        lock.release(path)
        raise
    record.seconds_before = float(earlier.get("seconds") or 0.0)
    return record


def began_with(path: Path) -> Path | None:
    """The run whose weights a run started with."""
    named = store.read_json(path / store.SUMMARY).get("start_from")
    return Path(named) if isinstance(named, str) else None


def _check_same(path: Path, prepared: Prepared) -> None:
    before = load(path / store.DOCUMENT).document
    recipe, now = store.read_json(path / store.RECIPE), recipe_json(prepared.recipe)
    model = _model_text(prepared, before)
    texts = ((store.MODEL, model), (store.OBJECTIVE, prepared.source.objective))
    changed = [name.replace("_", " ") for name in FIXED if recipe.get(name) != now[name]]
    if _parts(recipe) != _parts(now):
        changed.insert(0, "the optimizers")
    if recipe.get("groups", []) != now["groups"]:
        changed.insert(0, "how blocks learn")
    if _data(before.data) != _data(prepared.document.data):
        changed.insert(0, "the data")
    try:
        same = all((path / name).read_text("utf-8") == text for name, text in texts)
    except OSError as error:
        raise UserError(f"The run {path} cannot be read: {error.strerror or error}.") from error
    if not same:
        changed.insert(0, "the drawing")
    if changed:
        raise UserError(
            f"The run {path.name} cannot be gone on with: since then {_listed(changed)} changed. "
            "Start a new run, or undo the change."
        )


def _model_text(prepared: Prepared, before: Document) -> str:
    """The text of the model with what was frozen before frozen: that may change."""
    document = frozen_as(prepared.document, before)
    if frozen_modules(prepared.source.paths, document) == prepared.recipe.frozen:
        return prepared.source.model
    return print_source(lower(document, settled(document), prepared.data)).model


def _parts(recipe: Mapping[str, Any]) -> list[dict[str, object]]:  # Any: parsed JSON
    """What takes turns; learning rates may change, as the recipe's may."""
    return [{**part, "learning_rate": None} for part in recipe.get("parts", ())]


def _data(spec: DataSpec) -> tuple[str, dict[str, object], list[StepSpec]]:
    return spec.source, dict(spec.params), [step for step in spec.steps if step.on]


def _listed(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last} have" if first else f"{last} has"


def environment(recipe: Recipe, place: Place) -> dict[str, object]:
    """What a run computes with."""
    device = place.device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor()
    return {
        "torch": torch.__version__,
        "cuda": torch.version.cuda if device.type == "cuda" else None,
        "python": platform.python_version(),
        "system": platform.platform(),
        "device": str(device),
        "device_name": name or platform.machine(),
        "cores": os.cpu_count(),
        "threads": place.threads,
        "memory_format": str(place.images).removeprefix("torch."),
        "seed": recipe.seed,
    }
