"""GPT-2 and BERT, written out from their papers, without dropout."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tests.references.attention import PostNormLayer, PreNormLayer


class Gpt(nn.Module):
    """Tokens (N, T) to the logits of the next ones (N, T, V); the head is the token table."""

    def __init__(self, vocabulary: int, context: int, features: int, heads: int, layers: int):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, features)
        self.places = nn.Embedding(context, features)
        self.layers = nn.ModuleList(
            PreNormLayer(features, heads, 4 * features, "tanh") for _ in range(layers)
        )
        self.norm = nn.LayerNorm(features)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.tokens(tokens) + self.places(torch.arange(tokens.shape[1]))
        for layer in self.layers:
            x = layer(x, causal=True)
        return nn.functional.linear(self.norm(x), self.tokens.weight)


class Bert(nn.Module):
    """Tokens and segments (N, T) to features, the pooled first place, and what pretraining asks.

    The latter are the logits of hidden words (N, T, V) and of the next sentence (N, 2).
    """

    def __init__(self, vocabulary: int, context: int, features: int, heads: int, layers: int):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, features)
        self.segments = nn.Embedding(2, features)
        self.places = nn.Embedding(context, features)
        self.norm = nn.LayerNorm(features, eps=1e-12)
        self.layers = nn.ModuleList(
            PostNormLayer(features, heads, 4 * features, eps=1e-12) for _ in range(layers)
        )
        self.pool = nn.Linear(features, features)
        self.transform = nn.Linear(features, features)
        self.transform_norm = nn.LayerNorm(features, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        self.follows = nn.Linear(features, 2)

    def forward(self, tokens: Tensor, segments: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        places = self.places(torch.arange(tokens.shape[1]))
        x = self.norm(self.tokens(tokens) + self.segments(segments) + places)
        for layer in self.layers:
            x = layer(x)
        pooled = torch.tanh(self.pool(x[:, 0]))
        guess = self.transform_norm(nn.functional.gelu(self.transform(x)))
        words = nn.functional.linear(guess, self.tokens.weight, self.bias)
        return x, pooled, words, self.follows(pooled)
