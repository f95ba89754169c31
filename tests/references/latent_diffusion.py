"""Latent diffusion written by hand: an autoencoder, and a U-Net that sees steps and a context.

Axes: N batch, C channels, H and W of a picture, P its places, S places of the context.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class Residual(nn.Module):
    """Two convolutions, each behind a norm and SiLU, the step between them: DDPM, appendix B."""

    def __init__(self, before: int, wide: int, groups: int, time: int = 0) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, before)
        self.conv1 = nn.Conv2d(before, wide, 3, padding=1)
        self.told = nn.Linear(time, wide) if time else None
        self.norm2 = nn.GroupNorm(groups, wide)
        self.conv2 = nn.Conv2d(wide, wide, 3, padding=1)
        self.shortcut = nn.Conv2d(before, wide, 1) if before != wide else None

    def forward(self, x_NCHW: Tensor, time_NC: Tensor | None = None) -> Tensor:
        y = self.conv1(functional.silu(self.norm1(x_NCHW)))
        if self.told is not None:
            y = y + self.told(time_NC)[:, :, None, None]
        y = self.conv2(functional.silu(self.norm2(y)))
        return y + (x_NCHW if self.shortcut is None else self.shortcut(x_NCHW))


class Looking(nn.Module):
    """Attention of each head by itself, without biases: equation 1 of section 3.3."""

    def __init__(self, channels: int, context: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(channels, channels, bias=False)
        self.key = nn.Linear(context, channels, bias=False)
        self.value = nn.Linear(context, channels, bias=False)
        self.out = nn.Linear(channels, channels, bias=False)

    def forward(self, x_NPC: Tensor, seen_NSC: Tensor) -> Tensor:
        queries = self.query(x_NPC).chunk(self.heads, -1)
        keys = self.key(seen_NSC).chunk(self.heads, -1)
        values = self.value(seen_NSC).chunk(self.heads, -1)
        found = []
        for q_NPD, k_NSD, v_NSD in zip(queries, keys, values, strict=True):
            scores_NPS = q_NPD @ k_NSD.transpose(1, 2) / math.sqrt(q_NPD.shape[-1])
            found.append(scores_NPS.softmax(-1) @ v_NSD)
        return self.out(torch.cat(found, -1))


class Transformer(nn.Module):
    """Self-attention, cross-attention and a gated layer: table 18 of appendix E."""

    def __init__(self, channels: int, context: int, heads: int) -> None:
        super().__init__()
        self.self_norm = nn.LayerNorm(channels)
        self.self_attention = Looking(channels, channels, heads)
        self.cross_norm = nn.LayerNorm(channels)
        self.cross_attention = Looking(channels, context, heads)
        self.norm = nn.LayerNorm(channels)
        self.wide = nn.Linear(channels, 8 * channels)
        self.narrow = nn.Linear(4 * channels, channels)

    def forward(self, x_NPC: Tensor, context_NSC: Tensor) -> Tensor:
        normed = self.self_norm(x_NPC)
        x_NPC = x_NPC + self.self_attention(normed, normed)
        x_NPC = x_NPC + self.cross_attention(self.cross_norm(x_NPC), context_NSC)
        value, gate = self.wide(self.norm(x_NPC)).chunk(2, -1)
        return x_NPC + self.narrow(value * functional.gelu(gate))


class Unet(nn.Module):
    """Every part is kept by a name such as `down1_1_residual`."""

    def __init__(
        self,
        code: int,
        levels: tuple[int, ...],
        blocks: int,
        heads: int,
        groups: int,
        context: int,
    ) -> None:
        super().__init__()
        self.levels, self.blocks = levels, blocks
        first, last, time = levels[0], levels[-1], 4 * levels[0]
        self.time = nn.Sequential(nn.Linear(first, time), nn.SiLU(), nn.Linear(time, time))
        self.enter = nn.Conv2d(code, first, 3, padding=1)
        self.sizes = (heads, groups, context, time)
        skips, channels = [first], first
        for level, wide in enumerate(levels, 1):
            for number in range(1, blocks + 1):
                self.make_block(f"down{level}_{number}", channels, wide, level)
                channels = wide
                skips.append(channels)
            if level < len(levels):
                smaller = nn.Conv2d(channels, channels, 3, stride=2, padding=1)
                self.add_module(f"down{level}_smaller", smaller)
                skips.append(channels)
        self.middle1 = Residual(last, last, groups, time)
        self.make_attention("middle", last)
        self.middle2 = Residual(last, last, groups, time)
        for level in range(len(levels), 0, -1):
            for number in range(1, blocks + 2):
                wide = levels[level - 1]
                self.make_block(f"up{level}_{number}", channels + skips.pop(), wide, level)
                channels = wide
            if level > 1:
                larger = nn.Conv2d(channels, channels, 3, padding=1)
                self.add_module(f"up{level}_larger_conv", larger)
        self.leave_norm = nn.GroupNorm(groups, channels)
        self.leave_conv = nn.Conv2d(channels, code, 3, padding=1)

    def make_block(self, name: str, before: int, wide: int, level: int) -> None:
        _, groups, _, time = self.sizes
        self.add_module(f"{name}_residual", Residual(before, wide, groups, time))
        if level > 1 or len(self.levels) == 1:
            self.make_attention(name, wide)

    def make_attention(self, name: str, channels: int) -> None:
        heads, groups, context, _ = self.sizes
        self.add_module(f"{name}_look_norm", nn.GroupNorm(groups, channels))
        self.add_module(f"{name}_look_to_places", nn.Conv2d(channels, channels, 1))
        self.add_module(f"{name}_look_attention", Transformer(channels, context, heads))
        self.add_module(f"{name}_look_from_places", nn.Conv2d(channels, channels, 1))

    def forward(self, x: Tensor, step_N: Tensor, context: Tensor) -> Tensor:
        time = functional.silu(self.time(self.encode(step_N)))
        x = self.enter(x)
        skips = [x]
        for level in range(1, len(self.levels) + 1):
            for number in range(1, self.blocks + 1):
                x = self.block(f"down{level}_{number}", x, time, context)
                skips.append(x)
            if level < len(self.levels):
                x = self.get_submodule(f"down{level}_smaller")(x)
                skips.append(x)
        x = self.look("middle", self.middle1(x, time), context)
        x = self.middle2(x, time)
        for level in range(len(self.levels), 0, -1):
            for number in range(1, self.blocks + 2):
                x = torch.cat([x, skips.pop()], 1)
                x = self.block(f"up{level}_{number}", x, time, context)
            if level > 1:
                x = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
                x = self.get_submodule(f"up{level}_larger_conv")(x)
        return self.leave_conv(functional.silu(self.leave_norm(x)))

    def encode(self, step_N: Tensor) -> Tensor:
        half = self.levels[0] // 2
        speeds = [10_000 ** (-number / half) for number in range(half)]
        angles = step_N[:, None].float() * torch.tensor(speeds)
        return torch.cat([torch.sin(angles), torch.cos(angles)], 1)

    def block(self, name: str, x: Tensor, time: Tensor, context: Tensor) -> Tensor:
        x = self.get_submodule(f"{name}_residual")(x, time)
        return self.look(name, x, context) if hasattr(self, f"{name}_look_norm") else x

    def look(self, name: str, x_NCHW: Tensor, context: Tensor) -> Tensor:
        n, c, h, w = x_NCHW.shape
        y = self.get_submodule(f"{name}_look_to_places")(
            self.get_submodule(f"{name}_look_norm")(x_NCHW)
        )
        y_NPC = y.reshape(n, c, h * w).transpose(1, 2)
        y_NPC = self.get_submodule(f"{name}_look_attention")(y_NPC, context)
        y = y_NPC.transpose(1, 2).reshape(n, c, h, w)
        return x_NCHW + self.get_submodule(f"{name}_look_from_places")(y)


class Coder(nn.Module):
    """One half of the autoencoder, from channels to channels through the levels."""

    def __init__(
        self, enter: int, levels: tuple[int, ...], leave: int, groups: int, is_decoder: bool
    ) -> None:
        super().__init__()
        self.is_decoder = is_decoder
        self.order = list(range(1, len(levels) + 1))[:: -1 if is_decoder else 1]
        channels = levels[self.order[0] - 1]
        self.enter = nn.Conv2d(enter, channels, 3, padding=1)
        for level in self.order:
            if level > 1 and not is_decoder:
                smaller = nn.Conv2d(channels, channels, 3, stride=2, padding=1)
                self.add_module(f"smaller{level}", smaller)
            wide = levels[level - 1]
            self.add_module(f"level{level}", Residual(channels, wide, groups))
            channels = wide
            if level > 1 and is_decoder:
                larger = nn.Conv2d(channels, channels, 3, padding=1)
                self.add_module(f"larger{level}_conv", larger)
        self.leave_norm = nn.GroupNorm(groups, channels)
        self.leave_conv = nn.Conv2d(channels, leave, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.enter(x)
        for level in self.order:
            if level > 1 and not self.is_decoder:
                x = self.get_submodule(f"smaller{level}")(x)
            x = self.get_submodule(f"level{level}")(x)
            if level > 1 and self.is_decoder:
                x = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
                x = self.get_submodule(f"larger{level}_conv")(x)
        return self.leave_conv(functional.silu(self.leave_norm(x)))


class LatentDiffusion(nn.Module):
    """The three losses that train it, added up."""

    def __init__(
        self,
        encoder: tuple[int, ...],
        code: int,
        groups: int,
        unet: Unet,
        context: int,
        steps: int,
        code_weight: float,
    ) -> None:
        super().__init__()
        self.encoder = Coder(1, encoder, 2 * code, groups, False)
        self.scaled_code = nn.BatchNorm2d(code, affine=False)
        self.decoder = Coder(code, encoder, 1, groups, True)
        self.classes = nn.Embedding(10, context)
        self.unet = unet
        self.code_weight = code_weight
        beta = [0.1 / steps + k * (20 / steps - 0.1 / steps) / (steps - 1) for k in range(steps)]
        self.kept = [math.prod(1 - b for b in beta[: k + 1]) for k in range(steps)]

    def forward(self, image: Tensor, label: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The rebuilt image, the guess of the noise, and the loss."""
        mean, log_variance = self.encoder(image).chunk(2, 1)
        code = mean
        if self.training:
            code = mean + (log_variance / 2).exp() * torch.randn_like(mean)
        code = self.scaled_code(code)
        rebuilt = self.decoder(code)
        clean = code.detach()
        step = torch.randint(len(self.kept), (len(image),))
        noise = torch.randn_like(clean)
        kept = torch.tensor([self.kept[t] for t in step.tolist()])[:, None, None, None]
        noisy = kept.sqrt() * clean + (1 - kept).sqrt() * noise
        guess = self.unet(noisy, step, self.classes(label)[:, None])
        divergence = (mean**2 + log_variance.exp() - log_variance - 1).sum() / 2 / len(image)
        loss = ((rebuilt - image) ** 2).mean() + ((guess - noise) ** 2).mean()
        return rebuilt, guess, loss + self.code_weight * divergence


