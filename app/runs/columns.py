"""The columns of the table of runs, each declared once: what it says and how it sorts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from app.human import duration, figure, grouped, short_count
from app.i18n import tr
from app.metric_titles import metric_word
from backends.runs.entry import Entry

Key = str | float | None


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        text: what a cell shows.
        key: what rows are sorted by.
        whole: the same with all its digits, for the tooltip; `text` where it is left out.
        edits: what of the notes of a run is written here.
    """

    id: str
    title: str
    text: Callable[[Entry], str]
    key: Callable[[Entry], Key]
    is_number: bool = False
    whole: Callable[[Entry], str] | None = None
    edits: str = ""


def columns_of(entries: Iterable[Entry]) -> tuple[Column, ...]:
    """The columns for these runs: those that every run has, and one for each metric of any."""
    names = {split: dict[str, None]() for split in ("validation", "test")}
    for entry in entries:
        names["validation"].update(dict.fromkeys(entry.validation or entry.train))
        names["test"].update(dict.fromkeys(entry.test))
    metrics = [_best(name) for name in names["validation"] if name != "loss"]
    tests = [_test(name) for name in names["test"]]
    return (*_first(), *metrics, *tests, *_last())


def status_text(status: str) -> str:
    """How a run stands, in a word."""
    words = {
        "running": tr("running"), "interrupted": tr("interrupted"), "stopped": tr("stopped"),
        "finished": tr("finished"), "failed": tr("failed"),
    }  # fmt: skip
    return words.get(status, status)


def local_time(started: str) -> str:
    """When a run began, in the time of this place."""
    try:
        return f"{datetime.fromisoformat(started).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return started


def _first() -> tuple[Column, ...]:
    return (
        Column("name", tr("Name"), lambda e: e.name, lambda e: e.name.lower(), edits="name"),
        Column("status", tr("Status"), lambda e: status_text(e.status), lambda e: e.status,
               whole=lambda e: e.text or status_text(e.status)),
        Column("started", tr("Started"), lambda e: local_time(e.started), lambda e: e.started),
        Column("epochs", tr("Epochs"), _epochs, lambda e: e.epochs, is_number=True),
        _number("loss", tr("Loss"), lambda e: e.loss),
        _number("best_loss", tr("Best loss"), lambda e: e.best_loss),
    )  # fmt: skip


def _last() -> tuple[Column, ...]:
    return (
        Column("seconds", tr("Time"), lambda e: duration(e.seconds) if e.seconds else "",
               lambda e: e.seconds, is_number=True),
        Column("parameters", tr("Parameters"),
               lambda e: short_count(e.parameters) if e.parameters else "",
               lambda e: e.parameters, is_number=True, whole=lambda e: grouped(e.parameters)),
        Column("dataset", tr("Data"), lambda e: e.dataset, lambda e: e.dataset),
        Column("document", tr("Drawing"), lambda e: e.document[:8], lambda e: e.document,
               whole=lambda e: e.document),
        Column("device", tr("Device"), lambda e: e.device, lambda e: e.device),
        Column("tags", tr("Tags"), lambda e: ", ".join(e.tags), lambda e: ", ".join(e.tags).lower(),
               edits="tags"),
        Column("notes", tr("Notes"), lambda e: " ".join(e.notes.split()),
               lambda e: e.notes.lower(), whole=lambda e: e.notes, edits="notes"),
    )  # fmt: skip


def _epochs(entry: Entry) -> str:
    total = entry.total_epochs
    return f"{entry.epochs} / {total}" if total else str(entry.epochs)


def _best(name: str) -> Column:
    """A metric of the best epoch, of the validation where there is one."""
    title = tr("Best {name}", name=metric_word(name))
    return _number(f"best {name}", title, lambda e: (e.best_validation or e.best_train).get(name))


def _test(name: str) -> Column:
    title = tr("Test {name}", name=metric_word(name))
    return _number(f"test {name}", title, lambda e: e.test.get(name))


def _number(id: str, title: str, value: Callable[[Entry], float | None]) -> Column:
    def text(entry: Entry) -> str:
        found = value(entry)
        return "" if found is None else figure(found)

    def whole(entry: Entry) -> str:
        found = value(entry)
        return "" if found is None else repr(found)

    return Column(id, title, text, value, is_number=True, whole=whole)
