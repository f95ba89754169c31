"""Copies changed documents to the recovery folder every few seconds, and after a crash."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from PySide6.QtCore import QObject, QTimer

from app.messages import Message
from app.recovery import Journal
from app.session import Session
from graph.model import Document
from graph.problems import UserError

EVERY_MS = 3000


class Autosave(QObject):
    """Watches sessions; each changed one has a copy that is at most a few seconds old."""

    def __init__(
        self, journal: Journal, sessions: Callable[[], list[Session]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._journal = journal
        self._sessions = sessions
        self._keys: dict[Session, str] = {}
        self._kept: dict[Session, Document] = {}
        self._lock = threading.Lock()
        self._failed: SimpleQueue[UserError] = SimpleQueue()
        self._has_told = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Starts copying what changed since the last copy, in a thread: disks can be slow."""
        self._tell_failures()
        for session in self._sessions():
            document = session.root
            if session.is_clean:
                self.forget(session)
            elif self._kept.get(session) is not document:
                key = self._keys.setdefault(session, self._journal.new_key())
                self._kept[session] = document
                arguments = (session, key, document, session.title, session.path)
                threading.Thread(target=self._write, args=arguments, daemon=True).start()

    def save_all(self) -> list[Path]:
        """Copies every unsaved document now; answers where.

        Raises:
            UserError: the folder cannot be written to.
        """
        copies = []
        for session in self._sessions():
            if not session.is_clean:
                key = self._keys.setdefault(session, self._journal.new_key())
                self._kept[session] = session.root
                copies.append(self._journal.write(key, session.root, session.title, session.path))
        return copies

    def forget(self, session: Session) -> None:
        """Removes the copy of a session that was saved or closed."""
        self._kept.pop(session, None)
        key = self._keys.pop(session, None)
        if key is not None:
            with self._lock:
                self._journal.forget(key)

    def close(self) -> None:
        """Ends the watch; the program ends as it should."""
        self._timer.stop()
        for session in list(self._keys):
            self.forget(session)
        with self._lock:
            self._journal.close()

    def _write(
        self, session: Session, key: str, document: Document, title: str, path: Path | None
    ) -> None:
        with self._lock:
            if self._kept.get(session) is not document:
                return  # saved, closed or changed again meanwhile
            try:
                self._journal.write(key, document, title, path)
            except UserError as error:
                self._failed.put(error)

    def _tell_failures(self) -> None:
        while not self._failed.empty():
            error = self._failed.get()
            sessions = self._sessions()
            if sessions and not self._has_told:
                self._has_told = True
                sessions[0].message.emit(Message(str(error), "warning"))
