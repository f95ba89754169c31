"""The runs there are: a table to search, sort and compare."""

from app.runs.panel import RunsPanel

__all__ = ["RunsPanel"]
