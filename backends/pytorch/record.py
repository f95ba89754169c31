"""Writes down what a run is made of and what comes of it, in its folder."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import time
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from backends.protocol import EpochEnded
from backends.pytorch.checkpoint import save_checkpoint, save_weights
from backends.pytorch.failures import Failure
from backends.pytorch.loop import Run
from backends.pytorch.place import Place
from backends.pytorch.prepare import Prepared
from backends.pytorch.recipe import Optimizing, Recipe
from backends.runs import folder as store
from backends.runs.metrics import MetricsFile, forget_after
from graph.data import DataSpec
from graph.fileio import dumps, load
from graph.problems import UserError

# A stop of the machine costs no more than this; a tiny part of the time goes into keeping.
KEEP_EVERY_S = 15.0
KEEP_SHARE = 0.01
# The weights and the optimizer's memory fit these values, or the past fits the future.
FIXED = (
    "batch_size", "validation_fraction", "seed",
    *(each.name for each in fields(Optimizing) if each.name != "learning_rate"),
)  # fmt: skip


class Record:
    """The open folder of one run."""

    def __init__(self, path: Path, prepared: Prepared) -> None:
        self.path = path
        self.prepared = prepared
        self.summary: dict[str, object] = {
            "name": prepared.document.name,
            "status": "running",
            "process": os.getpid(),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "keep": prepared.recipe.keep,
        }
        self.metrics = MetricsFile(path / store.METRICS)
        self._kept_at = time.perf_counter()
        self._keeping_s = 0.0
        self._best_epoch = 0

    def started(self, facts: Mapping[str, object], place: Place) -> None:
        """The first step comes next."""
        store.write_json(self.path / store.ENVIRONMENT, environment(self.prepared.recipe, place))
        self.update(**facts)

    def update(self, **facts: object) -> None:
        """Writes what is newly known into the summary."""
        self.summary |= facts
        store.write_json(self.path / store.SUMMARY, self.summary)

    def epoch(self, epoch: EpochEnded) -> None:
        """Writes down an epoch."""
        self.metrics.add_epoch(epoch)
        self.summary |= {"epochs": epoch.epoch, "step": epoch.step}

    def is_due(self) -> bool:
        """Whether it is time to keep the state."""
        pause = max(KEEP_EVERY_S, self._keeping_s / KEEP_SHARE)
        return time.perf_counter() - self._kept_at >= pause

    def keep(self, run: Run) -> None:
        """Keeps the state, so that the run can go on from here."""
        started = time.perf_counter()
        save_checkpoint(self.path, run)
        paths = self.prepared.source.paths
        save_weights(self.path / store.WEIGHTS["last"], run.weights(), paths)
        self.keep_best(run)
        self.update()
        self._kept_at = time.perf_counter()
        self._keeping_s = self._kept_at - started

    def keep_best(self, run: Run) -> None:
        """Keeps the best weights so far, unless they are kept already."""
        if run.best is not None and run.best.epoch != self._best_epoch:
            paths = self.prepared.source.paths
            save_weights(self.path / store.WEIGHTS["best"], run.best_weights, paths)
            self._best_epoch = run.best.epoch

    def failed(self, failure: Failure, run: Run | None) -> None:
        """Keeps what can be kept of a run that could not go on."""
        with contextlib.suppress(UserError):
            if run is not None:
                self.keep_best(run)
            details = {"details": failure.details} if failure.details else {}
            node = {"node": failure.node} if failure.node else {}
            self.update(status="failed", text=failure.text, **details, **node)

    def close(self) -> None:
        """Ends the files."""
        self.metrics.close()


def begin(runs: Path, prepared: Prepared, folder: Path | None = None) -> Record:
    """Makes the folder of a new run and writes what the run is made of.

    Args:
        folder: the folder, where it has been made already.

    Raises:
        UserError: the folder cannot be written; nothing is left of it.
    """
    path = folder or store.make_folder(runs, prepared.document.name)
    try:
        write_makings(path, prepared)
        record = Record(path, prepared)
        record.update()
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
    return held


def go_on(path: Path, prepared: Prepared, step: int, epochs: int) -> Record:
    """Opens the folder of a run that goes on after that step and that many epochs.

    Raises:
        UserError: drawing, data or recipe no longer fit the run.
    """
    _check_same(path, prepared)
    write_makings(path, prepared)
    forget_after(path / store.METRICS, step, epochs)
    record = Record(path, prepared)
    earlier = store.read_json(path / store.SUMMARY)
    record.update(started=earlier.get("started", record.summary["started"]))
    return record


def _check_same(path: Path, prepared: Prepared) -> None:
    before = load(path / store.DOCUMENT).document
    recipe, now = store.read_json(path / store.RECIPE), recipe_json(prepared.recipe)
    texts = ((store.MODEL, prepared.source.model), (store.OBJECTIVE, prepared.source.objective))
    changed = [name.replace("_", " ") for name in FIXED if recipe.get(name) != now[name]]
    if _parts(recipe) != _parts(now):
        changed.insert(0, "the optimizers")
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


def _parts(recipe: Mapping[str, Any]) -> list[dict[str, object]]:  # Any: parsed JSON
    """What takes turns; learning rates may change, as the recipe's may."""
    return [{**part, "learning_rate": None} for part in recipe.get("parts", ())]


def _data(spec: DataSpec) -> tuple[str, dict[str, object]]:
    return spec.source, dict(spec.params)


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
