"""Decoded images in a file of bytes, made once and read by rows: they need no memory."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from backends.data.readers.errors import DataError, Report
from backends.data.readers.pixels import Look, decode
from backends.data.readers.streamed import AT_ONCE, READERS, Streamed


def decoded(
    paths: list[Path], look: Look, report: Report
) -> Iterator[tuple[int, np.ndarray | str]]:
    """The images in order, each by its place, or why one cannot be decoded."""
    with ThreadPoolExecutor(READERS) as threads:
        coming = iter(enumerate(paths))
        while some := list(islice(coming, AT_ONCE)):
            found = threads.map(lambda path: decode(path, look), [path for _, path in some])
            yield from zip((place for place, _ in some), found, strict=True)
            report(min(1.0, (some[-1][0] + 1) / len(paths)))


def from_cache(
    paths: list[Path], look: Look, cache: Path, report: Report
) -> tuple[Streamed, dict[int, str]]:
    """The images that decode, read from the file of an earlier time or of this one."""
    key = hashlib.sha256(repr((look, "rows")).encode())
    for path in paths:
        stat = path.stat()
        key.update(repr((str(path), stat.st_size, stat.st_mtime_ns)).encode())
    kept = cache / f"{key.hexdigest()[:32]}.rows"
    notes = kept.with_suffix(".json")
    row = int(np.prod(look.shape))
    try:
        if not notes.exists() or not kept.exists():
            cache.mkdir(parents=True, exist_ok=True)
            _check_space(cache, len(paths) * row)
            _write(kept, notes, paths, look, report)
        broken = {int(place): why for place, why in json.loads(notes.read_text("utf-8")).items()}
        count = len(paths) - len(broken)
        if kept.stat().st_size != count * row:
            raise ValueError(f"{kept.name} is not complete; remove it")
        return Streamed(range(count), _reader(kept, look.shape), look.shape), broken
    except (OSError, ValueError) as error:
        raise DataError(f"The decoded images cannot be kept in “{cache}”: {error}.") from error


def _reader(path: Path, shape: tuple[int, ...]) -> Callable[[int], np.ndarray]:
    row = int(np.prod(shape))

    def read(place: int) -> np.ndarray:
        # a mapped file would count as memory of this program, page by page
        with path.open("rb", buffering=0) as file:
            file.seek(place * row)
            return np.frombuffer(file.read(row), np.uint8).reshape(shape)

    return read


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DataError(
            f"The decoded images take {needed / 1e9:.1f} GB, but “{folder}” has "
            f"{free / 1e9:.1f} GB free; choose a smaller size, or to decode them in every epoch."
        )


def _write(kept: Path, notes: Path, paths: list[Path], look: Look, report: Report) -> None:
    part = kept.with_suffix(f".{os.getpid()}.part")
    broken: dict[int, str] = {}
    try:
        with part.open("wb") as file:
            for place, image in decoded(paths, look, report):
                if isinstance(image, str):
                    broken[place] = image
                else:
                    file.write(np.ascontiguousarray(image).data)
        part.replace(kept)
        notes.write_text(json.dumps(broken), "utf-8")
    finally:
        part.unlink(missing_ok=True)
