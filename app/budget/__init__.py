"""What it takes to train the drawing and to use it."""

from app.budget.panel import BudgetPanel

__all__ = ["BudgetPanel"]
