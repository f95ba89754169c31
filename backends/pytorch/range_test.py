"""Finds a learning rate: a few steps of a fresh copy of the model, each with a larger one.

Source: Smith, Cyclical Learning Rates for Training Neural Networks (2017), section 3.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from backends.data.source import Cancelled
from backends.protocol import RangeTest
from backends.pytorch.failures import explain
from backends.pytorch.learning import summed
from backends.pytorch.loop import Objective, split, train_step
from backends.pytorch.place import computing, place_model, seed_random
from backends.pytorch.prepare import build_model, load_columns, need_loss, prepare
from backends.pytorch.rows import Batch, Table, cut
from backends.pytorch.run import Run
from backends.pytorch.stepping import stepped, with_learned
from backends.pytorch.train import one_run
from graph.model import Document
from graph.problems import UserError

LOWEST, HIGHEST, STEPS = 1e-7, 10.0, 120
SMOOTHING = 0.9
BLOWN_UP = 4.0  # times the lowest loss
FIRST = 8  # steps that are too few to say where a line leads

Cancel = Callable[[], bool]
Tell = Callable[[float], object]


def range_test(document: Document, tell: Tell, cancelled: Cancel) -> RangeTest:
    """What the loss does as the learning rate grows, and a rate at which it falls fastest.

    Nothing of it is kept: no run is made and no weights are changed.

    Raises:
        UserError: the drawing cannot be trained, or a run goes on.
        Cancelled: `cancelled` answered True.
    """
    if not one_run.acquire(blocking=False):
        raise UserError("A run goes on. Wait until it has ended, or stop it.")
    threads = torch.get_num_threads()
    prepared = built = None
    try:
        prepared = prepare(document, cancelled=cancelled)
        need_loss(prepared)
        columns = load_columns(prepared, cancelled=cancelled).train
        built = build_model(prepared)
        recipe = replace(prepared.recipe, schedule="constant", warmup_steps=0)
        place = place_model(
            built.model, recipe.device, recipe.threads, recipe.memory_format, recipe.batch_size
        )
        seed_random(recipe.seed, place.device)
        table = Table(columns, place)
        rows, _ = table.split(recipe.validation_fraction, recipe.seed)
        recipe = with_learned(recipe, table, rows)
        run = Run(built.model, recipe, place, cut(len(rows), recipe.batch_size * recipe.accumulate))
        with computing(recipe.precision, deterministic=recipe.deterministic):
            assert built.objective is not None  # since it has a loss
            return _climb(run, built.objective, table, rows, tell, cancelled)
    except (UserError, Cancelled):
        raise
    except Exception as error:
        raise UserError(explain(error, prepared, built).text) from error
    finally:
        torch.set_num_threads(threads)
        one_run.release()


def _climb(
    run: Run, objective: Objective, table: Table, rows: Tensor, tell: Tell, cancelled: Cancel
) -> RangeTest:
    rates: list[float] = []
    losses: list[float] = []
    run.model.train()
    for number, batch in zip(range(STEPS), _batches(run, table, rows), strict=False):
        if cancelled():
            raise Cancelled
        rate = LOWEST * (HIGHEST / LOWEST) ** (number / (STEPS - 1))
        run.knobs.turn(number, "learning_rate", rate)
        found, _ = train_step(run, objective, batch)
        loss = summed(found, {})[0].item()
        if not math.isfinite(loss):
            break
        rates.append(rate)
        losses.append(loss)
        line = smoothed(losses)
        if number > FIRST and line[-1] > BLOWN_UP * min(line):
            break
        tell((number + 1) / STEPS)
        run.step += 1
    line = smoothed(losses)
    return RangeTest(tuple(rates), tuple(line), suggested(rates, line))


def _batches(run: Run, table: Table, rows: Tensor) -> Iterator[list[Batch]]:
    """The batches of epoch after epoch, each split as the recipe has it."""
    epoch = 0
    while True:
        order = table.order(rows, run.recipe.seed, epoch)
        batches = stepped(table, order, run.cuts, run.recipe, epoch * len(run.cuts))
        for each, batch in zip(run.cuts, batches, strict=True):
            yield split(batch, run.pieces(each))
        epoch += 1


def smoothed(losses: Sequence[float]) -> list[float]:
    """A moving average that does not begin at zero."""
    found, mean = [], 0.0
    for number, loss in enumerate(losses, 1):
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
        found.append(mean / (1 - SMOOTHING**number))
    return found


def suggested(rates: Sequence[float], line: Sequence[float]) -> float | None:
    """The rate at which the loss falls fastest, if it falls, in two digits.

    It is at most a tenth of the one at which it is lowest: behind that it soon rises.
    """
    lowest = min(range(len(line)), key=line.__getitem__, default=0)
    slopes = [
        (line[n + 1] - line[n - 1]) / math.log(rates[n + 1] / rates[n - 1])
        for n in range(1, lowest)
    ]
    if not slopes or min(slopes) >= 0 or line[lowest] > 0.98 * line[0]:
        return None
    steepest = rates[1 + slopes.index(min(slopes))]
    return float(f"{min(steepest, rates[lowest] / 10):.1e}")
