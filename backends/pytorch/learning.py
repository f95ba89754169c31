"""What turns gradients into steps: optimizers, their learning rates, and whose turn it is."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from backends.pytorch.place import CannotTrain
from backends.pytorch.recipe import Part, Recipe

Losses = Tensor | Mapping[str, Tensor]  # one, or one for each part of the recipe by its name


class Learner:
    """Some weights of a model and the optimizer that trains them."""

    def __init__(self, model: nn.Module, part: Part, device: torch.device) -> None:
        self.part = part
        self.weights = weights_of(model, part)
        self.optimizer = make_optimizer(self.weights, part, device)

    def loss(self, losses: Losses) -> Tensor:
        """The loss that it makes small, among those that the objective answers."""
        return losses if isinstance(losses, Tensor) else losses[self.part.name]

    def step(self, loss: Tensor, rate: float, clip_norm: float) -> None:
        """Moves the weights against the gradient of the loss."""
        inputs = self.weights if self.part.modules else None  # no gradients of other weights
        loss.backward(inputs=inputs)  # type: ignore[no-untyped-call]  # torch leaves it untyped
        if clip_norm:
            nn.utils.clip_grad_norm_(self.weights, clip_norm)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()


def learners_of(model: nn.Module, recipe: Recipe, device: torch.device) -> list[Learner]:
    """Those who take turns in a step: one for each part, or one for the whole model."""
    whole = Part(
        "loss",
        optimizer=recipe.optimizer,
        learning_rate=recipe.learning_rate,
        momentum=recipe.momentum,
        weight_decay=recipe.weight_decay,
    )
    return [Learner(model, part, device) for part in recipe.parts or (whole,)]


def weights_of(model: nn.Module, part: Part) -> list[nn.Parameter]:
    """The weights of a part that can be trained, each once.

    Raises:
        CannotTrain: there are none.
    """
    found = {
        id(weight): weight
        for name, weight in model.named_parameters(remove_duplicate=False)
        if weight.requires_grad and holds(part, name)
    }
    if not found:
        what = f"What “{part.name}” trains" if part.modules else "The model"
        raise CannotTrain(f"{what} has no weights to train.")
    return list(found.values())


def holds(part: Part, name: str) -> bool:
    """Whether a part trains the weight of that name."""
    return not part.modules or any(
        name == module or name.startswith(f"{module}.") for module in part.modules
    )


def summed(losses: Losses, metrics: Mapping[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that a run is judged by, and what is shown beside it, the losses of parts first."""
    if isinstance(losses, Tensor):
        return losses, dict(metrics)
    each = [loss.detach() for loss in losses.values()]
    if len(each) == 1:
        return each[0], dict(metrics)
    return torch.stack(each).sum(), {**losses, **metrics}


def make_optimizer(
    weights: list[nn.Parameter], part: Part, device: torch.device
) -> torch.optim.Optimizer:
    """The optimizer that is asked for, over these weights."""
    lr, momentum, decay = part.learning_rate, part.momentum, part.weight_decay
    betas = (part.beta1, part.beta2)
    # one kernel for all weights makes tiny steps up to 1.3 times faster on a CPU
    fused = device.type in ("cpu", "cuda")
    match part.optimizer:
        case "sgd":
            return torch.optim.SGD(weights, lr, momentum, weight_decay=decay, fused=fused)
        case "adam":
            return torch.optim.Adam(weights, lr, betas, weight_decay=decay, fused=fused)
        case "adamw":
            return torch.optim.AdamW(weights, lr, betas, weight_decay=decay, fused=fused)
        case "rmsprop":
            return torch.optim.RMSprop(weights, lr, momentum=momentum, weight_decay=decay)
    raise CannotTrain(f"There is no optimizer “{part.optimizer}”.")


def learning_rate_at(recipe: Recipe, peak: float, step: int, steps_per_epoch: int) -> float:
    """The learning rate of a step, counted from 0; `peak` is what the schedule makes less of.

    One-cycle follows Smith and Topin, Super-Convergence (2017), with PyTorch's numbers: from
    1/25 of the learning rate up to it over 30 % of the steps, then down to 1/250,000 of it.
    """
    total = recipe.epochs * steps_per_epoch
    if recipe.schedule == "one-cycle":
        top = max(0.0, 0.3 * total - 1)
        if step <= top:
            return _between(peak / 25, peak, step / top if top else 1.0)
        return _between(peak, peak / 250_000, min(1.0, (step - top) / (total - 1 - top)))
    rate = peak
    if recipe.schedule == "step":
        rate *= recipe.gamma ** (step // steps_per_epoch // recipe.step_size)
    elif recipe.schedule == "cosine":
        rate = _between(peak, 0.0, min(1.0, step / total))
    return rate * min(1.0, (step + 1) / recipe.warmup_steps) if recipe.warmup_steps else rate


def _between(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
