"""The code panel: the generated code of the drawing, live."""

from app.code.panel import CodePanel

__all__ = ["CodePanel"]
