"""The Transformer of Attention Is All You Need (2017), without dropout."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from tests.references.attention import Attention
from tests.references.vision import waves


class Layer(nn.Module):
    """Section 3.1; with a memory it is one of the decoder's."""

    def __init__(self, features: int, heads: int, wide: int, has_memory: bool) -> None:
        super().__init__()
        self.own = Attention(features, heads)
        self.norm1 = nn.LayerNorm(features)
        if has_memory:
            self.other = Attention(features, heads)
            self.norm2 = nn.LayerNorm(features)
        self.wide = nn.Linear(features, wide)
        self.narrow = nn.Linear(wide, features)
        self.norm3 = nn.LayerNorm(features)

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        x = self.norm1(x + self.own(x, x, causal=memory is not None))
        if memory is not None:
            x = self.norm2(x + self.other(x, memory))
        return self.norm3(x + self.narrow(torch.relu(self.wide(x))))


class Transformer(nn.Module):
    """Source (N, S) and what is written so far (N, T) to logits (N, T, V)."""

    def __init__(self, vocabulary: int, features: int, heads: int, wide: int, layers: int):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, features)
        self.encoder = nn.ModuleList(Layer(features, heads, wide, False) for _ in range(layers))
        self.decoder = nn.ModuleList(Layer(features, heads, wide, True) for _ in range(layers))

    def embed(self, tokens: Tensor) -> Tensor:
        features = self.tokens.embedding_dim
        return self.tokens(tokens) * math.sqrt(features) + waves(tokens.shape[1], features)

    def forward(self, source: Tensor, written: Tensor) -> Tensor:
        memory = self.embed(source)
        for layer in self.encoder:
            memory = layer(memory)
        x = self.embed(written)
        for layer in self.decoder:
            x = layer(x, memory)
        return x @ self.tokens.weight.T
