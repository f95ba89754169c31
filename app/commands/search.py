"""`torchloom search FILE --over "dense.features={32, 64}"`: finds good values by training."""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from app.commands.common import (
    FAILED,
    FINE,
    WRONG_USAGE,
    Opened,
    add_file,
    answer_json,
    open_file,
    say,
)
from app.commands.train import INTERRUPTED, number, with_overrides
from app.human import duration, figure
from app.i18n import tr
from backends import loader
from backends.data.source import params_of
from backends.protocol import Control, Event
from backends.searching import folder as searches
from backends.searching import trial as trials
from backends.searching.trial import Begun, Ended, SearchJob, Trial, place_of
from graph.params import Expr, Value
from graph.problems import UserError
from graph.recipe import Recipe
from graph.searching import (
    GOALS,
    LOSS,
    MEDIAN,
    PRUNERS,
    Search,
    combinations,
    make_search,
    values_text,
)
from graph.spaces import value_text

HELP = "find good values by training with many"
OVERRIDES = ("epochs", "device", "threads")
LONGEST_TEXT = 72


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)
    parser.add_argument(
        "--over", action="append", default=[], metavar="FIELD=CHOICES",
        help=tr("what is chosen: dense.features={32, 64, 128} of a block, learning_rate=1e-4..1e-1 "
                "log of the recipe, data.noise=0.1..0.5 of the data, data.flip.on={true, false} of "
                "a step, dense.repeat=1..4, relu={relu, gelu} of kinds; may be given again"),
    )  # fmt: skip
    parser.add_argument(
        "--trials", type=int, default=None, metavar="N",
        help=tr("how many choices are trained; 20 by default"),
    )  # fmt: skip
    parser.add_argument(
        "--objective", default=LOSS, metavar="NAME",
        help=tr("what it goes by: loss, or the name of a metric; of the validation, where rows are "
                "kept apart"),
    )  # fmt: skip
    parser.add_argument("--goal", choices=GOALS, default="", help=tr("which of it is best"))
    parser.add_argument(
        "--pruner", choices=PRUNERS, default=MEDIAN,
        help=tr("which trials are cut short: those worse than the median of those before them, all "
                "but the best third by halving, or none"),
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help=tr("start of the choices; 0 by default")
    )
    parser.add_argument(
        "--name", default="", help=tr("what the search, and the tag of its runs, are called")
    )
    parser.add_argument(
        "--resume", default=None, metavar="SEARCH",
        help=tr("a search to go on with, by its folder or its name; latest: that of the drawing"),
    )  # fmt: skip
    parser.add_argument(
        "--on", default="thread", metavar="PLACE",
        help=tr("where each trial runs: thread, process, or processes:N; see train"),
    )  # fmt: skip
    parser.add_argument(
        "--parallel", type=int, default=1, metavar="N",
        help=tr("how many trials run beside each other, with --on process"),
    )  # fmt: skip
    parser.add_argument("--epochs", type=int, metavar="N", help=tr("passes over the training rows"))
    parser.add_argument("--device", choices=Recipe.params["device"].choices)
    parser.add_argument("--threads", type=int, metavar="N", help=tr("processor threads; 0 chooses"))
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="DIR",
        help=tr("where each trial makes a run, and the search a folder in searches; ./runs by "
                "default"),
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Searches; an interruption stops after the step, and the search can be gone on with."""
    opened = open_file(arguments.file, arguments.trust)
    try:
        job = _job(opened, arguments)
    except UserError as error:
        say(f"torchloom: {error}")
        if arguments.json:
            answer_json({"error": str(error)})
        return WRONG_USAGE
    control = Control()
    with _stops_on_interrupt(control):
        ended: Ended = loader.call(
            "backends.searching.work", "run", job, _Lines(job.search).show, control
        )
    if arguments.json:
        answer_json(answer(job.search, ended))
    else:
        _tell(job.search, ended)
    if ended.is_stopped:
        raise KeyboardInterrupt  # the border answers with the exit code of an interruption
    return FINE if ended.best else FAILED


def _job(opened: Opened, arguments: argparse.Namespace) -> SearchJob:
    """The search that is meant: a new one, or one that goes on as it was begun."""
    runs, where = arguments.runs.absolute(), place_of(arguments.on)
    if arguments.resume:
        if arguments.over:
            raise UserError(
                tr("A search goes on with the choices it has; --over is for a new one.")
            )
        found = searches.find(runs, arguments.resume, opened.document.name)
        return replace(
            searches.read(found).job(arguments.trials), where=where, parallel=arguments.parallel
        )
    document = with_overrides(opened.document, arguments, OVERRIDES)
    search = make_search(
        document,
        arguments.over,
        trials=20 if arguments.trials is None else arguments.trials,
        objective=arguments.objective,
        goal=arguments.goal,
        seed=arguments.seed,
        pruner=arguments.pruner,
        source=params_of(document.data),
    )
    return SearchJob(
        document, search, runs, arguments.name, where=where, parallel=arguments.parallel
    )


class _Lines:
    """Tells how the search goes, a line for each trial."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._made = 0

    def show(self, event: Begun | Trial | Event) -> None:
        """Prints what there is to say of an event."""
        if isinstance(event, Begun):
            count = combinations(self._search)
            self._made = sum(trial.is_made for trial in event.trials)
            many = tr("{n} choices", n=count) if count is not None else tr("endless choices")
            say(tr("searching among {many}, in {folder}", many=many, folder=event.folder))
        elif isinstance(event, Trial) and event.state not in (trials.RUNNING, trials.STOPPED):
            self._made += event.is_made
            made = f"{self._made}/{self._search.trials}"
            say(f"{made:>7}  {values_text(self._search.over, event.values)}  "
                f"{_came_to(self._search, event)}")  # fmt: skip


