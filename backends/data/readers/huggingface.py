"""Data sets of Hugging Face, from a folder, from what was downloaded, or from the net."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from backends.data.readers.errors import Arrays, DataError, Report, silent
from backends.data.readers.items import columns_of
from backends.data.readers.pixels import Look, shaped
from backends.data.readers.splitting import Split, choose_test, drawn_by, part_rows, training
from backends.data.readers.texts import in_tokens


def load_huggingface(
    name: str,
    read: str,
    target: str,
    config: str = "",
    train_part: str = "train",
    test_part: str = "test",
    download: bool = False,
    classes: int = 0,
    size: tuple[int, int] = (32, 32),
    colour: bool = True,
    length: int = 64,
    unit: str = "words",
    vocabulary: int = 5000,
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    balanced: bool = False,
    report: Report = silent,
    tell: Any = None,
) -> tuple[Arrays, Arrays]:
    """Columns x and y of a data set of Hugging Face, or of a folder that its package saved.

    Args:
        read: the column to learn from: images, numbers, or texts, which become tokens.
        classes: how many there are; 0 for a target of numbers.
        test_part: where there is none of that name, some rows are kept for the test.
        tell: receives what tokens stand for.
    """
    parts = open_huggingface(name, config, download)
    held = [parts[part] for part in (train_part, test_part) if part in parts]
    if train_part not in parts:
        raise DataError(f"“{name}” has no part “{train_part}”; it has {', '.join(parts)}.")
    counts = [len(part) for part in held]
    texts = isinstance(held[0][0][read], str)
    columns: list[Arrays] = []
    for part in held:
        y = np.array([row[target] for row in part.select_columns([target])])
        found: Arrays = {"y": y.astype(np.int64) if classes else y.astype(np.float32)[:, None]}
        if not texts:
            x = part.select_columns([read])
            found = {"x": columns_of(OneColumn(x, read, Look(size, colour)), report)["x"], **found}
        columns.append(found)
    how = Split(split, test_fraction, seed, folds, fold, balanced)
    labels = columns[0]["y"] if classes else None
    if len(held) == 2 and not texts:
        return training(columns[0], how, labels), columns[1]
    if not texts:
        return part_rows(columns[0], how, labels)
    if len(held) == 2:
        mask, drawn = np.arange(sum(counts)) >= counts[0], training(columns[0], how, labels)
        drawn = {key: value for key, value in drawn.items() if key != "y"}
    else:
        mask, ranks = choose_test(counts[0], how, labels)
        drawn = drawn_by(how, mask, ranks, labels)
    rows = [row[read] or "" for part in held for row in part.select_columns([read])]
    pieces, found = in_tokens(rows, None, mask, unit, vocabulary, length)
    if tell is not None:
        tell(pieces)
    both = {"x": found["tokens"], "y": np.concatenate([each["y"] for each in columns])}
    train = {key: value[~mask] for key, value in both.items()}
    return train | drawn, {key: value[mask] for key, value in both.items()}


class OneColumn:
    """One column of a data set of Hugging Face as items."""

    def __init__(self, rows: Any, name: str, look: Look) -> None:
        self.rows, self.name, self.look = rows, name, look

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, row: int) -> dict[str, Any]:
        value = self.rows[row][self.name]
        is_image = hasattr(value, "convert") and hasattr(value, "getbands")
        return {"x": shaped(value, self.look) if is_image else value}


def open_huggingface(name: str, config: str, download: bool) -> Any:
    """The parts of a data set by name; from a folder, from what was downloaded, or from the net."""
    if not download:
        os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        import datasets  # type: ignore[import-not-found,import-untyped,unused-ignore]  # an extra
    except ImportError as error:
        raise DataError(
            "The package datasets opens data sets of Hugging Face: install it with “pip install "
            "datasets”."
        ) from error
    try:
        datasets.config.HF_DATASETS_OFFLINE = not download
        if Path(name).is_dir():
            found = datasets.load_from_disk(name)
        else:
            found = datasets.load_dataset(name, config or None)
    except (OSError, ValueError, RuntimeError) as error:
        hint = "" if download else " Switch downloading on to fetch it."
        raise DataError(f"“{name}” cannot be opened: {str(error)[:200]}.{hint}") from error
    return found if isinstance(found, dict) else {"train": found}
