"""The content of a picture's file, and how large it will be before it is made."""

from __future__ import annotations

from pathlib import Path

from app.i18n import tr
from app.picturing.pdf import pdf_bytes
from app.picturing.raster import painted, png_bytes
from app.picturing.stamps import Watch, unwatched
from app.picturing.svg import svg_text
from app.picturing.wish import CARRYING, FORMATS, Format, Report, Scene, Wish, refuse_unsafe
from graph.pictures import png, wrapped
from graph.problems import UserError

PAINTED = 0.6
"""Of the time for a PNG so much goes into painting, the rest into packing it."""
SVG_FIXED, SVG_A_BLOCK, SVG_A_WIRE = 18_000, 1_900, 700
PDF_FIXED, PDF_A_BLOCK, PDF_A_WIRE = 25_000, 1_400, 300
PNG_A_BLOCK, PNG_A_SMALL_BLOCK, SMALL_BELOW = 6_500, 400, 0.55
CARRIED_A_BLOCK = 60


def picture_bytes(
    scene: Scene, wish: Wish, report: Report = lambda _: None, watch: Watch = unwatched
) -> bytes:
    """The content of the file. May be called in any thread.

    Args:
        report: told how far it is, from 0 to 1.
        watch: called now and then; what it raises ends the work.

    Raises:
        UserError: the picture or the drawing in it would be too large.
    """
    refuse_unsafe(scene, wish)
    carried = wrapped(scene.document) if wish.carries and wish.format in CARRYING else ""
    if wish.format == "svg":
        return svg_text(scene, wish, carried, watch).encode()
    if wish.format == "pdf":
        return pdf_bytes(scene, wish, watch)
    image = painted(scene, wish, lambda share: report(share * PAINTED), watch)
    written = png_bytes(image)
    return png.with_text(written, carried) if carried else written


def estimated_bytes(scene: Scene, wish: Wish) -> int:
    """How large the file will be, roughly: measured on drawings of 10 to 10,000 blocks."""
    blocks, wires = len(scene.mirror.ids), len(scene.mirror.edges)
    carried = CARRIED_A_BLOCK * blocks if wish.carries and wish.format in CARRYING else 0
    if wish.format == "svg":
        return SVG_FIXED + SVG_A_BLOCK * blocks + SVG_A_WIRE * wires + carried
    if wish.format == "pdf":
        return PDF_FIXED + PDF_A_BLOCK * blocks + PDF_A_WIRE * wires
    width, height = scene.size(wish.scale)
    each = PNG_A_SMALL_BLOCK if wish.scale < SMALL_BELOW else PNG_A_BLOCK * wish.scale
    return round(each * blocks + width * height / 500) + carried


def format_of(path: Path) -> Format:
    """The format that a file's name asks for.

    Raises:
        UserError: there is no such format.
    """
    suffix = path.suffix.lower().lstrip(".")
    for format in FORMATS:
        if suffix == format:
            return format
    known = ", ".join(f".{format}" for format in FORMATS)
    raise UserError(tr("{name} should end in one of {known}.", name=path.name, known=known))