def _came_to(search: Search, trial: Trial) -> str:
    """What came of a trial, in a few words."""
    if trial.state == trials.PRUNED:
        return trial.text
    if trial.value is not None:
        return f"{search.objective} {figure(trial.value)}"
    if trial.state == trials.REFUSED:
        return tr("not trained: {why}", why=trial.text)
    if trial.state == trials.FAILED:
        return tr("failed: {why}", why=trial.text)
    return tr("stopped")


@contextmanager
def _stops_on_interrupt(control: Control) -> Iterator[None]:
    """Ctrl+C asks the search to stop; a second one leaves at once."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if control.is_stopped:
            os._exit(INTERRUPTED)
        control.stop()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def answer(search: Search, ended: Ended) -> dict[str, object]:
    """The answer for programs."""
    states = [trial.state for trial in ended.trials]
    return {
        "search": str(ended.folder),
        "objective": search.objective,
        "goal": search.goal,
        "best": _as_json(search, ended.best) if ended.best else None,
        "trials": [_as_json(search, trial) for trial in ended.trials],
        **{state: states.count(state) for state in (trials.FINISHED, trials.PRUNED,
                                                    trials.REFUSED, trials.FAILED,
                                                    trials.STOPPED)},
        "combinations": combinations(search),
        "text": ended.text,
    }  # fmt: skip


def _as_json(search: Search, trial: Trial) -> dict[str, object]:
    values = zip(search.over, trial.values, strict=True)
    return {
        "number": trial.number,
        "values": {str(over.field): _plain(value) for over, value in values},
        "state": trial.state,
        "value": number(trial.value),
        "run": str(trial.run) if trial.run else None,
        "text": trial.text,
        "curve": [list(point) for point in trial.curve],
        "seconds": round(trial.seconds, 3),
    }


def _plain(value: Value) -> object:
    if isinstance(value, Expr):
        return value.text
    return list(value) if isinstance(value, tuple) else value


def _tell(search: Search, ended: Ended) -> None:
    """The answer for people: a table, the best first, and what to do with it."""
    for line in table(search, ended.trials):
        print(line)
    if ended.text:
        print(ended.text)
    best = ended.best
    if best is None:
        print(tr("No trial came to a value."))
        return
    print(tr("best     {values}: {name} {value}", values=values_text(search.over, best.values),
             name=search.objective, value=figure(best.value or 0.0)))  # fmt: skip
    print(tr("its run  {run}", run=best.run))
    print(tr("search   {folder}", folder=ended.folder))


def table(search: Search, found: Sequence[Trial]) -> list[str]:
    """A line for each trial, the best first, the columns below each other."""
    sign = -1 if search.is_highest else 1
    ordered = sorted(found, key=lambda t: (*_rank(t), sign * (t.value or 0.0), t.number))
    rows = [
        (
            str(trial.number),
            *map(value_text, trial.values),
            "–" if trial.value is None else figure(trial.value),
            duration(trial.seconds) if trial.run else "",
            "" if trial.state == trials.FINISHED else shortened(_came_to(search, trial)),
        )
        for trial in ordered
    ]
    heads = (tr("trial"), *(str(over.field) for over in search.over), search.objective, "", "")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, *rows)
    ]


def _rank(trial: Trial) -> tuple[bool, bool]:
    return trial.value is None, trial.state == trials.PRUNED


def shortened(text: str) -> str:
    """The text, or its beginning where it is long."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
