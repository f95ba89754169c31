"""Rows of named columns on their way to the device."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import torch
from torch import Tensor

from backends.pytorch.place import CannotTrain, Place

Batch = dict[str, Tensor]
Cut = tuple[int, int]
RESIDENT_BYTES = 1 << 30
READ_AHEAD = 4
# Columns beside those of the data. The first holds truth values that say which rows validate, or
# whole numbers of which the lowest validate first and equal ones together; the second holds classes
# that are to be drawn equally often.
VALIDATED, BALANCED = "@validates", "@balances"


class Table:
    """Columns of rows. Small ones live on the device; larger ones stream from where they lie.

    Bytes become numbers from 0 to 1, other numbers float32 or int64.
    """

    def __init__(  # Any: numpy arrays, which this file does not import
        self, columns: Mapping[str, Any], place: Place
    ) -> None:
        lengths = {name: len(column) for name, column in columns.items()}
        if 0 in lengths.values():
            raise CannotTrain("The data has no rows.")
        if len(set(lengths.values())) != 1:
            shown = ", ".join(f"“{name}” has {rows}" for name, rows in lengths.items())
            raise CannotTrain(f"All columns need the same number of rows, but {shown or 'none'}.")
        self.rows = next(iter(lengths.values()))
        self.device = device = place.device
        self.images = place.images
        self.validated, self.balanced = (
            torch.tensor(columns[name]) if name in columns else None
            for name in (VALIDATED, BALANCED)
        )
        self.columns = {name: held for name, held in columns.items() if not name.startswith("@")}
        size = sum(column.nbytes for column in self.columns.values())
        lazy = any(getattr(column, "is_streamed", False) for column in self.columns.values())
        self.resident = not lazy and size <= _room_on(device)
        if self.resident:
            self.columns = {
                name: _numbers(torch.tensor(column)).to(device)
                for name, column in self.columns.items()
            }

    def split(self, fraction: float, seed: int) -> tuple[Tensor, Tensor]:
        """The rows to train on and those to validate on, as the data says; both in order."""
        if self.validated is None:
            return split_rows(self.rows, fraction, seed)
        if self.validated.dtype == torch.bool:
            apart = self.validated
        else:
            apart = _ranked_first(self.validated, fraction)
        return (~apart).nonzero().flatten(), apart.nonzero().flatten()

    def order(self, rows: Tensor, seed: int, epoch: int) -> Tensor:
        """The rows in the order of that epoch; where classes are balanced, drawn from them."""
        if self.balanced is None:
            return shuffled(rows, seed, epoch)
        return drawn_evenly(rows, self.balanced[rows], seed, epoch)

    def batches(self, order: Tensor, cuts: list[Cut]) -> Iterator[Batch]:
        """The rows of each cut through `order`, as the model receives them."""
        if not self.resident:
            yield from self._stream(order, cuts)
            return
        order = order.to(self.device)
        for start, stop in cuts:
            rows = order[start:stop]
            yield {
                name: self._finish(column.index_select(0, rows))
                for name, column in self.columns.items()
            }

    def _stream(self, order: Tensor, cuts: list[Cut]) -> Iterator[Batch]:
        """A thread reads a few batches ahead."""
        with ThreadPoolExecutor(1, "rows") as reader:
            coming = (reader.submit(self._read, order[start:stop]) for start, stop in cuts)
            ahead = deque(islice(coming, READ_AHEAD))
            while ahead:
                batch = ahead.popleft().result()
                ahead.extend(islice(coming, 1))
                yield {name: self._finish(column) for name, column in batch.items()}

    def _read(self, rows: Tensor) -> Batch:
        picked = rows.numpy()
        batch = {
            name: _numbers(torch.from_numpy(column[picked]))
            for name, column in self.columns.items()
        }
        if self.device.type == "cuda":
            return {name: column.pin_memory() for name, column in batch.items()}
        return batch

    def _finish(self, column: Tensor) -> Tensor:
        column = column.to(self.device, non_blocking=True)
        if column.dtype == torch.uint8:
            column = column.to(torch.float32).div_(255)
        return column.contiguous(memory_format=self.images) if column.dim() == 4 else column


def _room_on(device: torch.device) -> int:
    if device.type == "cuda":
        return min(RESIDENT_BYTES, torch.cuda.mem_get_info(device)[0] // 4)
    return RESIDENT_BYTES


def _numbers(column: Tensor) -> Tensor:
    if column.dtype in (torch.uint8, torch.bool):
        return column
    return column.to(torch.float32 if column.is_floating_point() else torch.int64)


def split_rows(rows: int, fraction: float, seed: int) -> tuple[Tensor, Tensor]:
    """The rows to train on and those to validate on, drawn at random; both in order."""
    apart = min(rows - 1, max(1, round(rows * fraction))) if fraction > 0 else 0
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed))
    return order[apart:].sort().values, order[:apart].sort().values


def shuffled(rows: Tensor, seed: int, epoch: int) -> Tensor:
    """The rows in the order of that epoch, which depends on nothing but seed and epoch."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return rows[torch.randperm(len(rows), generator=generator)]


def drawn_evenly(rows: Tensor, classes: Tensor, seed: int, epoch: int) -> Tensor:
    """As many rows again, each class as likely as any other; seed and epoch say which."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    counts = torch.bincount(classes)
    ends = (1 / counts[classes].to(torch.float64)).cumsum(0)
    drawn = torch.rand(len(rows), dtype=torch.float64, generator=generator) * ends[-1]
    return rows[torch.searchsorted(ends, drawn, right=True).clamp_(max=len(rows) - 1)]


def _ranked_first(ranks: Tensor, fraction: float) -> Tensor:
    """Which rows have the lowest ranks: about that share of them, and not all."""
    wanted = min(len(ranks) - 1, max(1, round(len(ranks) * fraction))) if fraction > 0 else 0
    if not wanted:
        return torch.zeros(len(ranks), dtype=torch.bool)
    apart = ranks <= ranks.sort().values[wanted - 1]
    return ranks < ranks.max() if apart.all() else apart


def cut(rows: int, batch_size: int) -> list[Cut]:
    """Where batches start and stop.

    A single row left over joins the batch before it: BatchNorm cannot learn from one row.
    """
    cuts = [(start, min(start + batch_size, rows)) for start in range(0, rows, batch_size)]
    if batch_size > 1 and len(cuts) > 1 and cuts[-1][1] - cuts[-1][0] == 1:
        cuts[-2:] = [(cuts[-2][0], rows)]
    return cuts
