"""Which rows test and validate: at random, in equal shares, by group, in order, or as given."""

from dataclasses import dataclass, replace

import numpy as np

from backends.data.readers.errors import Arrays, DataError
from backends.data.readers.split import mask_for_test, parted, rows_for_test

# columns beside those of the data: what the training draws its rows by
VALIDATES, BALANCES = "@validates", "@balances"
STAGES = ("train", "validation", "test")
STAGE_WORDS = {
    "train": 0,
    "training": 0,
    "fit": 0,
    "validation": 1,
    "valid": 1,
    "val": 1,
    "dev": 1,
    "test": 2,
    "testing": 2,
    "holdout": 2,
}


@dataclass(frozen=True)
class Split:
    """How rows are parted.

    Attributes:
        kind: "auto", "random", "stratified", "by group", "in order" or "as given".
        share: of the rows, for the test; where there are folds it is that of one of them.
        folds: into how many parts the rows are cut; 0 for no such parts.
        fold: which of them is for the test, from 1.
        balanced: whether the training draws each class equally often.
    """

    kind: str = "auto"
    share: float = 0.2
    seed: int = 0
    folds: int = 0
    fold: int = 1
    balanced: bool = False

    def test_rows(self, rows: int) -> int | None:
        """How many of the rows are for the test; None where only the rows themselves tell."""
        if self.kind in ("by group", "as given"):
            return None
        start, stop = self.bounds(rows)
        return stop - start

    def bounds(self, rows: int) -> tuple[int, int]:
        """Where the rows for the test begin and end among those in order of their rank."""
        if not self.folds:
            return 0, rows_for_test(rows, self.share)
        if self.folds > rows:
            raise DataError(
                f"{rows:,} rows cannot be cut into {self.folds} folds; choose at most {rows}."
            )
        if self.fold > self.folds:
            raise DataError(
                f"There are {self.folds} folds, so there is none with the number {self.fold}; "
                f"choose one from 1 to {self.folds}."
            )
        return rows * (self.fold - 1) // self.folds, rows * self.fold // self.folds


def stages_in(cells: list[str], what: str) -> np.ndarray:
    """Which part each row is for, by the words that a person wrote."""
    found = [STAGE_WORDS.get(cell.strip().lower(), -1) for cell in cells]
    if -1 in found:
        at = found.index(-1)
        raise DataError(
            f"{what} says which rows train, validate and test, but row {at + 1} of the data has "
            f"“{cells[at][:40]}”; the words are train, validation and test."
        )
    return np.array(found, np.int64)


def part_rows(
    columns: Arrays,
    split: Split,
    labels: np.ndarray | None = None,
    groups: np.ndarray | None = None,
    stages: np.ndarray | None = None,
) -> tuple[Arrays, Arrays]:
    """The rows to train on and those for the test; the former say how they are drawn."""
    rows = len(next(iter(columns.values())))
    mask, ranks = choose_test(rows, split, labels, groups, stages)
    train, test = parted(columns, mask)
    return train | drawn_by(split, mask, ranks, labels), test


def training(columns: Arrays, split: Split, labels: np.ndarray | None = None) -> Arrays:
    """Rows that are all to train on, as those for the test lie elsewhere; they say how drawn."""
    how = replace(split, share=0.0, folds=0)
    rows = len(next(iter(columns.values())))
    mask, ranks = choose_test(rows, how, labels)
    # without a copy, for they may be files that are mapped into memory
    return columns | drawn_by(how, mask, ranks, labels)


def drawn_by(
    split: Split, mask: np.ndarray, ranks: np.ndarray | None, labels: np.ndarray | None
) -> Arrays:
    """The columns that tell the training how to draw its rows; none where it is as ever."""
    found: Arrays = {}
    if ranks is not None:
        found[VALIDATES] = ranks[~mask]
    if split.balanced:
        if labels is None:
            raise DataError(
                "Only classes can be drawn equally often, and the target has none; switch "
                "balancing off, or predict a class."
            )
        found[BALANCES] = labels[~mask].astype(np.int64)
    return found


