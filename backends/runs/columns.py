"""The numbers of a run as columns: read from `metrics.jsonl`, kept beside it once they are many.

The file of rows is the truth; the columns count only while it is as it was when they were made.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backends.runs.folder import METRICS
from backends.runs.metrics import Row, rows_of
from graph.fileio import write_atomically
from graph.problems import UserError

CACHE = "metrics.npz"
MANY_BYTES = 1 << 20
Floats = NDArray[np.float64]
OTHER_ROW = re.compile(rb'^(?!\{"step").*\n?', re.MULTILINE)
NUMBERS = b"0123456789+-.e \nnaif"


@dataclass(frozen=True)
class Columns:
    """What a run measured.

    Attributes:
        steps: the numbers of the steps.
        loss: the loss of each; NaN where there is none.
        parts: by the name of each Optimizer its own losses, where there are several.
        epochs: the rows of the epochs.
    """

    steps: Floats
    loss: Floats
    parts: Mapping[str, Floats] = field(default_factory=dict)
    epochs: tuple[Row, ...] = ()

    def means(self, split: str, name: str) -> tuple[Floats, Floats]:
        """The steps at which epochs ended, and what one of their means was."""
        found = [
            (row["step"], row[split][name])
            for row in self.epochs
            if isinstance(row.get(split), dict) and row[split].get(name) is not None
        ]
        pairs = np.array(found, np.float64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def names(self) -> list[str]:
        """What was measured of epochs, the loss first."""
        found = [name for row in self.epochs for name in row.get("train", ())]
        return list(dict.fromkeys(["loss", *self.parts, *found]))


def read_columns(run: Path) -> Columns:
    """The numbers of a run; none where it has not written any."""
    path = run / METRICS
    try:
        stat = path.stat()
        stamp = np.array([stat.st_size, stat.st_mtime_ns])
        kept = _kept(run / CACHE, stamp) if stat.st_size >= MANY_BYTES else None
        if kept is not None:
            return kept
        content = path.read_bytes()
    except OSError:
        return Columns(np.empty(0), np.empty(0))
    columns = columns_of(content[: content.rfind(b"\n") + 1])
    if len(content) >= MANY_BYTES:
        _keep(run / CACHE, stamp, columns)
    return columns


def columns_of(content: bytes) -> Columns:
    """The columns of whole rows."""
    others = OTHER_ROW.findall(content) if content else []
    epochs = tuple(row for line in others for row in rows_of(line) if "epoch" in row)
    first = next(iter(rows_of(content[: content.find(b"\n") + 1])), None)
    steps = OTHER_ROW.sub(b"", content) if others else content
    if first is None or "epoch" in first:
        first = next(iter(rows_of(steps[: steps.find(b"\n") + 1])), {})
    names = list(first.get("parts", ()))
    table = _table(steps, names)
    if table is None:  # not as we write them: row by row, then
        return _slowly(steps, names, epochs)
    parts = {name: np.ascontiguousarray(table[:, 2 + k]) for k, name in enumerate(names)}
    return Columns(table[:, 0].copy(), table[:, 1].copy(), parts, epochs)


def _table(content: bytes, names: list[str]) -> Floats | None:
    """Rows of numbers, found by taking away what stands between them; None where more does."""
    between = [b'{"step": ', b', "loss": ']
    for k, name in enumerate(names):
        text = json.dumps(name).encode()
        between.append(b", " + (b'"parts": {' if k == 0 else b"") + text + b": ")
    for text in sorted(between, key=len, reverse=True):
        content = content.replace(text, b" ")
    content = content.replace(b"}", b"").replace(b"null", b"nan")
    if content.translate(None, NUMBERS):
        return None
    with contextlib.suppress(ValueError):
        found: Floats = np.fromstring(content, np.float64, sep=" ")
        width, rows = 2 + len(names), content.count(b"\n")
        if len(found) == width * rows:
            return found.reshape(rows, width)
    return None


def _slowly(content: bytes, names: list[str], epochs: tuple[Row, ...]) -> Columns:
    steps: list[float] = []
    losses: list[list[float]] = []
    for row in rows_of(content):
        parts = row.get("parts", {})
        values = [row.get("loss"), *(parts.get(name) for name in names)]
        steps.append(row["step"])
        losses.append([np.nan if value is None else value for value in values])
    table = np.array(losses, np.float64).reshape(len(steps), 1 + len(names))
    found = {name: table[:, 1 + k] for k, name in enumerate(names)}
    return Columns(np.array(steps, np.float64), table[:, 0], found, epochs)


def _kept(path: Path, stamp: NDArray[np.int64]) -> Columns | None:
    try:
        with np.load(path, allow_pickle=False) as held:
            if held["stamp"].tolist() != stamp.tolist():
                return None
            epochs = tuple(json.loads(held["epochs"].tobytes()))
            names = json.loads(held["names"].tobytes())
            parts = dict(zip(names, held["parts"], strict=True))
            return Columns(held["steps"], held["loss"], parts, epochs)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _keep(path: Path, stamp: NDArray[np.int64], columns: Columns) -> None:
    content = io.BytesIO()
    np.savez(
        content,
        stamp=stamp,
        steps=columns.steps,
        loss=columns.loss,
        parts=np.array(list(columns.parts.values())),
        names=_bytes(list(columns.parts)),
        epochs=_bytes(columns.epochs),
    )
    with contextlib.suppress(UserError):  # it is read from the rows, then
        write_atomically(path, content.getbuffer())


def _bytes(value: object) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), np.uint8)
