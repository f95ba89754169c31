"""Folders of files, one folder a class: which there are, and which of them cannot be read."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from backends.data.readers.errors import Arrays, DataError, existing_folder
from backends.data.readers.splitting import Split, choose_test, drawn_by, training

IMAGE_ENDINGS = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}
)
LARGEST_BROKEN_SHARE = 0.05
TRAIN_NAMES, TEST_NAMES = ("train", "training"), ("test", "testing", "val", "valid", "validation")
GROUP = re.compile(r"[^_\-]*")

Listing = list[tuple[Path, int]]


def folders_in(folder: Path) -> list[Path]:
    """The folders in it that are not hidden, in order."""
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def files_in(folder: Path, endings: frozenset[str] = IMAGE_ENDINGS) -> list[Path]:
    """The files in it with one of the endings, in order."""
    # names are parted and sorted far faster than paths
    names = sorted(e.name for e in os.scandir(folder) if not e.name.startswith("."))
    return [folder / name for name in names if f".{name.rpartition('.')[2].lower()}" in endings]


def list_files(
    folder: Path, endings: frozenset[str] = IMAGE_ENDINGS, what: str = "images"
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


def judge(
    broken: dict[int, str],
    total: int,
    unreadable: str,
    warn: Callable[[str], None],
    what: str = "images",
) -> None:
    """Refuses what cannot be read, or says that it is left out, as the person chose."""
    some = "; ".join(list(broken.values())[:5]) + ("; …" if len(broken) > 5 else "")
    text = f"{len(broken):,} of {total:,} {what} cannot be decoded: {some}."
    few = len(broken) <= max(1, LARGEST_BROKEN_SHARE * total)
    if unreadable == "refuse" or len(broken) == total:
        raise DataError(f"{text} Mend or remove them.")
    if unreadable != "leave out" and not few:
        raise DataError(
            f"{text} Up to 5 % would be left out; mend or remove "
            "them, or choose to leave all of them out."
        )
    warn(f"{text} They are left out.")
