"""Means of weights over many steps, which are measured and kept in place of the last ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from backends.pytorch.recipe import Recipe


class Average:
    """The mean of each weight that is trained, and of what is counted beside weights.

    Two kinds: `ema`, in which every step counts a little less than the one after it, and `swa`, in
    which the ends of all epochs from one on count the same.

    Source: for `swa` Izmailov et al., Averaging Weights Leads to Wider Optima (2018). The decay of
    `ema` rises to what it is to be, so that the first weights are soon forgotten.
    """

    def __init__(self, model: nn.Module, recipe: Recipe) -> None:
        self.recipe = recipe
        weights = {name: each for name, each in model.named_parameters() if each.requires_grad}
        counted = {name: each for name, each in model.named_buffers() if each.is_floating_point()}
        self.of: dict[str, Tensor] = {**weights, **counted}
        self._all = dict(model.named_parameters())
        self.means: dict[str, Tensor] = {}
        self.count = 0

    @torch.no_grad()
    def take(self, share: float) -> None:
        """Moves the means by that share of the way to what the weights are now."""
        if not self.means:
            self.means = {name: each.detach().clone() for name, each in self.of.items()}
        else:
            now = [self.of[name].detach() for name in self.means]
            torch._foreach_lerp_(list(self.means.values()), now, share)
        self.count += 1

    def after_step(self) -> None:
        """A step is done."""
        if self.recipe.averaging == "ema":
            self.take(1 - min(self.recipe.ema_decay, (1 + self.count) / (10 + self.count)))

    def after_epoch(self, epoch: int) -> None:
        """The steps of an epoch are done, counted from 1."""
        # a run that was stopped before the epoch's validation comes here twice
        if self.recipe.averaging == "swa" and self.count <= epoch - self.recipe.swa_start:
            self.take(1 / (1 + self.count))

    def by_tensor(self) -> dict[Tensor, Tensor]:
        """The means by the tensor that they are of."""
        return {self.of[name]: mean for name, mean in self.means.items()}

    def take_in(self) -> None:
        """Weights that were frozen and learn now take part; until now they are their own means."""
        for name, weight in self._all.items():
            if weight.requires_grad and name not in self.of:
                self.of[name] = weight
                if self.means:
                    self.means[name] = weight.detach().clone()

    @torch.no_grad()
    def take_counted(self, model: nn.Module) -> None:
        """Takes what the model has counted with the means as its weights, as BatchNorm does."""
        for name, buffer in model.named_buffers():
            if name in self.means:
                self.means[name].copy_(buffer)

    def state_dict(self) -> dict[str, Any]:  # Any: a number and tensors
        """Everything, as `load_state_dict` takes it back."""
        return {"count": self.count, "means": self.means}

    def load_state_dict(self, count: int, means: Mapping[str, Tensor]) -> None:
        """Goes back to a stored state."""
        self.count = count
        self.of |= {name: self._all[name] for name in means if name not in self.of}
        self.means = {name: mean.to(self.of[name].device) for name, mean in means.items()}


def batch_norms(model: nn.Module) -> list[nn.modules.batchnorm._BatchNorm]:
    """The norms of a model that count means over batches."""
    return [
        part
        for part in model.modules()
        if isinstance(part, nn.modules.batchnorm._BatchNorm) and part.running_mean is not None
    ]
