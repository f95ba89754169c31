"""Generates the code of a session off the UI thread, and only while somebody looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from app.code.changes import Change as LineChange
from app.code.changes import changes
from app.derived import Source, source_of
from app.editor.python import string_starts
from app.session import Session
from app.tasks import Task
from graph.change import Change
from graph.data import DataInfo
from graph.infer import Typing
from graph.model import Document, NodeId

WAIT_MS = 120


@dataclass(frozen=True)
class Listing:
    """A generated text, ready to be shown in place of the one before.

    Attributes:
        source: the code; None while nothing is drawn.
        lines: its lines, without their ends.
        starts_in_string: for each line, whether it starts inside a string.
        lines_of: the lines of each block, by their places.
        gap_lines: the lines that stand for blocks which are left out.
        changes: what turns the lines shown before into these.
        left_out: how many blocks it lacks: those that do not fit, and those that wait for them.
        is_first: whether it is the first of its session, so that nothing is kept of another's.
    """

    source: Source | None
    lines: tuple[str, ...] = ()
    starts_in_string: tuple[bool, ...] = ()
    lines_of: Mapping[NodeId, list[int]] = field(default_factory=dict)
    gap_lines: frozenset[int] = frozenset()
    changes: tuple[LineChange, ...] = ()
    left_out: int = 0
    is_first: bool = True


class Feed(QObject):
    """Follows a session. A run of edits costs one text every `WAIT_MS` at most.

    Signals:
        listed: the `Listing` of the session, after it was written in another thread.
    """

    listed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._shown: tuple[str, ...] | None = None
        self._old: list[Listing] = []
        self._is_watched = False
        self._is_stale = False
        self._task: Task | None = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._start)

    def set_session(self, session: Session) -> None:
        """Follows another session."""
        if self._session is not None:
            self._session.changed.disconnect(self._on_changed)
        self._session = session
        session.changed.connect(self._on_changed)
        self._drop_task()
        self._shown = None
        self._is_stale = True
        self._start()

    def watch(self, is_watched: bool) -> None:
        """Writes texts from now on, or only remembers that the shown one is old."""
        self._is_watched = is_watched
        if is_watched:
            self._start()

    def _on_changed(self, change: Change) -> None:
        if not (change.structure or change.settings):
            return
        self._is_stale = True
        if self._is_watched and not self._timer.isActive():
            self._timer.start()

    def _start(self) -> None:
        if self._session is None or not (self._is_watched and self._is_stale) or self._task:
            return
        self._timer.stop()
        self._is_stale = False
        session, shown = self._session, self._shown
        document, typing, data = session.root, session.root_typing, session.data_info
        # To free the tables of a long text takes milliseconds, which the window does not have.
        old, self._old = self._old[:-1], self._old[-1:]  # the last is shown still

        def work(_task: Task) -> Listing:
            old.clear()
            return listing_of(document, typing, data, shown)

        task = Task(work, "code", self)
        task.done.connect(self._show)
        task.cancelled.connect(lambda: self._forget(task))
        self._task = task
        task.start()

    def _show(self, listing: Listing) -> None:
        self._task = None
        self._shown = listing.lines
        self.listed.emit(listing)
        self._old.append(listing)
        if self._is_stale and not self._timer.isActive():
            self._timer.start()

    def _forget(self, task: Task) -> None:
        """Goes on after a bug in the other thread, which the crash handler tells."""
        if self._task is task:
            self._task = None

    def _drop_task(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None


def listing_of(
    document: Document, typing: Typing, data: DataInfo | None, shown: tuple[str, ...] | None
) -> Listing:
    """The code of a document, and how it differs from what is shown of it so far, if anything."""
    source = source_of(document, typing, data)
    lines = tuple(source.text.splitlines()) if source else ()
    made = changes(shown or (), lines)
    lines_of: dict[NodeId, list[int]] = {}
    for line, id in source.lines.items() if source else ():
        lines_of.setdefault(id, []).append(line - 1)
    left_out = set(dict(source.gaps)) if source else set()
    gap_lines = frozenset(line for id in left_out for line in lines_of.get(id, ()))
    left_out |= {id for id in typing.graph.nodes if typing.is_waiting(id)}
    return Listing(
        source, lines, tuple(string_starts(lines)), lines_of, gap_lines, made, len(left_out),
        is_first=shown is None,
    )  # fmt: skip
