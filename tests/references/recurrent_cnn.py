"""The network of Recurrent Convolutional Neural Network for Object Recognition (2015)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


class RecurrentLayer(nn.Module):
    """A convolution of what it sees and, again and again, one of its own answer."""

    def __init__(self, channels: int, steps: int) -> None:
        super().__init__()
        self.seen = nn.Conv2d(channels, channels, 3, padding=1)
        self.known = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.steps = steps

    def forward(self, image: Tensor) -> Tensor:
        seen = self.seen(image)
        x = bounded(seen)
        for _ in range(self.steps):
            x = bounded(seen + self.known(x))
        return x


def bounded(x: Tensor) -> Tensor:
    """ReLU, and each channel divided by the strength of an eighth of all around it."""
    x = torch.relu(x)
    around = x.shape[1] // 8 + 1
    before = around // 2
    squares = F.pad(x.square(), (0, 0, 0, 0, before, around - 1 - before))
    strength = torch.stack([squares[:, i : i + x.shape[1]] for i in range(around)]).sum(0)
    return x / (1 + 0.001 / around * strength) ** 0.75


class RecurrentCnn(nn.Module):
    """Grey images to logits, without dropout."""

    def __init__(self, channels: int, steps: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 5, padding=2)
        self.layers = nn.ModuleDict({str(i): RecurrentLayer(channels, steps) for i in range(1, 5)})
        self.logits = nn.Linear(channels, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = torch.relu(self.conv1(image))
        for number, layer in self.layers.items():
            if number in ("1", "3"):
                x = F.max_pool2d(x, 3, 2, 1)
            x = layer(x)
        return self.logits(x.amax((2, 3)))
