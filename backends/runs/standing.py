"""How a run stands, as its folder tells it, and which run is to be gone on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backends.runs import lock
from backends.runs.checkpoints import checkpoints_of
from backends.runs.folder import SUMMARY, WEIGHTS, read_json, write_json
from graph.problems import UserError

RUNNING, INTERRUPTED, STOPPED, FINISHED = "running", "interrupted", "stopped", "finished"
TO_RESUME = (INTERRUPTED, STOPPED)


def status_of(run: Path, summary: Mapping[str, Any]) -> str:  # Any: parsed JSON
    """How a run stands: `running` only while a process trains it, else `interrupted`."""
    status = str(summary.get("status", ""))
    return INTERRUPTED if status == RUNNING and lock.owner_of(run) is None else status


def runs_in(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:  # Any: parsed JSON
    """The runs in a folder with their summaries, the newest first; what is damaged is left out."""
    try:
        found = [path for path in folder.iterdir() if (path / SUMMARY).is_file()]
    except OSError:
        return
    # names begin with the time
    for path in sorted(found, key=lambda path: path.name, reverse=True):
        try:
            yield path, read_json(path / SUMMARY)
        except UserError:
            continue


def latest_to_resume(folder: Path, name: str) -> Path | None:
    """The newest run of a drawing of that name, if it was stopped or interrupted."""
    for path, summary in runs_in(folder):
        if summary.get("name") == name:
            return path if status_of(path, summary) in TO_RESUME else None
    return None


def why_not_resumed(run: Path) -> str:
    """Why a run cannot be gone on with, as far as its checkpoints go; empty where it can be.

    One that was killed before its first checkpoint has made no other, and is made again.
    """
    if checkpoints_of(run):
        return ""
    summary = read_json(run / SUMMARY)
    has_ended = summary.get("status") in (STOPPED, FINISHED) and bool(summary.get("step"))
    if not has_ended and not (run / WEIGHTS["last"]).exists():
        return ""
    return (
        f"The run {run.name} cannot be gone on with: all its checkpoints have been taken away. "
        "What it has measured and its weights are untouched; start a new run."
    )


def leave(run: Path) -> None:
    """Lets an interrupted run count as stopped: it can still be gone on with.

    Raises:
        UserError: its summary cannot be read or written.
    """
    write_json(run / SUMMARY, {**read_json(run / SUMMARY), "status": STOPPED})
