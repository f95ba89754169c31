"""A run's events as lines for people: epochs always, steps where a terminal can rewrite a line."""

from __future__ import annotations

import sys

from app.commands.common import say
from app.human import duration, figure, grouped
from app.i18n import tr
from backends.protocol import EpochEnded, Event, Noted, Numbers, Preparing, Started, Stepped

ERASE_LINE = "\r\x1b[K"


class ProgressLines:
    """Prints to standard error, so that the answer has standard output for itself."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._told = ""
        self._epochs = 0
        self._steps = 0

    def show(self, event: Event) -> None:
        """Prints what an event says, if it is one of those on the way."""
        match event:
            case Preparing(text):
                if text != self._told:
                    self._say(f"{text} …")
                self._told = text
            case Started():
                self._start(event)
            case Stepped():
                self._step(event)
            case Noted(text):
                self._say(f"torchloom: {text}")
            case EpochEnded():
                self._say(self._epoch_line(event))

    def clear(self) -> None:
        """Takes away a line that would be rewritten."""
        if self._terminal:
            print(ERASE_LINE, end="", file=sys.stderr, flush=True)

    def _start(self, event: Started) -> None:
        self._epochs = event.epochs
        self._steps = event.steps_per_epoch * event.epochs
        self._say(
            tr(
                "Training {parameters} parameters on {rows} rows ({validation} more to validate, "
                "{test} for the test) on {device} (threads: {threads}). The run is in {run}.",
                parameters=grouped(event.parameters),
                rows=grouped(event.train_rows),
                validation=grouped(event.validation_rows),
                test=grouped(event.test_rows),
                device=event.device,
                threads=event.threads,
                run=event.run,
            )
        )
        for epoch in event.done:
            self._say(self._epoch_line(epoch))

    def _step(self, event: Stepped) -> None:
        if self._terminal:
            line = tr(
                "step {step}/{steps}  loss {loss}  {speed} rows/s  {left} left",
                step=grouped(event.steps[-1]),
                steps=grouped(self._steps),
                loss=figure(event.losses[-1]),
                speed=grouped(round(event.rows_per_second)),
                left=duration(event.seconds_left),
            )
            print(f"{ERASE_LINE}{line}", end="", file=sys.stderr, flush=True)

    def _epoch_line(self, epoch: EpochEnded) -> str:
        head = tr("epoch {epoch}/{epochs}", epoch=epoch.epoch, epochs=self._epochs)
        shown = numbers_text(epoch.train)
        if epoch.validation:
            shown += "  " + tr("validation {numbers}", numbers=numbers_text(epoch.validation))
        mark = f"  {tr('best')}" if epoch.best else ""
        return f"{head}  {shown}  {duration(epoch.seconds)}{mark}"

    def _say(self, text: str) -> None:
        say(f"{ERASE_LINE}{text}" if self._terminal else text)


def numbers_text(numbers: Numbers) -> str:
    """Names and numbers in a line."""
    return "  ".join(f"{name} {figure(value)}" for name, value in numbers.items())
