"""Adam and AdamW with little around their kernel, for small models on a CPU.

Steps, state and state_dict are those of PyTorch's own. But it looks for state, groups tensors by
device and asks a profiler in every step, which takes several times as long as the kernel does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Ready:
    """The weights of a group with their state, as the kernel takes them.

    Attributes:
        counts: how many steps each has made, in one tensor; `steps` are its numbers.
    """

    group: Mapping[str, Any]  # Any: options, as torch's optimizers hold them
    weights: list[nn.Parameter]
    means: list[Tensor]
    squares: list[Tensor]
    counts: Tensor
    steps: list[Tensor]


class _Quick(torch.optim.Optimizer):
    """Takes PyTorch's own first step, which makes the state, and then quick ones.

    Weights must be plain tensors of one type on a CPU.
    """

    kernel: Callable[..., None]
    _ready: tuple[Ready, ...] = ()

    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:  # type: ignore[override]  # torch overloads it
        """Moves the weights against their gradients."""
        gradients = [
            [gradient for weight in ready.weights if (gradient := weight.grad) is not None]
            for ready in self._ready
        ]
        is_scaled = hasattr(self, "found_inf")  # a GradScaler puts it there for one step
        if closure is not None or is_scaled or not self._are_whole(gradients):
            loss: Tensor | None = super().step(closure)  # type: ignore[arg-type]  # the same
            self._ready = self._ready or ready_of(self)
            return loss
        with torch.no_grad():
            for ready, moves in zip(self._ready, gradients, strict=True):
                self._move(ready, moves)
        return None

    step.hooked = True  # type: ignore[attr-defined]  # or torch wraps it, for its profiler

    def _are_whole(self, gradients: list[list[Tensor]]) -> bool:
        """Whether these are gradients of all weights."""
        return bool(gradients) and all(
            len(moves) == len(ready.weights)
            for ready, moves in zip(self._ready, gradients, strict=True)
        )

    def _move(self, ready: Ready, gradients: list[Tensor]) -> None:
        group = ready.group
        beta1, beta2 = group["betas"]
        ready.counts.add_(1)
        self.kernel(
            ready.weights, gradients, ready.means, ready.squares, [], ready.steps,
            lr=group["lr"], beta1=beta1, beta2=beta2, weight_decay=group["weight_decay"],
            eps=group["eps"], amsgrad=False, maximize=False,
        )  # fmt: skip

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:  # Any: as torch has it
        """Goes back to a stored state."""
        super().load_state_dict(state_dict)
        self._ready = ()


class QuickAdam(_Quick, torch.optim.Adam):
    """Adam."""

    kernel = torch._fused_adam_


class QuickAdamW(_Quick, torch.optim.AdamW):
    """AdamW."""

    kernel = torch._fused_adamw_


def ready_of(optimizer: torch.optim.Optimizer) -> tuple[Ready, ...]:
    """What steps of the groups need; nothing as long as some weights have no state."""
    found = []
    for group in optimizer.param_groups:
        weights = group["params"]
        states = [state for weight in weights if (state := optimizer.state.get(weight))]
        if len(states) < len(weights):
            return ()
        counts = torch.stack([state["step"] for state in states])
        steps = list(counts.unbind())
        for state, step in zip(states, steps, strict=True):
            state["step"] = step
        means, squares = ([state[name] for state in states] for name in ("exp_avg", "exp_avg_sq"))
        found.append(Ready(group, weights, means, squares, counts, steps))
    return tuple(found)


def can_be_quick(weights: Iterable[Tensor], device: torch.device) -> bool:
    """Whether quick steps are right for these weights."""
    kinds = {(type(weight), weight.dtype) for weight in weights}
    return device.type == "cpu" and kinds == {(nn.Parameter, torch.float32)}
