"""Folders of images, one folder a class."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from backends.data.readers.errors import Arrays, DataError, Report, silent
from backends.data.readers.image_cache import decoded, from_cache
from backends.data.readers.listing import judge, list_files, part_listing
from backends.data.readers.pixels import Look, decode, why_unreadable
from backends.data.readers.splitting import Split
from backends.data.readers.streamed import AT_ONCE, READERS, Streamed

LARGEST_IN_MEMORY = 256 << 20


def load_images(
    folder: Path,
    size: tuple[int, int] = (64, 64),
    colour: bool = True,
    crop: bool = False,
    pad: bool = False,
    alpha: bool = False,
    unreadable: str = "leave out up to 5 %",
    storage: str = "auto",
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    balanced: bool = False,
    cache: Path | None = None,
    report: Report = silent,
    warn: Callable[[str], None] = print,
) -> tuple[Arrays, Arrays]:
    """Images x (N, C, H, W) as uint8, and class indices y (N,).

    Images that do not decode are left out and named to `warn`, up to a share of 5 %.

    Args:
        crop: cut the middle out instead of squeezing the image into the size; pad puts black
            around it.
        unreadable: "leave out up to 5 %", "leave out" or "refuse".
        storage: "memory", "cache" for a file of decoded images, "stream" to decode them whenever
            they are needed, or "auto" for memory or else the cache.
        cache: the folder for decoded images, which are found there next time.
    """
    _, listing, tests = list_files(folder)
    how = Split(split, test_fraction, seed, folds, fold, balanced)
    train, test, drawn = part_listing(listing, tests, how)
    look = Look(size, colour, crop, pad, alpha)
    both = train + test
    pixels, broken = _pixels([path for path, _ in both], look, storage, cache, report)
    if broken:
        judge(broken, len(both), unreadable, warn)
    good = np.ones(len(both), bool)
    good[list(broken)] = False
    labels = np.array([y for _, y in both], np.int64)[good]
    cut = int(good[: len(train)].sum())
    drawn = {name: column[good[: len(train)]] for name, column in drawn.items()}
    columns: Arrays = {"x": pixels[:cut], "y": labels[:cut], **drawn}
    return columns, {"x": pixels[cut:], "y": labels[cut:]}


def _pixels(
    paths: list[Path], look: Look, storage: str, cache: Path | None, report: Report
) -> tuple[np.ndarray, dict[int, str]]:
    """What decodes, without gaps and in order; and what does not, by its place."""
    small = len(paths) * int(np.prod(look.shape)) <= LARGEST_IN_MEMORY
    if storage == "stream":
        return _streamed(paths, look, report)
    if storage == "memory" or cache is None or (storage == "auto" and small):
        return _in_memory(paths, look, report)
    return from_cache(paths, look, cache, report)  # type: ignore[return-value]  # it stands in for an array


def _in_memory(paths: list[Path], look: Look, report: Report) -> tuple[np.ndarray, dict[int, str]]:
    pixels = np.empty((len(paths), *look.shape), np.uint8)
    broken: dict[int, str] = {}
    for place, image in decoded(paths, look, report):
        if isinstance(image, str):
            broken[place] = image
        else:
            pixels[place - len(broken)] = image
    return pixels[: len(paths) - len(broken)], broken


def _streamed(paths: list[Path], look: Look, report: Report) -> tuple[np.ndarray, dict[int, str]]:
    """Images that are decoded when they are asked for; now only their headers are read."""
    broken: dict[int, str] = {}
    with ThreadPoolExecutor(READERS) as threads:
        for start in range(0, len(paths), AT_ONCE):
            some = paths[start : start + AT_ONCE]
            reasons = enumerate(threads.map(why_unreadable, some), start)
            broken |= {place: why for place, why in reasons if why}
            report(min(1.0, (start + AT_ONCE) / len(paths)))
    good = [str(path) for place, path in enumerate(paths) if place not in broken]

    def read(path: str) -> np.ndarray:
        image = decode(Path(path), look)
        if isinstance(image, str):
            raise DataError(f"An image cannot be decoded: {image}. Mend or remove it.")
        return image

    held = Streamed(good, read, look.shape)
    return held, broken  # type: ignore[return-value]  # it stands in for an array
