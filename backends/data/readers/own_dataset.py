"""A data set that a person wrote in Python, as PyTorch has them: with a length and with items."""

import hashlib
import inspect
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from backends.data.readers.errors import Arrays, DataError, Report, existing, silent
from backends.data.readers.items import columns_of
from backends.data.readers.splitting import Split, part_rows, training

MODULE = "own_dataset"


def code_in(path: Path) -> str:
    """The text of the file."""
    try:
        return existing(path, "The Python file").read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise DataError(f"“{path}” cannot be read: {error}.") from error


def load_own_dataset(
    path: Path,
    name: str = "",
    storage: str = "auto",
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    balanced: bool = False,
    digest: str = "",
    report: Report = silent,
) -> tuple[Arrays, Arrays]:
    """The columns that the items of the class have.

    A class whose constructor takes `train` is made twice, to train and for the test; else some of
    its items are kept for the test.

    Args:
        name: of the class; empty where the file has only one with a length and items.
        digest: the hash of the text that may run; other code is refused.
    """
    code = code_in(path)
    if digest and hashlib.sha256(code.encode()).hexdigest() != digest:
        raise DataError(f"“{path.name}” has changed since you agreed to run it; look at it again.")
    try:
        made = _class_in(_run(code, path), name, path)
        how = Split(split, test_fraction, seed, folds, fold, balanced)
        if "train" in inspect.signature(made).parameters:
            train, test = (
                columns_of(made(train=is_train), report, storage) for is_train in (True, False)
            )
            return training(train, how, _labels(train)), test
        columns = columns_of(made(), report, storage)
        return part_rows(columns, how, _labels(columns))
    except DataError:
        raise
    except (Exception, SystemExit) as error:  # code that ends Python is not to end this program
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        where = f", line {frames[-1].lineno}" if frames else ""
        where += "".join(f", {note}" for note in getattr(error, "__notes__", ()))
        more = (
            " Streamed items are read by several threads: open what they need in __getitem__, or "
            "keep them in memory."
            if "thread" in str(error) and storage != "memory"
            else ""
        )
        raise DataError(f"“{path.name}”{where}: {type(error).__name__}: {error}{more}") from error


def _run(code: str, path: Path) -> ModuleType:
    module = ModuleType(MODULE)
    module.__file__ = str(path)
    sys.modules[MODULE] = module  # dataclasses look for the module that they are in
    exec(compile(code, str(path), "exec"), vars(module))
    return module


def _class_in(module: ModuleType, name: str, path: Path) -> Any:
    found = {
        key: value
        for key, value in vars(module).items()
        if inspect.isclass(value)
        and value.__module__ == MODULE
        and hasattr(value, "__len__")
        and hasattr(value, "__getitem__")
    }
    if name and name not in found:
        raise DataError(
            f"“{path.name}” has no class “{name}” with __len__ and __getitem__; it has "
            f"{', '.join(found) or 'none'}."
        )
    if not name and len(found) != 1:
        what = f"{len(found)} such classes ({', '.join(found)}); name one" if found else "none"
        raise DataError(
            f"“{path.name}” needs a class with __len__ and __getitem__, but has {what}."
        )
    return found[name] if name else next(iter(found.values()))


def _labels(columns: Arrays) -> np.ndarray | None:
    """The classes that rows are parted by: whole numbers called y."""
    y = columns.get("y")
    if y is None or y.ndim != 1 or y.dtype != np.int64:
        return None
    return np.asarray(y)
