"""Adversarial networks, written out from Goodfellow et al. (2014) and Radford et al. (2016)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

LEAK = 0.2


class Duel(nn.Module):
    """Real samples and noise to made samples and the losses of both sides.

    The generator's loss is the one that does not saturate; scores are logits.
    """

    def __init__(self, generator: nn.Module, discriminator: nn.Module) -> None:
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator

    def forward(self, real: Tensor, noise: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        made = self.generator(noise)
        real_chance = torch.sigmoid(self.discriminator(real))
        made_chance = torch.sigmoid(self.discriminator(made.detach()))
        fooled_chance = torch.sigmoid(self.discriminator(made))
        telling = -torch.log(real_chance).mean() - torch.log(1 - made_chance).mean()
        return made, {"discriminator": telling, "generator": -torch.log(fooled_chance).mean()}


class PlainGenerator(nn.Module):
    """Noise (N, Z) to samples (N, D)."""

    def __init__(self, latent: int, hidden: tuple[int, ...], features: int) -> None:
        super().__init__()
        widths = (latent, *hidden)
        self.hidden = nn.ModuleList(map(nn.Linear, widths[:-1], widths[1:]))
        self.out = nn.Linear(widths[-1], features)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.hidden:
            x = torch.clamp(layer(x), min=0)
        return self.out(x)


class PlainDiscriminator(nn.Module):
    """Samples (N, D) to logits (N, 1)."""

    def __init__(self, features: int, hidden: tuple[int, ...]) -> None:
        super().__init__()
        widths = (features, *hidden)
        self.hidden = nn.ModuleList(map(nn.Linear, widths[:-1], widths[1:]))
        self.out = nn.Linear(widths[-1], 1)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.hidden:
            x = layer(x)
            x = torch.where(x > 0, x, LEAK * x)
        return self.out(x)


class DeepGenerator(nn.Module):
    """Noise (N, Z) to images (N, 1, S, S) from -1 to 1; each layer doubles the side from 4 on."""

    def __init__(self, latent: int, width: int, side: int) -> None:
        super().__init__()
        steps = (side // 4).bit_length() - 1
        self.features = width * 2 ** (steps - 1)
        self.project = nn.Linear(latent, 16 * self.features, bias=False)
        self.norms = nn.ModuleList(
            nn.BatchNorm2d(self.features // 2**step) for step in range(steps)
        )
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(
                self.features // 2**step,
                self.features // 2 ** (step + 1) if step + 1 < steps else 1,
                5, stride=2, padding=2, output_padding=1, bias=step + 1 == steps,
            )
            for step in range(steps)
        )  # fmt: skip

    def forward(self, z: Tensor) -> Tensor:
        x = self.project(z).reshape(len(z), self.features, 4, 4)
        for norm, up in zip(self.norms, self.ups, strict=True):
            x = up(norm(x).clamp(min=0))
        return torch.tanh(x)


class DeepDiscriminator(nn.Module):
    """Images (N, 1, S, S) to logits (N, 1); each layer halves the side, down to 4."""

    def __init__(self, width: int, side: int) -> None:
        super().__init__()
        steps = (side // 4).bit_length() - 1
        self.first = nn.Conv2d(1, width, 5, stride=2, padding=2)
        self.downs = nn.ModuleList(
            nn.Conv2d(width * 2**step, width * 2 ** (step + 1), 5, 2, 2, bias=False)
            for step in range(steps - 1)
        )
        self.norms = nn.ModuleList(
            nn.BatchNorm2d(width * 2 ** (step + 1)) for step in range(steps - 1)
        )
        self.score = nn.Linear(16 * width * 2 ** (steps - 1), 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self._leaky(self.first(x))
        for down, norm in zip(self.downs, self.norms, strict=True):
            x = self._leaky(norm(down(x)))
        return self.score(x.flatten(1))

    def _leaky(self, x: Tensor) -> Tensor:
        return torch.where(x > 0, x, LEAK * x)
