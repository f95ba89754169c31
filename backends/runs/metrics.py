"""The numbers of a run as they come in: `metrics.jsonl`, a row a line, readable meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backends.protocol import EpochEnded
from backends.runs.folder import cannot_write, finite, write_text

Row = dict[str, Any]  # Any: parsed JSON
NO_PARTS: Mapping[str, tuple[float, ...]] = {}
MOST_POINTS = 8  # of one event
MANY_POINTS = 20_000  # after so many points an event gives only one


class MetricsFile:
    """Appends rows: one for each epoch, and steps with their losses thinned out.

    Raises:
        UserError: the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._points = 0
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
        """Writes some of these steps, evenly picked; the last one always.

        Args:
            parts: further losses of these steps, by name.
        """
        wanted = MOST_POINTS if self._points < MANY_POINTS else 1
        stride = -(-len(steps) // wanted)
        picked = range(len(steps))[::-1][::stride][::-1]
        self._points += len(picked)
        self._write(
            [
                {"step": steps[i], "loss": losses[i]} | ({"parts": of} if of else {})
                for i in picked
                for of in [{name: values[i] for name, values in parts.items()}]
            ]
        )

    def add_epoch(self, epoch: EpochEnded) -> None:
        """Writes the row of an epoch."""
        self._write([vars(epoch)])

    def close(self) -> None:
        """Ends the file."""
        self._file.close()

    def _write(self, rows: list[Mapping[str, object]]) -> None:
        content = "".join(f"{json.dumps(finite(row))}\n" for row in rows).encode()
        try:
            while content:
                content = content[self._file.write(content) :]
        except OSError as error:
            raise cannot_write(self.path, error) from error


def read_metrics(path: Path) -> Iterator[Row]:
    """The rows of the file, oldest first; a last line that is still being written is left out."""
    try:
        text = path.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("step"), int):
            yield row


def forget_after(path: Path, step: int, epochs: int) -> None:
    """Takes out rows after that step and that many epochs: a resumed run makes them again.

    Raises:
        UserError: the file cannot be written.
    """
    kept = [
        row
        for row in read_metrics(path)
        if row["step"] <= step and int(row.get("epoch", 0)) <= epochs
    ]
    write_text(path, "".join(f"{json.dumps(row)}\n" for row in kept))
