"""`torchloom eval FILE --run DIR`: the test of a drawing with the weights that a run kept."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from app.commands.common import FINE, add_file, answer_json, open_runnable
from app.commands.train import first_accuracy, number
from app.human import figure, grouped
from app.i18n import tr
from backends import loader

HELP = "evaluate a trained drawing on the rows kept for the test"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)
    parser.add_argument(
        "--run", type=Path, required=True, metavar="DIR", help=tr("the folder of a run")
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints loss and metrics."""
    started = time.perf_counter()
    opened = open_runnable(arguments.file, arguments.trust)
    folder = arguments.run.absolute()
    found = loader.call("backends.pytorch.evaluation", "evaluate_run", opened.document, folder)
    if arguments.json:
        metrics = {name: number(value) for name, value in found.means.items()}
        answer_json(
            {
                "test_loss": metrics.pop("loss"),
                "test_accuracy": metrics.get(first_accuracy(opened)),
                "metrics": metrics,
                "rows": found.rows,
                "seconds": round(time.perf_counter() - started, 3),
                "device": found.device,
                "run": str(folder),
            }
        )
        return FINE
    width = max(len(name) for name in found.means)
    for name, value in found.means.items():
        print(f"{name:<{width}}  {figure(value)}")
    print(tr("over {rows} test rows", rows=grouped(found.rows)))
    return FINE
