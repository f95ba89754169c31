"""What misleads in data that can be read: looked for in a thread, told below what is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.tasks import Task, run_task
from graph.data import DataInfo, DataSpec
from graph.problems import UserError

LARGEST_BYTES = 256 << 20
NUMBER_BYTES = 4


def _is_small(info: DataInfo) -> bool:
    """Whether all of it may be read just to look at it."""
    rows = (info.rows or 0) + (info.test_rows or 0)
    width = sum(math.prod(column.shape) for column in info.columns)
    return rows * width * NUMBER_BYTES <= LARGEST_BYTES


def remarks_on(
    spec: DataSpec, info: DataInfo, report: Callable[[float], None], cancelled: Callable[[], bool]
) -> tuple[str, ...]:
    """What a person should know of the data; all of it is read.

    Raises:
        UserError: the data is not there or cannot be used.
        Cancelled: `cancelled` answered True.
    """
    from backends.data.audit import large_answers, remarks
    from backends.data.source import source_of

    splits = source_of(spec).load(report, cancelled)
    return (*remarks(info, splits), *large_answers(info, splits))


class DataWarnings(QLabel):
    """Sentences on the data, each on a line of its own; hidden where there is nothing to tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "warning")
        self.setWordWrap(True)
        self.hide()
        self._asked: tuple[DataSpec, DataInfo] | None = None
        self._task: Task | None = None

    def show_for(self, spec: DataSpec, info: DataInfo | None) -> None:
        """Looks at this data, unless that was done; without info there is nothing to tell."""
        spec = replace(spec, steps=())
        asked = (spec, info) if info is not None and _is_small(info) else None
        if asked == self._asked:
            return
        self._asked = asked
        if self._task is not None:
            self._task.cancel()
        self._tell(asked, ())
        if asked is not None:
            self._task = run_task(
                self,
                lambda task: remarks_on(*asked, task.report, task.is_cancelled),
                partial(self._tell, asked),
                partial(self._refuse, asked),
                name="data-warnings",
            )

    def _tell(self, asked: tuple[DataSpec, DataInfo] | None, found: tuple[str, ...]) -> None:
        if asked == self._asked:
            self._task = None
            self.setText("\n".join(found))
            self.setVisible(bool(found))

    def _refuse(self, asked: tuple[DataSpec, DataInfo] | None, error: UserError) -> None:
        self._tell(asked, (str(error),))
