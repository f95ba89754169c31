"""A publication figure of a network: its layers as volumes drawn to scale, as SVG or TikZ."""

from __future__ import annotations

from graph.figure.drawing import figure_of
from graph.figure.shapes import Figure
from graph.figure.svg import svg_text
from graph.figure.tikz import tikz_text

__all__ = ["Figure", "figure_of", "svg_text", "tikz_text"]
