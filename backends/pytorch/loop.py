"""The training loop. It needs PyTorch and the standard library, and knows no particular model.

`objective(model, batch)` answers the loss to minimise and the metrics to show beside it; `batch`
maps the names of columns to tensors. Where the recipe has parts it answers a loss for each by its
name, and they take turns. All that is random follows from the seed of the recipe, so that a run can
be repeated, and continued after a stop, with the same losses bit for bit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from backends.pytorch.averaging import batch_norms
from backends.pytorch.compiling import compile_network
from backends.pytorch.distributed import ALONE, CANNOT_FREEZE, Team
from backends.pytorch.learning import Learner, Losses, summed
from backends.pytorch.means import Means
from backends.pytorch.place import (
    MIXED,
    autocast,
    computing,
    place_model,
    random_state,
    seed_random,
    set_random_state,
)
from backends.pytorch.recipe import FROZEN, Change, Recipe
from backends.pytorch.rows import Batch, Table, cut
from backends.pytorch.run import Diverged as Diverged
from backends.pytorch.run import Epoch as Epoch  # others find them with the loop
from backends.pytorch.run import Run as Run
from backends.pytorch.schedule import learning_rate_at
from backends.pytorch.stepping import stepped, with_learned

Objective = Callable[[nn.Module, Batch], tuple[Losses, dict[str, Tensor]]]


class Progress:
    """Follows a run: asked before each batch whether to go on, told of steps and epochs.

    This one prints the epochs.
    """

    def compiling(self) -> None:
        """The model is compiled before the first step, which takes a while."""
        print("compiling the model", flush=True)

    def started(self, run: Run) -> None:
        """Everything is in place; the first step comes next. `run.note` is to be told, if any."""
        if run.note:
            print(run.note, flush=True)

    def goes_on(self) -> bool:
        """Whether to go on with the next batch, of training or of an evaluation."""
        return True

    def stepped(self, step: int, losses: list[float]) -> None:
        """The loss of a step is known, and behind it the loss of each part where there are several.

        On an accelerator that is a few steps later.
        """

    def asked(self) -> Sequence[tuple[str, float | str]]:
        """Values of the recipe that are to change before the next step, by their names."""
        return ()

    def turned(self, change: Change, before: float | str) -> None:
        """A value of the recipe has changed."""
        print(f"step {change.step}  {change.name}: {before} -> {change.value}", flush=True)

    def noted(self, text: str) -> None:
        """Something cannot be done that a person wants; the run goes on without it."""
        print(text, flush=True)

    def epoch_ended(self, epoch: Epoch, run: Run) -> None:
        """An epoch is over, its validation included."""
        shown = [f"{name} {value:.4f}" for name, value in epoch.train.items()]
        shown += [f"val_{name} {value:.4f}" for name, value in epoch.validation.items()]
        mark = "  (best)" if epoch.best else ""
        print(f"epoch {epoch.epoch}  {'  '.join(shown)}  {epoch.seconds:.1f} s{mark}", flush=True)

    def ended(self, run: Run) -> None:
        """The last step is done or the run was stopped; the best weights are not yet restored."""


def fit(
    model: nn.Module,
    objective: Objective,
    columns: Mapping[str, Any],  # Any: numpy arrays, which this file does not import
    recipe: Recipe,
    progress: Progress | None = None,
    resume: Mapping[str, Any] | None = None,  # Any: as `Run.state_dict` gives it
    team: Team = ALONE,
) -> Run:
    """Trains the model until the epochs or another limit are reached, or it is stopped.

    Args:
        columns: arrays by name, rows first; some rows are kept apart to validate on.
        resume: the `state_dict` of an earlier run of the same recipe, to go on with.
        team: the processes that train together, each with all the columns.

    Raises:
        CannotTrain: model, data or device do not allow it, or the loss is no longer a number.
    """
    progress = progress or Progress()
    place = place_model(
        model, recipe.device, recipe.threads, recipe.memory_format, recipe.batch_size
    )
    team.seed(recipe.seed)
    table = Table(columns, place)
    rows, validation_rows = table.split(recipe.validation_fraction, recipe.seed)
    recipe = with_learned(recipe, table, rows, progress.goes_on)
    run = Run(model, recipe, place, cut(len(rows), recipe.batch_size * recipe.accumulate), team)
    if resume is not None:
        run.load_state_dict(resume)
    with computing(recipe.precision, deterministic=recipe.deterministic):
        if recipe.compile and not run.is_over():
            progress.compiling()
            run.note = compile_ahead(run, objective, table, rows)
        progress.started(run)
        for turned in run.knobs.untold:
            progress.turned(*turned)
        began = time.perf_counter()
        while not is_over(run, progress):
            order = table.order(rows, recipe.seed, len(run.history))
            if not train_epoch(run, objective, table, order, progress):
                break
            run.average.after_epoch(len(run.history) + 1)
            with run.averaged():
                if not count_norms(run, objective, table, order, progress):
                    break
                validation = measure(
                    model, objective, table, validation_rows, recipe, progress, team
                )
                if validation is None:
                    break
                epoch = run.end_epoch(validation, time.perf_counter() - began)
            began += epoch.seconds  # what is told of an epoch counts to the next one
            progress.epoch_ended(epoch, run)
        progress.ended(run)
    run.end()
    return run


def is_over(run: Run, progress: Progress) -> bool:
    """Whether the run has come to its end, and no change of the recipe lets it go on from here."""
    if run.is_over():
        turn(run, progress, run.knobs.due(run.step))
    return run.is_over()


def compile_ahead(run: Run, objective: Objective, table: Table, rows: Tensor) -> str:
    """Compiles the model on some rows; answers why not where it cannot be done."""
    cuts = run.cuts[:1]
    run.team.begin(cuts[0])
    [batch] = stepped(table, rows, [run.team.share(each) for each in cuts], run.recipe, 0)
    pieces = split(batch, run.pieces(cuts[0]))
    return compile_network(run, lambda: leave_gradients(run, run.learners[0], objective, pieces))


def train_epoch(
    run: Run, objective: Objective, table: Table, order: Tensor, progress: Progress
) -> bool:
    """Trains on what is left of an epoch; answers whether it came to its end.

    An epoch in which the recipe ends the run is over, too: it is validated and counts.
    """
    cuts, team = run.cuts[run.batch :], run.team
    run.model.train()
    shares = [team.share(each) for each in cuts]
    batches = stepped(table, order, shares, run.recipe, run.step, team.rank)
    for (start, stop), batch in zip(cuts, batches, strict=True):
        if run.is_out() or not progress.goes_on():
            break
        if turn_knobs(run, progress) and run.is_out():
            break
        began = time.perf_counter()
        team.begin((start, stop))
        pieces = run.pieces((start, start + max(1, (stop - start) // team.size)))
        losses, metrics = train_step(run, objective, split(batch, pieces))
        run.average.after_step()
        run.step += 1
        run.batch += 1
        run.means.add(run.step, stop - start, *summed(*team.means(losses, metrics)))
        tell_losses(run, progress)
        run.seconds += time.perf_counter() - began
        if run.recipe.max_minutes:
            run.seconds = team.first(run.seconds)  # all end at the same step
    run.means.read()
    tell_losses(run, progress)
    return run.batch == len(run.cuts) or run.is_out()


def turn_knobs(run: Run, progress: Progress) -> bool:
    """Changes what of the recipe is to change before the next step; answers if anything was."""
    asked = progress.asked()
    if not asked and not run.knobs.to_come:
        return False
    turn(run, progress, (*run.knobs.due(run.step), *asked))
    return True


def turn(run: Run, progress: Progress, wanted: Iterable[tuple[str, float | str]]) -> None:
    """Changes values of the recipe and tells of it."""
    for name, value in wanted:
        if name == FROZEN and run.team.sharded:
            progress.noted(CANNOT_FREEZE)
            continue
        turned = run.knobs.turn(run.step, name, value)
        if turned is not None:
            progress.turned(*turned)


def split(batch: Batch, pieces: int) -> list[Batch]:
    """A batch in pieces of about the same size."""
    if pieces <= 1:
        return [batch]
    columns = [column.tensor_split(pieces) for column in batch.values()]
    return [dict(zip(batch, parts, strict=True)) for parts in zip(*columns, strict=True)]


def train_step(
    run: Run, objective: Objective, pieces: list[Batch]
) -> tuple[Losses, dict[str, Tensor]]:
    """Lets each learner take its turn; answers their losses before it, and the metrics at first.

    Each sees the objective anew, after what those before it have learned from the same rows.
    """
    found: dict[str, Tensor] = {}
    shown: dict[str, Tensor] | None = None
    for learner in run.learners:
        answers: list[tuple[Tensor, dict[str, Tensor]]] = []

        def learn(learner: Learner = learner, answers: list[Any] = answers) -> Tensor:
            # Any: see above
            answers.append(leave_gradients(run, learner, objective, pieces))
            loss: Tensor = answers[-1][0]
            return loss

        peak, per_epoch = learner.part.learning_rate, len(run.cuts)
        rate = learning_rate_at(learner.recipe, peak, run.step, per_epoch, run.plateau)
        learner.step(learn, rate)
        found[learner.part.name], metrics = answers[0]
        shown = metrics if shown is None else shown
    return found, shown or {}


def leave_gradients(
    run: Run, learner: Learner, objective: Objective, pieces: list[Batch]
) -> tuple[Tensor, dict[str, Tensor]]:
    """Leaves the gradients of its loss in the weights of a learner; answers loss and metrics."""
    learner.clear()
    rows = [len(next(iter(piece.values()))) for piece in pieces] if len(pieces) > 1 else [1]
    loss, metrics = gradients_of(run, learner, objective, pieces[0], rows[0] / sum(rows))
    for piece, count in zip(pieces[1:], rows[1:], strict=True):
        more, others = gradients_of(run, learner, objective, piece, count / sum(rows))
        loss = loss.detach() + more.detach()
        metrics = {name: value + others[name] for name, value in metrics.items()}
    run.team.average_gradients(learner.weights)
    learner.clip()
    return loss, metrics


def gradients_of(
    run: Run, learner: Learner, objective: Objective, batch: Batch, share: float
) -> tuple[Tensor, dict[str, Tensor]]:
    """Adds the gradients of that share of a step; answers what it adds to loss and metrics."""
    if learner.recipe.precision in MIXED:
        with autocast(learner.recipe.precision, run.place.device):
            losses, metrics = objective(run.network, batch)
    else:
        losses, metrics = objective(run.network, batch)
    # what metrics were made of need not stay until the backward pass
    metrics = {name: value.detach() for name, value in metrics.items()}
    loss = learner.loss(losses)
    if share < 1:
        loss = loss * share
        metrics = {name: value * share for name, value in metrics.items()}
    learner.backward(run.team.weighted(loss))
    return loss, metrics


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


def count_norms(
    run: Run, objective: Objective, table: Table, rows: Tensor, progress: Progress
) -> bool:
    """Lets BatchNorms count anew with means of weights, of which they know nothing.

    Answers whether it was not stopped. No random numbers are taken from the training.
    """
    norms = batch_norms(run.model) if run.recipe.averaging == "swa" and run.average.count else []
    if not norms:
        return True
    momenta, random = [norm.momentum for norm in norms], random_state(table.device)
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the mean over all batches
    run.model.train()
    shares = [run.team.share(each) for each in run.cuts]
    batches = stepped(table, rows, shares, run.recipe, run.step, run.team.rank)
    try:
        with torch.no_grad(), autocast(run.recipe.precision, table.device):
            for batch in batches:
                if not progress.goes_on():
                    return False
                objective(run.model, batch)
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
        set_random_state(random)
    run.average.take_counted(run.model)
    return True


def measure(
    model: nn.Module,
    objective: Objective,
    table: Table,
    rows: Tensor,
    recipe: Recipe,
    progress: Progress,
    team: Team = ALONE,
) -> dict[str, float] | None:
    """The mean loss and metrics over these rows without training; None if it was stopped.

    Noise that the objective draws is the same every time, and none is taken from the training.
    """
    if not len(rows):
        return {}
    means, cuts = Means(table.device), cut(len(rows), recipe.batch_size)
    random = random_state(table.device)
    seed_random(recipe.seed, table.device)
    team.same_buffers(model)
    model.eval()
    batches = stepped(table, rows, [team.share(each) for each in cuts], recipe)
    try:
        with torch.no_grad(), autocast(recipe.precision, table.device):
            for (start, stop), batch in zip(cuts, batches, strict=True):
                if not progress.goes_on():
                    return None
                team.begin((start, stop))
                answer = team.means(*objective(model, batch))
                means.add(0, stop - start, *summed(*answer))
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
    team: Team = ALONE,
) -> dict[str, float] | None:
    """The mean loss and metrics over all rows of the columns; None if it was stopped.

    The steps of the recipe must know what they need of the rows to train on.
    """
    place = place_model(
        model, recipe.device, recipe.threads, recipe.memory_format, recipe.batch_size
    )
    table = Table(columns, place)
    rows = torch.arange(table.rows)
    with computing(recipe.precision, deterministic=recipe.deterministic):
        return measure(model, objective, table, rows, recipe, progress or Progress(), team)
