"""The state of a run at one moment, copied so fast that the run hardly waits, and written later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from backends.pytorch.checkpoint import write_checkpoint, write_weights
from backends.pytorch.paths import Paths
from backends.pytorch.run import Run
from backends.runs.checkpoints import checkpoint_path
from backends.runs.folder import WEIGHTS

Key = tuple[int, int | torch.SymInt, torch.Size, tuple[int, ...], torch.dtype]


@dataclass(frozen=True)
class Snapshot:
    """All of a run that goes to the disk; nothing of it changes any more.

    Attributes:
        state: what the run needs to go on.
        last: the weights that it would end with now.
        best: those of its best epoch, where they are not on the disk yet.
    """

    state: Mapping[str, Any]  # Any: as `Run.state_dict` gives it
    last: Mapping[str, Tensor]
    best: Mapping[str, Tensor]
    step: int

    def write(self, folder: Path, paths: Paths, *, is_kept: bool) -> None:
        """Writes checkpoint and weights, each whole or not at all.

        Raises:
            UserError: the disk refuses; the files from before are still there.
        """
        write_checkpoint(checkpoint_path(folder, self.step, is_kept=is_kept), self.state)
        write_weights(folder / WEIGHTS["last"], self.last, paths)
        self.write_best(folder, paths)

    def write_best(self, folder: Path, paths: Paths) -> None:
        """Writes the weights of the best epoch, where there are new ones.

        Raises:
            UserError: the disk refuses; the file from before is still there.
        """
        if self.best:
            write_weights(folder / WEIGHTS["best"], self.best, paths)


def take(run: Run, *, with_best: bool) -> Snapshot:
    """Copies the state of a run, each tensor once, on the device where it lies."""
    state, last, copies = run.state_dict(), run.weights(), _Copies()
    for weight in run.best_weights.values():
        copies.share(weight)  # they are replaced, never changed
    return Snapshot(
        copies.of(state), copies.of(last), run.best_weights if with_best else {}, run.step
    )


class _Copies:
    """Copies of values; what was one tensor is one tensor again."""

    def __init__(self) -> None:
        self._made: dict[Key, Tensor] = {}

    def share(self, tensor: Tensor) -> None:
        """Takes a tensor as its own copy."""
        self._made[_key(tensor)] = tensor

    def of(self, value: Any) -> Any:  # Any: plain values and tensors, nested
        """A copy of a value."""
        if isinstance(value, Tensor):
            key = _key(value)
            if key not in self._made:
                self._made[key] = _copied(value)
            return self._made[key]
        if isinstance(value, Mapping):
            return {name: self.of(held) for name, held in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self.of, value))
        return value


def _key(tensor: Tensor) -> Key:
    place = tensor.untyped_storage().data_ptr()
    return (place, tensor.storage_offset(), tensor.shape, tensor.stride(), tensor.dtype)


def _copied(tensor: Tensor) -> Tensor:
    try:
        return tensor.detach().clone()
    except torch.OutOfMemoryError:
        return tensor.detach().cpu()  # slower, but the run goes on
