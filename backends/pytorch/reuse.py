"""Keeps memory that a training step frees for the next step, in place of giving it back.

By default glibc returns a freed top of the heap to the system and asks for it again at the next
step, page by page; in a thread, whose heap is apart, that cost up to half of a small network's
training time.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# From malloc.h.
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3
KEPT_BYTES = 1 << 30
AHEAD_BYTES = 1 << 24
LARGEST_IN_HEAP = 1 << 25  # the most that glibc allows
USUAL_BYTES = 1 << 17  # of both the threshold and what is asked for ahead


@contextmanager
def reused_memory() -> Iterator[None]:
    """Within, freed memory stays with the process; afterwards it goes back. On glibc only."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if library is None or not hasattr(library, "malloc_trim"):
        yield
        return
    library.mallopt(MMAP_THRESHOLD, LARGEST_IN_HEAP)  # where glibc's own adjusting ends
    library.mallopt(TRIM_THRESHOLD, KEPT_BYTES)
    library.mallopt(TOP_PAD, AHEAD_BYTES)
    try:
        yield
    finally:
        library.mallopt(TRIM_THRESHOLD, USUAL_BYTES)
        library.mallopt(TOP_PAD, USUAL_BYTES)
        library.malloc_trim(0)
