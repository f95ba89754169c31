"""Rows that lie on disk and are read when they are asked for, a batch at a time, by threads."""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

AT_ONCE = 64
READERS = min(8, os.cpu_count() or 1)


class Streamed:
    """A column that behaves like an array of rows, and holds none of them.

    Attributes:
        items: what each row is read from.
        read: makes the row of an item, always of the same shape and dtype.
    """

    is_streamed = True  # whoever would copy a column into memory leaves this one where it is

    def __init__(
        self,
        items: Sequence[Any],  # Any: whatever `read` takes
        read: Callable[[Any], np.ndarray],
        shape: tuple[int, ...],
        dtype: Any = np.uint8,  # Any: what numpy takes for a dtype
        threads: ThreadPoolExecutor | None = None,
    ) -> None:
        self.items = items
        self.read = read
        self.shape = (len(items), *shape)
        self.dtype = np.dtype(dtype)
        self.threads = threads or ThreadPoolExecutor(READERS, "streamed")

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many numbers it would hold."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """How much memory it would take."""
        return self.size * int(self.dtype.itemsize)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, rows: Any) -> Any:  # Any: as numpy indexes, and answers
        if isinstance(rows, slice):
            return Streamed(self.items[rows], self.read, self.shape[1:], self.dtype, self.threads)
        if isinstance(rows, (int, np.integer)):
            return self.read(self.items[int(rows)])
        picked = np.asarray(rows)
        places = np.flatnonzero(picked) if picked.dtype == bool else picked
        if len(places) == len(self) and picked.dtype == bool:
            return self
        if picked.dtype == bool:
            kept = [self.items[int(place)] for place in places]
            return Streamed(kept, self.read, self.shape[1:], self.dtype, self.threads)
        batch = np.empty((len(places), *self.shape[1:]), self.dtype)

        def put(target: int) -> None:
            batch[target] = self.read(self.items[int(places[target])])

        for _ in self.threads.map(put, range(len(places))):
            pass
        return batch

    def __iter__(self) -> Iterator[np.ndarray]:
        return map(self.read, self.items)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        every = self[np.arange(len(self))]
        return np.asarray(every, dtype)
