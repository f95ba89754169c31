"""`torchloom demo --out DIR`: draws, trains and exports an example, without a screen."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from app.commands.common import FAILED, FINE, answer_json, say
from app.i18n import tr
from graph.problems import UserError

HELP = "open an example in the window, train it, and save picture, run and code"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=tr("where to save"))
    parser.add_argument("--example", default="digits-cnn", help=tr("digits-cnn by default"))
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument(
        "--scale", type=_scale, default=1.0, help=tr("device pixels for each pixel")
    )


def run(arguments: argparse.Namespace) -> int:
    """Does the whole main job in a window that no screen shows."""
    out: Path = arguments.out.absolute()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            tr("The folder {out} cannot be made: {reason}.", out=out, reason=error.strerror)
        ) from error
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(arguments.scale)
    os.environ["TORCHLOOM_HOME"] = str(out / "home")
    from app.demo import Demo

    say(tr("Training {example} in a window that no screen shows …", example=arguments.example))
    demo = Demo(out, arguments.example, arguments.theme)
    result = demo.play()
    if arguments.json:
        answer_json(result)
    else:
        for name, value in result.items():
            print(f"{name:<8}{value}")
    return FAILED if "error" in result else FINE


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not 0.5 <= scale <= 4:
        raise argparse.ArgumentTypeError(f"{text!r}: it must be from 0.5 to 4")
    return scale
