"""Classifiers that read the rows of an image one after the other.

Axes: N batch, T rows, F features.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Elman(nn.Module):
    """One layer of Finding Structure in Time (1990), with tanh."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.seen = nn.Linear(inputs, units)
        self.known = nn.Linear(units, units)

    def forward(self, x_NTF: Tensor) -> Tensor:
        h = torch.zeros(len(x_NTF), self.known.in_features)
        answers = []
        for x_NF in x_NTF.unbind(1):
            h = torch.tanh(self.seen(x_NF) + self.known(h))
            answers.append(h)
        return torch.stack(answers, 1)


class Reader(nn.Module):
    """What a recurrent layer knows after the last row, to logits."""

    def __init__(self, layer: nn.Module, units: int, classes: int) -> None:
        super().__init__()
        self.layer = layer
        self.logits = nn.Linear(units, classes)

    def forward(self, rows: Tensor) -> Tensor:
        answers = self.layer(rows)
        x_NTF = answers[0] if isinstance(answers, tuple) else answers
        return self.logits(x_NTF[:, -1])
