"""The optimizers that a recipe can ask for: those of PyTorch, and Lion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from backends.pytorch.place import CannotTrain
from backends.pytorch.quick_adam import QuickAdam, QuickAdamW, can_be_quick
from backends.pytorch.recipe import Optimizing
from backends.pytorch.schedule_free import ScheduleFree

Groups = list[dict[str, Any]]  # Any: weights and options, as torch's optimizers take them


def make_optimizers(
    groups: Groups, chosen: Optimizing, device: torch.device, vectors: set[int]
) -> list[torch.optim.Optimizer]:
    """The optimizer that is asked for, over these weights; for Muon there are two.

    Args:
        groups: weights with the options that only they have.
        vectors: the ids of those weights that are no matrices to Muon, whatever their shape.
    """
    if chosen.optimizer != "muon":
        return [make_optimizer(groups, chosen, device)]
    if not hasattr(torch.optim, "Muon"):
        raise CannotTrain(
            f"Muon comes with PyTorch 2.9 and later, but this is {torch.__version__}."
        )
    matrices, others = divided(groups, lambda w: w.dim() == 2 and id(w) not in vectors)
    found: list[torch.optim.Optimizer] = []
    if matrices:
        # a step as large as AdamW's, so that one learning rate is right for both:
        # Muon is Scalable for LLM Training (2025), section 2.2
        found.append(
            torch.optim.Muon(
                matrices, chosen.learning_rate, chosen.weight_decay, chosen.momentum,
                chosen.nesterov, adjust_lr_fn="match_rms_adamw",
            )
        )  # fmt: skip
    if others:
        found.append(adam(adamw_for(others, device), others, chosen, fused=is_fused(device)))
    return found


def make_optimizer(
    groups: Groups, chosen: Optimizing, device: torch.device
) -> torch.optim.Optimizer:
    """The optimizer that is asked for, over these weights."""
    lr, momentum, decay = chosen.learning_rate, chosen.momentum, chosen.weight_decay
    betas, eps = (chosen.beta1, chosen.beta2), chosen.epsilon
    fused = is_fused(device)
    match chosen.optimizer:
        case "sgd":
            return torch.optim.SGD(
                groups, lr, momentum, chosen.dampening if momentum and not chosen.nesterov else 0,
                decay, nesterov=chosen.nesterov and momentum > 0,
                fused=fused and are_whole(groups),
            )  # fmt: skip
        case "adam":
            return adam(adam_for(groups, device), groups, chosen, fused=fused)
        case "adamw":
            return adam(adamw_for(groups, device), groups, chosen, fused=fused)
        case "nadam":
            return adam(torch.optim.NAdam, groups, chosen)
        case "radam":
            return adam(torch.optim.RAdam, groups, chosen)
        case "adagrad":
            return torch.optim.Adagrad(groups, lr, weight_decay=decay, eps=eps)
        case "rmsprop":
            return torch.optim.RMSprop(groups, lr, chosen.alpha, eps, decay, momentum)
        case "lbfgs":
            weights = [weight for group in groups for weight in group["params"]]
            return torch.optim.LBFGS(
                weights, lr, chosen.inner_steps, history_size=chosen.history,
                line_search_fn="strong_wolfe",
            )  # fmt: skip
        case "lion":
            return Lion(groups, lr, betas, decay)
        case "schedule-free-adamw":
            return ScheduleFree(groups, lr, chosen.beta1, chosen.beta2, eps, decay)
        case "schedule-free-sgd":
            return ScheduleFree(groups, lr, momentum, None, eps, decay)
    raise CannotTrain(f"There is no optimizer “{chosen.optimizer}”.")


def adam(
    make: Callable[..., torch.optim.Optimizer], groups: Groups, chosen: Optimizing, **options: bool
) -> torch.optim.Optimizer:
    """Adam, or one of its kin."""
    return make(
        groups, lr=chosen.learning_rate, betas=(chosen.beta1, chosen.beta2), eps=chosen.epsilon,
        weight_decay=chosen.weight_decay, **options,
    )  # fmt: skip


def adam_for(groups: Groups, device: torch.device) -> type[torch.optim.Optimizer]:
    """The fastest Adam for these weights."""
    weights = (weight for group in groups for weight in group["params"])
    return QuickAdam if can_be_quick(weights, device) else torch.optim.Adam


def adamw_for(groups: Groups, device: torch.device) -> type[torch.optim.Optimizer]:
    """The fastest AdamW for these weights."""
    weights = (weight for group in groups for weight in group["params"])
    return QuickAdamW if can_be_quick(weights, device) else torch.optim.AdamW


def are_whole(groups: Groups) -> bool:
    """Whether the weights are no parts of what several processes share out: SGD's kernel fails."""
    return all(type(weight) is nn.Parameter for group in groups for weight in group["params"])


def is_fused(device: torch.device) -> bool:
    """Whether one kernel may step all weights: tiny steps are up to 1.3 times faster on a CPU."""
    return device.type in ("cpu", "cuda")


def divided(groups: Groups, is_first: Callable[[Tensor], bool]) -> tuple[Groups, Groups]:
    """The groups with those weights only for which that holds, and the groups with the others."""
    found: tuple[Groups, Groups] = ([], [])
    for group in groups:
        for wanted, side in zip((True, False), found, strict=True):
            weights = [weight for weight in group["params"] if is_first(weight) is wanted]
            if weights:
                side.append({**group, "params": weights})
    return found


class Lion(torch.optim.Optimizer):
    """Steps of one size for all weights, to the side that gradient and momentum point to.

    Source: Symbolic Discovery of Optimization Algorithms (2023), program 1.
    """

    def __init__(
        self, groups: Groups, lr: float, betas: tuple[float, float], weight_decay: float
    ) -> None:
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:  # type: ignore[override]  # torch overloads it
        """Moves the weights against their gradients."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            weights = [weight for weight in group["params"] if weight.grad is not None]
            if not weights:
                continue
            gradients = [weight.grad for weight in weights]
            means = [self.mean_of(weight) for weight in weights]
            lr, (beta1, beta2) = group["lr"], group["betas"]
            moves = torch._foreach_lerp(means, gradients, 1 - beta1)
            torch._foreach_sign_(moves)
            torch._foreach_mul_(weights, 1 - lr * group["weight_decay"])
            torch._foreach_add_(weights, moves, alpha=-lr)
            torch._foreach_lerp_(means, gradients, 1 - beta2)
        return loss

    def mean_of(self, weight: nn.Parameter) -> Tensor:
        """The mean of a weight's gradients so far."""
        state = self.state[weight]
        if not state:
            state["mean"] = torch.zeros_like(weight)
        mean: Tensor = state["mean"]
        return mean


def ids_of(modules: Iterable[nn.Module], kind: type[nn.Module]) -> set[int]:
    """The ids of the weights that lie directly in modules of that kind."""
    return {
        id(weight)
        for module in modules
        if isinstance(module, kind)
        for weight in module.parameters(recurse=False)
    }
