"""Asks the data source of a document what it holds, off the UI thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.description import describe, failed_sources
from app.session import Session
from app.tasks import Task, run_task
from graph import trust
from graph.data import DataInfo, DataSpec
from graph.problems import Problem, UserError


class DataWatch(QObject):
    """Keeps `session.data_info` true to the data that the document names."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._asked: DataSpec | None = None
        self._trusted = 0
        self._task: Task | None = None
        session.changed.connect(self._look)
        self._look()

    def _look(self, _change: object = None) -> None:
        spec = self._session.document.data
        # what was refused for its code may be read once that is trusted
        if spec == self._asked and trust.known() == self._trusted:
            return
        self._asked, self._trusted = spec, trust.known()
        self._task = run_task(
            self,
            lambda _task: describe(spec),
            partial(self._known, spec),
            partial(self._refused, spec),
            name="describe-data",
        )

    def _known(self, spec: DataSpec, info: DataInfo) -> None:
        if spec == self._asked:
            self._session.set_data_info(info, failed_sources())

    def _refused(self, spec: DataSpec, error: UserError) -> None:
        if spec == self._asked:
            problems = (Problem("data", str(error)), *failed_sources())
            self._session.set_data_info(None, problems)
