"""Two networks written by hand with the layers of PyTorch that most people would take.

The references of the tests take attention and causal filters apart, to be independent of PyTorch's
layers. On a CPU that is a little faster at these sizes, whoever writes the code, so steps are
compared with these instead.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn


class Layer(nn.Module):
    """Attention, then dense layers, each normalised first and beside a shortcut."""

    def __init__(self, features: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(features, eps=1e-6)
        self.attention = nn.MultiheadAttention(features, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(features, eps=1e-6)
        self.wide = nn.Linear(features, 4 * features)
        self.narrow = nn.Linear(4 * features, features)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.narrow(F.gelu(self.wide(self.norm2(x))))


class Vit(nn.Module):
    """Images (N, 1, H, W) to logits."""

    def __init__(self, image: int, patch: int, features: int, heads: int, layers: int, out: int):
        super().__init__()
        self.patches = nn.Conv2d(1, features, patch, stride=patch)
        self.first = nn.Parameter(torch.zeros(features))
        self.places = nn.Parameter(torch.zeros((image // patch) ** 2 + 1, features))
        self.layers = nn.ModuleList(Layer(features, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(features, eps=1e-6)
        self.logits = nn.Linear(features, out)

    def forward(self, image: Tensor) -> Tensor:
        x = self.patches(image).flatten(2).transpose(1, 2)
        x = torch.cat([self.first.expand(len(x), 1, -1), x], dim=1) + self.places
        for layer in self.layers:
            x = layer(x)
        return self.logits(self.norm(x)[:, 0])


class Gated(nn.Module):
    """A gated causal filter; hands on a sum, and what it found."""

    def __init__(self, channels: int, skip: int, dilation: int, is_last: bool) -> None:
        super().__init__()
        self.dilation = dilation
        self.conv = nn.Conv1d(channels, 2 * channels, 2, dilation=dilation)
        self.residual = None if is_last else nn.Conv1d(channels, channels, 1)
        self.skip = nn.Conv1d(channels, skip, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        value, gate = self.conv(F.pad(x, (self.dilation, 0))).chunk(2, dim=1)
        found = torch.tanh(value) * torch.sigmoid(gate)
        return x if self.residual is None else x + self.residual(found), self.skip(found)


class WaveNet(nn.Module):
    """Waves (N, T) to the logits of the next level (N, T, C)."""

    def __init__(self, levels: int, reach: float, channels: int, skip: int, layers: int) -> None:
        super().__init__()
        self.levels, self.reach = levels, reach
        self.first = nn.Conv1d(levels, channels, 2)
        self.layers = nn.ModuleList(
            Gated(channels, skip, 2**number, number == layers - 1) for number in range(layers)
        )
        self.mix = nn.Conv1d(skip, skip, 1)
        self.logits = nn.Conv1d(skip, levels, 1)

    def quantise(self, wave: Tensor) -> Tensor:
        """The level of each number, finer near 0."""
        mu = self.levels - 1
        x = (wave / self.reach).clamp(-1, 1)
        squeezed = x.sign() * torch.log1p(mu * x.abs()) / math.log1p(mu)
        return ((squeezed + 1) / 2 * mu + 0.5).long()

    def forward(self, wave: Tensor) -> Tensor:
        x = F.one_hot(self.quantise(wave), self.levels).float().transpose(1, 2)
        x = self.first(F.pad(x, (1, 0)))
        total = torch.zeros(())
        for layer in self.layers:
            x, skip = layer(x)
            total = total + skip
        return self.logits(torch.relu(self.mix(torch.relu(total)))).transpose(1, 2)


def rename(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights of the drawings under the names that they have here."""
    last = len({name.partition("]")[0] for name in tensors if name.startswith("layers[")})
    found = {}
    for name, weight in tensors.items():
        block, _, rest = name.split(".", 2) if name.count(".") > 1 else (*name.split("."), "")
        block = re.sub(r"^layers\[(\d+)\]_", r"layers.\1.", block)
        block = block.replace("last_", f"layers.{last}.").replace("to_skip", "skip")
        whole = {"class_token": "first", "positions": "places"}.get(block)
        found[whole or f"{block}.{rest}"] = weight
    return found
