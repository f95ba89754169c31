"""`torchloom sample FILE --run DIR --out FILE`: new data from a trained diffusion model or GAN."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from app.commands.common import FINE, add_file, answer_json, open_runnable
from app.human import grouped
from app.i18n import tr
from backends import loader

HELP = "make up new data with a diffusion model or a GAN that a run has trained"
SUFFIXES = (".npy", ".csv")
MOST = 1_000_000


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)
    parser.add_argument(
        "--run", type=Path, required=True, metavar="DIR", help=tr("the folder of a run")
    )
    parser.add_argument(
        "--out", type=_table, required=True, metavar="FILE",
        help=tr("where the new data goes: a .npy file, or .csv with a row for each"),
    )  # fmt: skip
    parser.add_argument("--count", type=_positive, default=64, help=tr("how many are made (64)"))
    parser.add_argument(
        "--method", choices=("ddim", "ddpm"), default="ddim",
        help=tr("ddim in few steps, or ddpm in all of them (ddim)"),
    )  # fmt: skip
    parser.add_argument("--steps", type=_positive, default=50, help=tr("the steps of ddim (50)"))
    parser.add_argument(
        "--eta", type=_share, default=0.0, help=tr("how much noise ddim puts back, 0 to 1 (0)")
    )
    parser.add_argument(
        "--seed", type=_seed, default=0, help=tr("another seed makes other data (0)")
    )
    parser.add_argument(
        "--tell", action="append", default=[], type=_told, metavar="INPUT=NUMBERS",
        help=tr("what an Input besides the data is told, such as label=3 or label=0,1,2 in turn; "
        "by default what stands in the data"),
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Makes the data and writes them."""
    opened = open_runnable(arguments.file, arguments.trust)
    shape = loader.call(
        "backends.pytorch.sample",
        "write_samples",
        opened.document,
        arguments.run.absolute(),
        arguments.out.absolute(),
        count=arguments.count,
        method=arguments.method,
        steps=arguments.steps,
        eta=arguments.eta,
        seed=arguments.seed,
        told=dict(arguments.tell),
    )
    if arguments.json:
        answer_json({"out": str(arguments.out), "shape": list(shape), "method": arguments.method})
        return FINE
    sizes = "×".join(map(str, shape[1:]))
    print(
        tr(
            "{out}: {count} new rows of {sizes} numbers",
            out=arguments.out,
            count=grouped(shape[0]),
            sizes=sizes or "1",
        )
    )
    return FINE


def _table(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in SUFFIXES:
        raise argparse.ArgumentTypeError(f"{text!r} does not end in {' or '.join(SUFFIXES)}")
    return path


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST:,}")
    return number


def _seed(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number < 1 << 63:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return number


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return number


def _told(text: str) -> tuple[str, tuple[int, ...]]:
    name, sign, numbers = text.partition("=")
    try:
        values = tuple(int(number) for number in numbers.split(","))
    except ValueError:
        values = ()
    if not (name and sign and values):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form label=3 or label=0,1,2")
    return name, values
