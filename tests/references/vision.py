"""A Transformer over the rows of an image, and the Vision Transformer."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from tests.references.attention import PreNormLayer


class RowClassifier(nn.Module):
    """Rows (N, T, F) to logits (N, C): places by sines and cosines, the mean of all places."""

    def __init__(
        self, inputs: int, features: int, heads: int, wide: int, layers: int, classes: int
    ):
        super().__init__()
        self.embed = nn.Linear(inputs, features)
        self.layers = nn.ModuleList(
            PreNormLayer(features, heads, wide, "none") for _ in range(layers)
        )
        self.norm = nn.LayerNorm(features)
        self.logits = nn.Linear(features, classes)

    def forward(self, rows: Tensor) -> Tensor:
        x = self.embed(rows) + waves(rows.shape[1], self.embed.out_features)
        for layer in self.layers:
            x = layer(x)
        return self.logits(self.norm(x).mean(1))


def waves(length: int, features: int) -> Tensor:
    """Section 3.5 of Attention Is All You Need (2017)."""
    table = torch.empty(length, features)
    for place in range(length):
        for pair in range(features // 2):
            angle = place / 10000 ** (2 * pair / features)
            table[place, 2 * pair] = math.sin(angle)
            table[place, 2 * pair + 1] = math.cos(angle)
    return table


class Vit(nn.Module):
    """Images (N, C, H, W) to logits: An Image is Worth 16x16 Words (2020), section 3.1."""

    def __init__(self, image: int, patch: int, features: int, heads: int, layers: int, out: int):
        super().__init__()
        self.patch = patch
        self.embed = nn.Linear(patch * patch, features)
        self.first = nn.Parameter(torch.zeros(features))
        self.places = nn.Parameter(torch.zeros((image // patch) ** 2 + 1, features))
        self.layers = nn.ModuleList(
            PreNormLayer(features, heads, 4 * features, "none", eps=1e-6) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(features, eps=1e-6)
        self.logits = nn.Linear(features, out)

    def forward(self, image: Tensor) -> Tensor:
        p = self.patch
        cut = image[:, 0].unfold(1, p, p).unfold(2, p, p).flatten(3).flatten(1, 2)
        x = self.embed(cut)
        x = torch.cat([self.first.repeat(len(x), 1, 1), x], 1) + self.places
        for layer in self.layers:
            x = layer(x)
        return self.logits(self.norm(x)[:, 0])
