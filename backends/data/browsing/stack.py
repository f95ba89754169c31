"""Arrays of several parts, one below the other and without a copy."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

import numpy as np

from backends.data.readers.errors import DataError

AT_ONCE = 1024
BYTES_AT_ONCE = 16 << 20


class Stack:
    """Rows of arrays, which may lie on disk; they are read when they are asked for."""

    def __init__(self, arrays: Sequence[np.ndarray]) -> None:
        self._arrays = [array for array in arrays if len(array)]
        self._starts = [0, *accumulate(map(len, self._arrays))]
        first = self._arrays[0] if self._arrays else np.zeros((0,))
        self.shape: tuple[int, ...] = tuple(first.shape[1:])
        self.dtype = np.dtype(first.dtype)
        self.lies_on_disk = any(getattr(array, "is_streamed", False) for array in self._arrays)

    def __len__(self) -> int:
        return self._starts[-1]

    def row(self, place: int) -> np.ndarray:
        """One row.

        Raises:
            DataError: it cannot be read.
        """
        part = bisect_right(self._starts, place) - 1
        return np.asarray(self._arrays[part][place - self._starts[part]])

    def chunks(self) -> Iterator[tuple[int, np.ndarray]]:
        """All rows, some at a time, each time with the place of the first of them.

        Raises:
            DataError: they cannot be read.
        """
        width = max(1, int(np.prod(self.shape)) * self.dtype.itemsize)
        step = max(1, min(AT_ONCE, BYTES_AT_ONCE // width))
        for start, array in zip(self._starts, self._arrays, strict=False):
            for place in range(0, len(array), step):
                rows = np.arange(place, min(place + step, len(array)))
                yield start + place, np.asarray(array[rows])

    def in_memory(self, report: Callable[[float], None]) -> Stack:
        """The same rows, read at once; `report` receives the share that is done.

        Raises:
            DataError: a row cannot be read.
        """
        parts = []
        for start, rows in self._chunks_told():
            parts.append(rows)
            report((start + len(rows)) / len(self))
        return Stack([np.concatenate(parts)] if parts else [])

    def _chunks_told(self) -> Iterator[tuple[int, np.ndarray]]:
        """The same as `chunks`; what code of a person raises is told as an error of the data."""
        done, chunks = 0, self.chunks()
        while True:
            try:
                start, rows = next(chunks)
            except StopIteration:
                return
            except DataError:
                raise
            except Exception as error:
                what = f"{type(error).__name__}: {error}"
                raise DataError(f"Row {done} or one behind it cannot be read: {what}.") from error
            yield start, rows
            done = start + len(rows)

    def numbers(self, place: int = 0) -> np.ndarray:
        """The number at one place, counted through all axes, of every row."""
        parts = [
            np.asarray(rows).reshape(len(rows), -1)[:, place] for _, rows in self._quick_chunks()
        ]
        return np.concatenate(parts).astype(np.float64) if parts else np.zeros(0)

    def _quick_chunks(self) -> Iterator[tuple[int, np.ndarray]]:
        """The same as `chunks`, whole arrays at once where they lie in memory."""
        if self.lies_on_disk:
            yield from self.chunks()
        else:
            yield from zip(self._starts, self._arrays, strict=False)
