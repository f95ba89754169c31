"""Rows of data sets that answer one item at a time, as columns: images, numbers and texts."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from backends.data.readers.errors import Arrays, DataError, Report, silent
from backends.data.readers.streamed import Streamed

LARGEST_HELD_BYTES = 256 << 20
NAMES = ("x", "y")
KEPT_ITEMS = 256


def columns_of(dataset: Any, report: Report = silent, storage: str = "auto") -> Arrays:
    """The columns of a data set of pairs or of dictionaries, in memory where they are small.

    Args:
        dataset: answers `len(dataset)` and `dataset[0]`: a pair of input and target, or values by
            name. Tensors, arrays, numbers and images of Pillow are understood.
        storage: "memory", "stream", or "auto" for memory up to 256 MB.
    """
    count = len(dataset)
    if not count:
        raise DataError("The data set has the length 0.")
    first = _item(dataset, 0)
    size = sum(value.nbytes for value in first.values()) * count
    kept: OrderedDict[int, dict[str, np.ndarray]] = OrderedDict()

    def item(row: int) -> dict[str, np.ndarray]:
        if row not in kept:
            kept[row] = _checked(_item(dataset, row), first, row)
            while len(kept) > KEPT_ITEMS:
                kept.popitem(last=False)
        return kept[row]

    if storage == "stream" or (storage == "auto" and size > LARGEST_HELD_BYTES):
        return {
            name: Streamed(range(count), _value_reader(item, name), value.shape, value.dtype)  # type: ignore[misc]  # it stands in for an array
            for name, value in first.items()
        }
    columns = {name: np.empty((count, *value.shape), value.dtype) for name, value in first.items()}
    for row in range(count):
        for name, value in _checked(_item(dataset, row), first, row).items():
            columns[name][row] = value
        if row % 64 == 0:
            report(row / count)
    return columns


def _item(dataset: Any, row: int) -> dict[str, np.ndarray]:  # Any: as above
    """An item by name; what goes wrong in it says which one it is."""
    try:
        return named(dataset[row])
    except DataError as error:
        raise DataError(f"Item {row}: {error}") from error
    except (Exception, SystemExit) as error:
        error.add_note(f"item {row}")
        raise


def _value_reader(item: Callable[[int], dict[str, np.ndarray]], name: str) -> Callable[[int], Any]:
    return lambda row: item(row)[name]


def named(item: Any) -> dict[str, np.ndarray]:
    """The values of an item by name: x and y for a pair."""
    if isinstance(item, Mapping):
        found = {str(name): as_array(value) for name, value in item.items()}
    elif isinstance(item, (tuple, list)):
        more = (f"value {place}" for place in range(3, len(item) + 1))
        found = {name: as_array(value) for name, value in zip((*NAMES, *more), item, strict=False)}
    else:
        found = {"x": as_array(item)}
    if not found:
        raise DataError("An item of the data set is empty; it must hold an input.")
    return found


def as_array(value: Any) -> np.ndarray:
    """A tensor, an array, a number or an image as models read it."""
    if hasattr(value, "convert") and hasattr(value, "getbands"):
        mode = "L" if value.mode in ("1", "L") else "RGB"
        pixels = np.asarray(value.convert(mode), np.uint8)
        return pixels[None] if mode == "L" else pixels.transpose(2, 0, 1)
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise DataError(f"An item holds what is no array: {str(error)[:100]}.") from error
    if array.dtype.kind == "b" or array.dtype.kind in "iu":
        return array if array.dtype == np.uint8 and array.ndim >= 3 else array.astype(np.int64)
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    raise DataError(
        f"An item holds {type(value).__name__}, which is neither a number, an array, a tensor nor "
        "an image; turn it into one of them."
    )


def _checked(
    item: dict[str, np.ndarray], first: dict[str, np.ndarray], row: int
) -> dict[str, np.ndarray]:
    if item.keys() != first.keys():
        raise DataError(
            f"Item {row} of the data set holds {', '.join(item)}, but the first holds "
            f"{', '.join(first)}."
        )
    for name, value in item.items():
        if value.shape != first[name].shape:
            raise DataError(
                f"“{name}” of item {row} has the shape {value.shape}, but that of the first item "
                f"has {first[name].shape}; bring them to one."
            )
    return item
