"""Networks as one writes them by hand in PyTorch, for comparison with the drawn ones.

Their weights come in the order in which the data pass them, as those of the drawn ones do.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


def make_model() -> nn.Sequential:
    """The classic CNN: conv 32, pool, conv 64, pool, conv 64, dense 64, dense 10."""
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


class Mlp(nn.Module):
    """Two hidden layers of 32 between a point and two classes."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden1 = nn.Linear(2, 32)
        self.hidden2 = nn.Linear(32, 32)
        self.out = nn.Linear(32, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.tanh(self.hidden1(x))
        x = torch.tanh(self.hidden2(x))
        return self.out(x)


class Lstm(nn.Module):
    """Reads the rows of an image and tells its class after the last."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, units, batch_first=True)
        self.out = nn.Linear(units, 10)

    def forward(self, x: Tensor) -> Tensor:
        _, (state, _) = self.lstm(x)
        return self.out(state[-1])


class BasicBlock(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(before, width, 1, stride=stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class Resnet18(nn.Module):
    """ResNet-18 for small images."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        blocks = [BasicBlock(64, 64, 1), BasicBlock(64, 64, 1)]
        for width in (128, 256, 512):
            blocks += [BasicBlock(width // 2, width, 2), BasicBlock(width, width, 1)]
        self.layers = nn.Sequential(*blocks)
        self.fc = nn.Linear(512, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.bn1(self.conv1(x)))
        x = self.layers(functional.max_pool2d(x, 3, stride=2, padding=1))
        return self.fc(x.mean((2, 3)))


class Layer(nn.Module):
    """Causal attention, then dense layers, each normalised first and beside a shortcut."""

    def __init__(self, features: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(features)
        self.attention = nn.MultiheadAttention(features, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(features)
        self.wide = nn.Linear(features, 4 * features)
        self.narrow = nn.Linear(4 * features, features)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        y = self.norm1(x)
        y, _ = self.attention(y, y, y, attn_mask=mask, is_causal=True, need_weights=False)
        x = x + y
        return x + self.narrow(functional.gelu(self.wide(self.norm2(x)), approximate="tanh"))


class Gpt(nn.Module):
    """A small GPT-2, which reads and writes characters; its table is used for both."""

    mask: Tensor

    def __init__(self, vocabulary: int, context: int, features: int, heads: int, layers: int):
        super().__init__()
        self.table = nn.Parameter(torch.empty(vocabulary, features))
        self.places = nn.Parameter(torch.empty(context, features))
        self.layers = nn.ModuleList(Layer(features, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(features)
        later = torch.ones(context, context, dtype=torch.bool).triu(1)
        self.register_buffer("mask", later, persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        x = functional.embedding(tokens, self.table) + self.places
        for layer in self.layers:
            x = layer(x, self.mask)
        return self.norm(x) @ self.table.T
