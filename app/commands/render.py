"""`torchloom render FILE --out PICTURE`: a picture of a drawing, without a screen."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from app.commands.common import FINE, Opened, add_file, answer_json, open_file
from app.i18n import tr
from graph.fileio import write_atomically

HELP = "draw a drawing, or a figure of its layers, into a PNG, SVG, PDF or TikZ file"
LARGEST_PX = 20000
SUFFIXES = (".png", ".svg", ".pdf", ".tex")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)
    parser.add_argument(
        "--out", type=_picture, required=True, metavar="PICTURE",
        help=tr("the picture; its name ends in {suffixes}", suffixes=", ".join(SUFFIXES)),
    )  # fmt: skip
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument(
        "--size", type=_size, default=None, metavar="WIDTHxHEIGHT",
        help=tr("of a PNG in pixels, such as 1600x1000; by default as large as the drawing needs"),
    )  # fmt: skip
    parser.add_argument(
        "--scale", type=float, default=1.0, metavar="TIMES",
        help=tr("how large a pixel of the canvas becomes, from 0.5 to 8; by default 1"),
    )  # fmt: skip
    parser.add_argument(
        "--ground", choices=("grid", "plain", "none"), default="grid",
        help=tr("what lies under the drawing; a grid in PNG only"),
    )  # fmt: skip
    parser.add_argument(
        "--bare", action="store_true", help=tr("leave the drawing itself out of the picture")
    )
    parser.add_argument(
        "--figure", action="store_true",
        help=tr("a publication figure: layers as volumes drawn to scale; .tex is TikZ"),
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture."""
    opened = open_file(arguments.file, arguments.trust)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.start import make_application

    make_application()
    draw = _figure if arguments.figure else _drawn
    content, (width, height) = draw(opened, arguments)
    write_atomically(arguments.out, content)
    answer = {"out": str(arguments.out), "width": width, "height": height}
    if arguments.json:
        answer_json(answer)
    else:
        unit = "pt" if arguments.figure and arguments.out.suffix.lower() != ".png" else "px"
        print(tr("{out}: {width} x {height} {unit}", unit=unit, **answer))
    return FINE


def _figure(opened: Opened, arguments: argparse.Namespace) -> tuple[bytes, tuple[int, int]]:
    """The content of the file with the figure, and its size in points, or px of a PNG."""
    from app.picturing.figures import FIGURE_FORMATS, figure_bytes
    from graph.figure import figure_of

    figure = figure_of(opened.document)
    suffix = arguments.out.suffix.lower().lstrip(".")
    format = next(format for format in FIGURE_FORMATS if format == suffix)
    scale = arguments.scale if format == "png" else 1.0
    size = round(figure.width * scale), round(figure.height * scale)
    return figure_bytes(figure, format, scale), size


def _drawn(opened: Opened, arguments: argparse.Namespace) -> tuple[bytes, tuple[int, int]]:
    """The content of the file, and the size of the picture."""
    from app.canvas import render_document
    from app.picturing.raster import png_bytes
    from app.picturing.wish import Wish, scene_of
    from app.picturing.write import format_of, picture_bytes
    from app.theme import THEMES
    from graph.pictures import png, wrapped

    theme, document = THEMES[arguments.theme], opened.document
    format = format_of(arguments.out)
    if arguments.size is not None and format == "png":
        content = png_bytes(render_document(document, theme, arguments.size))
        text = "" if arguments.bare else wrapped(document)
        return png.with_text(content, text) if text else content, arguments.size
    wish = Wish(format, arguments.scale, theme, arguments.ground, not arguments.bare)
    scene = scene_of(document, typing=opened.typing, problems=opened.problems)
    return picture_bytes(scene, wish), scene.size(wish.scale)


def _picture(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in SUFFIXES:
        raise argparse.ArgumentTypeError(f"{text!r} does not end in {', '.join(SUFFIXES)}")
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
