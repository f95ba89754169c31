"""WaveNet, written out from WaveNet: A Generative Model for Raw Audio (2016)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class CausalConv(nn.Module):
    """Each place sees itself and the one `dilation` places before, as sums of two products."""

    def __init__(self, inputs: int, outputs: int, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.now = nn.Linear(inputs, outputs)
        self.before = nn.Linear(inputs, outputs, bias=False)

    def forward(self, x_NTC: Tensor) -> Tensor:
        earlier = torch.zeros_like(x_NTC)
        earlier[:, self.dilation :] = x_NTC[:, : -self.dilation]
        return self.now(x_NTC) + self.before(earlier)


class Layer(nn.Module):
    """Section 2.3 and figure 4: a gated unit, its skip, and its shortcut."""

    def __init__(self, channels: int, skip: int, dilation: int, is_last: bool) -> None:
        super().__init__()
        self.filter = CausalConv(channels, channels, dilation)
        self.gate = CausalConv(channels, channels, dilation)
        self.skip = nn.Linear(channels, skip)
        self.residual = nn.Identity() if is_last else nn.Linear(channels, channels)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        gated = torch.tanh(self.filter(x)) * torch.sigmoid(self.gate(x))
        return x + self.residual(gated), self.skip(gated)


class WaveNet(nn.Module):
    """A wave (N, T) of numbers from -reach to reach to the logits of the next level (N, T, C)."""

    def __init__(self, levels: int, reach: float, channels: int, skip: int, dilations: list[int]):
        super().__init__()
        self.levels, self.reach = levels, reach
        self.first = CausalConv(levels, channels, 1)
        self.layers = nn.ModuleList(
            Layer(channels, skip, dilation, is_last=number == len(dilations))
            for number, dilation in enumerate(dilations, 1)
        )
        self.mix = nn.Linear(skip, skip)
        self.logits = nn.Linear(skip, levels)

    def quantise(self, wave: Tensor) -> Tensor:
        """Section 2.2, and the nearest of the levels."""
        mu = self.levels - 1
        x = (wave / self.reach).clamp(-1, 1)
        squeezed = torch.sign(x) * torch.log(1 + mu * torch.abs(x)) / math.log(1 + mu)
        return torch.floor((squeezed + 1) / 2 * mu + 0.5).long()

    def forward(self, wave: Tensor) -> Tensor:
        x = self.first(torch.eye(self.levels)[self.quantise(wave)])
        total = torch.zeros(())
        for layer in self.layers:
            x, skip = layer(x)
            total = total + skip
        return self.logits(torch.relu(self.mix(torch.relu(total))))
