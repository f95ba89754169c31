"""Arrays in NPY, NPZ and safetensors files. No pickle is loaded, for it could run any code."""

import json
import math
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import IO

import numpy as np

from backends.data.readers.errors import Arrays, DataError, existing
from backends.data.readers.splitting import Split, part_rows, training

Header = tuple[tuple[int, ...], np.dtype]
READABLE = "biuf"
CHANNELS = (1, 3, 4)
SAFE = ".safetensors"
SAFE_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?",
}  # fmt: skip
LONGEST_SAFE_HEADER = 100 << 20
# what numpy and zipfile raise on damaged files, found by trying thousands of them
DAMAGE = (
    ValueError,
    TypeError,
    SyntaxError,
    tokenize.TokenError,
    LookupError,
    EOFError,
    OSError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def array_headers(path: Path) -> dict[str, Header]:
    """Shape and dtype of each array in the file, by name; the one of an NPY file is called x."""
    if existing(path, "The array file").suffix.lower() == SAFE:
        return {name: (shape, dtype) for name, (shape, dtype, _) in _safe_places(path).items()}
    with path.open("rb") as file:
        start = file.read(6)
        if start == b"\x93NUMPY":
            file.seek(0)
            return {"x": _header(path, "x", file)}
    if not start.startswith(b"PK"):
        raise DataError(
            f"“{path}” is neither NPY nor NPZ nor safetensors: it starts with {start.hex(' ')}."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            found = {}
            for member in archive.namelist():
                if member.endswith(".npy"):
                    name = member.removesuffix(".npy")
                    with archive.open(member) as held:
                        found[name] = _header(path, name, held)
    except DAMAGE as error:
        raise DataError(
            f"“{path}” is damaged or not copied completely: {_short(error)}."
        ) from error
    if not found:
        raise DataError(f"“{path}” holds no arrays; numpy.savez writes such files.")
    return found


def _safe_places(path: Path) -> dict[str, tuple[tuple[int, ...], np.dtype, int]]:
    """Shape, dtype and place of each array of a safetensors file."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > min(size - 8, LONGEST_SAFE_HEADER):
                raise ValueError(f"its header would be {length:,} bytes long")
            header = json.loads(file.read(length))
        found = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            kind, shape = entry["dtype"], tuple(map(int, entry["shape"]))
            start, end = entry["data_offsets"]
            if kind not in SAFE_DTYPES:
                raise DataError(
                    f"Array “{name}” of “{path}” holds {kind}, which numpy does not know; save it "
                    "as F32."
                )
            dtype = np.dtype(SAFE_DTYPES[kind])
            if end - start != math.prod(shape) * dtype.itemsize or 8 + length + end > size:
                raise ValueError(f"“{name}” does not fit into it")
            if not shape:
                raise DataError(f"Array “{name}” of “{path}” is a single number; rows are needed.")
            found[name] = (shape, dtype, 8 + length + start)
    except DAMAGE as error:
        raise DataError(
            f"“{path}” is damaged or not copied completely: {_short(error)}."
        ) from error
    if not found:
        raise DataError(f"“{path}” holds no arrays.")
    return found


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def _header(path: Path, name: str, file: IO[bytes]) -> Header:
    try:
        version = np.lib.format.read_magic(file)
        reader = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }.get(version)
        if reader is None:
            raise DataError(
                f"Array “{name}” of “{path}” has NPY version {version}; 1.0 and 2.0 are read."
            )
        shape, _, dtype = reader(file)
    except DAMAGE as error:
        raise DataError(
            f"Array “{name}” of “{path}” has no readable header: {_short(error)}."
        ) from error
    if dtype.hasobject or dtype.kind not in READABLE:
        raise DataError(
            f"Array “{name}” of “{path}” holds {dtype}, which is not loaded; "
            "save it as numbers, for example with array.astype('float32')."
        )
    if not shape:
        raise DataError(f"Array “{name}” of “{path}” is a single number; rows are needed.")
    return shape, dtype


def read_array(path: Path, name: str) -> np.ndarray:
    """One array; that of an NPY or safetensors file stays on disk and is mapped into memory."""
    if path.suffix.lower() == SAFE:
        shape, dtype, start = _safe_places(path)[name]
        if not math.prod(shape):
            return np.empty(shape, dtype)
        return np.memmap(path, dtype, "r", start, shape)
    try:
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return loaded
        with loaded as archive:
            return np.asarray(archive[name])
    except DAMAGE as error:
        raise DataError(
            f"“{path}” is damaged or not copied completely: {_short(error)}."
        ) from error


def as_input(array: np.ndarray, layout: str = "auto") -> np.ndarray:
    """An array as models read it: float32, int64 for indices, images as uint8 (N, C, H, W)."""
    if array.dtype == np.uint8 and layout == "auto":
        if array.ndim == 3:
            return array[:, None]
        if array.ndim == 4 and array.shape[3] in CHANNELS and array.shape[1] not in CHANNELS:
            return array.transpose(0, 3, 1, 2)
    if array.dtype == np.uint8 and array.ndim >= 4:
        return array
    if array.dtype.kind in "iu":
        return array.astype(np.int64)
    return _as_floats(array)


def _as_floats(array: np.ndarray) -> np.ndarray:
    # what becomes infinite, or never was a number, is refused with its place
    with np.errstate(over="ignore", invalid="ignore"):
        array = array.astype(np.float32, copy=False)
    return array[:, None] if array.ndim == 1 else array


def is_class_index(shape: tuple[int, ...], dtype: np.dtype) -> bool:
    """Whether a target of that shape and dtype names classes: whole numbers, one a row."""
    return dtype.kind in "iub" and (len(shape) == 1 or shape[1:] == (1,))


def as_target(array: np.ndarray) -> np.ndarray:
    """An array as losses read it: class indices int64 (N,), everything else float32 (N, …)."""
    if is_class_index(array.shape, array.dtype):
        return array.reshape(-1).astype(np.int64)
    return _as_floats(array)


def _read_all(files: dict[str, tuple[Path, str]], targets: tuple[str, ...], layout: str) -> Arrays:
    read = {}
    for column, (path, name) in files.items():
        array = read_array(path, name)
        _check_whole(column, array)
        read[column] = as_target(array) if column in targets else as_input(array, layout)
        _check_finite(column, read[column])
    rows = {column: len(array) for column, array in read.items()}
    if len(set(rows.values())) > 1:
        counts = ", ".join(f"“{column}” has {count:,}" for column, count in rows.items())
        raise DataError(f"The arrays differ in their number of rows: {counts}.")
    return read


def _check_whole(column: str, array: np.ndarray) -> None:
    most = np.iinfo(np.int64).max
    if array.dtype == np.uint64 and (highest := int(np.max(array, initial=0))) > most:
        raise DataError(
            f"Array “{column}” holds {highest:,}, but whole numbers go to at most {most:,}; save "
            "it as floating point numbers."
        )


def _check_finite(column: str, array: np.ndarray) -> None:
    if array.dtype.kind == "f":
        wrong = ~np.isfinite(array).reshape(len(array), -1).all(axis=1)
        if wrong.any():
            raise DataError(
                f"Array “{column}” has NaN or infinite values in {int(wrong.sum()):,} of "
                f"{len(array):,} rows, first in row {int(wrong.argmax())} counted from 0; replace "
                "them, or take these rows out."
            )


def load_arrays(
    train: dict[str, tuple[Path, str]],
    test: dict[str, tuple[Path, str]],
    targets: tuple[str, ...],
    layout: str = "auto",
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    balanced: bool = False,
    group: tuple[Path, str] | None = None,
) -> tuple[Arrays, Arrays]:
    """The columns of NPY, NPZ and safetensors files.

    Args:
        train: for each column its file and the name of the array in it.
        test: likewise for the test; where it is empty, a share of the rows is kept for it.
        targets: the columns to predict.
        layout: "auto" gives uint8 images a channel axis and puts it first; "as stored" does not.
        group: the array whose equal rows stay together.
    """
    columns = _read_all(train, targets, layout)
    labels = next((columns[t] for t in targets if columns[t].dtype == np.int64), None)
    how = Split(split, test_fraction, seed, folds, fold, balanced)
    if test:
        return training(columns, how, labels), _read_all(test, targets, layout)
    groups = read_array(*group) if group else None
    rows = len(next(iter(columns.values())))
    if groups is not None and groups.shape != (rows,):
        raise DataError(
            f"The array of groups has the shape {groups.shape}, but needs one number for each of "
            f"{rows:,} rows."
        )
    return part_rows(columns, how, labels, groups)
