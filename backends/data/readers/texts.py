"""Texts in rows: each with a class, or with another text that is to be written."""

import codecs
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np

from backends.data.readers.cells import check_cells, read_rows
from backends.data.readers.errors import Arrays, DataError, Report, silent
from backends.data.readers.listing import list_files, part_listing
from backends.data.readers.splitting import Split, choose_test, drawn_by
from backends.data.readers.tokens import UNKNOWN, learned

PAD, BEGIN, END = 0, 2, 3
MARKS = ("[pad]", UNKNOWN, "[begin]", "[end]")
LEFT_OUT = -100  # the index that losses leave out
TEXTS = frozenset({".txt", ".md", ".text"})
LONGEST_TEXT = 1 << 20


def unheard(pieces: tuple[str, ...]) -> None:
    """Tells nobody what the numbers stand for."""


def load_text_table(
    path: Path,
    names: tuple[str, ...],
    text: str,
    target: str,
    classes: tuple[str, ...] = (),
    length: int = 64,
    unit: str = "words",
    vocabulary: int = 5000,
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    balanced: bool = False,
    group: str = "",
    header: bool = True,
    encoding: str = "utf-8",
    delimiter: str = ",",
    decimal: str = ".",
    report: Report = silent,
    warn: Callable[[str], None] = print,
    tell: Callable[[tuple[str, ...]], None] = unheard,
) -> tuple[Arrays, Arrays]:
    """The texts of a table: tokens (N, T), and the class y (N); or pairs of texts.

    Args:
        text: the column of the texts to read.
        target: the column of their classes; without classes, that of the texts to write.
        length: how many tokens a row has; longer texts are cut, shorter ones padded.
        group: the column whose equal cells stay together.
        tell: receives what the numbers stand for.
    """
    places = [names.index(name) for name in (text, target, *([group] if group else ()))]
    cells, empty = [], 0
    for number, row in islice(
        read_rows(path, encoding, delimiter, report), 1 if header else 0, None
    ):
        check_cells(path, number, len(row), len(names))
        found = [row[place] for place in places]
        if found[0] and found[1]:
            cells.append(found)
        else:
            empty += 1
    if len(cells) < 2:
        raise DataError(f"“{path.name}” has {len(cells)} rows with both a text and a target.")
    if empty:
        warn(f"{empty:,} of {len(cells) + empty:,} rows lack the text or the target; left out.")
    how = Split(split, test_fraction, seed, folds, fold, balanced)
    codes = {name: place for place, name in enumerate(classes)}
    unknown = next((row[1] for row in cells if classes and row[1] not in codes), None)
    if unknown is not None:
        raise DataError(
            f"Column “{target}” has “{unknown[:40]}”, which is none of its classes "
            f"({', '.join(classes[:20])})."
        )
    labels = np.array([codes[row[1]] for row in cells], np.int64) if classes else None
    groups = np.array([row[2] for row in cells]) if group else None
    mask, ranks = choose_test(len(cells), how, labels, groups)
    written = None if classes else [row[1] for row in cells]
    texts = [row[0] for row in cells]
    pieces, columns = in_tokens(texts, written, mask, unit, vocabulary, length)
    tell(pieces)
    if labels is not None:
        columns["y"] = labels
    train = {name: column[~mask] for name, column in columns.items()}
    test = {name: column[mask] for name, column in columns.items()}
    return train | drawn_by(how, mask, ranks, labels), test


def load_text_folder(
    folder: Path,
    length: int = 256,
    unit: str = "words",
    vocabulary: int = 5000,
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    balanced: bool = False,
    report: Report = silent,
    warn: Callable[[str], None] = print,
    tell: Callable[[tuple[str, ...]], None] = unheard,
) -> tuple[Arrays, Arrays]:
    """Text files in a folder for each class: tokens (N, T), and the class y (N)."""
    _, listing, tests = list_files(folder, TEXTS, "texts")
    how = Split(split, test_fraction, seed, folds, fold, balanced)
    train, test, drawn = part_listing(listing, tests, how)
    both = train + test
    texts, odd = [], []
    for place, (path, _) in enumerate(both):
        with path.open("rb") as file:
            text, is_sound = text_in(file.read(LONGEST_TEXT))
        texts.append(text)
        odd += [] if is_sound else [f"{path.parent.name}/{path.name}"]
        if place % 256 == 0:
            report(place / len(both))
    if odd:
        warn(
            f"{len(odd):,} of {len(both):,} texts are not clean text in UTF-8, so that some of "
            f"their letters are lost: {', '.join(odd[:5])}."
        )
    empty = [f"{p.parent.name}/{p.name}" for (p, _), text in zip(both, texts, strict=True)
             if not text.strip()]  # fmt: skip
    if empty:
        warn(f"{len(empty):,} of {len(both):,} texts have the length 0: {', '.join(empty[:5])}.")
    mask = np.arange(len(both)) >= len(train)
    pieces, columns = in_tokens(texts, None, mask, unit, vocabulary, length)
    tell(pieces)
    columns["y"] = np.array([y for _, y in both], np.int64)
    return (
        {name: column[~mask] for name, column in columns.items()} | drawn,
        {name: column[mask] for name, column in columns.items()},
    )


def text_in(content: bytes) -> tuple[str, bool]:
    """The beginning of a text, and whether all of it could be read."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", errors="replace")
    else:
        # what is cut off within a letter is no fault
        text = codecs.getincrementaldecoder("utf-8-sig")("replace").decode(
            content, len(content) < LONGEST_TEXT
        )
    return text, UNKNOWN not in text and "\0" not in text


def in_tokens(
    texts: list[str],
    written: list[str] | None,
    mask: np.ndarray,
    unit: str,
    size: int,
    length: int,
) -> tuple[tuple[str, ...], Arrays]:
    """What the numbers stand for, and the texts as numbers; the rows outside the mask teach it.

    Texts to be written stand behind a mark in `written`, and before one in `following`, where
    places behind the end are left out of losses.
    """
    seen = [text for text, is_test in zip(texts, mask, strict=True) if not is_test]
    if written is not None:
        seen += [text for text, is_test in zip(written, mask, strict=True) if not is_test]
    vocabulary = learned(seen, unit, size, MARKS)
    rows = [vocabulary.encode(text)[:length] for text in texts]
    if written is None:
        return vocabulary.pieces, {"tokens": _padded(rows, length, PAD)}
    answers = [vocabulary.encode(text)[: length - 1] for text in written]
    return vocabulary.pieces, {
        "source": _padded(rows, length, PAD),
        "written": _padded([np.concatenate([[BEGIN], row]) for row in answers], length, PAD),
        "following": _padded([np.concatenate([row, [END]]) for row in answers], length, LEFT_OUT),
    }


def _padded(rows: list[np.ndarray], length: int, fill: int) -> np.ndarray:
    found = np.full((len(rows), length), fill, np.int64)
    for row, values in zip(found, rows, strict=True):
        row[: len(values)] = values
    return found
