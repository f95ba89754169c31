"""The drawing as a tree: all that the canvas shows, for keyboards and screen readers."""

from app.outline.panel import OutlinePanel

__all__ = ["OutlinePanel"]
