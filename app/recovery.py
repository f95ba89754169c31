"""Copies of unsaved work beside the settings, and finding those that a crash left behind."""

from __future__ import annotations

import json
import os
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile

from app.i18n import tr
from app.settings import home
from graph.fileio import dumps, loads, write_atomically
from graph.model import Document
from graph.problems import UserError

SUFFIX = ".recovered"
LOCK = "lock"


@dataclass(frozen=True)
class Recovered:
    """Unsaved work of a program that ended without being asked to.

    `path` is the file it belongs to; None where it had none yet.
    """

    copy: Path
    title: str
    path: Path | None
    saved_at: float
    document: Document


class Journal:
    """The recovery folder of this running program. Another program's is left alone by its lock."""

    def __init__(self, folder: Path | None = None) -> None:
        self._root = folder or home() / "recovery"
        self._own = self._root / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
        self._lock: QLockFile | None = None

    @property
    def folder(self) -> Path:
        """Where the copies of this program are."""
        return self._own

    def new_key(self) -> str:
        """A name for the copy of one document."""
        return uuid.uuid4().hex

    def write(self, key: str, document: Document, title: str, path: Path | None) -> Path:
        """Keeps a copy of a document; may be called from any thread.

        Raises:
            UserError: the folder cannot be written to.
        """
        try:
            self._open()
        except OSError as error:
            reason = error.strerror or error
            raise UserError(
                tr("The folder {path} cannot be made: {reason}.", path=self._own, reason=reason)
            ) from error
        copy = self._own / f"{key}{SUFFIX}"
        content = {
            "title": title,
            "path": str(path) if path else "",
            "saved_at": time.time(),
            "document": dumps(document),
        }
        write_atomically(copy, json.dumps(content, ensure_ascii=False).encode())
        return copy

    def forget(self, key: str) -> None:
        """Removes the copy of a document that was saved or closed."""
        (self._own / f"{key}{SUFFIX}").unlink(missing_ok=True)

    def close(self) -> None:
        """Removes the folder where nothing is left in it; the program ends as it should."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
        _remove_if_empty(self._own)
        _remove_if_empty(self._root)

    def leftovers(self) -> list[Recovered]:
        """The copies of programs that no longer run, the newest first."""
        found = []
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if folder == self._own or not folder.is_dir() or not _is_abandoned(folder):
                continue
            copies = [_read(copy) for copy in folder.glob(f"*{SUFFIX}")]
            found += [copy for copy in copies if copy is not None]
            _remove_if_empty(folder)
        return sorted(found, key=lambda recovered: -recovered.saved_at)

    def _open(self) -> None:
        self._own.mkdir(parents=True, exist_ok=True)
        if self._lock is None:
            lock = QLockFile(str(self._own / LOCK))
            lock.setStaleLockTime(0)
            lock.tryLock(0)
            self._lock = lock


def discard(recovered: Recovered) -> None:
    """Removes a copy that was restored or is not wanted."""
    recovered.copy.unlink(missing_ok=True)
    _remove_if_empty(recovered.copy.parent)


def _is_abandoned(folder: Path) -> bool:
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        return False
    lock.unlock()
    return True


def _read(copy: Path) -> Recovered | None:
    """A copy; None where it is damaged, which an atomic write leaves to failing disks."""
    try:
        content = json.loads(copy.read_text("utf-8"))
        document = loads(content["document"], copy.name).document
        path = Path(content["path"]) if content["path"] else None
        return Recovered(copy, str(content["title"]), path, float(content["saved_at"]), document)
    except (OSError, ValueError, KeyError, TypeError, UserError):
        return None


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # it is not there, or something is still in it
