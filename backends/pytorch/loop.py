"""The training loop. It needs PyTorch and the standard library, and knows no particular model.

`objective(model, batch)` answers the loss to minimise and the metrics to show beside it; `batch`
maps the names of columns to tensors. Where the recipe has parts it answers a loss for each by its
name, and they take turns. All that is random follows from the seed of the recipe, so that a run can
be repeated, and continued after a stop, with the same losses bit for bit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from backends.pytorch.learning import Losses, learners_of, learning_rate_at, summed
from backends.pytorch.means import Means
from backends.pytorch.place import (
    CannotTrain,
    Place,
    place_model,
    random_state,
    seed_random,
    set_random_state,
)
from backends.pytorch.recipe import Recipe
from backends.pytorch.rows import Batch, Cut, Table, cut, shuffled, split_rows

Objective = Callable[[nn.Module, Batch], tuple[Losses, dict[str, Tensor]]]


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


class Progress:
    """Follows a run: asked before each batch whether to go on, told of steps and epochs.

    This one prints the epochs.
    """

    def started(self, run: Run) -> None:
        """Everything is in place; the first step comes next."""

    def goes_on(self) -> bool:
        """Whether to go on with the next batch, of training or of an evaluation."""
        return True

    def stepped(self, step: int, losses: list[float]) -> None:
        """The loss of a step is known, and behind it the loss of each part where there are several.

        On an accelerator that is a few steps later.
        """

    def epoch_ended(self, epoch: Epoch, run: Run) -> None:
        """An epoch is over, its validation included."""
        shown = [f"{name} {value:.4f}" for name, value in epoch.train.items()]
        shown += [f"val_{name} {value:.4f}" for name, value in epoch.validation.items()]
        mark = "  (best)" if epoch.best else ""
        print(f"epoch {epoch.epoch}  {'  '.join(shown)}  {epoch.seconds:.1f} s{mark}", flush=True)

    def ended(self, run: Run) -> None:
        """The last step is done or the run was stopped; the best weights are not yet restored."""


# ----------------------------------------------------------------------------- training


class Run:
    """All that changes while a model trains; it can be stored, and gone on with later."""

    def __init__(self, model: nn.Module, recipe: Recipe, place: Place, cuts: list[Cut]) -> None:
        self.model = model
        self.recipe = recipe
        self.place = place
        self.cuts = cuts
        self.learners = learners_of(model, recipe, place.device)
        self.step = 0
        self.batch = 0  # batches of the current epoch that are done
        self.means = self.no_means()
        self.history: list[Epoch] = []
        self.best: Epoch | None = None
        self.best_weights: dict[str, Tensor] = {}
        self.lowest = math.inf  # loss that early stopping compares with
        self.stale_epochs = 0  # since then

    def no_means(self) -> Means:
        """Means of nothing yet; they tell the losses of the parts step by step too."""
        parts = len(self.recipe.parts)
        return Means(self.place.device, parts if parts > 1 else 0)

    def is_over(self) -> bool:
        """Whether the epochs are over, or the loss has stopped improving."""
        stale = self.recipe.early_stopping and self.stale_epochs >= self.recipe.patience
        return stale or len(self.history) >= self.recipe.epochs

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
        rate = self.learners[0].optimizer.param_groups[0]["lr"]
        epoch = Epoch(number, self.step, train, validation, rate, seconds, best)
        self.history.append(epoch)
        self.count_stale(loss)
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

    def restore_best(self) -> None:
        """Gives the model the weights of the best epoch."""
        if self.best_weights:
            self.model.load_state_dict(self.best_weights)

    def state_dict(self) -> dict[str, Any]:  # Any: plain values and tensors, like torch's own
        """Everything, as `load_state_dict` takes it back."""
        self.means.read()
        return {
            "model": self.model.state_dict(),
            "optimizers": [learner.optimizer.state_dict() for learner in self.learners],
            "random": random_state(self.place.device),
            "step": self.step,
            "batch": self.batch,
            "means": (self.means.rows, self.means.sums),
            "history": [vars(epoch) for epoch in self.history],
            "best": self.best and vars(self.best),
            "best_weights": self.best_weights,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:  # Any: as above
        """Goes back to a stored state."""
        self.model.load_state_dict(state["model"])
        for learner, optimizer in zip(self.learners, state["optimizers"], strict=True):
            learner.optimizer.load_state_dict(optimizer)
        set_random_state(state["random"])
        self.step, self.batch = state["step"], state["batch"]
        self.means.rows, self.means.sums = state["means"][0], dict(state["means"][1])
        self.history = [Epoch(**epoch) for epoch in state["history"]]
        for epoch in self.history:
            self.count_stale(epoch.loss)
        self.best = Epoch(**state["best"]) if state["best"] else None
        self.best_weights = dict(state["best_weights"])


def fit(
    model: nn.Module,
    objective: Objective,
    columns: Mapping[str, Any],  # Any: numpy arrays, which this file does not import
    recipe: Recipe,
    progress: Progress | None = None,
    resume: Mapping[str, Any] | None = None,  # Any: as `Run.state_dict` gives it
) -> Run:
    """Trains the model until the epochs are over, the loss stops improving, or it is stopped.

    Args:
        columns: arrays by name, rows first; some rows are kept apart to validate on.
        resume: the `state_dict` of an earlier run of the same recipe, to go on with.

    Raises:
        CannotTrain: model, data or device do not allow it, or the loss is no longer a number.
    """
    progress = progress or Progress()
    place = place_model(
        model, recipe.device, recipe.threads, recipe.memory_format, recipe.batch_size
    )
    torch.manual_seed(recipe.seed)
    table = Table(columns, place)
    rows, validation_rows = split_rows(table.rows, recipe.validation_fraction, recipe.seed)
    run = Run(model, recipe, place, cut(len(rows), recipe.batch_size))
    if resume is not None:
        run.load_state_dict(resume)
    progress.started(run)
    while not run.is_over():
        started = time.perf_counter()
        order = shuffled(rows, recipe.seed, len(run.history))
        if not train_epoch(run, objective, table, order, progress):
            break
        validation = measure(model, objective, table, validation_rows, recipe, progress)
        if validation is None:
            break
        epoch = run.end_epoch(validation, time.perf_counter() - started)
        progress.epoch_ended(epoch, run)
    progress.ended(run)
    if recipe.keep == "best":
        run.restore_best()
    return run


def train_epoch(
    run: Run, objective: Objective, table: Table, order: Tensor, progress: Progress
) -> bool:
    """Trains on what is left of an epoch; answers whether it came to its end."""
    cuts = run.cuts[run.batch :]
    run.model.train()
    for (start, stop), batch in zip(cuts, table.batches(order, cuts), strict=True):
        if not progress.goes_on():
            break
        losses, metrics = train_step(run, objective, batch)
        run.step += 1
        run.batch += 1
        run.means.add(run.step, stop - start, *summed(losses, metrics))
        tell_losses(run, progress)
    run.means.read()
    tell_losses(run, progress)
    return run.batch == len(run.cuts)


def train_step(run: Run, objective: Objective, batch: Batch) -> tuple[Losses, dict[str, Tensor]]:
    """Lets each learner take its turn; answers their losses before it, and the metrics at first.

    Each sees the objective anew, after what those before it have learned from the same rows.
    """
    found: dict[str, Tensor] = {}
    shown: dict[str, Tensor] | None = None
    for learner in run.learners:
        learner.optimizer.zero_grad(set_to_none=True)
        losses, metrics = objective(run.model, batch)
        # what metrics were made of need not stay until the backward pass
        metrics = {name: value.detach() for name, value in metrics.items()}
        loss = learner.loss(losses)
        rate = learning_rate_at(run.recipe, learner.part.learning_rate, run.step, len(run.cuts))
        learner.step(loss, rate, run.recipe.clip_norm)
        found[learner.part.name] = loss
        shown = metrics if shown is None else shown
    return found, shown or {}


def tell_losses(run: Run, progress: Progress) -> None:
    """Tells the losses that have become known.

    Raises:
        Diverged: one of them is not a number.
    """
    for step, losses in run.means.new_losses():
        wrong = [loss for loss in losses if not math.isfinite(loss)]
        if wrong:
            raise Diverged(wrong[0], step, len(run.history) + 1)
        progress.stepped(step, losses)


def measure(
    model: nn.Module,
    objective: Objective,
    table: Table,
    rows: Tensor,
    recipe: Recipe,
    progress: Progress,
) -> dict[str, float] | None:
    """The mean loss and metrics over these rows without training; None if it was stopped.

    Noise that the objective draws is the same every time, and none is taken from the training.
    """
    if not len(rows):
        return {}
    means, cuts = Means(table.device), cut(len(rows), recipe.batch_size)
    random = random_state(table.device)
    seed_random(recipe.seed, table.device)
    model.eval()
    try:
        with torch.no_grad():
            for (start, stop), batch in zip(cuts, table.batches(rows, cuts), strict=True):
                if not progress.goes_on():
                    return None
                means.add(0, stop - start, *summed(*objective(model, batch)))
    finally:
        set_random_state(random)
    means.read()
    return means.means()


def evaluate(
    model: nn.Module,
    objective: Objective,
    columns: Mapping[str, Any],  # Any: numpy arrays
    recipe: Recipe,
    progress: Progress | None = None,
) -> dict[str, float] | None:
    """The mean loss and metrics over all rows of the columns; None if it was stopped."""
    place = place_model(
        model, recipe.device, recipe.threads, recipe.memory_format, recipe.batch_size
    )
    table = Table(columns, place)
    rows = torch.arange(table.rows)
    return measure(model, objective, table, rows, recipe, progress or Progress())
