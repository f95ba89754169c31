"""Handwritten digits: lines of 64 pixels from 0 to 16 and the digit."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from backends.data.readers.errors import Arrays, DataError, existing, open_bytes
from backends.data.readers.split import mask_for_test, parted

SIDE = 8
DARKEST = 16


def read_digits(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The images (N, 8, 8) with pixels from 0 to 16, and the digits (N,)."""
    with open_bytes(existing(path, "The digits file")) as file:
        try:
            table = np.loadtxt(file, delimiter=",", dtype=np.int64, ndmin=2)
        except (gzip.BadGzipFile, EOFError, ValueError, zlib.error) as error:
            raise DataError(f"“{path}” is damaged: {error}.") from error
    if table.shape[1] != SIDE * SIDE + 1:
        raise DataError(f"“{path}” has {table.shape[1]} numbers a line; digits have 65.")
    return table[:, :-1].reshape(-1, SIDE, SIDE), table[:, -1]


def resized(images: np.ndarray, height: int, width: int) -> np.ndarray:
    """Images (N, H, W) brought to another size by linear interpolation between pixel centres."""

    def weights(old: int, new: int) -> np.ndarray:
        centre = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
        return np.asarray(np.maximum(0, 1 - np.abs(centre[:, None] - np.arange(old)[None, :])))

    rows = weights(images.shape[1], height)
    columns = weights(images.shape[2], width)
    # einsum sums in a fixed order; a matrix product may differ in the last bit between machines
    return np.asarray(np.einsum("nhw,vw->nhv", np.einsum("ngw,hg->nhw", images, rows), columns))


def load_digits(
    path: Path,
    size: tuple[int, int] = (8, 8),
    layout: str = "image",
    test_fraction: float = 0.2,
    seed: int = 0,
) -> tuple[Arrays, Arrays]:
    """The digits in any size: x and y.

    Args:
        layout: "image" for uint8 (N, 1, H, W), "rows" for float32 (N, H, W) from 0 to 1 as a
            sequence of rows, "flat" for float32 (N, H * W) from 0 to 1.
    """
    pixels, digits = read_digits(path)
    x: np.ndarray = np.rint(resized(pixels, *size) * (255 / DARKEST)).astype(np.uint8)[:, None]
    if layout != "image":
        shares = x[:, 0].astype(np.float32) / np.float32(255)
        x = shares.reshape(len(x), -1) if layout == "flat" else shares
    return parted({"x": x, "y": digits}, mask_for_test(len(digits), test_fraction, seed, digits))
