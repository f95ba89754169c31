"""The palette: every block there is, by category, with search."""

from app.palette.panel import Palette

__all__ = ["Palette"]
