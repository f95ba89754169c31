"""What autograd really keeps of a forward pass: the memory that formulas are held against."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import torch
from torch import Tensor, nn

Hook = torch.autograd.graph.saved_tensors_hooks


class _Kept:
    """A tensor that autograd holds; it goes when autograd lets go of it."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor


def kept_bytes(model: nn.Module, run: Callable[[], object]) -> int:
    """The bytes that autograd keeps of what `run` answers, computed with the model.

    Memory that tensors share counts once; weights and buffers, which are there anyway, do not.
    """
    own = {_place(tensor) for tensor in (*model.parameters(), *model.buffers())}
    found: list[weakref.ref[_Kept]] = []

    def keep(tensor: Tensor) -> _Kept:
        kept = _Kept(tensor.detach())  # an answer would hold on to what holds on to it
        found.append(weakref.ref(kept))
        return kept

    with Hook(keep, lambda kept: kept.tensor):
        answer = run()
    alive = [kept.tensor for kept in (each() for each in found) if kept is not None]
    places = {_place(tensor): tensor.untyped_storage().nbytes() for tensor in alive}
    del answer
    return sum(count for place, count in places.items() if place not in own)


def _place(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()
