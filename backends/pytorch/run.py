"""All that changes while a model trains, as a value that can be stored and gone on with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from backends.pytorch.averaging import Average
from backends.pytorch.distributed import ALONE, Team
from backends.pytorch.knobs import Knobs
from backends.pytorch.learning import is_in, learners_of
from backends.pytorch.means import Means
from backends.pytorch.place import CannotTrain, Place, random_state, set_random_state
from backends.pytorch.recipe import Recipe
from backends.pytorch.recomputing import recompute
from backends.pytorch.rows import Cut
from backends.pytorch.schedule import plateau_share


@dataclass(frozen=True)
class Epoch:
    """What an epoch came to: means over its rows, of the loss and of the metrics by name."""

    epoch: int
    step: int
    train: dict[str, float]
    validation: dict[str, float]
    learning_rate: float
    seconds: float
    best: bool

    @property
    def loss(self) -> float:
        """The loss that counts: the validation's, or the training's where there is none."""
        return (self.validation or self.train)["loss"]


class Diverged(CannotTrain):
    """The loss is no longer a number."""

    def __init__(self, loss: float, step: int, epoch: int, where: str = "loss") -> None:
        super().__init__(
            f"The {where} became {loss} at step {step} in epoch {epoch}. Lower the learning rate, "
            "clip the gradients, or check that the data has no extreme or missing values."
        )
        self.loss, self.step, self.epoch = loss, step, epoch


class Run:
    """All that changes while a model trains; it can be stored, and gone on with later."""

    def __init__(
        self, model: nn.Module, recipe: Recipe, place: Place, cuts: list[Cut], team: Team = ALONE
    ) -> None:
        recompute(model, recipe.recomputed)
        self.model = model
        self.team = team
        self.network = team.spread(model, recipe, place.device)  # the model as training calls it
        self.note = ""  # what a person is to be told of it
        self.place = place
        self.cuts = cuts
        self.learners = learners_of(model, recipe, place.device)
        self.knobs = Knobs(recipe, self.learners, self.freeze)
        self.average = Average(model, recipe)
        self.step = 0
        self.seconds = 0.0  # that the steps took
        self.batch = 0  # batches of the current epoch that are done
        self.means = self.no_means()
        self.history: list[Epoch] = []
        self.best: Epoch | None = None
        self.best_weights: dict[str, Tensor] = {}
        self.lowest = math.inf  # loss that early stopping compares with
        self.stale_epochs = 0  # since then
        self.plateau = 1.0  # what the plateau schedule makes of the learning rate

    @property
    def recipe(self) -> Recipe:
        """How the model is trained now."""
        return self.knobs.recipe

    def freeze(self, before: str, now: str) -> None:
        """Has the weights of other modules stay as they are, and those of modules before learn."""
        was, found = names_in(before), names_in(now)
        for name, weight in self.model.named_parameters(remove_duplicate=False):
            if is_in_any(was, name) and not is_in_any(found, name):
                weight.requires_grad_(True)
        for name, weight in self.model.named_parameters(remove_duplicate=False):
            if is_in_any(found, name):
                weight.requires_grad_(False)
        for learner in self.learners:
            learner.choose_weights(self.model)
        self.average.take_in()
        self.network = self.team.spread_anew(self.network, self.model, self.recipe)

    def no_means(self) -> Means:
        """Means of nothing yet; they tell the losses of the parts step by step too."""
        parts = len(self.recipe.parts)
        return Means(self.place.device, parts if parts > 1 else 0)

    def pieces(self, cut: Cut) -> int:
        """How many batches make up the step over these rows."""
        if self.recipe.accumulate == 1:
            return 1
        return min(self.recipe.accumulate, -(-(cut[1] - cut[0]) // self.recipe.batch_size))

    def is_over(self) -> bool:
        """Whether a rule of the recipe ends the run."""
        return bool(self.why_over())

    def why_over(self) -> str:
        """Which rule of the recipe ends the run now: epochs, loss, metric, steps, time, or none."""
        recipe = self.recipe
        if len(self.history) >= recipe.epochs:
            return "epochs"
        if recipe.early_stopping and self.stale_epochs >= recipe.patience:
            return "loss"
        if self.history and is_reached(recipe, self.history[-1]):
            return "metric"
        return ("steps" if self.step >= recipe.max_steps > 0 else "time") if self.is_out() else ""

    def is_out(self) -> bool:
        """Whether no step is left, or no time."""
        recipe = self.recipe
        return self.step >= recipe.max_steps > 0 or self.seconds >= 60 * recipe.max_minutes > 0

    def end_epoch(self, validation: dict[str, float], seconds: float) -> Epoch:
        """Writes the epoch into the history, and keeps its weights if they are the best so far.

        Raises:
            Diverged: the validation's loss is not a number.
        """
        number, train = len(self.history) + 1, self.means.means()
        loss = validation.get("loss", train["loss"])
        if not math.isfinite(loss):
            raise Diverged(loss, self.step, number, "validation loss")
        best = self.best is None or loss < self.best.loss
        rate = self.learners[0].rate
        epoch = Epoch(number, self.step, train, validation, rate, seconds, best)
        self.history.append(epoch)
        self.count_stale(loss)
        if self.recipe.schedule == "plateau":
            self.plateau = plateau_share(self.recipe, [each.loss for each in self.history])
        self.batch, self.means = 0, self.no_means()
        if best:
            self.best = epoch
            weights = self.model.state_dict()
            self.best_weights = {name: weight.clone() for name, weight in weights.items()}
        return epoch

    def count_stale(self, loss: float) -> None:
        """Counts the epochs whose loss is no improvement to early stopping."""
        if loss < self.lowest - self.recipe.min_delta:
            self.lowest, self.stale_epochs = loss, 0
        else:
            self.stale_epochs += 1

    def optimizers(self) -> list[torch.optim.Optimizer]:
        """The optimizers of all learners."""
        return [optimizer for learner in self.learners for optimizer in learner.optimizers]

    def scalers(self) -> list[torch.amp.GradScaler]:
        """What scales the losses of learners, where something does."""
        return [learner.scaler for learner in self.learners if learner.scaler is not None]

    def means_of_weights(self) -> dict[Tensor, Tensor]:
        """The means of weights that are to be measured and kept in their place, by the weight."""
        return {
            weight: mean
            for learner in self.learners
            for weight, mean in learner.means().items()
        } | self.average.by_tensor()  # fmt: skip

    @torch.no_grad()
    def weights(self) -> dict[str, Tensor]:
        """The weights that the run would end with now if it keeps the last ones."""
        means = self.means_of_weights()
        named: dict[str, Tensor] = dict(self.model.named_parameters(remove_duplicate=False))
        named |= self.model.named_buffers(remove_duplicate=False)
        kept = {name: means[weight] for name, weight in named.items() if weight in means}
        return self.team.weights({**self.model.state_dict(), **kept})

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The model with the means of its weights where there are any, and then back."""
        means = self.means_of_weights()
        own = {weight: weight.detach().clone() for weight in means}
        copy_into(means)
        try:
            yield
        finally:
            copy_into(own)

    def end(self) -> None:
        """Gives the model the weights that are to be kept."""
        if self.recipe.keep == "best" and self.best_weights:
            self.model.load_state_dict(self.best_weights)
        else:
            copy_into(self.means_of_weights())

    def state_dict(self) -> dict[str, Any]:  # Any: plain values and tensors, like torch's own
        """Everything, as `load_state_dict` takes it back."""
        self.means.read()
        return self.team.state(
            {
                "model": self.model.state_dict(),
                "optimizers": [each.state_dict() for each in self.optimizers()],
                "rates": [learner.rate for learner in self.learners],
                "scalers": [scaler.state_dict() for scaler in self.scalers()],
                "average": self.average.state_dict(),
                "random": random_state(self.place.device),
                "step": self.step,
                "turned": self.knobs.state(),
                "knobs": self.knobs.values(),
                "seconds": self.seconds,
                "batch": self.batch,
                "means": (self.means.rows, self.means.sums),
                "history": [vars(epoch) for epoch in self.history],
                "best": self.best and vars(self.best),
                "best_weights": self.best_weights,
            }
        )

    def load_state_dict(self, state: Mapping[str, Any]) -> None:  # Any: as above
        """Goes back to a stored state."""
        self.knobs.go_on(state.get("turned", ()), state["step"], state.get("knobs"))
        like = self.model.state_dict()
        self.model.load_state_dict(self.team.scattered(state["model"], like))
        for optimizer, kept in zip(self.optimizers(), state["optimizers"], strict=True):
            optimizer.load_state_dict(self.team.scattered_optimizer(kept, optimizer))
        for learner, rate in zip(self.learners, state.get("rates", ()), strict=False):
            learner.rate = rate
        for scaler, kept in zip(self.scalers(), state.get("scalers", ()), strict=True):
            scaler.load_state_dict(kept)
        average = state.get("average", {"count": 0, "means": {}})
        self.average.load_state_dict(average["count"], self.team.scattered(average["means"], like))
        set_random_state(self.team.own_random(state))
        self.step, self.batch = state["step"], state["batch"]
        self.seconds = state.get("seconds", 0.0)
        self.means.rows, self.means.sums = state["means"][0], dict(state["means"][1])
        self.history = [Epoch(**epoch) for epoch in state["history"]]
        losses = [epoch.loss for epoch in self.history]
        for loss in losses:
            self.count_stale(loss)
        self.plateau = plateau_share(self.recipe, losses)
        self.best = Epoch(**state["best"]) if state["best"] else None
        self.best_weights = self.team.scattered(state["best_weights"], like)
        self.knobs.settle()


def names_in(frozen: str) -> list[str]:
    """The modules that a recipe names as frozen."""
    return [name.strip() for name in frozen.split(",") if name.strip()]


def is_in_any(modules: list[str], name: str) -> bool:
    """Whether a weight is in one of these modules."""
    return any(is_in(module, name) or name == module for module in modules)


def is_reached(recipe: Recipe, epoch: Epoch) -> bool:
    """Whether the metric that the recipe names was good enough in an epoch."""
    value = (epoch.validation or epoch.train).get(recipe.stop_metric)
    if value is None:
        return False
    return (
        value >= recipe.stop_value if recipe.stop_when == "at least" else value <= recipe.stop_value
    )


@torch.no_grad()
def copy_into(values: Mapping[Tensor, Tensor]) -> None:
    """Gives weights other values."""
    for weight, value in values.items():
        weight.copy_(value)
