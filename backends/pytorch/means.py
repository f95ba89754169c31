"""Means of loss and metrics that never make an accelerator wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


class Means:
    """Means over rows, exact whatever the sizes of the batches.

    They never make an accelerator wait: its numbers are read a few batches late.
    """

    LATE = 8

    def __init__(self, device: torch.device, parts: int = 0) -> None:
        self.device = device
        self.parts = parts  # so many of the metrics, the first ones, are losses too
        self.rows = 0
        self.sums: dict[str, float] = {}
        # Any: lists of numbers, or tensors that are still being computed, and their CUDA events
        self._pending: deque[tuple[int, int, list[str], Any, Any]] = deque()
        self._losses: list[tuple[int, list[float]]] = []

    def add(self, step: int, rows: int, loss: Tensor, metrics: Mapping[str, Tensor]) -> None:
        """Takes what a batch of so many rows came to."""
        scalars, ready = [loss, *metrics.values()], None
        if self.device.type == "cpu":
            values: Any = [scalar.item() for scalar in scalars]  # Any: see above
        else:
            values = torch.stack([scalar.detach().float() for scalar in scalars])
        if self.device.type == "cuda":
            values = values.to("cpu", non_blocking=True)  # into pinned memory
            ready = torch.cuda.Event()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            ready.record()
        self._pending.append((step, rows, ["loss", *metrics], values, ready))
        self.read(self.LATE)

    def read(self, late: int = 0) -> None:
        """Reads what has been computed, and waits for all but the last few batches."""
        while self._pending:
            step, rows, names, values, ready = self._pending[0]
            if isinstance(values, Tensor):
                if len(self._pending) <= late and not (ready and ready.query()):
                    return
                if ready:
                    ready.synchronize()
                values = values.tolist()
            self._pending.popleft()
            self._losses.append((step, values[: 1 + self.parts]))
            self.rows += rows
            for name, value in zip(names, values, strict=True):
                self.sums[name] = self.sums.get(name, 0.0) + value * rows

    def new_losses(self) -> list[tuple[int, list[float]]]:
        """Steps that have become known since this was last asked: the loss, then those of parts."""
        losses, self._losses = self._losses, []
        return losses

    def means(self) -> dict[str, float]:
        """The means so far, by name."""
        return {name: total / self.rows for name, total in self.sums.items()}