def kept_apart(
    mask: np.ndarray,
    split: Split,
    labels: np.ndarray | None,
    groups: np.ndarray | None,
    stages: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray | None]:
    """The same as `choose_test` where the rows for the test are known by a file of their own."""
    held = [None if each is None else each[~mask] for each in (labels, groups, stages)]
    count = int((~mask).sum())
    if not count or count == len(mask):
        raise DataError(
            f"There are {count:,} rows to train on and {len(mask) - count:,} for the test; both "
            "need some."
        )
    _, found = choose_test(count, replace(split, share=0.0, folds=0), *held)
    if found is None:
        return mask, None
    ranks = np.zeros(len(mask), found.dtype)
    ranks[~mask] = found
    return mask, ranks


def choose_test(
    rows: int,
    split: Split,
    labels: np.ndarray | None = None,
    groups: np.ndarray | None = None,
    stages: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Which rows are for the test, and in which order the others validate.

    The second answer is whole numbers, of which the lowest validate first and equal ones together;
    or it is truth values, which say exactly which rows validate; None leaves it to the recipe.
    """
    if split.kind == "auto" and not split.folds:
        return mask_for_test(rows, split.share, split.seed, labels), None
    if split.kind == "as given":
        return _given(stages)
    ranks = _ranks(rows, split, labels, groups)
    start, stop = split.bounds(rows)
    if split.kind == "by group":
        mask = _whole_groups(ranks, split, start, stop)
    else:
        mask = (ranks >= start) & (ranks < stop)
    if mask.all():
        raise DataError("All rows are for the test and none is left to train on; lower its share.")
    return mask, ranks


def _given(stages: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    if stages is None:
        raise DataError(
            "Which rows train and which test is to be as given, but nothing says so; name the "
            "column that holds train, validation and test, or choose another split."
        )
    counts = np.bincount(stages, minlength=3)
    if not counts[0]:
        said = ", ".join(f"{n:,} for {name}" for n, name in zip(counts, STAGES, strict=True))
        raise DataError(f"No row is to train on: there are {said}.")
    return stages == 2, stages == 1


def _ranks(
    rows: int, split: Split, labels: np.ndarray | None, groups: np.ndarray | None
) -> np.ndarray:
    # RandomState, because its numbers are the same in every version of numpy
    drawn = np.random.RandomState(split.seed).random_sample(rows)
    if split.kind == "in order":
        return np.arange(rows)[::-1].copy()
    if split.kind == "by group":
        if groups is None:
            raise DataError("Rows are to be parted by group, but no column of groups is chosen.")
        _, places, sizes = np.unique(groups, return_inverse=True, return_counts=True)
        if len(sizes) < 2:
            raise DataError(
                "All rows are of one group, so none can be kept apart; choose another column."
            )
        order = np.argsort(np.random.RandomState(split.seed).random_sample(len(sizes)))
        return np.asarray(np.argsort(order)[places])
    if split.kind == "random":
        return np.asarray(np.argsort(np.argsort(drawn, kind="stable"), kind="stable"))
    if labels is None:
        if split.kind == "stratified":
            raise DataError(
                "Only classes can be parted in equal shares, and the target has none; choose "
                "another split."
            )
        return np.asarray(np.argsort(np.argsort(drawn, kind="stable"), kind="stable"))
    return _interleaved(drawn, labels)


def _interleaved(drawn: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Ranks of which every stretch holds each class by its share."""
    classes = np.unique(labels, return_inverse=True)[1]
    sizes = np.bincount(classes)
    order = np.lexsort((drawn, classes))
    place = np.empty(len(labels))
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    place[order] = (np.arange(len(labels)) - starts + 0.5) / np.repeat(sizes, sizes)
    # equal places of two classes are told apart by what was drawn
    return np.asarray(np.argsort(np.lexsort((drawn, place)), kind="stable"))


def _whole_groups(ranks: np.ndarray, split: Split, start: int, stop: int) -> np.ndarray:
    """The groups whose middle lies in the stretch of rows; at least one stays to train on."""
    sizes = np.bincount(ranks)
    ends = np.cumsum(sizes)
    middles = ends - sizes / 2
    if split.folds and split.folds > len(sizes):
        raise DataError(
            f"{len(sizes)} groups cannot be cut into {split.folds} folds; choose at most "
            f"{len(sizes)}."
        )
    if split.folds:
        count = len(sizes)
        low, high = (count * f // split.folds for f in (split.fold - 1, split.fold))
        chosen = (np.arange(count) >= low) & (np.arange(count) < high)
    else:
        chosen = (middles > start) & (middles <= stop)
        chosen[0] |= stop > start
        chosen[-1] = False
    return np.asarray(chosen[ranks])
