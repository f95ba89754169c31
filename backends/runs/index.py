"""A list of all runs, fast: an index beside their folders, made anew from them whenever it is not
sound. The folders are the truth; an entry counts only while the files it was read from are as they
were then.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path

from backends.runs.entry import NOTES, Entry, read_entry
from backends.runs.folder import SUMMARY, cannot_write
from graph.problems import UserError

INDEX = "runs.sqlite"
TRASH = ".trash"
VERSION = 1
WAITS_S = 2.0
COLUMNS = tuple(column.name for column in fields(Entry) if column.name != "path")
NESTED = ("train", "validation", "best_train", "best_validation", "test", "tags")
Stamp = tuple[int, int]


def list_runs(folder: Path) -> list[Entry]:
    """All runs of a folder, the newest first."""
    found = dict(_stamps(folder))
    if not found:
        return []
    try:
        with _opened(folder) as index:
            entries = _brought_up(index, folder, found)
    except (sqlite3.Error, OSError, ValueError, TypeError) as error:
        if not isinstance(error, (sqlite3.OperationalError, OSError)):
            rebuild(folder)  # it is damaged
        # or it cannot be written, or another program holds it: the folders tell the same
        entries = [entry for name in found if (entry := read_entry(folder / name))]
    entries.sort(key=lambda entry: (entry.started, entry.path.name), reverse=True)
    return [entry.now() for entry in entries]


def rebuild(folder: Path) -> None:
    """Throws the index away; the next list makes it anew."""
    for name in (INDEX, f"{INDEX}-wal", f"{INDEX}-shm", f"{INDEX}-journal"):
        with contextlib.suppress(OSError):
            (folder / name).unlink()


def throw_away(run: Path) -> Path:
    """Moves a run to the trash of its folder; answers where it is now.

    Raises:
        UserError: it cannot be moved.
    """
    trash = run.parent / TRASH
    try:
        trash.mkdir(exist_ok=True)
        place = trash / f"{run.name}-{time.time_ns()}"
        run.rename(place)
        os.utime(place)
    except OSError as error:
        raise UserError(
            f"The run {run.name} cannot be moved to the trash: {error.strerror or error}."
        ) from error
    return place


def put_back(place: Path, run: Path) -> None:
    """Takes a run out of the trash again.

    Raises:
        UserError: it cannot be moved.
    """
    try:
        place.rename(run)
    except OSError as error:
        raise cannot_write(run, error) from error


def empty_trash(folder: Path, older_than_s: float) -> int:
    """Removes for good what was thrown away so long ago; answers how many runs went."""
    gone = 0
    with contextlib.suppress(OSError):
        for place in (folder / TRASH).iterdir():
            if time.time() - place.stat().st_mtime >= older_than_s:
                shutil.rmtree(place, ignore_errors=True)
                gone += 1
    return gone


def _stamps(folder: Path) -> Iterator[tuple[str, Stamp]]:
    """The folders of runs, and when what they tell was written last."""
    try:
        with os.scandir(folder) as found:
            names = [entry.name for entry in found if not entry.name.startswith(".")]
    except OSError:
        return
    for name in names:
        with contextlib.suppress(OSError):
            summary = (folder / name / SUMMARY).stat().st_mtime_ns
            notes = 0
            with contextlib.suppress(OSError):
                notes = (folder / name / NOTES).stat().st_mtime_ns
            yield name, (summary, notes)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The index; a damaged one, or one of another version, is made anew."""
    try:
        index = _connect(folder)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        rebuild(folder)
        index = _connect(folder)
    try:
        yield index
    finally:
        index.close()


def _connect(folder: Path) -> sqlite3.Connection:
    index = sqlite3.connect(folder / INDEX, timeout=WAITS_S)
    try:
        (version,) = index.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            index.execute("DROP TABLE IF EXISTS runs")
            columns = ", ".join(COLUMNS)
            index.execute(
                f"CREATE TABLE runs (folder TEXT PRIMARY KEY, summary_ns, notes_ns, {columns})"
            )
            index.execute(f"PRAGMA user_version = {VERSION}")
            index.commit()
        index.execute("SELECT folder FROM runs LIMIT 1").fetchone()
    except sqlite3.Error:
        index.close()
        raise
    return index


def _brought_up(index: sqlite3.Connection, folder: Path, found: dict[str, Stamp]) -> list[Entry]:
    """The entries, after what has changed was read anew."""
    known: dict[str, Entry] = {}
    gone: list[str] = []
    for name, summary, notes, *values in index.execute("SELECT * FROM runs"):
        if found.get(name) == (summary, notes):
            known[name] = _from_row(folder / name, values)
        elif name not in found:
            gone.append(name)
    changed: list[tuple[object, ...]] = []
    for name, stamp in found.items():
        if name not in known and (entry := read_entry(folder / name)) is not None:
            known[name] = entry
            if name.isprintable():  # the index cannot hold bytes that are no text
                changed.append((name, *stamp, *_to_row(entry)))
    if gone or changed:
        marks = ", ".join("?" * (3 + len(COLUMNS)))
        index.executemany("DELETE FROM runs WHERE folder = ?", [(name,) for name in gone])
        index.executemany(f"INSERT OR REPLACE INTO runs VALUES ({marks})", changed)
        index.commit()
    return list(known.values())


def _to_row(entry: Entry) -> list[object]:
    values = asdict(entry)
    return [json.dumps(values[name]) if name in NESTED else values[name] for name in COLUMNS]


def _from_row(path: Path, values: list[object]) -> Entry:
    held = dict(zip(COLUMNS, values, strict=True))
    for name in NESTED:
        held[name] = json.loads(str(held[name]))
    tags = held.pop("tags")
    return Entry(path, tags=tuple(tags), **held)  # type: ignore[arg-type]  # as they were written
