"""`torchloom train FILE`: trains a drawing and keeps the run in a folder of its own."""

from __future__ import annotations

import argparse
import math
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import FrameType

from app.commands.common import (
    FAILED,
    FINE,
    WRONG_USAGE,
    Opened,
    add_file,
    answer_json,
    open_runnable,
    say,
)
from app.commands.progress import ProgressLines, numbers_text
from app.human import duration
from app.i18n import tr
from backends.launch import process
from backends.launch.where import where_of
from backends.protocol import (
    Control,
    Emit,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Job,
    Numbers,
    Preparing,
    Started,
    Stopped,
)
from backends.runs.standing import latest_to_resume
from graph import edits
from graph.lower import lower
from graph.model import Document
from graph.problems import UserError
from graph.recipe import Recipe

HELP = "train a drawing"
INTERRUPTED = 130
LATEST = "latest"
LOOK_S = 0.05
OVERRIDES = ("epochs", "device", "seed", "threads")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser, several=True)
    parser.add_argument("--epochs", type=int, metavar="N", help=tr("passes over the training rows"))
    parser.add_argument("--device", choices=Recipe.params["device"].choices)
    parser.add_argument("--seed", type=int, metavar="N", help=tr("start of all random numbers"))
    parser.add_argument("--threads", type=int, metavar="N", help=tr("processor threads; 0 chooses"))
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="DIR",
        help=tr("where the run makes a folder of its own; ./runs by default"),
    )  # fmt: skip
    parser.add_argument(
        "--resume", default=None, metavar="RUN",
        help=tr("the folder of a run to go on with; latest: that of the drawing, if it was stopped "
                "or interrupted"),
    )  # fmt: skip
    parser.add_argument(
        "--on", default="thread", metavar="PLACE",
        help=tr("where it trains: thread, process (one that outlives this command), processes:N, "
                "or machines:MxN to be started by torchrun, SLURM or Kubernetes; with :sharded "
                "behind it, N processes share out the weights (FSDP)"),
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Trains one drawing after the other; an interruption stops after the step, keeping a state.

    One that cannot be trained does not keep those behind it waiting.
    """
    files: list[Path] = arguments.file
    if len(files) > 1 and arguments.resume not in (None, LATEST):
        say(tr("torchloom: --resume with a run takes one drawing; latest takes several"))
        return WRONG_USAGE
    codes = []
    for file in files:
        if len(files) > 1:
            say(f"— {file}")
        codes.append(_guarded(file, arguments) if len(files) > 1 else _train(file, arguments))
    return max(codes)


def _guarded(file: Path, arguments: argparse.Namespace) -> int:
    try:
        return _train(file, arguments)
    except UserError as error:
        say(f"torchloom: {error}")
        if arguments.json:
            answer_json({"error": str(error), "file": str(file)})
        return FAILED


def _train(file: Path, arguments: argparse.Namespace) -> int:
    opened = open_runnable(file, arguments.trust)
    try:
        document = with_overrides(opened.document, arguments)
        where = where_of(arguments.on)
    except UserError as error:
        say(f"torchloom: {error}")
        if arguments.json:
            answer_json({"error": str(error)})
        return WRONG_USAGE
    if opened.data is not None and opened.data.note:
        say(opened.data.note)
    runs = arguments.runs.absolute()
    job = Job(document, runs, run_to_resume(arguments.resume, runs, document.name))
    history, last = follow(partial(process.train, job, where))
    if isinstance(last, Failed):
        at = tr("The run is in {run}.", run=last.run) if last.run else ""
        raise UserError(f"{last.text} {at}".rstrip())
    keep_best = Recipe.build(document.recipe, document.variables).keep == "best"
    epoch = kept_epoch(history, keep_best)
    test = last.test if isinstance(last, Finished) else {}
    if arguments.json:
        answer_json(answer(last, epoch, test, first_accuracy(opened), history.device))
    else:
        tell(last, epoch, test)
    if isinstance(last, Stopped):
        raise KeyboardInterrupt  # the border answers with the exit code of an interruption
    return FINE


def run_to_resume(asked: str | None, runs: Path, name: str) -> Path | None:
    """The folder that `--resume` means; a run may be called by the name of its folder alone."""
    if asked == LATEST:
        found = latest_to_resume(runs, name)
        if found is None:
            say(tr("No run of “{name}” is to be gone on with; a new one begins.", name=name))
        return found
    if not asked:
        return None
    path = Path(asked)
    return (runs / path if not path.exists() and (runs / path).exists() else path).absolute()


def with_overrides(
    document: Document, arguments: argparse.Namespace, names: Sequence[str] = OVERRIDES
) -> Document:
    """The document with the recipe's values that were given on the command line.

    Raises:
        UserError: one is out of bounds.
    """
    for name in names:
        value = getattr(arguments, name)
        if value is not None:
            document = edits.set_recipe(document, name, value)
    return document


class _History:
    """The epochs of a run and the device it is on."""

    def __init__(self) -> None:
        self.epochs: list[EpochEnded] = []
        self.device: str | None = None

    def add(self, event: Event) -> None:
        if isinstance(event, Started):
            self.epochs += event.done
            self.device = event.device
        elif isinstance(event, EpochEnded):
            self.epochs.append(event)


def follow(
    train: Callable[[Emit, Control], Thread],
) -> tuple[_History, Finished | Stopped | Failed]:
    """Trains, beside this thread, and prints progress; answers the last event."""
    events: SimpleQueue[Event] = SimpleQueue()
    control = Control()
    with _stops_on_interrupt(control, events):
        return _follow(train(events.put, control), events)


def follow_quietly(
    attach: Callable[[Emit, Control], Thread],
) -> tuple[_History, Finished | Stopped | Failed]:
    """The same of a run that others do: an interruption does not reach it."""
    events: SimpleQueue[Event] = SimpleQueue()
    return _follow(attach(events.put, Control()), events)


def _follow(
    thread: Thread, events: SimpleQueue[Event]
) -> tuple[_History, Finished | Stopped | Failed]:
    history, lines = _History(), ProgressLines()
    while True:
        event = events.get()
        if isinstance(event, (Finished, Stopped, Failed)):
            thread.join()
            lines.clear()
            return history, event
        history.add(event)
        lines.show(event)
        if events.empty():
            thread.join(LOOK_S)  # to wake up for each event would take turns from the training


@contextmanager
def _stops_on_interrupt(control: Control, events: SimpleQueue[Event]) -> Iterator[None]:
    """Ctrl+C asks the run to stop; a second one leaves at once."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if control.is_stopped:
            os._exit(INTERRUPTED)  # a usual exit would wait for, or trip over, the thread
        control.stop()
        # printing here could break into a print that is going on
        events.put(Preparing(tr("Stopping after this step; Ctrl+C again leaves at once")))

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def kept_epoch(history: _History, keep_best: bool) -> EpochEnded | None:
    """The epoch whose weights the run kept."""
    best = [epoch for epoch in history.epochs if epoch.best]
    return next(reversed(best if keep_best else history.epochs), None)


def first_accuracy(opened: Opened) -> str:
    """The name of the drawing's first Accuracy; empty where it has none."""
    nodes = opened.document.graph.nodes
    metrics = lower(opened.document, opened.typing, opened.data).metrics
    found = (m.name for m in metrics if nodes[m.endpoint[0]].kind == "accuracy")
    return next(found, "")


def answer(
    last: Finished | Stopped, epoch: EpochEnded | None, test: Numbers, accuracy: str,
    device: str | None,
) -> dict[str, object]:  # fmt: skip
    """The answer for programs; null where there is no such number."""
    train, validation = (epoch.train, epoch.validation) if epoch else ({}, {})
    return {
        "epochs": last.epochs,
        "train_loss": number(train.get("loss")),
        "val_loss": number(validation.get("loss")),
        "val_accuracy": number(validation.get(accuracy)),
        "test_accuracy": number(test.get(accuracy)),
        "test": {name: number(value) for name, value in test.items()},
        "seconds": round(last.seconds, 3),
        "device": device,
        "run": str(last.run) if last.run else None,
    }


def number(value: float | None) -> float | None:
    """The number, as JSON can hold it."""
    return value if value is not None and math.isfinite(value) else None


def tell(last: Finished | Stopped, epoch: EpochEnded | None, test: Numbers) -> None:
    """The answer for people."""
    if isinstance(last, Stopped):
        print(
            tr("Stopped in step {step}, after {epochs} epochs.", step=last.step, epochs=last.epochs)
        )
        if last.run:
            print(tr("Go on with --resume {run}", run=last.run))
        return
    if epoch:
        print(tr("kept epoch {epoch} of {epochs}", epoch=epoch.epoch, epochs=last.epochs))
    if test:
        print(tr("test       {numbers}", numbers=numbers_text(test)))
    print(tr("took       {time}", time=duration(last.seconds)))
    print(tr("run        {run}", run=last.run))
