"""Asks the data source of a document what it holds, off the UI thread."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from app.description import describe, failed_sources
from app.i18n import tr
from app.messages import Message
from app.session import Session
from app.tasks import Task, run_task
from graph import edits, trust
from graph.data import DataInfo, DataSpec
from graph.problems import Problem, UserError
from graph.stepping import suited


class DataWatch(QObject):
    """Keeps `session.data_info` true to the data that the document names.

    Where another source takes the place of one, the steps that do not suit it are turned off.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._asked: DataSpec | None = None
        self._trusted = 0
        self._is_new = False  # whether its steps are still those for another source
        self._task: Task | None = None
        session.changed.connect(self._look)
        self._look()

    def _look(self, _change: object = None) -> None:
        spec = self._session.document.data
        # what was refused for its code may be read once that is trusted
        if spec == self._asked and trust.known() == self._trusted:
            return
        before = self._asked
        if before is not None and before.source != spec.source:
            # what is undone and redone comes back as it was
            self._is_new = self._session.history.redo_label is None and bool(spec.steps)
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
            self._is_new = False
            self._session.set_data_info(info, failed_sources())

    def _refused(self, spec: DataSpec, error: UserError) -> None:
        if spec == self._asked:
            problems = (Problem("data", str(error)), *failed_sources())
            self._session.set_data_info(None, problems)
            if self._is_new:
                run_task(
                    self,
                    lambda _task: describe(replace(spec, steps=())),
                    partial(self._suit, spec),
                    lambda _error: None,  # it has been told
                    name="suit-steps",
                )

    def _suit(self, spec: DataSpec, raw: DataInfo) -> None:
        """Turns off the steps that do not suit the data, and says so."""
        steps, titles = suited(raw.columns, spec.steps)
        if spec != self._asked or not titles or self._session.read_only:
            return
        self._is_new = False
        edit = partial(edits.set_data, data=replace(spec, steps=steps))
        if self._session.apply(tr("Turn off steps that do not suit"), edit):
            text = tr("Turned off, for {data} does not suit them: {names}. Other steps stay on.",
                      names=", ".join(map(tr, titles)), data=raw.title)  # fmt: skip
            self._session.message.emit(Message(text))
