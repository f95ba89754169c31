"""Measures how long each block of a drawing takes, forward and backward, on real rows."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from backends.data.source import Cancelled
from backends.pytorch.bounds import check_indices
from backends.pytorch.clocks import Clock, Seconds, execute_timed, time_chains
from backends.pytorch.compile import Built
from backends.pytorch.failures import explain
from backends.pytorch.memory import bounded_memory
from backends.pytorch.place import pick_device, place_model, seed_random
from backends.pytorch.prepare import Cancel, Prepared, build_model, load_columns, prepare
from backends.pytorch.rows import Table
from backends.pytorch.stepping import stepped, with_learned
from backends.pytorch.train import one_run
from backends.times import Time, Times, added_up
from graph.model import Document
from graph.problems import UserError

WARM_UP, LEAST, MOST = 1, 6, 60
LEAST_SLOW, SLOW_S = 2, 2.0
"""Where a pass takes so many seconds, what else the computer does hardly matters."""
BUDGET_S = 2.0
PLAIN_EVERY = 2
"""After so many passes with clocks comes one without."""
Progress = Callable[[float, str], object]
Batch = Mapping[str, Tensor]
Each = TypeVar("Each")


@dataclass(frozen=True)
class Pass:
    """What one pass took: the blocks, and the whole."""

    forward: Seconds
    backward: Seconds
    whole: Time


def measure(
    document: Document, progress: Progress | None = None, cancelled: Cancel | None = None
) -> Times:
    """The times of the blocks of a drawing, for one batch of its data, as in training.

    The quieter half of the passes counts: other programs only ever add to a time.

    Raises:
        UserError: the drawing cannot be run, or a run goes on, whose time would be mixed in.
        Cancelled: `cancelled` answered True.
    """
    tell, asked = progress or (lambda _share, _text: None), cancelled or (lambda: False)
    if not one_run.acquire(blocking=False):
        raise UserError(
            "A run goes on, so that the time of a block cannot be told from that of the run. "
            "Measure when it has ended."
        )
    threads = torch.get_num_threads()
    prepared: Prepared | None = None
    built: Built | None = None
    try:
        with _own_memory():
            prepared = prepare(document, lambda text, _share: tell(0.0, text), asked)
            batch, built, clock = _made_ready(prepared, tell, asked)
            return _measured(prepared, built, batch, clock, tell, asked)
    except (UserError, Cancelled):
        raise
    except Exception as error:  # whatever a model raises is told by the block's title
        raise UserError(explain(error, prepared, built).text) from error
    finally:
        torch.set_num_threads(threads)
        one_run.release()


def _made_ready(prepared: Prepared, tell: Progress, asked: Cancel) -> tuple[Batch, Built, Clock]:
    """One batch, the model, and the clock that its statements will turn on and off."""
    recipe = prepared.recipe
    splits = load_columns(prepared, lambda _share: _tell_reading(tell), asked)
    check_indices(prepared, splits.train, "training")
    tell(0.0, "Building the model")
    clock = Clock(pick_device(recipe.device), asked)
    built = _with_clocks(prepared, clock)
    place = place_model(
        built.model, recipe.device, recipe.threads, recipe.memory_format, recipe.batch_size
    )
    table = Table(splits.train, place)
    rows, _ = table.split(recipe.validation_fraction, recipe.seed)
    order = table.order(rows, recipe.seed, 0)
    count = min(recipe.batch_size, len(order))
    recipe = with_learned(recipe, table, rows)
    return next(stepped(table, order, [(0, count)], recipe, 0)), built, clock


def _tell_reading(tell: Progress) -> None:
    tell(0.0, "Reading the data")


def _with_clocks(prepared: Prepared, clock: Clock) -> Built:
    """The model, made of statements with clocks."""
    build_model(prepared)  # tells by its title which block cannot be made, and is thrown away
    source = prepared.source
    texts = [execute_timed(source.model, source.model_lines, clock)]
    if source.objective:
        texts.append(execute_timed(source.objective, source.objective_lines, clock))
    torch.manual_seed(prepared.recipe.seed)
    model: nn.Module = texts[0].names["Model"]()
    time_chains(model, source.paths, clock)
    model.train()
    objective = texts[1].names["objective"] if source.objective else None
    return Built(model, objective, tuple(texts))


def _measured(
    prepared: Prepared, built: Built, batch: Batch, clock: Clock, tell: Progress, asked: Cancel
) -> Times:
    passes: list[Pass] = []
    plain: list[Time] = []
    # the first passes choose kernels and take memory, which those of a training need not
    first = _one_pass(prepared, built, batch, clock).whole.total_s
    least, warm_up = (LEAST, WARM_UP) if first < SLOW_S else (LEAST_SLOW, 0)
    for _ in range(warm_up):
        _one_pass(prepared, built, batch, clock)
    started = time.perf_counter()
    while len(passes) < MOST:
        if asked():
            raise Cancelled
        clock.is_on = len(passes) < PLAIN_EVERY * (len(plain) + 1)
        found = _one_pass(prepared, built, batch, clock)
        if clock.is_on:
            passes.append(found)
        else:
            plain.append(found.whole)
        share = max(len(passes) / MOST, (time.perf_counter() - started) / BUDGET_S)
        if len(passes) >= least and plain and share >= 1:
            break
        tell(min(share, (len(passes) + bool(plain)) / (least + 1), 1.0), "Measuring")
    rows = len(next(iter(batch.values())))
    device = str(next(iter(batch.values())).device)
    return _summed(passes, plain, rows, device)


def _one_pass(prepared: Prepared, built: Built, batch: Batch, clock: Clock) -> Pass:
    seed_random(prepared.recipe.seed, clock.device)
    built.model.zero_grad(set_to_none=True)
    clock.start()
    began = clock.now()
    answer = _answer(prepared, built, batch)
    between = clock.now()
    if answer is None or not answer.requires_grad:
        return Pass(clock.forward, clock.backward, Time(between - began))
    if clock.is_on:
        clock.follow_back(answer)
    back = clock.now()
    answer.backward()  # type: ignore[no-untyped-call]  # torch has no types there
    return Pass(clock.forward, clock.backward, Time(between - began, clock.now() - back))


def _answer(prepared: Prepared, built: Built, batch: Batch) -> Tensor | None:
    """What to go back from: all losses, or all that a model without a loss answers."""
    if built.objective is not None:
        losses, _ = built.objective(built.model, batch)
        parts = list(losses.values()) if isinstance(losses, Mapping) else [losses]
    else:
        found = built.model(*(batch[feed.column] for feed in prepared.program.inputs))
        every = found if isinstance(found, tuple) else (found,)
        parts = [each.sum() for each in every if each.requires_grad]
    return sum(parts[1:], parts[0]) if parts else None


def _summed(passes: list[Pass], plain: list[Time], rows: int, device: str) -> Times:
    """The means over the quieter half; means, so that they add up as the times do."""
    quiet = _quieter(passes, [each.whole.total_s for each in passes])
    forward = _mean([each.forward for each in quiet])
    backward = _mean([each.backward for each in quiet])
    blocks = {path: Time(forward[path], backward.get(path, 0.0)) for path in forward}
    return Times(
        blocks,
        _mean_time([each.whole for each in quiet]),
        _mean_time(_quieter(plain, [each.total_s for each in plain])),
        rows,
        len(passes),
        device,
        torch.get_num_threads(),
    )


def _quieter(items: Sequence[Each], seconds: Sequence[float]) -> list[Each]:
    middle = statistics.median(seconds)
    return [each for each, taken in zip(items, seconds, strict=True) if taken <= middle]


def _mean(taken: Sequence[Seconds]) -> Seconds:
    paths = dict.fromkeys(path for each in taken for path in each)
    return {path: sum(each.get(path, 0.0) for each in taken) / len(taken) for path in paths}


def _mean_time(times: Sequence[Time]) -> Time:
    whole = added_up(times)
    return Time(whole.forward_s / len(times), whole.backward_s / len(times))


def _own_memory() -> contextlib.AbstractContextManager[None]:
    """Bounds the memory, unless a GPU's driver reserves more addresses than there is memory."""
    return contextlib.nullcontext() if torch.cuda.is_available() else bounded_memory()
