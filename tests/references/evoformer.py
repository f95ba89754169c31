"""One block of the Evoformer, written out sum by sum from algorithms 6 to 15 of the supplement.

Axes: N batch, S sequences, R places (I, J, K where there are several), C channels, H heads,
D channels of a head.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn


class Drop(nn.Module):
    """The same numbers become 0 all along one axis: section 1.11.6."""

    def __init__(self, p: float, axis: int) -> None:
        super().__init__()
        self.p = p
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        shape = list(x.shape)
        shape[self.axis] = 1
        return x * nn.functional.dropout(torch.ones(shape), self.p, self.training)


class Gated(nn.Module):
    """Attention of the last but one axis of `x` (…, T, C) to itself, through a gate."""

    def __init__(self, channels: int, heads: int, size: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(channels, heads * size, bias=False)
        self.key = nn.Linear(channels, heads * size, bias=False)
        self.value = nn.Linear(channels, heads * size, bias=False)
        self.gate = nn.Linear(channels, heads * size)
        self.out = nn.Linear(heads * size, channels)

    def forward(self, x: Tensor, bias_NTTH: Tensor | None = None) -> Tensor:
        q, k, v = (layer(x).chunk(self.heads, -1) for layer in (self.query, self.key, self.value))
        found = []
        for head in range(self.heads):
            scores = q[head] @ k[head].transpose(-1, -2) / math.sqrt(q[head].shape[-1])
            if bias_NTTH is not None:
                scores = scores + bias_NTTH[:, None, :, :, head]
            found.append(scores.softmax(-1) @ v[head])
        return self.out(torch.sigmoid(self.gate(x)) * torch.cat(found, -1))


class RowAttention(nn.Module):
    """Algorithm 7."""

    def __init__(self, c_m: int, c_z: int, heads: int, size: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(c_m)
        self.pair_norm = nn.LayerNorm(c_z)
        self.bias = nn.Linear(c_z, heads, bias=False)
        self.attention = Gated(c_m, heads, size)

    def forward(self, m_NSRC: Tensor, z_NIJC: Tensor) -> Tensor:
        return self.attention(self.norm(m_NSRC), self.bias(self.pair_norm(z_NIJC)))


class ColumnAttention(nn.Module):
    """Algorithm 8."""

    def __init__(self, c_m: int, heads: int, size: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(c_m)
        self.attention = Gated(c_m, heads, size)

    def forward(self, m_NSRC: Tensor) -> Tensor:
        m_NRSC = self.norm(m_NSRC).transpose(1, 2)
        return self.attention(m_NRSC).transpose(1, 2)


class Transition(nn.Module):
    """Algorithms 9 and 15."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.wide = nn.Linear(channels, 4 * channels)
        self.narrow = nn.Linear(4 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.narrow(torch.relu(self.wide(self.norm(x))))


class OuterProductMean(nn.Module):
    """Algorithm 10."""

    def __init__(self, c_m: int, c_z: int, size: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(c_m)
        self.left = nn.Linear(c_m, size)
        self.right = nn.Linear(c_m, size)
        self.out = nn.Linear(size * size, c_z)

    def forward(self, m_NSRC: Tensor) -> Tensor:
        m = self.norm(m_NSRC)
        a, b = self.left(m), self.right(m)
        products = a[:, :, :, None, :, None] * b[:, :, None, :, None, :]
        return self.out(products.mean(1).flatten(-2))


class TriangleMultiplication(nn.Module):
    """Algorithms 11 and 12."""

    def __init__(self, channels: int, is_incoming: bool) -> None:
        super().__init__()
        self.is_incoming = is_incoming
        self.norm = nn.LayerNorm(channels)
        self.left_gate = nn.Linear(channels, channels)
        self.left = nn.Linear(channels, channels)
        self.right_gate = nn.Linear(channels, channels)
        self.right = nn.Linear(channels, channels)
        self.norm_triangles = nn.LayerNorm(channels)
        self.out = nn.Linear(channels, channels)
        self.gate = nn.Linear(channels, channels)

    def forward(self, z_NIJC: Tensor) -> Tensor:
        z = self.norm(z_NIJC)
        a = torch.sigmoid(self.left_gate(z)) * self.left(z)
        b = torch.sigmoid(self.right_gate(z)) * self.right(z)
        if self.is_incoming:
            a, b = a.transpose(1, 2), b.transpose(1, 2)
        sums = (a[:, :, None] * b[:, None]).sum(3)
        return torch.sigmoid(self.gate(z)) * self.out(self.norm_triangles(sums))


class TriangleAttention(nn.Module):
    """Algorithm 13, and 14 as the same on pairs turned round."""

    def __init__(self, channels: int, heads: int, size: int, is_ending: bool) -> None:
        super().__init__()
        self.is_ending = is_ending
        self.norm = nn.LayerNorm(channels)
        self.bias = nn.Linear(channels, heads, bias=False)
        self.attention = Gated(channels, heads, size)

    def forward(self, z_NIJC: Tensor) -> Tensor:
        z = self.norm(z_NIJC)
        if not self.is_ending:
            return self.attention(z, self.bias(z))
        turned = z.transpose(1, 2)
        return self.attention(turned, self.bias(turned)).transpose(1, 2)


class Block(nn.Module):
    """Algorithm 6, lines 2 to 10."""

    def __init__(
        self,
        c_m: int,
        c_z: int,
        *,
        heads: int,
        pair_heads: int,
        size: int,
        outer: int,
        msa_drop: float,
        pair_drop: float,
    ) -> None:
        super().__init__()
        self.row_attention = RowAttention(c_m, c_z, heads, size)
        self.column_attention = ColumnAttention(c_m, heads, size)
        self.msa_transition = Transition(c_m)
        self.outer_product_mean = OuterProductMean(c_m, c_z, outer)
        self.outgoing = TriangleMultiplication(c_z, False)
        self.incoming = TriangleMultiplication(c_z, True)
        self.starting_node = TriangleAttention(c_z, pair_heads, size, False)
        self.ending_node = TriangleAttention(c_z, pair_heads, size, True)
        self.pair_transition = Transition(c_z)
        self.drop = Drop(msa_drop, 1)
        self.by_row, self.by_column = Drop(pair_drop, 1), Drop(pair_drop, 2)

    def forward(self, m: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
        m = m + self.drop(self.row_attention(m, z))
        m = m + self.column_attention(m)
        m = m + self.msa_transition(m)
        z = z + self.outer_product_mean(m)
        z = z + self.by_row(self.outgoing(z))
        z = z + self.by_row(self.incoming(z))
        z = z + self.by_row(self.starting_node(z))
        z = z + self.by_column(self.ending_node(z))
        return m, z + self.pair_transition(z)


class Evoformer(nn.Module):
    """Algorithm 6; answers msa, pair and single representation; sizes are those of its blocks."""

    def __init__(
        self, blocks: int, c_m: int, c_z: int, c_s: int, **sizes: Any
    ) -> None:  # Any: of two types
        super().__init__()
        self.blocks = nn.ModuleList(Block(c_m, c_z, **sizes) for _ in range(blocks))
        self.to_single = nn.Linear(c_m, c_s)

    def forward(self, m: Tensor, z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        for block in self.blocks:
            m, z = block(m, z)
        return m, z, self.to_single(m[:, 0])


class HiddenPixels(nn.Module):
    """An Evoformer that guesses hidden pixels of an image from its rows, and how columns agree."""

    def __init__(self, side: int, c_m: int, c_z: int, trunk: Evoformer) -> None:
        super().__init__()
        self.embed = nn.Linear(1, c_m)
        self.places = nn.Parameter(torch.zeros(side, side, c_m))
        self.left = nn.Linear(c_m, c_z)
        self.right = nn.Linear(c_m, c_z)
        self.apart = nn.Parameter(torch.zeros(side, side, c_z))
        self.blocks = trunk.blocks
        self.to_pixel = nn.Linear(c_m, 1)
        self.to_together = nn.Linear(c_z, 1)

    def forward(self, rows_NSR: Tensor) -> Tensor:
        """The sum of both losses."""
        hidden = torch.rand(rows_NSR.shape) < 0.15
        m = self.embed(rows_NSR.masked_fill(hidden, -1.0)[..., None]) + self.places
        z = self.left(m[:, 0])[:, :, None] + self.right(m[:, 0])[:, None] + self.apart
        for block in self.blocks:
            m, z = block(m, z)
        wrong = (self.to_pixel(m)[..., 0] - rows_NSR) * hidden
        together = (rows_NSR[:, :, :, None] * rows_NSR[:, :, None]).mean(1)
        return (wrong**2).mean() + ((self.to_together(z)[..., 0] - together) ** 2).mean()
