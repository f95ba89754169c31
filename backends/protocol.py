"""What window and command line ask of the engine, and what it answers: plain values, no torch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from graph.model import Document, NodeId

Numbers = Mapping[str, float]
Setting = tuple[str, float | str]
"""A value of the recipe by its name; the learning rate of an Optimizer is `name.learning_rate`."""


@dataclass(frozen=True)
class Job:
    """A training run to make: all that it depends on, as one value.

    Attributes:
        document: the drawing with its data and recipe.
        runs: the folder in which the run makes a folder of its own.
        resume: a run folder whose last checkpoint is gone on with, in that folder.
        start_from: a run folder whose kept weights the model starts with, by block and shape.
        folder: the folder of the run where it has been made already, as for a run elsewhere.
    """

    document: Document
    runs: Path
    resume: Path | None = None
    start_from: Path | None = None
    folder: Path | None = None


@dataclass(frozen=True)
class Preparing:
    """What happens before the first step.

    Attributes:
        share: how much of it is done, where known.
        run: the folder of the run, where it is there already.
    """

    text: str
    share: float | None = None
    run: Path | None = None


@dataclass(frozen=True)
class Started:
    """Everything is in place; the first step comes next.

    Attributes:
        run: the folder of the run.
        done: epochs that an earlier part of a resumed run has done.
        step: the steps that it has done.
    """

    run: Path
    device: str
    threads: int
    parameters: int
    train_rows: int
    validation_rows: int
    test_rows: int
    steps_per_epoch: int
    epochs: int
    done: tuple[EpochEnded, ...] = ()
    step: int = 0


@dataclass(frozen=True)
class Stepped:
    """Steps and their losses that have become known since the last such event.

    Attributes:
        rows: training rows seen so far, in all epochs.
        rows_per_second: the speed over the last while, pauses left out.
        seconds_left: until the epochs are over at that speed.
        parts: the losses of each Optimizer where there are several, by its name.
    """

    steps: tuple[int, ...]
    losses: tuple[float, ...]
    rows: int
    rows_per_second: float
    seconds_left: float
    parts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Turned:
    """A value of the recipe was changed while the run goes on, after so many steps."""

    step: int
    name: str
    value: float | str
    before: float | str


@dataclass(frozen=True)
class EpochEnded:
    """An epoch is over; means over rows of the loss and the metrics, by name.

    `validation` is empty where no rows are kept apart; `seconds` is the time the epoch took.
    """

    epoch: int
    step: int
    train: Numbers
    validation: Numbers
    learning_rate: float
    seconds: float
    best: bool


@dataclass(frozen=True)
class Finished:
    """The run came to its end: the epochs are over, or another rule of the recipe has ended it.

    `ended_by` is the rule: epochs, loss (which has stopped improving), metric, steps or time.
    `test` holds the means over the test rows with the kept weights; empty where there are none.
    """

    run: Path
    epochs: int
    best_epoch: int
    stopped_early: bool
    test: Numbers
    seconds: float
    ended_by: str = ""


@dataclass(frozen=True)
class Stopped:
    """The run was stopped; its last checkpoint can be gone on with."""

    run: Path | None
    epochs: int
    step: int
    seconds: float


@dataclass(frozen=True)
class Failed:
    """The run could not go on.

    Attributes:
        text: what is wrong and what to try, in full sentences.
        node: the block in which it happened, where that is known.
        details: the traceback of a failure that is no fault of the person; empty otherwise.
    """

    text: str
    node: NodeId | None = None
    run: Path | None = None
    details: str = ""


@dataclass(frozen=True)
class Noted:
    """Something went wrong that does not end the run, such as a checkpoint on a full disk."""

    text: str


Event = Preparing | Turned | Started | Stepped | EpochEnded | Noted | Finished | Stopped | Failed
Emit = Callable[[Event], object]


@dataclass(frozen=True)
class RangeTest:
    """What the loss does as the learning rate grows from step to step.

    Attributes:
        losses: at each rate, smoothed.
        suggestion: a rate at which the loss falls fast; None where it hardly falls.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    suggestion: float | None


@dataclass(frozen=True)
class Answer:
    """What was read and what was written, as text; `right` is empty where nobody knows it."""

    read: str
    written: str
    right: str = ""


@dataclass(frozen=True)
class Writing:
    """What a model wrote.

    Attributes:
        rows: of the test for which it wrote; 0 where a person told it what to read.
        exact: the share of them that is as in the data; None where many answers are right, as
            when a text is continued.
        continues: whether it goes on with what it read, instead of answering it.
    """

    answers: tuple[Answer, ...]
    rows: int = 0
    exact: float | None = None
    continues: bool = False


class Control:
    """Steers a run from another thread; the run asks it before every batch.

    Attributes:
        heard: called, in the thread that steers, after each word.
    """

    def __init__(self) -> None:
        self.heard: Callable[[], object] = lambda: None
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._settings: SimpleQueue[Setting] = SimpleQueue()

    @property
    def is_stopped(self) -> bool:
        """Whether the run was asked to stop."""
        return self._stop.is_set()

    @property
    def is_paused(self) -> bool:
        """Whether the run waits to be resumed."""
        return not self._go.is_set()

    def stop(self) -> None:
        """Asks the run to stop before its next batch, also while it is paused."""
        self._stop.set()
        self._go.set()
        self.heard()

    def pause(self) -> None:
        """Makes the run wait before its next batch."""
        if not self._stop.is_set():
            self._go.clear()
            self.heard()

    def resume(self) -> None:
        """Lets a paused run go on."""
        self._go.set()
        self.heard()

    def set(self, name: str, value: float | str) -> None:
        """Asks the run to change a value of its recipe before its next batch."""
        self._settings.put((name, value))
        self.heard()

    def take_settings(self) -> list[Setting]:
        """What is to change that nobody has taken yet."""
        found: list[Setting] = []
        while not self._settings.empty():
            found.append(self._settings.get())
        return found

    def wait(self) -> bool:
        """Waits while paused; answers whether to go on."""
        self._go.wait()
        return not self._stop.is_set()
