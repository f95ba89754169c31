"""What every reader shares: its error, and files that open or say why they do not."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

import numpy as np

Arrays = dict[str, np.ndarray]
Report = Callable[[float], None]


class DataError(Exception):
    """Data that cannot be read; the text says what is wrong and what would be right."""


def silent(share: float) -> None:
    """Reports progress to nobody."""


def existing(path: Path, what: str) -> Path:
    """The path of a file that is there and not empty."""
    try:
        if not path.exists():
            raise DataError(f"{what} “{path}” does not exist.")
        if path.is_dir():
            raise DataError(f"{what} “{path}” is a folder; choose a file in it.")
        if path.stat().st_size == 0:
            raise DataError(f"{what} “{path}” is empty (0 bytes).")
    except (OSError, ValueError) as error:
        raise DataError(f"{what} “{path}” cannot be opened: {error}.") from error
    return path


def existing_folder(path: Path, what: str) -> Path:
    """The path of a folder that is there."""
    try:
        if not path.exists():
            raise DataError(f"{what} “{path}” does not exist.")
        if not path.is_dir():
            raise DataError(f"{what} “{path}” is a file; choose the folder that holds it.")
    except (OSError, ValueError) as error:
        raise DataError(f"{what} “{path}” cannot be opened: {error}.") from error
    return path


def open_bytes(path: Path) -> IO[bytes]:
    """The file opened for reading, unpacked on the fly where its name ends in `.gz`."""
    try:
        if path.suffix == ".gz":
            return cast("IO[bytes]", gzip.open(path, "rb"))  # typeshed leaves GzipFile out of IO
        return path.open("rb")
    except OSError as error:
        raise DataError(f"“{path}” cannot be opened: {error.strerror or error}.") from error
