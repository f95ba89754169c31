"""What a list of runs tells of each: read from its folder, which is the truth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from backends.runs.folder import SUMMARY, read_json, write_json
from backends.runs.standing import status_of
from graph.problems import UserError

NOTES = "notes.json"
LARGEST_WHOLE = (1 << 63) - 1  # what the index can hold
Means = Mapping[str, float]


@dataclass(frozen=True)
class Entry:
    """One run.

    Attributes:
        name: as the person calls it, or as its drawing was called.
        started: when, in UTC, as ISO 8601 writes it.
        train, validation: the means of the last epoch, by name.
        best_train, best_validation: those of the best epoch.
        test: the means over the test rows with the kept weights.
        document: a hash of the drawing.
        text: why it failed.
    """

    path: Path
    name: str
    drawing: str = ""
    started: str = ""
    status: str = ""
    epochs: int = 0
    total_epochs: int = 0
    step: int = 0
    best_epoch: int = 0
    train: Means = field(default_factory=dict)
    validation: Means = field(default_factory=dict)
    best_train: Means = field(default_factory=dict)
    best_validation: Means = field(default_factory=dict)
    test: Means = field(default_factory=dict)
    seconds: float = 0.0
    device: str = ""
    parameters: int = 0
    dataset: str = ""
    document: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    text: str = ""

    @property
    def loss(self) -> float | None:
        """The loss of the last epoch that counts: the validation's where there is one."""
        return (self.validation or self.train).get("loss")

    @property
    def best_loss(self) -> float | None:
        """That of the best epoch."""
        return (self.best_validation or self.best_train).get("loss")

    def now(self) -> Entry:
        """The entry with a status that is true now: a run goes on only while its process lives."""
        status = status_of(self.path, {"status": self.status})
        return self if status == self.status else replace(self, status=status)


def read_entry(run: Path) -> Entry | None:
    """What the folder of a run tells; None where it is none, or damaged."""
    try:
        summary = read_json(run / SUMMARY)
    except UserError:
        return None
    return _entry(run, summary, read_notes(run))


def _entry(run: Path, summary: dict[str, Any], notes: dict[str, Any]) -> Entry:  # Any: parsed JSON
    plan, last, best = (_mapping(summary, name) for name in ("plan", "last", "best"))
    drawing = _text(summary, "name")
    tags = notes.get("tags")
    return Entry(
        run,
        " ".join((_text(notes, "name") or drawing or _clean(run.name)).split()),
        drawing,
        _text(summary, "started"),
        _text(summary, "status"),
        _whole(summary, "epochs"),
        _whole(plan, "epochs"),
        _whole(summary, "step"),
        _whole(summary, "best_epoch"),
        _means(last, "train"),
        _means(last, "validation"),
        _means(best, "train"),
        _means(best, "validation"),
        _means(summary, "test"),
        _number(summary.get("seconds")) or 0.0,
        _text(summary, "device"),
        _whole(summary, "parameters"),
        _text(summary, "dataset"),
        _text(summary, "document"),
        tuple(_clean(tag) for tag in tags if isinstance(tag, str))
        if isinstance(tags, list)
        else (),
        _text(notes, "notes"),
        _text(summary, "text"),
    )


def read_notes(run: Path) -> dict[str, Any]:  # Any: parsed JSON
    """What a person has written about a run; nothing where that is damaged."""
    try:
        value = json.loads((run / NOTES).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def write_notes(run: Path, **said: object) -> None:
    """Changes what a person has written about a run: `name`, `tags`, `notes`.

    Raises:
        UserError: it cannot be written.
    """
    write_json(run / NOTES, {**read_notes(run), **said})


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """The text without halves of characters, which no file and no index takes."""
    return text.encode("utf-8", "replace").decode()


def _whole(values: Mapping[str, Any], name: str) -> int:
    value = values.get(name)
    return value if isinstance(value, int) and abs(value) <= LARGEST_WHOLE else 0


def _mapping(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _means(values: Mapping[str, Any], name: str) -> Means:
    found = {key: _number(value) for key, value in _mapping(values, name).items()}
    return {key: value for key, value in found.items() if value is not None}
