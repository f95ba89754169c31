"""The canvas: the drawing as it is seen and changed by hand."""

from app.canvas.canvas import Canvas
from app.canvas.picture import render_document

__all__ = ["Canvas", "render_document"]
