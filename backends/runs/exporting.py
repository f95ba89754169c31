"""Hands the numbers of a run to TensorBoard and MLflow, where those are installed."""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from backends.runs.entry import Entry, read_entry
from backends.runs.folder import METRICS, RECIPE, read_json
from backends.runs.follow import ENDED, Tail
from backends.runs.metrics import Row
from graph.problems import UserError

TITLES = {"tensorboard": "TensorBoard", "mlflow": "MLflow"}
LOOK_EVERY_S = 0.5
BATCH = 1000  # the most that MLflow takes at once


@dataclass(frozen=True)
class Point:
    """One number: `train/loss` and the like of epochs, `step/loss` of steps."""

    name: str
    step: int
    value: float
    at_s: float  # since 1970


class Sink(Protocol):
    """What takes points."""

    def add(self, points: list[Point]) -> None: ...
    def close(self, status: str) -> None: ...


def export(run: Path, kind: str, target: str, *, follows: bool = False) -> int:
    """Writes all numbers of a run there; answers how many.

    Args:
        kind: one of `KINDS`.
        target: the folder of TensorBoard's logs, or where MLflow tracks.
        follows: whether to go on until the run has ended.

    Raises:
        UserError: the other program is not installed or refuses, or this is no run.
    """
    entry = read_entry(run)
    if entry is None:
        raise UserError(f"{run} is no folder of a run: it has no run.json.")
    sink = KINDS[kind](entry, target)
    count, tail, clock = 0, Tail(run / METRICS), _Clock(entry)
    while True:
        now = read_entry(run)
        status = now.now().status if now is not None else ""
        points = list(points_of(tail.read(), clock))
        sink.add(points)
        count += len(points)
        if not follows or status in ENDED or status == "interrupted":
            sink.close(status)
            return count
        time.sleep(LOOK_EVERY_S)


class _Clock:
    """When rows were written, as far as the seconds of epochs tell."""

    def __init__(self, entry: Entry) -> None:
        try:
            self.now_s = datetime.fromisoformat(entry.started).timestamp()
        except ValueError:
            self.now_s = time.time()


def points_of(rows: Iterable[Row], clock: _Clock) -> Iterator[Point]:
    """The numbers of rows."""
    for row in rows:
        step = row["step"]
        if "epoch" in row:
            clock.now_s += float(row.get("seconds") or 0.0)
            for split in ("train", "validation"):
                for name, value in (row.get(split) or {}).items():
                    if value is not None:
                        yield Point(f"{split}/{name}", step, value, clock.now_s)
            if row.get("learning_rate") is not None:
                yield Point("learning_rate", step, row["learning_rate"], clock.now_s)
        elif row.get("loss") is not None:
            yield Point("step/loss", step, row["loss"], clock.now_s)
            for name, value in row.get("parts", {}).items():
                if value is not None:
                    yield Point(f"step/{name}", step, value, clock.now_s)


class TensorBoard:
    """Event files in a folder of their own below the target, as TensorBoard reads them."""

    def __init__(self, entry: Entry, target: str) -> None:
        writer = _need("tensorboard.summary.writer.event_file_writer")
        self._events = _need("tensorboard.compat.proto.event_pb2")
        self._summaries = _need("tensorboard.compat.proto.summary_pb2")
        folder = Path(target) / entry.path.name
        if any(folder.glob("events.out.tfevents.*")):
            raise UserError(
                f"{folder} holds this run already; remove it, or choose another folder."
            )
        try:
            self._writer = writer.EventFileWriter(str(folder))
        except OSError as error:
            raise UserError(
                f"{folder} cannot be written: {error.strerror or error}. Choose another folder."
            ) from error

    def add(self, points: list[Point]) -> None:
        """Writes points."""
        for point in points:
            value = self._summaries.Summary.Value(tag=point.name, simple_value=point.value)
            summary = self._summaries.Summary(value=[value])
            event = self._events.Event(wall_time=point.at_s, step=point.step, summary=summary)
            self._writer.add_event(event)
        self._writer.flush()

    def close(self, status: str) -> None:
        """Ends the file."""
        self._writer.close()


class MLflow:
    """A run in the experiment “Torchloom”, with recipe, tags and metrics."""

    EXPERIMENT = "Torchloom"

    def __init__(self, entry: Entry, target: str) -> None:
        mlflow = _need("mlflow")
        self._refusals: type[Exception] = _need("mlflow.exceptions").MlflowException
        self._entities = _need("mlflow.entities")
        recipe = read_json(entry.path / RECIPE)
        with self._told(target):
            self._client = mlflow.MlflowClient(tracking_uri=target)
            known = self._client.get_experiment_by_name(self.EXPERIMENT)
            experiment = (
                known.experiment_id if known else self._client.create_experiment(self.EXPERIMENT)
            )
            tags = {"torchloom.run": entry.path.name, "torchloom.data": entry.dataset}
            if entry.tags:
                tags["torchloom.tags"] = ", ".join(entry.tags)
            self._run = self._client.create_run(
                experiment, run_name=entry.name, tags=tags
            ).info.run_id
            params = [
                self._entities.Param(name, str(value)[:500]) for name, value in recipe.items()
            ]
            self._client.log_batch(self._run, params=params[:100])
        self._target = target

    def add(self, points: list[Point]) -> None:
        """Writes points."""
        made = [
            self._entities.Metric(_allowed(p.name), p.value, round(1000 * p.at_s), p.step)
            for p in points
        ]
        with self._told(self._target):
            for start in range(0, len(made), BATCH):
                self._client.log_batch(self._run, metrics=made[start : start + BATCH])

    def close(self, status: str) -> None:
        """Says how the run ended."""
        words = {"finished": "FINISHED", "failed": "FAILED", "running": "RUNNING"}
        with self._told(self._target):
            self._client.set_terminated(self._run, words.get(status, "KILLED"))

    def _told(self, target: str) -> _Told:
        return _Told(self._refusals, target)


class _Told:
    """Turns what MLflow refuses into words."""

    def __init__(self, refusals: type[Exception], target: str) -> None:
        self._refusals, self._target = refusals, target

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (self._refusals, OSError)):
            reason = str(error).partition("\n")[0]
            raise UserError(f"MLflow at {self._target} refuses the run: {reason}") from error


def lacking(kind: str) -> str:
    """What is missing to hand runs over, in words; empty where nothing is."""
    if importlib.util.find_spec(kind) is not None:
        return ""
    return f"{TITLES[kind]} is not installed. Install it with: pip install {package_of(kind)}"


def package_of(kind: str) -> str:
    """What is to be installed to hand runs over."""
    return f"torchloom[{kind}]"


KINDS: dict[str, Callable[[Entry, str], Sink]] = {"tensorboard": TensorBoard, "mlflow": MLflow}


def _allowed(name: str) -> str:
    """The name with what MLflow allows: letters, digits and `_-./ `."""
    return "".join(letter if letter.isalnum() or letter in "_-./ " else "_" for letter in name)


def _need(module: str) -> Any:  # Any: of a package that may not be there
    kind = module.partition(".")[0]
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise UserError(
            f"{TITLES[kind]} is not installed ({error}). Install it with: "
            f"pip install {package_of(kind)}"
        ) from error
