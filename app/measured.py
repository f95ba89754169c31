"""How long the blocks of a session's drawing took, and measuring it off the UI thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.i18n import tr
from app.outliving import answer
from app.session import Session
from app.tasks import Task, run_task
from backends.times import Time, Times
from graph.change import diff
from graph.composites.places import Way
from graph.model import Definition, Document, Graph, NodeId

MODULE = "backends.pytorch.measuring"
TIMED_BY = ("batch_size", "device", "threads", "memory_format")
"""What of a recipe a pass depends on; the rest says how often there is one."""


@dataclass(frozen=True, eq=False)
class Shown:
    """The times of the blocks of one place, and whether the drawing has changed since."""

    blocks: Mapping[NodeId, Time]
    times: Times
    is_stale: bool


class Measured(QObject):
    """What was measured of a drawing, kept with the version that it was measured of.

    Signals:
        changed: there is another measurement, or news of the one that goes on.
        refused: the drawing could not be measured; the `UserError` says why.

    Attributes:
        share: how much of a measurement is done; None where none goes on.
        doing: what is being done for it.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.times: Times | None = None
        self.share: float | None = None
        self.doing = ""
        self._document = self._wanted = session.root
        self._task: Task | None = None
        self._seen: tuple[Document, Way, Times, Shown] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a measurement goes on."""
        return self._task is not None

    def start(self) -> None:
        """Measures the drawing as it is now, in a thread of its own."""
        if self._task is not None:
            return
        document = self._session.root

        def work(task: Task) -> object:
            return answer(task, MODULE, "measure", document, task.report, task.is_cancelled)

        self._task = task = run_task(self, work, self._done, self._refused, name="measuring")
        task.progressed.connect(self._hear)
        task.cancelled.connect(self._end)
        self._wanted = document
        self.share, self.doing = 0.0, tr("Starting")
        self.changed.emit()

    def cancel(self) -> None:
        """Ends the measurement that goes on; the last one stays."""
        if self._task is not None:
            self._task.cancel()
            self.doing = tr("Cancelling")
            self.changed.emit()

    def shown(self) -> Shown | None:
        """The times of the blocks that are looked at; None where nothing was measured.

        The same value as long as nothing differs.
        """
        if self.times is None:
            return None
        session, seen = self._session, self._seen
        now = (session.root, session.place, self.times)
        if seen is None or any(a is not b for a, b in zip(seen[:3], now, strict=True)):
            blocks = times_at(self.times, session.place, session.document.graph)
            is_stale = not takes_as_long(self._document, session.root)
            seen = self._seen = (*now, Shown(blocks, self.times, is_stale))
        return seen[3]

    def _hear(self, share: float, text: str) -> None:
        if self._task is not None and not self._task.is_cancelled():
            self.share, self.doing = share, tr(text)
            self.changed.emit()

    def _done(self, times: Times) -> None:
        self.times, self._document = times, self._wanted
        self._end()

    def _refused(self, error: object) -> None:
        self._end()
        self.refused.emit(error)

    def _end(self) -> None:
        self._task, self.share, self.doing = None, None, ""
        self.changed.emit()


def measured_of(session: Session) -> Measured:
    """What was measured of a session's drawing, made when it is first asked for."""
    found = session.findChild(Measured)
    return found if isinstance(found, Measured) else Measured(session)


def times_at(times: Times, place: Way, graph: Graph) -> dict[NodeId, Time]:
    """The times of the blocks of a place: of an instance, or of all where none was entered."""
    instances = [step.instance for step in place]
    entered = tuple(each for each in instances if each is not None)
    if len(entered) == len(instances):
        return times.inside(entered)
    return times.everywhere(graph.nodes)


def takes_as_long(before: Document, now: Document) -> bool:
    """Whether two documents calculate the same: only places, names and texts may differ."""
    same = all(before.recipe.get(name) == now.recipe.get(name) for name in TIMED_BY)
    same = same and (before.data, before.variables) == (now.data, now.variables)
    known = before.definitions.keys() == now.definitions.keys()
    return same and known and not diff(before, now).structure and _are_alike(before, now)


def _are_alike(before: Document, now: Document) -> bool:
    pairs = ((before.definitions[name], each) for name, each in now.definitions.items())
    return all(one is other or _is_alike(one, other) for one, other in pairs)


def _is_alike(one: Definition, other: Definition) -> bool:
    if replace(one, graph=other.graph) != other:
        return False
    return not diff(Document(graph=one.graph), Document(graph=other.graph)).structure
