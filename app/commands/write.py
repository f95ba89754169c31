"""`torchloom write FILE --run DIR`: what a trained model of sequences writes, token by token."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.common import FINE, add_file, answer_json, open_runnable
from app.generating.written import lines_of, score_of
from app.i18n import tr
from backends import loader

HELP = "let a trained language model or translator write by itself"
SHOWN = 5


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)
    parser.add_argument(
        "--run", type=Path, required=True, metavar="DIR", help=tr("the folder of a run")
    )
    parser.add_argument(
        "--prompt", default="", metavar="TEXT",
        help=tr("what it reads or continues; without it, rows of the test"),
    )  # fmt: skip
    parser.add_argument(
        "--length", type=_length, default=0, metavar="N",
        help=tr("how many tokens it writes; without it, as many as a row of the data has"),
    )  # fmt: skip
    parser.add_argument(
        "--temperature", type=_temperature, default=0.0, metavar="X",
        help=tr("0 takes the likeliest token each time, 1 draws by what the model expects (0)"),
    )  # fmt: skip
    parser.add_argument("--seed", type=_length, default=0, help=tr("another seed draws others (0)"))


def run(arguments: argparse.Namespace) -> int:
    """Prints what was read and written."""
    opened = open_runnable(arguments.file, arguments.trust)
    found = loader.call(
        "backends.pytorch.writing",
        "write_run",
        opened.document,
        arguments.run.absolute(),
        prompt=arguments.prompt,
        length=arguments.length,
        temperature=arguments.temperature,
        seed=arguments.seed,
    )
    shown = found.answers[:SHOWN]
    if arguments.json:
        answers = [{"read": a.read, "written": a.written, "right": a.right} for a in shown]
        answer_json({"answers": answers, "rows": found.rows, "exact": found.exact})
        return FINE
    print("\n".join(lines_of(found, SHOWN)))
    if score := score_of(found):
        print(score)
    return FINE


def _length(text: str) -> int:
    if int(text) < 0:
        raise argparse.ArgumentTypeError(f"{text} is less than 0")
    return int(text)


def _temperature(text: str) -> float:
    if not 0 <= float(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 100")
    return float(text)
