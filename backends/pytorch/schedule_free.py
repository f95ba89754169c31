"""Schedule-free SGD and AdamW: a mean of the weights takes the place of a falling learning rate.

The gradients are those at y, between the fast weights z and their mean x:
    y = (1 - beta) z + beta x
    z = z - lr * gradient(y)
    x = (1 - c) x + c z      where c is the share of this step's lr² in the sum of all so far
What is trained is y, what is measured and kept is x, which y and z tell.

Source: Defazio et al., The Road Less Scheduled (2024), algorithm 1, and as they weigh a warm-up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from backends.pytorch.place import CannotTrain


class ScheduleFree(torch.optim.Optimizer):
    """AdamW without a schedule; SGD where there is no beta2."""

    def __init__(
        self,
        groups: list[dict[str, Any]],  # Any: weights and options, as torch's optimizers take them
        lr: float,
        beta: float,
        beta2: float | None,
        eps: float,
        weight_decay: float,
    ) -> None:
        if beta <= 0:
            raise CannotTrain(
                "Schedule-free training needs a momentum, or a beta1, above 0, such as 0.9."
            )
        options = {"lr": lr, "beta": beta, "beta2": beta2, "eps": eps, "weight_decay": weight_decay}
        super().__init__(groups, {**options, "steps": 0, "largest_lr": 0.0, "weight_sum": 0.0})

    @torch.no_grad()
    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:  # type: ignore[override]  # torch overloads it
        """Moves the weights against their gradients."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            self._step_group(group)
        return loss

    def _step_group(self, group: dict[str, Any]) -> None:  # Any: as torch's optimizers have it
        ys = [weight for weight in group["params"] if weight.grad is not None]
        if not ys:
            return
        for y in ys:
            if not self.state[y]:
                self.state[y]["z"] = y.clone()
                if group["beta2"] is not None:
                    self.state[y]["squares"] = torch.zeros_like(y)
        zs, lr, beta = [self.state[y]["z"] for y in ys], group["lr"], group["beta"]
        group["steps"] += 1
        moves = self._moves(group, ys)
        if group["weight_decay"]:
            torch._foreach_add_(moves, ys, alpha=group["weight_decay"])
        group["largest_lr"] = max(group["largest_lr"], lr)
        group["weight_sum"] += group["largest_lr"] ** 2
        share = group["largest_lr"] ** 2 / group["weight_sum"] if group["weight_sum"] else 0.0
        torch._foreach_lerp_(ys, zs, share)
        torch._foreach_add_(ys, moves, alpha=lr * (beta * (1 - share) - 1))
        torch._foreach_sub_(zs, moves, alpha=lr)

    def _moves(self, group: dict[str, Any], ys: list[Tensor]) -> list[Tensor]:  # Any: as above
        """The gradients, for AdamW each by the root of the mean of its squares."""
        gradients = [y.grad.clone() for y in ys if y.grad is not None]
        beta2 = group["beta2"]
        if beta2 is None:
            return gradients
        squares = [self.state[y]["squares"] for y in ys]
        torch._foreach_mul_(squares, beta2)
        torch._foreach_addcmul_(squares, gradients, gradients, value=1 - beta2)
        roots = torch._foreach_div(squares, 1 - beta2 ** group["steps"])
        torch._foreach_sqrt_(roots)
        torch._foreach_add_(roots, group["eps"])
        torch._foreach_div_(gradients, roots)
        return gradients

    @torch.no_grad()
    def means(self) -> dict[Tensor, Tensor]:
        """The mean x of each weight that has moved: what is to be measured and kept."""
        return {
            y: y.lerp(self.state[y]["z"], 1 - 1 / group["beta"])
            for group in self.param_groups
            for y in group["params"]
            if self.state.get(y)
        }
