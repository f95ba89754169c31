"""Trainings in line: one begins when the one before it has ended, whatever is open by then."""

from __future__ import annotations

import json
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.desktop import soon
from app.i18n import tr
from app.messages import Choice, Message
from app.session import Session
from app.settings import home
from backends.protocol import Job, Stopped
from graph.fileio import dumps, loads, write_atomically
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
FILE = "queue.json"


@dataclass(frozen=True)
class Waiting:
    """A training that waits: a frozen job, and the document that it is of while that is open."""

    job: Job
    title: str
    session: weakref.ref[Session] | None = None

    def owner(self) -> Session | None:
        """The document, where it is still open."""
        session = self.session() if self.session is not None else None
        return session if session is not None and shiboken6.isValid(session) else None


class Queue(QAbstractListModel):
    """The trainings that wait, the next one first. They are kept in a file, so none is lost.

    Signals:
        changed: others wait now, or in another order.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.waiting: list[Waiting] = []

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.waiting)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # Any: as Qt wants it
        if not index.isValid():
            return None
        waiting = self.waiting[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return tr("{n}.  {title}", n=index.row() + 1, title=waiting.title)
        if role == Qt.ItemDataRole.ToolTipRole:
            epochs = waiting.job.document.recipe.get("epochs", "")
            return tr("{title}, as it was when it was put in line", title=waiting.title) + (
                "\n" + tr("{n} epochs", n=epochs) if epochs else ""
            )
        return None

    def add(self, waiting: Sequence[Waiting]) -> None:
        """Puts trainings at the end of the line."""
        if not waiting:
            return
        count = len(self.waiting)
        self.beginInsertRows(NO_INDEX, count, count + len(waiting) - 1)
        self.waiting += waiting
        self.endInsertRows()
        self._tell()

    def take(self, row: int = 0) -> Waiting:
        """Takes one out of the line, the next one unless another is meant."""
        self.beginRemoveRows(NO_INDEX, row, row)
        taken = self.waiting.pop(row)
        self.endRemoveRows()
        self._tell()
        return taken

    def shift(self, row: int, by: int) -> int:
        """Moves one towards the front or the end; answers where it is now."""
        place = min(max(row + by, 0), len(self.waiting) - 1)
        if place == row:
            return row
        # Qt names the row before which it will stand
        self.beginMoveRows(NO_INDEX, row, row, NO_INDEX, place + (place > row))
        self.waiting.insert(place, self.waiting.pop(row))
        self.endMoveRows()
        self._tell()
        return place

    def _tell(self) -> None:
        if self.waiting:  # the numbers before the titles
            last = self.index(len(self.waiting) - 1, 0)
            self.dataChanged.emit(self.index(0, 0), last)
        self.changed.emit()


class Line(QObject):
    """Starts what waits, one after the other."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.queue = Queue(self)
        self._is_held = False
        self.queue.changed.connect(self._keep)
        window.training.running_changed.connect(self._on_running)

    def add(self) -> None:
        """Puts the document in front in line; it trains at once where nothing else does."""
        window, session = self._window, self._window.session
        job = window.training.job_to_train()
        if job is None:
            return
        self.queue.add([Waiting(job, session.title, weakref.ref(session))])
        if window.training.runner.is_running:
            text = tr("{title} is in line as it is now, at place {n}.",
                      title=session.title, n=len(self.queue.waiting))  # fmt: skip
            window.tell(Message(text, choices=(Choice(tr("Show"), partial(_show, window)),)))
        else:
            self.start_next()

    def start_next(self) -> None:
        """Starts the next one, unless something trains."""
        self._is_held = False
        window = self._window
        if window.training.runner.is_running or not self.queue.waiting:
            return
        waiting = self.queue.take()
        window.docks.bring_up(window.docks.training)
        window.training.runner.train_job(waiting.job, waiting.title, waiting.owner())

    def hold(self) -> None:
        """Lets nothing more begin by itself, as when the program ends."""
        self._is_held = True

    def _on_running(self, is_running: bool) -> None:
        if is_running or self._is_held or not self.queue.waiting:
            return
        record = self._window.training.runner.record
        if record is not None and isinstance(record.end, Stopped):
            # who stops a training may not want the next one at once
            text = tr("{n} trainings wait in line.", n=len(self.queue.waiting))
            self._window.tell(
                Message(text, choices=(Choice(tr("Start the next"), self.start_next),))
            )
            return
        soon(self, self._go_on)  # others are still to hear that the last one has ended

    def _go_on(self) -> None:
        if not self._is_held:
            self.start_next()

    # what outlives the program

    def _keep(self) -> None:
        value = [
            {
                "title": waiting.title,
                "document": json.loads(dumps(waiting.job.document)),
                "start_from": str(waiting.job.start_from) if waiting.job.start_from else None,
            }
            for waiting in self.queue.waiting
        ]
        path = home() / FILE
        try:
            if value:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, json.dumps(value).encode())
            else:
                path.unlink(missing_ok=True)
        except (OSError, UserError) as error:
            self._window.tell(Message(str(error), "warning"))

    def offer_kept(self) -> None:
        """Offers what waited when the program ended."""
        found = kept_queue()
        if not found or self.queue.waiting:
            return
        names = ", ".join(f"“{waiting.title}”" for waiting in found[:3])
        text = tr("{n} trainings waited in line: {names}.", n=len(found), names=names)
        choices = (
            Choice(tr("Start"), lambda: self._take_up(found)),
            Choice(tr("Discard"), lambda: (home() / FILE).unlink(missing_ok=True)),
        )
        self._window.tell(Message(text, "warning", choices=choices))

    def _take_up(self, found: list[Waiting]) -> None:
        self.queue.add(found)
        self.start_next()


def kept_queue() -> list[Waiting]:
    """What waited when the program ended; nothing where that is damaged."""
    try:
        held = json.loads((home() / FILE).read_text("utf-8"))
        return [
            Waiting(
                Job(
                    loads(json.dumps(each["document"]), FILE).document,
                    home() / "runs",
                    start_from=Path(each["start_from"]) if each["start_from"] else None,
                ),
                str(each["title"]),
            )
            for each in held
        ]
    except (OSError, ValueError, KeyError, TypeError, UserError):
        return []


def _show(window: Window) -> None:
    window.docks.bring_up(window.docks.runs)
    window.runs.line.list.setFocus(Qt.FocusReason.OtherFocusReason)
