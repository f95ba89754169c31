"""The inspector: what is selected, its parameters, shapes and costs."""

from app.inspector.panel import Inspector

__all__ = ["Inspector"]