class PlaneBlock(nn.Module):
    """Two dense layers beside a shortcut, told the step between them."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.dense1 = nn.Linear(units, units)
        self.told = nn.Linear(units, units)
        self.dense2 = nn.Linear(units, units)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        y = self.dense1(functional.silu(x)) + self.told(time)
        return x + self.dense2(functional.silu(y))


class PlaneDenoiser(nn.Module):
    """From points and steps to the noise in the points."""

    def __init__(self, units: int, blocks: int) -> None:
        super().__init__()
        self.time = nn.Sequential(nn.Linear(64, units), nn.SiLU(), nn.Linear(units, units))
        self.widen = nn.Linear(2, units)
        self.blocks = nn.ModuleList(PlaneBlock(units) for _ in range(blocks))
        self.guess = nn.Linear(units, 2)

    def forward(self, x_NC: Tensor, step_N: Tensor) -> Tensor:
        speeds = 10_000 ** (-torch.arange(32) / 32)
        angles = step_N[:, None] * speeds
        time = self.time(torch.cat([angles.sin(), angles.cos()], 1))
        x = self.widen(x_NC)
        for block in self.blocks:
            x = block(x, time)
        return self.guess(functional.silu(x))


class Plane(nn.Module):
    """A diffusion model of points: DDPM, algorithm 1."""

    def __init__(self, units: int, blocks: int, steps: int) -> None:
        super().__init__()
        self.denoiser = PlaneDenoiser(units, blocks)
        last = min(20 / steps, 0.999)
        beta = torch.linspace(0.1 / steps, last, steps, dtype=torch.float64)
        self.kept = torch.stack([(1 - beta[: k + 1]).prod() for k in range(steps)]).float()

    def forward(self, points_NC: Tensor) -> tuple[Tensor, Tensor]:
        """The guess of the noise, and how far off it is."""
        step = torch.randint(len(self.kept), (len(points_NC),))
        noise = torch.randn_like(points_NC)
        kept = self.kept[step][:, None]
        guess = self.denoiser(kept.sqrt() * points_NC + (1 - kept).sqrt() * noise, step)
        return guess, ((guess - noise) ** 2).mean()
