"""A figure as SVG, readable by every program that knows the format."""

from __future__ import annotations

from html import escape

from graph.figure.shapes import Disc, Figure, Line, Point, Shape, Words

FONT = "Helvetica"
_FAMILY = (
    "@supports (font-size:1px){text{font-family:Helvetica,Arial,'Liberation Sans',sans-serif}}"
)


def svg_text(figure: Figure) -> str:
    """The content of the file. Equal figures give equal texts."""
    width, height = _n(figure.width), _n(figure.height)
    size = f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f"<title>{_text(figure.title)}</title>",
        f"<style>{_FAMILY}</style>",
        f'<g font-family="{FONT}" stroke-linejoin="round" stroke-linecap="round" fill="none">',
        *map(_shape, figure.shapes),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _shape(shape: Shape) -> str:
    if isinstance(shape, Words):
        x, y = shape.at
        bold = ' font-weight="bold"' if shape.bold else ""
        return (
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(shape.size)}" fill="{shape.tone}" '
            f'text-anchor="{shape.anchor}"{bold}>{_text(shape.text)}</text>'
        )
    if isinstance(shape, Disc):
        x, y = shape.centre
        return (
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(shape.radius)}" fill="{shape.fill}" '
            f'stroke="{shape.stroke}" stroke-width="{_n(shape.width)}"/>'
        )
    dashes = ' stroke-dasharray="2.4 1.8"' if shape.dashed else ""
    stroke = f' stroke="{shape.stroke}" stroke-width="{_n(shape.width)}"{dashes}'
    if isinstance(shape, Line):
        return f'<polyline points="{_points(shape.points)}"{stroke}/>'
    fill = f' fill="{shape.fill}"' if shape.fill else ""
    return f'<polygon points="{_points(shape.points)}"{fill}{stroke if shape.stroke else ""}/>'


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    """A text as XML takes it: no markup, none of the characters that XML forbids."""
    return escape(
        "".join(c for c in text if c in "\t\n\r" or (ord(c) >= 32 and c not in "\ufffe\uffff"))
    )
