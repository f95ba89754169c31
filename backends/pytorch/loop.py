"""The training loop. It needs PyTorch and the standard library, and knows no particular model.

`objective(model, batch)` answers the loss to minimise and the metrics to show beside it; `batch`
maps the names of columns to tensors. All that is random follows from the seed of the recipe, so
that a run can be repeated, and continued after a stop, with the same losses bit for bit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from backends.pytorch.means import Means
from backends.pytorch.place import (
    CannotTrain,
    Place,
    place_model,
    random_state,
    seed_random,
    set_random_state,
)
from backends.pytorch.rows import Batch, Cut, Table, cut, shuffled, split_rows

Objective = Callable[[nn.Module, Batch], tuple[Tensor, dict[str, Tensor]]]


@dataclass(frozen=True)
class Recipe:
    """How a model is trained."""

    epochs: int = 10
    batch_size: int = 64
    optimizer: str = "adam"  # sgd, adam, adamw, rmsprop
    learning_rate: float = 1e-3
    momentum: float = 0.9  # of sgd and rmsprop
    weight_decay: float = 0.0
    schedule: str = "constant"  # constant, step, cosine, one-cycle
    step_size: int = 10  # epochs between two drops of the step schedule
    gamma: float = 0.1  # what each of them multiplies the learning rate by
    warmup_steps: int = 0
    clip_norm: float = 0.0  # 0: gradients are not clipped
    validation_fraction: float = 0.1
    early_stopping: bool = False
    patience: int = 5  # epochs without improvement before an early stop
    min_delta: float = 0.0  # how much less loss is an improvement to early stopping
    keep: str = "best"  # the weights that a run ends with: best, last
    seed: int = 0
    device: str = "auto"  # auto, cpu, cuda, mps
    threads: int = 0  # 0: all cores but one
    memory_format: str = "auto"  # auto, contiguous, channels-last


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

    def stepped(self, step: int, loss: float) -> None:
        """The loss of a step is known; on an accelerator that is a few steps later."""

    def epoch_ended(self, epoch: Epoch, run: Run) -> None:
        """An epoch is over, its validation included."""
        shown = [f"{name} {value:.4f}" for name, value in epoch.train.items()]
        shown += [f"val_{name} {value:.4f}" for name, value in epoch.validation.items()]
        mark = "  (best)" if epoch.best else ""
        print(f"epoch {epoch.epoch}  {'  '.join(shown)}  {epoch.seconds:.1f} s{mark}", flush=True)

    def ended(self, run: Run) -> None:
        """The last step is done or the run was stopped; the best weights are not yet restored."""


# ------------------------------------------------------------------------- optimisation


def make_optimizer(model: nn.Module, recipe: Recipe, device: torch.device) -> torch.optim.Optimizer:
    """The optimizer of the recipe over all weights that can be trained."""
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    if not weights:
        raise CannotTrain("The model has no weights to train.")
    lr, momentum, decay = recipe.learning_rate, recipe.momentum, recipe.weight_decay
    # one kernel for all weights makes tiny steps up to 1.3 times faster on a CPU
    fused = device.type in ("cpu", "cuda")
    match recipe.optimizer:
        case "sgd":
            return torch.optim.SGD(weights, lr, momentum, weight_decay=decay, fused=fused)
        case "adam":
            return torch.optim.Adam(weights, lr, weight_decay=decay, fused=fused)
        case "adamw":
            return torch.optim.AdamW(weights, lr, weight_decay=decay, fused=fused)
        case "rmsprop":
            return torch.optim.RMSprop(weights, lr, momentum=momentum, weight_decay=decay)
    raise CannotTrain(f"There is no optimizer “{recipe.optimizer}”.")


def learning_rate_at(recipe: Recipe, step: int, steps_per_epoch: int) -> float:
    """The learning rate of a step, counted from 0.

    One-cycle follows Smith and Topin, Super-Convergence (2017), with PyTorch's numbers: from
    1/25 of the learning rate up to it over 30 % of the steps, then down to 1/250,000 of it.
    """
    peak, total = recipe.learning_rate, recipe.epochs * steps_per_epoch
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


# ----------------------------------------------------------------------------- training


class Run:
    """All that changes while a model trains; it can be stored, and gone on with later."""

    def __init__(self, model: nn.Module, recipe: Recipe, place: Place, cuts: list[Cut]) -> None:
        self.model = model
        self.recipe = recipe
        self.place = place
        self.cuts = cuts
        self.optimizer = make_optimizer(model, recipe, place.device)
        self.step = 0
        self.batch = 0  # batches of the current epoch that are done
        self.means = Means(place.device)
        self.history: list[Epoch] = []
        self.best: Epoch | None = None
        self.best_weights: dict[str, Tensor] = {}
        self.lowest = math.inf  # loss that early stopping compares with
        self.stale_epochs = 0  # since then

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
        rate = self.optimizer.param_groups[0]["lr"]
        epoch = Epoch(number, self.step, train, validation, rate, seconds, best)
        self.history.append(epoch)
        self.count_stale(loss)
        self.batch, self.means = 0, Means(self.place.device)
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
            "optimizer": self.optimizer.state_dict(),
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
        self.optimizer.load_state_dict(state["optimizer"])
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
    model, optimizer, recipe = run.model, run.optimizer, run.recipe
    steps_per_epoch, clip_norm = len(run.cuts), recipe.clip_norm
    cuts = run.cuts[run.batch :]
    model.train()
    for (start, stop), batch in zip(cuts, table.batches(order, cuts), strict=True):
        if not progress.goes_on():
            break
        optimizer.zero_grad(set_to_none=True)
        loss, metrics = objective(model, batch)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        if clip_norm:
            nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        rate = learning_rate_at(recipe, run.step, steps_per_epoch)
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        run.step += 1
        run.batch += 1
        run.means.add(run.step, stop - start, loss, metrics)
        tell_losses(run, progress)
    run.means.read()
    tell_losses(run, progress)
    return run.batch == steps_per_epoch


def tell_losses(run: Run, progress: Progress) -> None:
    """Tells the losses that have become known.

    Raises:
        Diverged: one of them is not a number.
    """
    for step, loss in run.means.new_losses():
        if not math.isfinite(loss):
            raise Diverged(loss, step, len(run.history) + 1)
        progress.stepped(step, loss)


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
                means.add(0, stop - start, *objective(model, batch))
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
