"""The classic CNN of the examples, as one writes it by hand."""

from __future__ import annotations

from torch import nn


def make_model() -> nn.Sequential:
    """Conv 32, pool, conv 64, pool, conv 64, dense 64, dense 10; 93,322 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(576, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
