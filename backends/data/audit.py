"""What is wrong with data though it can be read: rows in both parts, classes that are missing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from hashlib import blake2b

import numpy as np

from backends.data.giveaways import equal_rows, giveaways
from backends.data.source import Splits
from graph.data import Column, DataInfo

LARGEST_BYTES = 256 << 20
MOST_NAMED = 5
FEW = 0.05
DIGEST_BYTES = 16
SAMPLED_ROWS = 1000
LARGE_SPREAD = 1000.0


def remarks(info: DataInfo, splits: Splits, few: float = 0.0) -> list[str]:
    """What a person should know of the data before believing a score.

    Args:
        few: the share of test rows up to which rows in both parts are no matter.
    """
    found = [splits.note] if splits.note else []
    found += leaks(info, splits, few)
    for column in info.targets():
        if column.classes and not column.shape and column.name in splits.train:
            found += _classes(column, splits)
    for column in info.columns:
        found += _wrong_numbers(column, splits)
    return found + equal_rows(info, splits) + giveaways(info, splits)


def leaks(info: DataInfo, splits: Splits, few: float = 0.0) -> list[str]:
    """Whether rows of the test are among those to train on, told by what a model reads."""
    names = [column.name for column in info.inputs() if column.name in splits.test]
    held = [part[name] for part in (splits.train, splits.test) for name in names]
    if not names or any(map(_lies_on_disk, held)) or sum(a.nbytes for a in held) > LARGEST_BYTES:
        return []
    known = set(_digests(splits.train, names))
    total = len(splits.test[names[0]])
    twice = sum(digest in known for digest in _digests(splits.test, names))
    if twice <= few * total:
        return []
    text = (
        f"{twice:,} of {total:,} test rows are also among the rows to train on, so the test looks "
        "better than it is. Remove rows that are there twice, or part the rows by group."
    )
    return [text]


def _lies_on_disk(array: object) -> bool:
    return bool(getattr(array, "is_streamed", False))


def _digests(part: Mapping[str, np.ndarray], names: list[str]) -> Iterable[bytes]:
    """A hash of what each row holds in these columns."""
    columns = [np.ascontiguousarray(part[name]) for name in names]
    flat = [
        (column.reshape(-1).view(np.uint8).data, column.nbytes // len(column))
        for column in columns
        if column.size
    ]
    for row in range(len(columns[0]) if flat else 0):
        digest = blake2b(digest_size=DIGEST_BYTES)
        for cells, width in flat:
            digest.update(cells[row * width : (row + 1) * width])
        yield digest.digest()


def _classes(column: Column, splits: Splits) -> list[str]:
    counts = {
        part: np.bincount(np.asarray(rows[column.name]), minlength=len(column.classes))
        for part, rows in (("training", splits.train), ("test", splits.test))
        if len(rows.get(column.name, ()))
    }
    found = []
    seen = np.flatnonzero(counts.get("training", ()))
    if len(seen) == 1:
        found.append(
            f"All rows to train on are of the class “{column.classes[seen[0]]}”, so there is "
            "nothing to tell apart."
        )
    for part, count in counts.items():
        missing = [name for name, n in zip(column.classes, count, strict=False) if not n]
        if missing and len(missing) < len(column.classes):
            shown = ", ".join(f"“{name}”" for name in missing[:MOST_NAMED])
            more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
            found.append(f"The {part} rows have none of the class {shown}{more}.")
    return found


def _wrong_numbers(column: Column, splits: Splits) -> list[str]:
    found = []
    for part, rows in (("training", splits.train), ("test", splits.test)):
        array = rows.get(column.name)
        if array is None or _lies_on_disk(array) or array.dtype.kind != "f":
            continue
        if 0 < array.nbytes <= LARGEST_BYTES:
            wrong = ~np.isfinite(array).reshape(len(array), -1).all(axis=1)
            if wrong.any():
                found.append(
                    f"Column “{column.name}” has NaN or infinite values in {int(wrong.sum()):,} of "
                    f"{len(array):,} {part} rows, first in row {int(wrong.argmax())} counted from "
                    "0; replace them, or take these rows out."
                )
    return found


def large_answers(info: DataInfo, splits: Splits) -> list[str]:
    """Numbers to predict that are so large that their squared error drowns everything else."""
    found = []
    for column in info.targets():
        array = splits.train.get(column.name)
        if column.classes or array is None or _lies_on_disk(array) or array.dtype.kind != "f":
            continue
        known = array[np.isfinite(array)]
        spread = float(known.std(dtype=np.float64)) if known.size else 0.0
        if spread >= LARGE_SPREAD:
            scale = 10.0 ** -round(math.log10(spread))
            found.append(
                f"Column “{column.name}”, which is to be predicted, has a spread of {spread:,.0f}, "
                f"so a squared error of it is about {spread**2:.0e}: other losses drown in it, and "
                "the first layers learn slowly. Put Scale and shift behind its Target, with a "
                f"scale of {scale:g}."
            )
    return found


def class_weights(info: DataInfo, splits: Splits) -> dict[str, tuple[float, ...]]:
    """For each column of classes what each class has to weigh so that all count alike.

    A class that is not among the rows to train on weighs 0; the mean over rows is 1.
    """
    found = {}
    for column in info.targets():
        if column.classes and column.name in splits.train:
            held = np.asarray(splits.train[column.name]).ravel()
            counts = np.bincount(held[held >= 0], minlength=len(column.classes))
            present = max(int((counts > 0).sum()), 1)
            shares = counts.sum() / (present * np.maximum(counts, 1))
            found[column.name] = tuple(np.where(counts, shares, 0).round(4).tolist())
    return found


def fingerprint(splits: Splits) -> str:
    """A hash of the data, by which it is known again; of what is large, of rows here and there."""
    digest = blake2b(digest_size=DIGEST_BYTES)
    for part in (splits.train, splits.test):
        for name, array in sorted(part.items()):
            digest.update(f"{name} {array.shape} {array.dtype}".encode())
            if _lies_on_disk(array) or array.nbytes > LARGEST_BYTES:
                step = max(1, len(array) // SAMPLED_ROWS)
                array = array[np.arange(0, len(array), step)]
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
