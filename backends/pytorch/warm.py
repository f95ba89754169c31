"""Pays in advance what the first training step would cost: torch's late imports."""

from __future__ import annotations

import importlib

import torch
from torch import nn


def warm_up() -> None:
    """Makes one step on a few zeros, in this thread.

    No random number is drawn: the generator is shared by all threads, and a run may have begun.
    """
    importlib.import_module("backends.pytorch.train")
    weight = nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.Adam([weight])
    (weight * 2).sum().backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    optimizer.step()
