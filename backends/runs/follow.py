"""What a run in another process does, as the events that it would tell here, read from its folder.

The truth is the folder alone, so it does not matter who started the run, or when one began to look.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from backends.protocol import (
    EpochEnded,
    Event,
    Failed,
    Finished,
    Started,
    Stepped,
    Stopped,
    Turned,
)
from backends.pytorch.pace import Pace
from backends.runs.folder import METRICS, SUMMARY, read_json
from backends.runs.metrics import rows_of
from graph.model import NodeId
from graph.problems import UserError

Row = dict[str, Any]  # Any: parsed JSON
WHOLE_EPOCH = EpochEnded.__dataclass_fields__.keys()
ENDED = ("finished", "stopped", "failed")


class Follower:
    """Reads what is new in the folder of a run.

    Args:
        before: the summary as it was before the run goes on; while it is the same, nothing is told.
        knows_past: whether the steps of an earlier part of the run have been told already.
    """

    def __init__(
        self, run: Path, before: Mapping[str, Any] | None = None, *, knows_past: bool = False
    ) -> None:  # Any: parsed JSON
        self.run = run
        self.pace = Pace()
        self._before = before
        self._told: tuple[object, object] | None = None
        self._knows_past = knows_past
        self._after = 0  # steps up to this one have been told
        self._plan: Row = {}
        self._tail = Tail(run / METRICS)

    def read(self) -> list[Event]:
        """What has happened since the last time; an event that ends the run is the last."""
        summary = summary_of(self.run)
        if summary is None or summary == self._before:
            return []
        events: list[Event] = []
        rows: list[Row] | None = None
        plan = summary.get("plan")
        if isinstance(plan, dict) and (summary.get("process"), plan) != self._told:
            self._told = (summary.get("process"), plan)
            self._plan = plan
            self._tail = Tail(self.run / METRICS)
            rows = self._tail.read()
            events.append(self._started(rows))
        if self._told is not None:
            events += self._happened(self._tail.read() if rows is None else rows)
        if summary.get("status") in ENDED:
            events.append(self._end(summary))
        return events

    def _started(self, rows: list[Row]) -> Started:
        known = Started.__dataclass_fields__.keys() - {"run", "done"}
        plan = {name: value for name, value in self._plan.items() if name in known}
        done = int(self._plan.get("done", 0))
        epochs = [_epoch(row) for row in rows if 0 < row.get("epoch", 0) <= done]
        self._after = int(plan["step"]) if self._knows_past else 0
        self._knows_past = True
        self.pace.start(self._rows_at(int(plan["step"])))
        return Started(self.run, done=tuple(epochs), **plan)

    def _happened(self, rows: Iterable[Row]) -> list[Event]:
        """Steps and epochs in their order, the steps between two epochs together."""
        events: list[Event] = []
        steps: list[Row] = []
        done = int(self._plan.get("done", 0))
        for row in rows:
            if "event" in row:
                events += self._stepped(steps)
                steps = []
                if row["step"] >= self._after:
                    events.append(Turned(row["step"], row["name"], row["value"], row["before"]))
            elif "epoch" not in row:
                steps += [row] if row["step"] > self._after else []
            elif row["epoch"] > done:
                events += [*self._stepped(steps), _epoch(row)]
                steps = []
                self.pace.epoch()
        return [*events, *self._stepped(steps)]

    def _stepped(self, rows: list[Row]) -> list[Event]:
        if not rows:
            return []
        steps = tuple(row["step"] for row in rows)
        parts: dict[str, tuple[float, ...]] = {
            name: tuple(row.get("parts", {}).get(name, math.nan) for row in rows)
            for name in rows[0].get("parts", ())
        }
        seen = self._rows_at(steps[-1])
        plan = self._plan
        self.pace.step(self.pace.now(), seen)
        epochs = int(plan["epochs"]) - steps[-1] // int(plan["steps_per_epoch"])
        left = self.pace.seconds_left(int(plan["epochs"]) * int(plan["train_rows"]) - seen, epochs)
        losses = tuple(row["loss"] for row in rows)
        return [Stepped(steps, losses, seen, self.pace.rows_per_second(), left, parts)]

    def _rows_at(self, step: int) -> int:
        return round(int(self._plan["train_rows"]) * step / int(self._plan["steps_per_epoch"]))

    def _end(self, summary: Row) -> Event:
        seconds, epochs = float(summary.get("seconds", 0.0)), int(summary.get("epochs", 0))
        match summary["status"]:
            case "finished":
                best, early = int(summary["best_epoch"]), bool(summary["stopped_early"])
                reason = str(summary.get("ended_by", ""))
                return Finished(self.run, epochs, best, early, summary["test"], seconds, reason)
            case "stopped":
                return Stopped(self.run, epochs, int(summary.get("step", 0)), seconds)
        node = NodeId(summary["node"]) if "node" in summary else None
        text, details = str(summary.get("text", "")), str(summary.get("details", ""))
        return Failed(text, node, self.run, details)


class Tail:
    """The rows that have come to the end of a file of metrics."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._at = 0

    def read(self) -> list[Row]:
        """The whole rows since the last time."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._at)
                content = file.read()
        except OSError:
            return []
        whole = content[: content.rfind(b"\n") + 1]
        self._at += len(whole)
        return [row for row in rows_of(whole) if _is_told(row)]


def summary_of(run: Path) -> Row | None:
    """The summary of a run; None where there is none yet."""
    try:
        return read_json(run / SUMMARY)
    except UserError:
        return None


def _is_told(row: Row) -> bool:
    """Whether a row makes an event: a step without a loss does not."""
    if "event" in row:
        return True
    return row.keys() >= WHOLE_EPOCH if "epoch" in row else row.get("loss") is not None


def _epoch(row: Row) -> EpochEnded:
    names = EpochEnded.__dataclass_fields__
    return EpochEnded(**{name: value for name, value in row.items() if name in names})
