"""Folders of sounds, one folder a class."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from backends.data.readers.errors import Arrays, DataError, Report, silent
from backends.data.readers.listing import judge, list_files, part_listing
from backends.data.readers.sound import SOUNDS, Hearing, hear
from backends.data.readers.splitting import Split
from backends.data.readers.streamed import AT_ONCE, READERS, Streamed

LARGEST_HEARD = 256 << 20


def load_sounds(
    folder: Path,
    rate: int = 16_000,
    seconds: float = 1.0,
    middle: bool = False,
    bands: int = 0,
    unreadable: str = "leave out up to 5 %",
    storage: str = "auto",
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    balanced: bool = False,
    report: Report = silent,
    warn: Callable[[str], None] = print,
) -> tuple[Arrays, Arrays]:
    """Sounds x as float32, waves (N, T) or loudness (N, frames, bands), and classes y (N,).

    Args:
        unreadable: "leave out up to 5 %", "leave out" or "refuse".
        storage: "memory", "stream" to read files whenever they are needed, or "auto".
    """
    _, listing, tests = list_files(folder, SOUNDS, "sounds")
    how = Split(split, test_fraction, seed, folds, fold, balanced)
    train, test, drawn = part_listing(listing, tests, how)
    hearing = Hearing(rate, seconds, middle, bands)
    both = train + test
    paths = [path for path, _ in both]
    small = len(both) * int(np.prod(hearing.shape)) * 4 <= LARGEST_HEARD
    streams = storage == "stream" or (storage == "auto" and not small)
    x = np.empty((0 if streams else len(both), *hearing.shape), np.float32)
    broken: dict[int, str] = {}
    for place, sound in _heard(paths, hearing, report):
        if isinstance(sound, str):
            broken[place] = sound
        elif not streams:
            x[place - len(broken)] = sound
    if broken:
        judge(broken, len(both), unreadable, warn, "sounds")
    good = np.ones(len(both), bool)
    good[list(broken)] = False
    labels = np.array([y for _, y in both], np.int64)[good]
    cut = int(good[: len(train)].sum())
    kept = [path for path, is_good in zip(paths, good, strict=True) if is_good]
    held = _streamed_sounds(kept, hearing) if streams else x[: len(kept)]
    drawn = {name: column[good[: len(train)]] for name, column in drawn.items()}
    columns: Arrays = {"x": held[:cut], "y": labels[:cut], **drawn}
    return columns, {"x": held[cut:], "y": labels[cut:]}


def _heard(
    paths: list[Path], hearing: Hearing, report: Report
) -> Iterator[tuple[int, np.ndarray | str]]:
    """The sounds in order, each by its place, or why one cannot be read."""
    with ThreadPoolExecutor(READERS) as threads:
        coming = iter(enumerate(paths))
        while some := list(islice(coming, AT_ONCE)):
            found = threads.map(lambda path: hear(path, hearing), [path for _, path in some])
            yield from zip((place for place, _ in some), found, strict=True)
            report(min(1.0, (some[-1][0] + 1) / len(paths)))


def _streamed_sounds(paths: list[Path], hearing: Hearing) -> np.ndarray:
    def read(path: Path) -> np.ndarray:
        sound = hear(path, hearing)
        if isinstance(sound, str):
            raise DataError(f"A sound cannot be read: {sound}. Mend or remove it.")
        return sound

    held = Streamed(paths, read, hearing.shape, np.float32)
    return held  # type: ignore[return-value]  # it stands in for an array
