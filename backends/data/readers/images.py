"""Folders of images, one folder a class."""

import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from backends.data.readers.errors import Arrays, DataError, Report, existing_folder, silent
from backends.data.readers.image_cache import decoded, from_cache
from backends.data.readers.pixels import ENDINGS, Look, decode, why_unreadable
from backends.data.readers.splitting import Split, choose_test, drawn_by, training
from backends.data.readers.streamed import AT_ONCE, READERS, Streamed

LARGEST_IN_MEMORY = 256 << 20
LARGEST_BROKEN_SHARE = 0.05
TRAIN_NAMES, TEST_NAMES = ("train", "training"), ("test", "testing", "val", "valid", "validation")
GROUP = re.compile(r"[^_\-]*")

Listing = list[tuple[Path, int]]


def folders_in(folder: Path) -> list[Path]:
    """The folders in it that are not hidden, in order."""
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def files_in(folder: Path, endings: frozenset[str] = ENDINGS) -> list[Path]:
    """The files in it with one of the endings, in order."""
    found = (Path(entry.path) for entry in os.scandir(folder) if not entry.name.startswith("."))
    return sorted(path for path in found if path.suffix.lower() in endings)


def list_files(
    folder: Path, endings: frozenset[str] = ENDINGS, what: str = "images"
) -> tuple[tuple[str, ...], Listing, Listing | None]:
    """The classes, and the files with the class index of each; those for a test if it has a folder.

    Sub-folders called train and test part the files.
    """
    parts = {p.name.lower(): p for p in folders_in(existing_folder(folder, f"The {what} folder"))}
    train = next((parts[name] for name in TRAIN_NAMES if name in parts), folder)
    test = next((parts[name] for name in TEST_NAMES if name in parts), None)
    test = None if train == folder else test
    held = {p.name: files_in(p, endings) for p in folders_in(train)}
    classes = tuple(name for name, files in held.items() if files)
    if not classes:
        raise DataError(
            f"“{train}” has no folders with {what}; make one folder for each class and put its "
            f"{what} ({', '.join(sorted(endings))}) into it."
        )
    if len(classes) < 2:
        raise DataError(
            f"“{train}” has only the class “{classes[0]}”; there must be at least two folders "
            f"with {what} to tell apart."
        )
    listing = [(path, index) for index, name in enumerate(classes) for path in held[name]]
    if test is None:
        return classes, listing, None
    unknown = [p.name for p in folders_in(test) if p.name not in classes and files_in(p, endings)]
    if unknown:
        raise DataError(
            f"“{test}” has the classes {', '.join(unknown)}, which “{train}” does not have."
        )
    tests = [
        (p, y)
        for y, name in enumerate(classes)
        if (test / name).is_dir()
        for p in files_in(test / name, endings)
    ]
    return classes, listing, tests


def part_listing(
    listing: Listing, tests: Listing | None, split: Split
) -> tuple[Listing, Listing, Arrays]:
    """The files to train on and to test with, and the columns that say how the former are drawn."""
    labels = np.array([y for _, y in listing], np.int64)
    if tests is not None:
        drawn = training({"row": labels}, split, labels)
        return listing, tests, {name: held for name, held in drawn.items() if name != "row"}
    groups = (
        np.array([_group_of(path) for path, _ in listing]) if split.kind == "by group" else None
    )
    mask, ranks = choose_test(len(listing), split, labels, groups)
    kept = [item for item, is_test in zip(listing, mask, strict=True) if not is_test]
    apart = [item for item, is_test in zip(listing, mask, strict=True) if is_test]
    return kept, apart, drawn_by(split, mask, ranks, labels)


def _group_of(path: Path) -> str:
    """What stands before the first dash or underscore of a name, such as a person or a place."""
    found = GROUP.match(path.stem)
    return found[0] if found else path.stem


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


def judge(broken: dict[int, str], total: int, unreadable: str, warn: Callable[[str], None]) -> None:
    """Refuses what cannot be read, or says that it is left out, as the person chose."""
    some = "; ".join(list(broken.values())[:5]) + ("; …" if len(broken) > 5 else "")
    text = f"{len(broken):,} of {total:,} images cannot be decoded: {some}."
    few = len(broken) <= max(1, LARGEST_BROKEN_SHARE * total)
    if unreadable == "refuse" or len(broken) == total:
        raise DataError(f"{text} Mend or remove them.")
    if unreadable != "leave out" and not few:
        raise DataError(f"{text} Up to 5 % would be left out; mend or remove them.")
    warn(f"{text} They are left out.")


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
