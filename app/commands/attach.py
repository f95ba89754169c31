"""`torchloom attach [RUN]`: follows a run that goes on in other processes, or gives it an order."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from app.commands.common import FINE, answer_json, say
from app.commands.train import answer, follow_quietly, kept_epoch, tell
from app.i18n import tr
from app.settings import home
from backends.launch import process
from backends.launch.job_file import read_launch
from backends.launch.orders import GO, PAUSE, STOP, order
from backends.protocol import Failed, Finished
from graph.problems import UserError
from graph.recipe import Recipe

HELP = "follow a run that goes on in other processes"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument(
        "run", type=Path, nargs="?", metavar="RUN",
        help=tr("the folder of the run; without one, those that go on now are listed"),
    )  # fmt: skip
    parser.add_argument(
        "--runs", type=Path, default=None, metavar="DIR",
        help=tr("where runs are looked for; ./runs and those of the window by default"),
    )  # fmt: skip
    parser.add_argument(
        "--order", choices=(PAUSE, GO, STOP), help=tr("give the run an order, and do not follow it")
    )


def run(arguments: argparse.Namespace) -> int:
    """Follows, lists or orders; Ctrl+C ends the following, and the run goes on."""
    folders = [arguments.runs] if arguments.runs else [Path("runs"), home() / "runs"]
    if arguments.run is None:
        found = [path for folder in folders for path in process.running_in(folder.absolute())]
        _list(found, as_json=arguments.json)
        return FINE
    path = _found(arguments.run, folders)
    if arguments.order:
        order(read_launch(path).order, arguments.order)
        _answer(arguments, {"run": str(path), "order": arguments.order}, tr("told"))
        return FINE
    launch = read_launch(path)
    if not process.is_alive(path):
        say(tr("Nobody is at work on it now; this is what it came to."))
    history, last = follow_quietly(partial(process.attach, path))
    if isinstance(last, Failed):
        raise UserError(last.text)
    document = launch.job.document
    keep_best = Recipe.build(document.recipe, document.variables).keep == "best"
    epoch = kept_epoch(history, keep_best)
    test = last.test if isinstance(last, Finished) else {}
    if arguments.json:
        answer_json(answer(last, epoch, test, "accuracy", history.device))
    else:
        tell(last, epoch, test)
    return FINE


def _found(run: Path, folders: list[Path]) -> Path:
    """The folder of the run; it may be called by its name alone."""
    places = [run, *(folder / run for folder in folders)]
    return next((place for place in places if place.is_dir()), run).absolute()


def _list(found: list[Path], *, as_json: bool) -> None:
    if as_json:
        answer_json({"runs": [str(path) for path in found]})
        return
    if not found:
        print(tr("No run goes on in other processes now."))
    for path in found:
        print(path)


def _answer(arguments: argparse.Namespace, value: dict[str, object], text: str) -> None:
    if arguments.json:
        answer_json(value)
    else:
        print(text)
