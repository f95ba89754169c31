"""A variational autoencoder, written out from Auto-Encoding Variational Bayes (2013)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Vae(nn.Module):
    """Pixels (N, P) from 0 to 1, and noise (N, L), to the logits of the pixels and the loss."""

    def __init__(self, pixels: int, hidden: int, latent: int) -> None:
        super().__init__()
        self.encode = nn.Linear(pixels, hidden)
        self.mean = nn.Linear(hidden, latent)
        self.log_variance = nn.Linear(hidden, latent)
        self.decode = nn.Linear(latent, hidden)
        self.pixels = nn.Linear(hidden, pixels)

    def forward(self, image: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        known = torch.tanh(self.encode(image))
        mean, log_variance = self.mean(known), self.log_variance(known)
        code = mean + torch.exp(log_variance / 2) * noise
        share = torch.sigmoid(self.pixels(torch.tanh(self.decode(code))))
        likelihood = image * torch.log(share) + (1 - image) * torch.log(1 - share)
        surplus = (mean**2 + log_variance.exp() - log_variance - 1) / 2
        return share, (surplus.sum() - likelihood.sum()) / len(image)
