"""`torchloom runs`: lists the runs of a folder, or hands one to TensorBoard or MLflow."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from app.commands.common import FINE, WRONG_USAGE, answer_json, say
from app.human import duration, figure
from app.i18n import tr
from backends.runs.entry import Entry
from backends.runs.exporting import KINDS, export
from backends.runs.index import list_runs

HELP = "list runs, or export one"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument(
        "action", nargs="?", choices=("list", "export"), default="list",
        help=tr("list the runs (what is done without a word), or export one"),
    )  # fmt: skip
    parser.add_argument(
        "run", nargs="?", metavar="RUN", help=tr("the folder of a run, or its name")
    )
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="DIR",
        help=tr("the folder of the runs; ./runs by default"),
    )  # fmt: skip
    parser.add_argument(
        "--to", nargs=2, metavar=("PROGRAM", "PLACE"),
        help=tr("tensorboard and the folder of its logs, or mlflow and where it tracks"),
    )  # fmt: skip
    parser.add_argument(
        "--follow", action="store_true", help=tr("go on exporting until the run has ended")
    )


def run(arguments: argparse.Namespace) -> int:
    """Lists or exports."""
    if arguments.action == "export":
        return _export(arguments)
    entries = list_runs(arguments.runs.absolute())
    if arguments.json:
        answer_json({"runs": [as_json(entry) for entry in entries]})
        return FINE
    if not entries:
        print(tr("There are no runs in {folder}.", folder=arguments.runs))
    for line in table(entries):
        print(line)
    return FINE


def _export(arguments: argparse.Namespace) -> int:
    if arguments.run is None or arguments.to is None or arguments.to[0] not in KINDS:
        text = tr("export takes a run and --to with one of {kinds} and a place",
                  kinds=", ".join(KINDS))  # fmt: skip
        say(f"torchloom: {text}")
        if arguments.json:
            answer_json({"error": text})
        return WRONG_USAGE
    kind, place = arguments.to
    path = Path(arguments.run)
    inside: Path = arguments.runs / path
    run = (inside if not path.exists() and inside.exists() else path).absolute()
    count = export(run, kind, place, follows=arguments.follow)
    if arguments.json:
        answer_json({"run": str(run), "to": kind, "place": place, "numbers": count})
    else:
        print(tr("{n} numbers of {run} are in {place}.", n=count, run=run.name, place=place))
    return FINE


def as_json(entry: Entry) -> dict[str, object]:
    """A run as programs read it."""
    values = asdict(entry)
    return {**values, "path": str(entry.path), "loss": entry.loss, "best_loss": entry.best_loss}


def table(entries: list[Entry]) -> list[str]:
    """A line for each run, the columns below each other."""
    rows = [
        (
            entry.path.name,
            entry.status,
            f"{entry.epochs}/{entry.total_epochs}" if entry.total_epochs else str(entry.epochs),
            "" if entry.best_loss is None else tr("loss {loss}", loss=figure(entry.best_loss)),
            " ".join(f"{name} {figure(value)}" for name, value in entry.test.items()
                     if name != "loss"),
            duration(entry.seconds) if entry.seconds else "",
            ", ".join(entry.tags),
        )
        for entry in entries
    ]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
