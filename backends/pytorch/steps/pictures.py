"""Steps that move pictures (N, C, H, W), and masks (N, H, W) of the same size with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812  as everyone calls it
from torch import Tensor

from backends.pytorch.steps.step import Chance, Columns, Step, per_row, rows_of

PADDING = {"zeros": "constant", "reflect": "reflect", "edge": "replicate"}


def as_pictures(x: Tensor, change: Callable[[Tensor, str], Tensor]) -> Tensor:
    """Changes pictures or masks; classes of masks are never mixed, but the nearest is taken."""
    pictures = x if x.dim() == 4 else x[:, None]
    if x.is_floating_point():
        made = change(pictures, "bilinear")
    else:
        made = change(pictures.float(), "nearest").to(x.dtype)
    return made if x.dim() == 4 else made[:, 0]


@dataclass(frozen=True, kw_only=True)
class Resize(Step):
    """Makes pictures as large."""

    size: tuple[int, int]

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        return self.each(batch, lambda x: as_pictures(x, self.resized))

    def resized(self, x_NCHW: Tensor, mode: str) -> Tensor:
        """The pictures in the new size."""
        if mode == "nearest":
            return F.interpolate(x_NCHW, self.size, mode="nearest-exact")
        return F.interpolate(x_NCHW, self.size, mode=mode, antialias=True)


@dataclass(frozen=True, kw_only=True)
class Crop(Step):
    """Cuts a part out of each picture: anywhere while training, the middle otherwise."""

    size: tuple[int, int]
    padding: int = 0
    filled: str = "zeros"  # zeros, reflect, edge

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        place = chance.uniform(2, rows_of(batch)) if chance else None

        def crop(x_NCHW: Tensor, _mode: str) -> Tensor:
            if self.padding:
                x_NCHW = F.pad(x_NCHW, (self.padding,) * 4, PADDING[self.filled])
            return cropped(x_NCHW, self.size, place)

        return self.each(batch, lambda x: as_pictures(x, crop))


def cropped(x_NCHW: Tensor, size: tuple[int, int], place_2N: Tensor | None) -> Tensor:
    """The part at a place from 0 to 1, from the top and from the left; else the middle."""
    rows, channels, high, wide = x_NCHW.shape
    height, width = size
    if place_2N is None:
        top, left = (high - height) // 2, (wide - width) // 2
        return x_NCHW[:, :, top : top + height, left : left + width]
    room = torch.tensor([[high - height], [wide - width]], device=x_NCHW.device)
    start_2N = (place_2N * (room + 1)).long().minimum(room)
    each = torch.arange(max(rows, channels, *size), device=x_NCHW.device)
    return x_NCHW[
        each[:rows, None, None, None],
        each[None, :channels, None, None],
        (start_2N[0][:, None] + each[:height])[:, None, :, None],
        (start_2N[1][:, None] + each[:width])[:, None, None, :],
    ]


@dataclass(frozen=True, kw_only=True)
class Flip(Step):
    """Mirrors some of the pictures while training."""

    horizontal: float = 0.5
    vertical: float = 0.0

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        if chance is None:
            return batch
        drawn_2N = chance.uniform(2, rows_of(batch))

        def flip(x: Tensor) -> Tensor:
            shares = (self.horizontal, self.vertical)
            for axis, share, drawn_N in zip((-1, -2), shares, drawn_2N, strict=True):
                if share:
                    x = torch.where(per_row(drawn_N < share, x), x.flip(axis), x)
            return x

        return self.each(batch, flip)


@dataclass(frozen=True, kw_only=True)
class Rotate(Step):
    """Turns, shifts and zooms each picture while training."""

    degrees: float = 10.0
    shift: float = 0.0
    zoom: float = 0.0

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        if chance is None:
            return batch
        rows = rows_of(batch)
        angle_N = chance.each_way(rows, math.radians(self.degrees))
        scale_N = 1 + chance.each_way(rows, self.zoom)
        shift_N2 = torch.stack([chance.each_way(rows, 2 * self.shift) for _ in "xy"], 1)

        def turn(x_NCHW: Tensor, mode: str) -> Tensor:
            high, wide = x_NCHW.shape[-2:]
            theta = turning(angle_N, scale_N, shift_N2, wide / high)
            grid = F.affine_grid(theta, list(x_NCHW.shape), align_corners=False)
            return F.grid_sample(x_NCHW, grid.to(x_NCHW.dtype), mode, align_corners=False)

        return self.each(batch, lambda x: as_pictures(x, turn))


def turning(angle_N: Tensor, scale_N: Tensor, shift_N2: Tensor, ratio: float) -> Tensor:
    """Where each place of the new pictures is in the old ones (N, 2, 3); ratio: width by height."""
    cos_N, sin_N = angle_N.cos() / scale_N, angle_N.sin() / scale_N
    turned = torch.stack([cos_N, -sin_N / ratio, sin_N * ratio, cos_N], 1).view(-1, 2, 2)
    return torch.cat([turned, -turned @ shift_N2[:, :, None]], 2)
