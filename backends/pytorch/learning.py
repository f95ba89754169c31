"""What turns gradients into steps: optimizers, their learning rates, and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

import torch
from torch import Tensor, nn

from backends.pytorch.optimizers import Groups, ids_of, make_optimizers
from backends.pytorch.place import CannotTrain
from backends.pytorch.recipe import Group, Optimizing, Part, Recipe
from backends.pytorch.schedule_free import ScheduleFree

Losses = Tensor | Mapping[str, Tensor]  # one, or one for each part of the recipe by its name


class Learner:
    """Some weights of a model and the optimizers that train them: one, but two for Muon."""

    def __init__(self, model: nn.Module, part: Part, recipe: Recipe, device: torch.device) -> None:
        self.part = part
        self.recipe = recipe
        self.device = device
        self.weights = weights_of(model, part)
        self.optimizers = self._make_optimizers(model)
        self.scaler = make_scaler(recipe, part, device)
        self.rate = 0.0  # of the last step

    def _make_optimizers(self, model: nn.Module) -> list[torch.optim.Optimizer]:
        return make_optimizers(
            groups_of(model, self.weights, self.part, self.recipe.groups),
            self.part,
            self.device,
            ids_of(model.modules(), nn.Embedding),
        )

    @torch.no_grad()
    def choose_weights(self, model: nn.Module) -> None:
        """Trains those weights that learn now; what is known of those that did before stays."""
        means, before = self.means(), self.optimizers
        self.clear()
        self.weights = learning_weights(model, self.part)
        for weight, mean in means.items():
            if not weight.requires_grad:
                weight.copy_(mean)  # it stays as it would have been kept
        self.optimizers = self._make_optimizers(model) if self.weights else []
        for new in self.optimizers:
            for old in before:
                hand_over(old, new)

    def loss(self, losses: Losses) -> Tensor:
        """The loss that it makes small, among those that the objective answers."""
        return losses if isinstance(losses, Tensor) else losses[self.part.name]

    def step(self, learn: Callable[[], Tensor], rate: float) -> None:
        """Moves the weights against the gradients that `learn` leaves in them.

        LBFGS asks for them several times in a step.
        """
        self.rate = rate
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * group.get("factor", 1.0)
        if self.part.optimizer == "lbfgs" and self.optimizers:
            self.optimizers[0].step(lambda: learn().item())
            return
        learn()
        if self.scaler is not None and all(weight.grad is None for weight in self.weights):
            return  # it refuses to look for what is too large where there is nothing
        for optimizer in self.optimizers:
            if self.scaler is None:
                optimizer.step()
            else:
                self.scaler.step(optimizer)
        if self.scaler is not None:
            self.scaler.update()

    def clear(self) -> None:
        """Forgets the gradients."""
        for weight in self.weights:  # `zero_grad` of optimizers takes ten times as long
            weight.grad = None

    def backward(self, loss: Tensor) -> None:
        """Adds the gradients of the loss to those that are there."""
        if not (self.weights and loss.requires_grad):
            return  # all that it depends on is frozen
        if self.scaler is not None:
            loss = self.scaler.scale(loss)
        inputs = self.weights if self.part.modules else None  # no gradients of other weights
        loss.backward(inputs=inputs)  # type: ignore[no-untyped-call]  # torch leaves it untyped

    def clip(self) -> None:
        """Makes gradients smaller where they are larger than the recipe allows."""
        value, norm = self.recipe.clip_value, self.recipe.clip_norm
        if self.scaler is not None and (value or norm):
            for optimizer in self.optimizers:
                self.scaler.unscale_(optimizer)
        if value:
            nn.utils.clip_grad_value_(self.weights, value)
        if norm:
            nn.utils.clip_grad_norm_(self.weights, norm)

    def means(self) -> dict[Tensor, Tensor]:
        """The mean of each weight, where the optimizer has one to be measured and kept."""
        found: dict[Tensor, Tensor] = {}
        for optimizer in self.optimizers:
            found |= optimizer.means() if isinstance(optimizer, ScheduleFree) else {}
        return found


def learners_of(model: nn.Module, recipe: Recipe, device: torch.device) -> list[Learner]:
    """Those who take turns in a step: one for each part, or one for the whole model."""
    numbers = {field.name: getattr(recipe, field.name) for field in fields(Optimizing)}
    parts = recipe.parts or (Part(name="loss", **numbers),)
    return [Learner(model, part, recipe, device) for part in parts]


def make_scaler(recipe: Recipe, part: Part, device: torch.device) -> torch.amp.GradScaler | None:
    """What keeps small gradients from being lost in float16.

    Raises:
        CannotTrain: the optimizer cannot do with it.
    """
    if recipe.precision != "float16":
        return None
    if part.optimizer == "lbfgs":
        raise CannotTrain("LBFGS cannot compute in float16. Take float32 or bfloat16.")
    return torch.amp.GradScaler(device.type)


def groups_of(
    model: nn.Module, weights: list[nn.Parameter], part: Part, special: tuple[Group, ...]
) -> Groups:
    """The weights by what is special to them; biases and scales of norms may not decay.

    Raises:
        CannotTrain: the optimizer knows no groups.
    """
    names: dict[int, list[str]] = {}
    for name, weight in model.named_parameters(remove_duplicate=False) if special else ():
        names.setdefault(id(weight), []).append(name)
    found: dict[tuple[float, float], list[nn.Parameter]] = {}
    for weight in weights:
        rate, decay = 1.0, 1.0 if part.decay_all or weight.dim() > 1 else 0.0
        for group in special:
            if any(is_in(module, name) for module in group.modules for name in names[id(weight)]):
                rate, decay = rate * group.learning_rate, decay * group.weight_decay
        found.setdefault((rate, decay), []).append(weight)
    if part.optimizer == "lbfgs" and any(rate != 1 for rate, _ in found):
        raise CannotTrain("LBFGS has one learning rate for all weights; blocks cannot have others.")
    return [
        {"params": each, "weight_decay": decay * part.weight_decay, "factor": rate}
        for (rate, decay), each in found.items()
    ]


def is_in(module: str, name: str) -> bool:
    """Whether a weight is in a module, in whose name `*` stands for any number."""
    parts, found = module.split("."), name.split(".")
    return len(parts) < len(found) and all(
        a in ("*", b) for a, b in zip(parts, found, strict=False)
    )


def weights_of(model: nn.Module, part: Part) -> list[nn.Parameter]:
    """The weights of a part that can be trained, each once.

    Raises:
        CannotTrain: there are none.
    """
    found = learning_weights(model, part)
    if not found:
        what = f"What “{part.name}” trains" if part.modules else "The model"
        raise CannotTrain(f"{what} has no weights to train.")
    return found


def learning_weights(model: nn.Module, part: Part) -> list[nn.Parameter]:
    """The weights of a part that are not frozen, each once."""
    found = {
        id(weight): weight
        for name, weight in model.named_parameters(remove_duplicate=False)
        if weight.requires_grad and holds(part, name)
    }
    return list(found.values())


def hand_over(old: torch.optim.Optimizer, new: torch.optim.Optimizer) -> None:
    """Gives an optimizer what another knows of the weights of both; LBFGS begins anew."""
    if type(old) is not type(new) or isinstance(new, torch.optim.LBFGS):
        return
    alike = {(each["factor"], each["weight_decay"]): each for each in old.param_groups}
    for group in new.param_groups:
        known = alike.get((group["factor"], group["weight_decay"]), {})
        group.update({name: value for name, value in known.items() if name != "params"})
        for weight in group["params"]:
            if weight in old.state:
                new.state[weight] = old.state[weight]
            elif isinstance(new, torch.optim.SGD) and group["momentum"]:  # its kernel wants all
                new.state[weight] = {"momentum_buffer": torch.zeros_like(weight)}


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
