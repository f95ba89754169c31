"""Has the code in documents tried out, off the UI thread, when their types ask for it."""

from __future__ import annotations

import weakref
from collections.abc import Iterable

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.messages import Message
from app.session import Session
from app.tasks import Task
from app.trusted import remember
from backends import loader
from graph import probes
from graph.code_edits import classes_in
from graph.custom_code import Written
from graph.probes import Question
from graph.problems import UserError

_sessions: weakref.WeakSet[Session] = weakref.WeakSet()


class CodeWatch(QObject):
    """Follows a session: what its types wait for is tried, and then they are worked out anew."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._task: Task | None = None
        _sessions.add(session)
        session.changed.connect(self._look)
        self._look()

    @property
    def is_busy(self) -> bool:
        """Whether code is being tried now."""
        return self._task is not None

    def _look(self, _change: object = None) -> None:
        wanted = [] if self._task else probes.take_wanted()
        if wanted:
            self._task = Task(lambda _task: _try(wanted), "try code", self)
            self._task.done.connect(self._tried)
            self._task.cancelled.connect(self._forget)
            self._task.start()

    def _tried(self, _result: object) -> None:
        self._task = None
        reconsider()

    def _forget(self) -> None:
        """Goes on after a bug in the other thread, which the crash handler tells."""
        self._task = None


def _try(questions: list[Question]) -> None:
    loader.call("backends.probing", "answer", questions)


def agree(session: Session, classes: Iterable[Written]) -> None:
    """Lets classes run from now on, in every document that holds them."""
    try:
        remember(classes)
    except UserError as error:
        session.message.emit(Message(str(error), "warning"))
    reconsider()


def reconsider() -> None:
    """Types every open document with code anew."""
    for session in list(_sessions):
        if isValid(session) and any(True for _ in classes_in(session.root)):
            session.reconsider()
