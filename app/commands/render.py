"""`torchloom render FILE --out PNG`: a picture of a drawing, without a screen."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from app.commands.common import FINE, add_file, answer_json, open_file
from app.i18n import tr

HELP = "draw a drawing into a PNG file"
LARGEST_PX = 20000


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)
    parser.add_argument("--out", type=_png, required=True, metavar="PNG", help=tr("the picture"))
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument(
        "--size", type=_size, default=None, metavar="WIDTHxHEIGHT",
        help=tr("in pixels, such as 1600x1000; by default as large as the drawing needs"),
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture."""
    opened = open_file(arguments.file, arguments.trust)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.canvas import render_document
    from app.pictures import save_picture
    from app.start import make_application
    from app.theme import THEMES

    make_application()
    image = render_document(opened.document, THEMES[arguments.theme], arguments.size)
    save_picture(image, arguments.out)
    answer = {"out": str(arguments.out), "width": image.width(), "height": image.height()}
    if arguments.json:
        answer_json(answer)
    else:
        print(tr("{out}: {width} x {height} px", **answer))
    return FINE


def _png(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .png")
    return path


def _size(text: str) -> tuple[int, int]:
    parts = text.lower().replace("×", "x").split("x")
    try:
        width, height = (int(part) for part in parts)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 1600x1000") from None
    if not (16 <= width <= LARGEST_PX and 16 <= height <= LARGEST_PX):
        raise argparse.ArgumentTypeError(f"{text!r}: both must be from 16 to {LARGEST_PX}")
    return width, height
