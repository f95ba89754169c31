"""IDX files, the format in which MNIST and Fashion-MNIST are published."""

import gzip
import math
import re
import zlib
from pathlib import Path

import numpy as np

from backends.data.readers.errors import (
    Arrays,
    DataError,
    existing,
    existing_folder,
    open_bytes,
)
from backends.data.readers.splitting import Split, part_rows, training

PUBLISHED = re.compile(r"(?i)(.*?)(train|t10k|test)-(images|labels)[-.]idx\d-ubyte(\.gz)?")
UNSIGNED_BYTE = 0x08
CHUNK_BYTES = 1 << 24
MNIST_HINT = "train-images-idx3-ubyte and train-labels-idx1-ubyte, packed as .gz or not"


def idx_shape(path: Path) -> tuple[int, ...]:
    """The shape that the header of an IDX file of unsigned bytes declares."""
    with open_bytes(existing(path, "The IDX file")) as file:
        try:
            magic = file.read(4)
            if len(magic) < 4 or magic[:2] != b"\0\0" or not 1 <= magic[3] <= 8:
                raise DataError(
                    f"“{path}” is no IDX file: it starts with {magic.hex(' ') or 'nothing'}, "
                    "IDX starts with 00 00 08 and the number of axes."
                )
            if magic[2] != UNSIGNED_BYTE:
                raise DataError(
                    f"“{path}” holds numbers of type 0x{magic[2]:02x}; "
                    "images and labels are unsigned bytes (type 0x08)."
                )
            sizes = file.read(4 * magic[3])
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(f"“{path}” is no whole gzip file: {error}.") from error
    if len(sizes) < 4 * magic[3]:
        raise DataError(f"“{path}” ends within its header; it was not copied completely.")
    return tuple(int(n) for n in np.frombuffer(sizes, ">u4"))


def read_idx(path: Path) -> np.ndarray:
    """The array of an IDX file; mapped into memory where it is not packed."""
    shape = idx_shape(path)
    start, count = 4 + 4 * len(shape), math.prod(shape)
    if path.suffix != ".gz":
        size = path.stat().st_size
        _check_length(path, shape, size - start, count)
        return np.memmap(path, np.uint8, "r", start, shape) if count else np.zeros(shape, np.uint8)
    with open_bytes(path) as file:
        try:
            file.read(start)
            data = bytearray()  # grows with what is there: a header may declare anything
            while len(data) <= count and (part := file.read(CHUNK_BYTES)):
                data += part
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(f"“{path}” is no whole gzip file: {error}.") from error
    _check_length(path, shape, len(data), count)
    return np.frombuffer(data, np.uint8).reshape(shape)


def _check_length(path: Path, shape: tuple[int, ...], held: int, wanted: int) -> None:
    if held != wanted:
        declared = "×".join(map(str, shape))
        more = "more" if held > wanted else f"{held:,}"
        raise DataError(
            f"“{path}” declares {declared} = {wanted:,} bytes, but holds {more}; "
            "it is damaged or was not copied completely."
        )


def find_idx(folder: Path) -> dict[tuple[str, str], Path]:
    """The files by ("train" or "test", "images" or "labels"), found by their published names."""
    sets: dict[str, dict[tuple[str, str], Path]] = {}
    for path in sorted(existing_folder(folder, "The folder").iterdir()):
        match = PUBLISHED.fullmatch(path.name)
        if match:
            part = "train" if match[2].lower() == "train" else "test"
            # sorted puts the plain file before its .gz, and the plain one is faster
            sets.setdefault(match[1], {}).setdefault((part, match[3].lower()), path)
    if len(sets) > 1:
        names = ", ".join(sorted(f"“{name or 'train-images…'}”" for name in sets))
        raise DataError(f"“{folder}” holds several data sets ({names}); keep one to a folder.")
    found = next(iter(sets.values()), {})
    if ("train", "images") not in found or ("train", "labels") not in found:
        held = ", ".join(path.name for path in found.values()) or "none of them"
        raise DataError(f"“{folder}” needs the files {MNIST_HINT}; it has {held}.")
    if (("test", "images") in found) != (("test", "labels") in found):
        raise DataError(f"“{folder}” has only one of t10k-images and t10k-labels; add the other.")
    return found


def check_idx_shapes(files: dict[tuple[str, str], Path]) -> dict[str, tuple[int, ...]]:
    """The shapes of the images of each part, after checking that all files agree."""
    shapes: dict[str, tuple[int, ...]] = {}
    for part in ("train", "test"):
        if (part, "images") not in files:
            continue
        images, labels = files[part, "images"], files[part, "labels"]
        shape, label_shape = idx_shape(images), idx_shape(labels)
        if len(shape) != 3:
            raise DataError(
                f"“{images}” has {len(shape)} axes; images have 3 (count, rows, columns)."
            )
        if len(label_shape) != 1:
            raise DataError(f"“{labels}” has {len(label_shape)} axes; labels have 1.")
        if shape[0] != label_shape[0]:
            raise DataError(
                f"“{images.name}” holds {shape[0]:,} images, but “{labels.name}” "
                f"{label_shape[0]:,} labels; each image needs one label."
            )
        if 0 in shape:
            raise DataError(f"“{images}” holds no pixels: its shape is {shape}.")
        shapes[part] = shape
    if "test" in shapes and shapes["test"][1:] != shapes["train"][1:]:
        raise DataError(
            f"The training images are {shapes['train'][1:]} and the test images "
            f"{shapes['test'][1:]} pixels; they must have one size."
        )
    return shapes


def load_idx(
    folder: Path,
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    balanced: bool = False,
) -> tuple[Arrays, Arrays]:
    """Images x (N, 1, H, W) as uint8 and class indices y (N,).

    Where the folder has no test files, some of the training images are kept for the test.
    """
    files = find_idx(folder)
    parts = {}
    for part in check_idx_shapes(files):
        labels = read_idx(files[part, "labels"]).astype(np.int64)
        parts[part] = {"x": read_idx(files[part, "images"])[:, None], "y": labels}
    how = Split(split, test_fraction, seed, folds, fold, balanced)
    train = parts["train"]
    if "test" in parts:
        return training(train, how, train["y"]), parts["test"]
    return part_rows(train, how, train["y"])
