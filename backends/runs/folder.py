"""The folder of a run: its files, written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from graph.fileio import write_atomically
from graph.problems import UserError

DOCUMENT = "document.loom"
MODEL = "model.py"
OBJECTIVE = "objective.py"
RECIPE = "recipe.json"
ENVIRONMENT = "environment.json"
METRICS = "metrics.jsonl"
SUMMARY = "run.json"
WEIGHTS: Mapping[str, str] = {"best": "best.safetensors", "last": "last.safetensors"}
LONGEST_NAME = 40
OLD_S = 1.0
ELSEWHERE = "Free some space, or choose another folder for the runs."


def make_folder(runs: Path, name: str) -> Path:
    """A new, empty folder for a run, named by the time and the drawing.

    Raises:
        UserError: it cannot be made.
    """
    words = re.sub(r"[^\w]+", "-", name.lower()).strip("-")[:LONGEST_NAME] or "run"
    stem = f"{datetime.now():%Y%m%d-%H%M%S}-{words}"
    try:
        runs.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            folder = runs / (stem if number == 1 else f"{stem}-{number}")
            with contextlib.suppress(FileExistsError):
                folder.mkdir()
                return folder
    except OSError as error:
        raise UserError(
            f"The folder for the run cannot be made in {runs}: {error.strerror or error}. "
            "Choose another folder for the runs."
        ) from error
    raise UserError(f"{runs} has too many runs called {stem}; choose another folder.")


def remove_folder(folder: Path) -> None:
    """Takes away the folder of a run that never began."""
    shutil.rmtree(folder, ignore_errors=True)


def write_bytes(path: Path, content: bytes | memoryview) -> None:
    """Writes a file, whole or not at all.

    Raises:
        UserError: it cannot be written; what was there is untouched.
    """
    try:
        write_atomically(path, content)
    except UserError as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and _is_gone(path, cause):
            raise cannot_write(path, cause) from error
        raise UserError(f"{error} {ELSEWHERE}") from error


class Sink:
    """A file that takes what it is given to the end, and then says what the disk refused.

    So whoever writes need not know how to stop half-way.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._error: OSError | None = None

    def write(self, content: bytes | memoryview) -> int:
        """Writes on."""
        size = memoryview(content).nbytes
        if self._error is None:
            try:
                self._file.write(content)
            except OSError as error:
                self._error = error
        return size

    def flush(self) -> None:
        """All goes to the disk at the end."""

    def close(self) -> None:
        """Flushes to the disk, and raises what it refused."""
        if self._error is not None:
            raise self._error
        self._file.flush()
        os.fsync(self._file.fileno())


def write_stream(path: Path, write: Callable[[Sink], object]) -> None:
    """Writes a file piece by piece, whole or not at all; it outlives a loss of power.

    Raises:
        UserError: it cannot be written; what was there is untouched.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        with part.open("wb", buffering=0) as file:
            sink = Sink(file)
            write(sink)
            sink.close()
        part.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Takes away files that were being written when the process that wrote them was killed."""
    for path in (*folder.glob(".*"), *folder.glob("*/.*")):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > OLD_S:  # others may write notes or orders now
                path.unlink()


def flush_folder(folder: Path) -> None:
    """Sees to it that names in a folder are on the disk, where the system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def cannot_write(path: Path, error: OSError) -> UserError:
    """What to say of a file that the disk refuses."""
    if _is_gone(path, error):
        return UserError(
            f"{path.name} cannot be written: the folder {path.parent} is gone. It was deleted or "
            "moved, or its disk was taken away; put it back, or choose another one for the runs."
        )
    return UserError(f"{path} cannot be written: {error.strerror or error}. {ELSEWHERE}")


def _is_gone(path: Path, error: OSError) -> bool:
    return isinstance(error, FileNotFoundError) and not path.parent.exists()


def write_text(path: Path, text: str) -> None:
    """Writes a text, whole or not at all."""
    write_bytes(path, text.encode("utf-8", "replace"))  # halves of characters cannot be written


def write_json(path: Path, value: Mapping[str, object]) -> None:
    """Writes a value as JSON, whole or not at all."""
    write_text(path, _json(value))


def write_lightly(path: Path, value: Mapping[str, object]) -> None:
    """The same, without waiting for the disk: a loss of power may cost it.

    Raises:
        OSError: it cannot be written; what was there is untouched.
    """
    part = path.with_name(f".{path.name}.light")
    try:
        part.write_text(_json(value), "utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _json(value: Mapping[str, object]) -> str:
    text = json.dumps(finite(value), ensure_ascii=False, allow_nan=False, indent=2)
    return text + "\n"


def read_json(path: Path) -> dict[str, Any]:  # Any: parsed JSON
    """A JSON object in a run folder.

    Raises:
        UserError: there is no such file, or it is damaged.
    """
    try:
        value = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path.parent} is no folder of a run: it has no {path.name}.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path} cannot be read: {error}.") from error
    if not isinstance(value, dict):
        raise UserError(f"{path} is damaged: it holds no JSON object.")
    return value


def finite(value: object) -> object:
    """The value with numbers that JSON does not know, NaN and infinity, as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: finite(held) for name, held in value.items()}
    return [finite(held) for held in value] if isinstance(value, (list, tuple)) else value
