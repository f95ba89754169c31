"""The training dock: data, recipe, steering a run, and its plots."""

from app.training.panel import TrainingPanel

__all__ = ["TrainingPanel"]
