"""Attention and Transformer layers, written out from the papers.

Axes: N batch, Q queries, K keys, T places, H heads, E features, D features of a head.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Attention(nn.Module):
    """Multi-head attention: section 3.2.2 of Attention Is All You Need (2017)."""

    def __init__(self, features: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(features, features)
        self.key = nn.Linear(features, features)
        self.value = nn.Linear(features, features)
        self.out = nn.Linear(features, features)

    def forward(self, x_NQE: Tensor, from_NKE: Tensor, causal: bool = False) -> Tensor:
        q_NHQD = self.split(self.query(x_NQE))
        k_NHKD = self.split(self.key(from_NKE))
        v_NHKD = self.split(self.value(from_NKE))
        scores_NHQK = q_NHQD @ k_NHKD.transpose(2, 3) / math.sqrt(q_NHQD.shape[3])
        if causal:
            later = torch.ones(scores_NHQK.shape[2:]).triu(1) > 0
            scores_NHQK = scores_NHQK.masked_fill(later, -torch.inf)
        answer_NHQD = scores_NHQK.softmax(-1) @ v_NHKD
        return self.out(answer_NHQD.transpose(1, 2).flatten(2))

    def split(self, x_NTE: Tensor) -> Tensor:
        n, t, e = x_NTE.shape
        return x_NTE.view(n, t, self.heads, e // self.heads).transpose(1, 2)


class PreNormLayer(nn.Module):
    """Self-attention, then two dense layers, each normalised first and beside a shortcut."""

    def __init__(self, features: int, heads: int, wide: int, gelu: str, eps: float = 1e-5) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(features, eps)
        self.attention = Attention(features, heads)
        self.norm2 = nn.LayerNorm(features, eps)
        self.wide = nn.Linear(features, wide)
        self.gelu = nn.GELU(gelu)
        self.narrow = nn.Linear(wide, features)

    def forward(self, x: Tensor, causal: bool = False) -> Tensor:
        normed = self.norm1(x)
        x = x + self.attention(normed, normed, causal)
        return x + self.narrow(self.gelu(self.wide(self.norm2(x))))


class PostNormLayer(nn.Module):
    """The same with each sum normalised: section 3.1 of Attention Is All You Need (2017)."""

    def __init__(self, features: int, heads: int, wide: int, eps: float) -> None:
        super().__init__()
        self.attention = Attention(features, heads)
        self.norm1 = nn.LayerNorm(features, eps)
        self.wide = nn.Linear(features, wide)
        self.narrow = nn.Linear(wide, features)
        self.norm2 = nn.LayerNorm(features, eps)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm1(x + self.attention(x, x))
        return self.norm2(x + self.narrow(nn.functional.gelu(self.wide(x))))
