"""Networks of dense layers alone: the perceptron, layers of them, and an autoencoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Perceptron(nn.Module):
    """A weighted sum of all pixels for each answer: The Perceptron (1958), without its step."""

    def __init__(self, pixels: int, classes: int) -> None:
        super().__init__()
        self.weights = nn.Linear(pixels, classes)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.weights(pixels)


class Mlp(nn.Module):
    """Dense layers with ReLU behind each but the last."""

    def __init__(self, pixels: int, features: int, layers: int, classes: int) -> None:
        super().__init__()
        sizes = [pixels, *[features] * layers]
        self.hidden = nn.ModuleList(map(nn.Linear, sizes, sizes[1:]))
        self.classifier = nn.Linear(features, classes)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.classifier(x)


class Autoencoder(nn.Module):
    """Pixels to a code and back; answers codes, brightness of each pixel, and its logits."""

    def __init__(self, pixels: int, hidden: tuple[int, ...], code: int) -> None:
        super().__init__()
        there, back = [pixels, *hidden], [code, *reversed(hidden)]
        self.encode = nn.ModuleList(map(nn.Linear, there, there[1:]))
        self.code = nn.Linear(there[-1], code)
        self.decode = nn.ModuleList(map(nn.Linear, back, back[1:]))
        self.logits = nn.Linear(back[-1], pixels)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = image
        for layer in self.encode:
            x = torch.relu(layer(x))
        x = codes = self.code(x)
        for layer in self.decode:
            x = torch.relu(layer(x))
        logits = self.logits(x)
        return codes, torch.sigmoid(logits), logits
