"""The state of a run at one moment, copied so fast that the run hardly waits, and written later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from backends.pytorch.checkpoint import write_checkpoint, write_weights
from backends.pytorch.memory import free_bytes
from backends.pytorch.paths import Paths
from backends.pytorch.run import Run
from backends.runs.checkpoints import checkpoint_path
from backends.runs.folder import WEIGHTS

Shape = tuple[torch.Size, tuple[int, ...], torch.dtype]
Key = tuple[int, int | torch.SymInt, torch.Size, tuple[int, ...], torch.dtype]
LARGE_BYTES = 16 << 20
LARGEST_SHARE = 0.25
"""Of the memory that is free, which is kept for copies."""


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
    own: Sequence[Tensor] = ()  # the copies among all these

    def write(self, folder: Path, paths: Paths, *, is_kept: bool) -> None:
        """Writes checkpoint and weights, each whole or not at all.

        Raises:
            UserError: the disk refuses; the files from before are still there.
        """
        write_checkpoint(checkpoint_path(folder, self.step, is_kept=is_kept), self.state)
        write_weights(folder / WEIGHTS["last"], self.last, paths)
        self.write_best(folder, paths)

    def give_back(self, room: Room) -> None:
        """Lets another copy have the memory of this one."""
        for tensor in self.own:
            room.give_back(tensor)

    def write_best(self, folder: Path, paths: Paths) -> None:
        """Writes the weights of the best epoch, where there are new ones.

        Raises:
            UserError: the disk refuses; the file from before is still there.
        """
        if self.best:
            write_weights(folder / WEIGHTS["best"], self.best, paths)


def take(run: Run, room: Room, *, with_best: bool) -> Snapshot:
    """Copies the state of a run, each tensor once, on the device where it lies."""
    state, last, copies = run.state_dict(), run.weights(), _Copies(room)
    best: Mapping[str, Tensor] = state["best_weights"]
    for weight in best.values():
        copies.share(weight)  # they are replaced, never changed
    best = best if with_best else {}
    return Snapshot(copies.of(state), copies.of(last), best, run.step, copies.own)


def whole(run: Run, *, with_best: bool) -> Snapshot:
    """The state of a run itself, to be written before the run goes on."""
    state = run.state_dict()
    best = state["best_weights"] if with_best else {}
    return Snapshot(state, run.weights(), best, run.step)


class Room:
    """Memory for copies of large states, used again by every copy.

    New memory comes page by page when it is first written to, which takes several times as long as
    the copy itself.
    """

    def __init__(self) -> None:
        self._spare: dict[Shape, list[Tensor]] = {}
        self.is_there = False

    def is_worth_it(self, run: Run) -> bool:
        """Whether the state is large, lies in the memory of the processor, and has no room yet."""
        if self.is_there or run.place.device.type != "cpu" or run.team.sharded:
            return False
        size, free = sum(tensor.nbytes for tensor in _tensors(run)), free_bytes()
        return size >= LARGE_BYTES and (free is None or LARGEST_SHARE * free > size)

    def wanted(self, run: Run) -> list[Shape]:
        """What a copy of the state takes."""
        shared = {_key(weight) for weight in run.best_weights.values()}
        found = {_key(tensor): _shape(tensor) for tensor in _tensors(run)}
        return [shape for key, shape in found.items() if key not in shared]

    def make(self, wanted: Iterable[Shape]) -> None:
        """Makes the memory, beside the run."""
        self.is_there = True
        for shape, stride, dtype in wanted:
            self.give_back(torch.empty_strided(shape, stride, dtype=dtype).zero_())

    def take(self, tensor: Tensor) -> Tensor | None:
        """Room for a copy of a tensor, if there is some."""
        spare = self._spare.get(_shape(tensor))
        return spare.pop() if spare else None

    def give_back(self, tensor: Tensor) -> None:
        """Takes a copy that is needed no longer."""
        if self.is_there:
            self._spare.setdefault(_shape(tensor), []).append(tensor)


class _Copies:
    """Copies of values; what was one tensor is one tensor again."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._made: dict[Key, Tensor] = {}
        self.own: list[Tensor] = []

    def share(self, tensor: Tensor) -> None:
        """Takes a tensor as its own copy."""
        self._made[_key(tensor)] = tensor

    def of(self, value: Any) -> Any:  # Any: plain values and tensors, nested
        """A copy of a value."""
        if isinstance(value, Tensor):
            key = _key(value)
            if key not in self._made:
                self._made[key] = self._copied(value)
                self.own.append(self._made[key])
            return self._made[key]
        if isinstance(value, Mapping):
            return {name: self.of(held) for name, held in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self.of, value))
        return value

    def _copied(self, tensor: Tensor) -> Tensor:
        place = self._room.take(tensor)
        if place is not None:
            return place.copy_(tensor.detach())
        try:
            return tensor.detach().clone()
        except torch.OutOfMemoryError:
            return tensor.detach().cpu()  # slower, but the run goes on


def _tensors(run: Run) -> Iterator[Tensor]:
    return _held((run.state_dict(), run.weights()))


def _held(value: Any) -> Iterator[Tensor]:  # Any: as in `_Copies.of`
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, (list, tuple)):
            waiting += value


def _key(tensor: Tensor) -> Key:
    return (tensor.untyped_storage().data_ptr(), tensor.storage_offset(), *_shape(tensor))


def _shape(tensor: Tensor) -> Shape:
    return (tensor.shape, tensor.stride(), tensor.dtype)
