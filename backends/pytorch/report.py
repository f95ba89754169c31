"""Follows a run of the loop and tells it as events, to the window and to the run's folder."""

from __future__ import annotations

import time
from collections.abc import Sequence

from backends.protocol import Control, Emit, EpochEnded, Noted, Preparing, Started, Stepped, Turned
from backends.pytorch.loop import Epoch, Progress, Run
from backends.pytorch.pace import Pace
from backends.pytorch.recipe import Change
from backends.pytorch.record import Record

EVENT_EVERY_S = 0.15


class Report(Progress):
    """Tells of steps a few times a second, of epochs always; pauses and stops as asked."""

    def __init__(self, emit: Emit, control: Control, record: Record, rows: int, test: int) -> None:
        self.emit = emit
        self.control = control
        self.record = record
        self.keeper = record.keeper
        self.rows, self.test_rows = rows, test
        self.run: Run | None = None
        self.pace = Pace()
        self._steps: list[int] = []
        self._losses: list[list[float]] = []
        self._last_step_at = 0.0
        self._next_event = 0.0
        self._paused_s = 0.0

    def compiling(self) -> None:
        """Tells that it takes a while."""
        self.emit(Preparing("Compiling the model"))

    def started(self, run: Run) -> None:
        """Tells what is trained on what."""
        self.run = run
        train_rows = run.cuts[-1][1]
        parameters = sum(weight.numel() for weight in run.model.parameters())
        event = Started(
            run=self.record.path,
            device=str(run.place.device),
            threads=run.place.threads,
            parameters=parameters,
            train_rows=train_rows,
            validation_rows=self.rows - train_rows,
            test_rows=self.test_rows,
            steps_per_epoch=len(run.cuts),
            epochs=run.recipe.epochs,
            done=tuple(told(epoch) for epoch in run.history),
            step=run.step,
        )
        plan = {name: value for name, value in vars(event).items() if name not in ("run", "done")}
        plan["done"] = len(event.done)
        facts = {"device": event.device, "parameters": parameters, "plan": plan}
        self.record.started(facts, run)
        self.emit(event)
        if run.note:
            self.emit(Noted(run.note))
        self.pace.start(self.rows_at(run.step))

    def rows_at(self, step: int) -> int:
        """Training rows seen after that many steps."""
        assert self.run is not None  # the loop tells `started` first
        epochs, batches = divmod(step, len(self.run.cuts))
        return epochs * self.run.cuts[-1][1] + (self.run.cuts[batches - 1][1] if batches else 0)

    def goes_on(self) -> bool:
        """Waits while paused; answers whether to go on."""
        if not self.control.is_paused:
            return not self.control.is_stopped
        self.tell_steps()
        run = self.run
        if run is not None and run.batch < len(run.cuts):  # not while an evaluation goes on
            self.keeper.keep(run)
        started = time.perf_counter()
        goes_on = self.control.wait()
        paused = time.perf_counter() - started
        self.pace.pause(paused)
        self._paused_s += paused
        return goes_on

    def asked(self) -> Sequence[tuple[str, float | str]]:
        """What the person changes."""
        return self.control.take_settings()

    def turned(self, change: Change, before: float | str) -> None:
        """Writes down and tells that a value of the recipe has changed."""
        self.tell_steps()
        event = Turned(change.step, change.name, change.value, before)
        self.record.metrics.add_change(event)
        self.emit(event)

    def noted(self, text: str) -> None:
        """Tells what cannot be done."""
        self.emit(Noted(text))

    def stepped(self, step: int, losses: list[float]) -> None:
        """Notes the losses; tells of them with the next event."""
        self._steps.append(step)
        self._losses.append(losses)
        self._last_step_at = now = self.pace.now()
        if now >= self._next_event:
            self._next_event = now + EVENT_EVERY_S
            self.tell_steps()
            if self.keeper.is_due() and self.run is not None:
                self.keeper.keep(self.run)
        if self.run is not None and self.keeper.has_come_to(self.run.step):
            self.tell_steps()  # a checkpoint counts on the rows before it
            self.keeper.keep(self.run)

    def tell_steps(self) -> None:
        """Tells of the steps that have not been told."""
        if not self._steps or self.run is None:
            return
        steps, columns = tuple(self._steps), list(zip(*self._losses, strict=True))
        losses, names = columns[0], [part.name for part in self.run.recipe.parts]
        parts = dict(zip(names, columns[1:], strict=False))  # the loss of a single part is the loss
        self._steps.clear()
        self._losses.clear()
        recipe, rows = self.run.recipe, self.rows_at(steps[-1])
        self.pace.step(self._last_step_at, rows)
        self.record.metrics.add_steps(steps, losses, parts)
        left = self.pace.seconds_left(
            recipe.epochs * self.run.cuts[-1][1] - rows, recipe.epochs - len(self.run.history)
        )
        self.emit(Stepped(steps, losses, rows, self.pace.rows_per_second(), left, parts))

    def epoch_ended(self, epoch: Epoch, run: Run) -> None:
        """Tells of the epoch."""
        self.tell_steps()
        self.pace.epoch()
        event = told(epoch, paused_s=self._paused_s)
        self._paused_s = 0.0
        self.record.epoch(event)
        self.emit(event)
        if self.keeper.has_ended(event.epoch):
            self.keeper.keep(run)

    def ended(self, run: Run) -> None:
        """Keeps the state, so that a stopped run can go on."""
        self.tell_steps()
        self.keeper.finish(run)


def told(epoch: Epoch, paused_s: float = 0.0) -> EpochEnded:
    """An epoch as others hear of it."""
    seconds = max(0.0, epoch.seconds - paused_s)
    return EpochEnded(
        epoch.epoch, epoch.step, epoch.train, epoch.validation, epoch.learning_rate,
        seconds, epoch.best,
    )  # fmt: skip
