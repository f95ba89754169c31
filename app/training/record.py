"""What is known of one run, put together from its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from app.plotting.series import Series
from backends.protocol import (
    EpochEnded,
    Event,
    Failed,
    Finished,
    Job,
    Numbers,
    Preparing,
    Started,
    Stepped,
    Stopped,
    Turned,
)
from backends.runs.columns import Columns
from graph.block import Role
from graph.model import Document, Node
from graph.registry import default_registry

LOSS = "loss"
TRAIN, VALIDATION = "train", "validation"
End = Finished | Stopped | Failed


class RunRecord:
    """One run as the plots show it. `version` grows with everything that is taken in.

    Attributes:
        steps: the loss of each training step.
        losses: by name what is known of each step: the loss, and those of several Optimizers.
        epochs: by split and name the means of each epoch, at the step where it ended.
        turned: what of its recipe was changed while it went on.
        names: what is plotted, the loss first.
        shares: the names whose values are shares from 0 to 1.
    """

    def __init__(self, job: Job, title: str) -> None:
        self.job = job
        self.title = title
        self.version = 0
        self.steps = Series()
        self.losses = {LOSS: self.steps}
        self.epochs: dict[tuple[str, str], Series] = {}
        self.ended: list[EpochEnded] = []
        self.turned: list[Turned] = []
        parts = part_names(job.document) or loss_names(job.document)
        self.names = [LOSS, *parts, *metric_names(job.document)]
        self.shares = frozenset(metric_names(job.document, "accuracy"))
        self.preparing: Preparing | None = None
        self.started: Started | None = None
        self.stepped: Stepped | None = None
        self.end: End | None = None

    @property
    def run(self) -> Path | None:
        """The folder of the run, once there is one."""
        if self.started is not None:
            return self.started.run
        return self.end.run if self.end is not None else None

    @property
    def is_over(self) -> bool:
        """Whether the run has ended, in one way or another."""
        return self.end is not None

    @property
    def steps_per_epoch(self) -> int:
        """How many steps make an epoch; 1 while that is unknown."""
        return max(self.started.steps_per_epoch, 1) if self.started else 1

    @property
    def total_epochs(self) -> int:
        """How many epochs the run makes if it does not stop early."""
        return self.started.epochs if self.started else 0

    @property
    def step(self) -> int:
        """The last step that is known."""
        last = self.stepped.steps[-1] if self.stepped and self.stepped.steps else 0
        return max(last, self.ended[-1].step if self.ended else 0)

    @property
    def best(self) -> EpochEnded | None:
        """The best epoch so far."""
        return next((epoch for epoch in reversed(self.ended) if epoch.best), None)

    @property
    def weights_run(self) -> Path | None:
        """The run folder, if it has finished or an epoch is over, so that it holds weights."""
        match self.end:
            case Finished(run=run):
                return run
            case Stopped(run=run, epochs=epochs) if epochs:
                return run
            case Failed(run=run) if self.ended:
                return run
        return None

    @property
    def can_resume(self) -> bool:
        """Whether the run was stopped and can be gone on with."""
        return isinstance(self.end, Stopped) and self.end.run is not None

    def show_past(self, past: Columns) -> None:
        """Takes in the steps of an earlier part of the run, as its folder tells them."""
        self.steps.extend(past.steps, past.loss)
        for name, losses in past.parts.items():
            self.losses.setdefault(name, Series()).extend(past.steps, losses)

    def go_on(self, job: Job) -> None:
        """Makes ready for the events of the same run, resumed."""
        self.job = job
        self.end = self.preparing = self.stepped = None
        self.version += 1

    def take(self, event: Event) -> None:
        """Takes one event in."""
        self.version += 1
        match event:
            case Preparing():
                self.preparing = event
            case Started():
                self._start(event)
            case Stepped():
                self.stepped = event
                self.steps.extend(event.steps, event.losses)
                for name, losses in event.parts.items():
                    self.losses.setdefault(name, Series()).extend(event.steps, losses)
            case EpochEnded():
                self._end_epoch(event)
            case Turned():
                self.turned.append(event)
                if event.name == "epochs" and self.started is not None:
                    self.started = replace(self.started, epochs=int(event.value))
            case Finished() | Stopped() | Failed():
                self.end = event

    def _start(self, event: Started) -> None:
        self.started, self.preparing = event, None
        self.ended, self.epochs = [], {}
        for epoch in event.done:
            self._end_epoch(epoch)

    def _end_epoch(self, event: EpochEnded) -> None:
        self.ended.append(event)
        self._add(TRAIN, event.train, event.step)
        self._add(VALIDATION, event.validation, event.step)

        if len(self.ended) == 1:
            self.names = list({LOSS: None, **dict.fromkeys(event.train)})

    def _add(self, split: str, numbers: Numbers, step: int) -> None:
        for name, value in numbers.items():
            self.epochs.setdefault((split, name), Series()).extend([step], [value])


def metric_names(document: Document, kind: str = "") -> list[str]:
    """The metrics that a drawing measures, by the names of their blocks; only those of a kind."""
    return [node.name for node in _wired(document, Role.METRIC) if kind in ("", node.kind)]


def loss_names(document: Document) -> list[str]:
    """The names of the losses that are added up, if there are several; none with Optimizers."""
    found = [node.name for node in _wired(document, Role.LOSS)]
    return found if len(found) > 1 and not optimizer_names(document) else []


def part_names(document: Document) -> list[str]:
    """The names of the Optimizers of a drawing, if there are several, each with a loss."""
    found = optimizer_names(document)
    return found if len(found) > 1 else []


def optimizer_nodes(document: Document) -> list[Node]:
    """The Optimizers of a drawing that have a loss."""
    return list(_wired(document, Role.OPTIMIZER))


def optimizer_names(document: Document) -> list[str]:
    """Their names."""
    return [node.name for node in optimizer_nodes(document)]


def _wired(document: Document, role: Role) -> Iterator[Node]:
    kinds = {name for name, block in default_registry().kinds.items() if block.kind.role is role}
    graph = document.graph
    ids = set(graph.census.of_kinds(kinds))
    for id in graph.nodes if ids else ():
        if id in ids and graph.inputs_of(id):
            yield graph.nodes[id]


def csv_text(record: RunRecord, name: str) -> str:
    """The numbers of one plot as CSV: the epochs, and below them the loss of each step."""
    lines = ["epoch,step,train,validation"]
    train, validation = (
        dict(zip(series.x.tolist(), series.y.tolist(), strict=True)) if series else {}
        for series in (record.epochs.get((split, name)) for split in (TRAIN, VALIDATION))
    )
    for epoch in record.ended:
        cells = [_cell(train, epoch.step), _cell(validation, epoch.step)]
        lines.append(",".join([str(epoch.epoch), str(epoch.step), *cells]))
    steps = record.losses.get(name)
    if steps:
        pairs = zip(steps.x.tolist(), steps.y.tolist(), strict=True)
        lines += ["", "step,loss", *(f"{step:.0f},{loss!r}" for step, loss in pairs)]
    return "\n".join(lines) + "\n"


def _cell(values: Mapping[float, float], step: int) -> str:
    return repr(values[step]) if step in values else ""
