"""The numbers of a run as they come in: `metrics.jsonl`, a row a line, readable meanwhile."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backends.protocol import EpochEnded, Turned
from backends.runs.folder import cannot_write, finite

Row = dict[str, Any]  # Any: parsed JSON
LARGEST_WHOLE = 1 << 63
NO_PARTS: Mapping[str, tuple[float, ...]] = {}


class MetricsFile:
    """Appends rows: one for each step and one for each epoch.

    Raises:
        UserError: the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # unbuffered: nothing is left that a full disk refuses a second time
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise cannot_write(path, error) from error

    def add_steps(
        self,
        steps: tuple[int, ...],
        losses: tuple[float, ...],
        parts: Mapping[str, tuple[float, ...]] = NO_PARTS,
    ) -> None:
        """Writes every step.

        Args:
            parts: further losses of these steps, by name.
        """
        if parts:
            columns = [(json.dumps(name), values) for name, values in parts.items()]
            rest = [
                ", ".join(f"{name}: {_number(values[i])}" for name, values in columns)
                for i in range(len(steps))
            ]
            lines = [
                f'{{"step": {step}, "loss": {_number(loss)}, "parts": {{{more}}}}}\n'
                for step, loss, more in zip(steps, losses, rest, strict=True)
            ]
        else:
            lines = [
                f'{{"step": {step}, "loss": {_number(loss)}}}\n'
                for step, loss in zip(steps, losses, strict=True)
            ]
        self._write("".join(lines))

    def add_epoch(self, epoch: EpochEnded) -> None:
        """Writes the row of an epoch."""
        self._write(f"{json.dumps(finite(vars(epoch)))}\n")

    def add_change(self, change: Turned) -> None:
        """Writes the row of a value of the recipe that has changed."""
        self._write(f"{json.dumps({'event': 'set', **vars(change)})}\n")

    def flush(self) -> None:
        """Sees to it that all rows are on the disk, also if the power fails."""
        with contextlib.suppress(OSError, ValueError):  # some file systems cannot; it may be closed
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Ends the file."""
        self._file.close()

    def _write(self, rows: str) -> None:
        content = rows.encode()
        try:
            while content:
                content = content[self._file.write(content) :]
        except OSError as error:
            raise cannot_write(self.path, error) from error


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else "null"


def read_metrics(path: Path) -> Iterator[Row]:
    """The rows of the file, oldest first; a last line that is still being written is left out."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    yield from rows_of(content)


def changes_of(path: Path) -> list[Turned]:
    """The changes of the recipe while the run went on, in their order."""
    rows = (row for row in read_metrics(path) if row.get("event") == "set")
    return [Turned(row["step"], row["name"], row["value"], row["before"]) for row in rows]


def rows_of(content: bytes) -> Iterator[Row]:
    """The rows in a text; damaged lines are left out."""
    for line in content.splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict) and is_sound(row):
            yield row


def is_sound(row: Row) -> bool:
    """Whether a row holds what its kind has: a change, an epoch, or a step."""
    if not _is_whole(row.get("step")):
        return False
    if "event" in row:
        values = (row.get("value"), row.get("before"))
        are_known = all(isinstance(value, str) or _is_figure(value) for value in values)
        return isinstance(row.get("name"), str) and are_known
    if "epoch" in row:
        others = (row.get(name, 0.0) for name in ("learning_rate", "seconds"))
        are_means = all(_are_figures(row.get(split, {})) for split in ("train", "validation"))
        return _is_whole(row["epoch"]) and are_means and all(map(_is_figure, others))
    return (row.get("loss") is None or _is_figure(row["loss"])) and _are_figures(
        row.get("parts", {})
    )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < LARGEST_WHOLE


def _is_figure(value: object) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < LARGEST_WHOLE)


def _are_figures(values: object) -> bool:
    return isinstance(values, dict) and all(
        value is None or _is_figure(value) for value in values.values()
    )


def forget_after(path: Path, step: int, epochs: int) -> None:
    """Takes out rows after that step and that many epochs: a resumed run makes them again.

    Rows stand in the order in which they were made, so that it is the end that goes.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        with path.open("r+b") as file:
            end = 0
            for line in file:
                if not line.endswith(b"\n") or not _is_before(line, step, epochs):
                    break
                end += len(line)
            file.truncate(end)
    except FileNotFoundError:
        return
    except OSError as error:
        raise cannot_write(path, error) from error


def _is_before(line: bytes, step: int, epochs: int) -> bool:
    try:
        row = json.loads(line)
        return row["step"] <= step and int(row.get("epoch", 0)) <= epochs
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return True  # damaged, but a later row may be sound
