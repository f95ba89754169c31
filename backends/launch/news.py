"""What a run in another process tells beside its folder: before it begins, and how it ended."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from backends.protocol import Event, Failed, Finished, Noted, Preparing, Stopped
from backends.runs.folder import write_lightly
from graph.model import NodeId

MOST_NOTES = 100


class Teller:
    """Writes what is in no other file of the run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._news: dict[str, object] = {"preparing": None, "notes": [], "end": None}
        self._notes: list[str] = []

    def tell(self, event: Event) -> None:
        """Tells an event; those that the run's folder tells are left to it."""
        match event:
            case Preparing(text=text, share=share):
                self._write(preparing=[text, share])
            case Noted(text=text):
                self._notes = [*self._notes, text][-MOST_NOTES:]
                self._write(notes=self._notes)
            case Failed(text=text, node=node, run=run, details=details):
                end = {"failed": text, "node": node, "details": details, "began": run is not None}
                self._write(end=end)
            case Stopped(run=run):
                self._write(end={"stopped": True, "began": run is not None})
            case Finished():
                self._write(end={"began": True})

    def _write(self, **news: object) -> None:
        self._news |= news
        with contextlib.suppress(OSError):  # the run itself is worth more
            write_lightly(self._path, self._news)


class Hearer:
    """Reads what has been told since the last time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before: dict[str, Any] = {}  # Any: parsed JSON
        self.end: Event | None = None

    def read(self, run: Path) -> list[Event]:
        """What is new; an end is kept in `end`, for the folder of the run tells more of it."""
        news = news_in(self._path)
        events: list[Event] = []
        preparing = news.get("preparing")
        if preparing and preparing != self._before.get("preparing"):
            events.append(Preparing(*preparing))
        heard = self._before.get("notes") or []
        events += [Noted(text) for text in news.get("notes") or [] if text not in heard]
        end = news.get("end")
        if end and "failed" in end:
            node = NodeId(end["node"]) if end.get("node") else None
            self.end = Failed(end["failed"], node, run if end["began"] else None, end["details"])
        elif end and "stopped" in end:
            self.end = Stopped(run if end["began"] else None, 0, 0, 0.0)
        self._before = news
        return events


def news_in(path: Path) -> dict[str, Any]:  # Any: parsed JSON
    """What was told last; nothing where there is nothing yet."""
    try:
        news = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return news if isinstance(news, dict) else {}
