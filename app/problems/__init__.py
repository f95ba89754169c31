"""The problems panel: what is wrong with the drawing, and what would mend it."""

from app.problems.panel import ProblemsPanel

__all__ = ["ProblemsPanel"]
