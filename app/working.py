"""Work that goes on for a page: how far it is, and a button that ends it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.i18n import tr
from app.tasks import Task, run_task
from graph.problems import UserError

BAR_PX = 160


class Work(QWidget):
    """One task of each name at most; a new one takes the place of the old.

    Args:
        quick: names of tasks that are over before a bar could be read.

    Signals:
        cancel_wanted: the person does not want to wait.
        changed: something has begun or ended.
    """

    cancel_wanted = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, quick: Collection[str] = ()) -> None:
        super().__init__(parent)
        self._quick = frozenset(quick)
        self._tasks: dict[str, Task] = {}
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(BAR_PX)
        self.progress.setAccessibleName(tr("How much was read"))
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.progress)
        row.addWidget(self.cancel)
        self.hide()

    @property
    def is_idle(self) -> bool:
        """Whether nothing goes on."""
        return not self._tasks

    def goes_on(self, name: str) -> bool:
        """Whether work of that name is not over yet."""
        return name in self._tasks

    def start(
        self, name: str, work: Callable[[Task], object], done: Callable[..., object],
        refused: Callable[[UserError], object],
    ) -> None:  # fmt: skip
        """Begins work in a thread of its own; the old one of that name is cancelled."""
        self.drop(name)
        task = run_task(self, work, done, refused, name=name)
        if name not in self._quick:
            task.progressed.connect(self._show_share)
        for ended in (task.done, task.refused, task.cancelled):
            ended.connect(partial(self._end, name, task))
        self._tasks[name] = task
        self._look()

    def drop(self, *names: str) -> None:
        """Cancels work; without names, all of it."""
        for name in names or tuple(self._tasks):
            task = self._tasks.pop(name, None)
            if task is not None:
                task.cancel()
        self._look()

    def _end(self, name: str, task: Task, *_: object) -> None:
        if self._tasks.get(name) is task:
            del self._tasks[name]
        self._look()

    def _show_share(self, share: float, _text: str) -> None:
        self.progress.setRange(0, 100)
        self.progress.setValue(round(100 * share))

    def _look(self) -> None:
        is_busy = bool(self._tasks.keys() - self._quick)
        if is_busy and self.isHidden():
            self.progress.setRange(0, 0)
        self.setVisible(is_busy)
        self.changed.emit()
