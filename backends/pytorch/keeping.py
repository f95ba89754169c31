"""What autograd really keeps of a forward pass: the memory that formulas are held against."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

Hook = torch.autograd.graph.saved_tensors_hooks


def kept_bytes(model: nn.Module, run: Callable[[], object]) -> int:
    """The bytes that autograd keeps of what `run` computes with the model.

    Memory that tensors share counts once; weights and buffers, which are there anyway, do not.
    """
    own = {_place(tensor) for tensor in (*model.parameters(), *model.buffers())}
    found: dict[int, int] = {}
    alive: list[Tensor] = []  # else the memory of one could be given to the next

    def keep(tensor: Tensor) -> Tensor:
        found[_place(tensor)] = tensor.untyped_storage().nbytes()
        alive.append(tensor)
        return tensor

    with Hook(keep, lambda tensor: tensor):
        run()
    return sum(count for place, count in found.items() if place not in own)


def _place(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()
