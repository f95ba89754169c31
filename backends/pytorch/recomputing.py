"""Computes parts of a model again in the backward pass, in place of keeping what they computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from backends.pytorch.averaging import batch_norms

Forward = Callable[..., Any]  # Any: whatever a module takes and answers


def recompute(model: nn.Module, names: tuple[str, ...]) -> None:
    """Has these modules keep their inputs only; of those in a row each by itself.

    Training takes about a third more time, for much less memory. Numbers are the same, since
    dropout draws the same ones again.

    Args:
        names: of modules, in which `*` stands for any number: `stages.*.body`.
    """
    for name, module in list(model.named_modules()) if names else ():
        if any(is_called(pattern, name) for pattern in names):
            is_row = type(module) in (nn.Sequential, nn.ModuleList)
            for part in module.children() if is_row else (module,):
                if "forward" not in vars(part):
                    part.forward = recomputing(part, part.forward)


def is_called(pattern: str, name: str) -> bool:
    """Whether a module has that name, in which `*` stands for any number."""
    parts, found = pattern.split("."), name.split(".")
    return len(parts) == len(found) and all(
        a in ("*", b) for a, b in zip(parts, found, strict=True)
    )


def recomputing(module: nn.Module, forward: Forward) -> Forward:
    """What computes the same as a module does, and again where gradients are wanted."""

    def contexts() -> tuple[AbstractContextManager[None], AbstractContextManager[None]]:
        return nullcontext(), not_counting(module)

    def call(*inputs: Any) -> Any:  # Any: as above
        if not torch.is_grad_enabled():
            return forward(*inputs)
        return checkpoint(forward, *inputs, use_reentrant=False, context_fn=contexts)

    return call


@contextmanager
def not_counting(module: nn.Module) -> Iterator[None]:
    """BatchNorms would count a batch twice that is computed twice."""
    norms = [norm for norm in batch_norms(module) if norm.training]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    try:
        yield
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
