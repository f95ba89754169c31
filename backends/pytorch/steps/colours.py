"""Steps that change what pictures (N, C, H, W) show where it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from backends.pytorch.steps.step import Chance, Columns, Step, per_row, rows_of

GREY = (0.299, 0.587, 0.114)
# Brightness and two axes of colour (YIQ), in which turning the hue is a rotation.
TO_YIQ = (GREY, (0.5959, -0.2746, -0.3213), (0.2115, -0.5227, 0.3112))


@dataclass(frozen=True, kw_only=True)
class ColourJitter(Step):
    """Changes brightness, contrast and colours of each picture while training."""

    brightness: float = 0.2
    contrast: float = 0.2
    saturation: float = 0.2
    hue: float = 0.0

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        if chance is None:
            return batch
        most = (self.brightness, self.contrast, self.saturation, 2 * math.pi * self.hue)
        drawn = [chance.each_way(rows_of(batch), each) for each in most]

        def jitter(x: Tensor) -> Tensor:
            brighter, contrast, saturation, turn = (per_row(each, x) for each in drawn)
            x = x * (1 + brighter)
            mean = grey(x).mean((1, 2, 3), keepdim=True)
            x = mean + (x - mean) * (1 + contrast)
            if x.shape[1] == 3:
                x = grey(x) + (x - grey(x)) * (1 + saturation)
                x = hue_turned(x, turn.flatten()) if self.hue else x
            return x

        return self.each(batch, jitter)


def grey(x_NCHW: Tensor) -> Tensor:
    """The brightness of each place (N, 1, H, W)."""
    if x_NCHW.shape[1] != 3:
        return x_NCHW
    weights = torch.tensor(GREY, device=x_NCHW.device, dtype=x_NCHW.dtype).view(1, 3, 1, 1)
    return (x_NCHW * weights).sum(1, keepdim=True)


def hue_turned(x_NCHW: Tensor, angle_N: Tensor) -> Tensor:
    """The pictures with their colours turned by an angle; brightness stays."""
    to_yiq = torch.tensor(TO_YIQ, device=x_NCHW.device, dtype=x_NCHW.dtype)
    cos_N, sin_N = angle_N.cos(), angle_N.sin()
    none_N, one_N = torch.zeros_like(cos_N), torch.ones_like(cos_N)
    rows = (one_N, none_N, none_N, none_N, cos_N, -sin_N, none_N, sin_N, cos_N)
    turned = torch.linalg.inv(to_yiq) @ torch.stack(rows, 1).view(-1, 3, 3) @ to_yiq
    return torch.einsum("nij,njhw->nihw", turned, x_NCHW)


@dataclass(frozen=True, kw_only=True)
class CutOut(Step):
    """Covers a square of some pictures while training; at the edge a part of it lies outside."""

    size: int = 8
    chance: float = 0.5
    filled: float = 0.0

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        if chance is None:
            return batch
        place_2N, drawn_N = chance.uniform(2, rows_of(batch)), chance.uniform(rows_of(batch))

        def cover(x: Tensor) -> Tensor:
            inside = per_row(drawn_N < self.chance, x)
            for axis, place_N in zip((-2, -1), place_2N, strict=True):
                length = x.shape[axis]
                start = per_row((place_N * length).long() - self.size // 2, x)
                at = torch.arange(length, device=x.device)
                at = at.view(-1, 1) if axis == -2 else at
                inside = inside & (at >= start) & (at < start + self.size)
            return x.masked_fill(inside, self.filled)

        return self.each(batch, cover)
