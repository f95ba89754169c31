"""Variational autoencoder.

An autoencoder whose codes are drawn from normal distributions that must stay near the
standard one. So every code stands for some image: decode random numbers, and new digits
appear. The two losses add up to the bound of the paper, of one image.

Source: Auto-Encoding Variational Bayes. D. P. Kingma and M. Welling, 2013.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Reparameterize(nn.Module):
    """Draws around means as log-variances say; in evaluation it gives the means."""

    def forward(self, mean: Tensor, log_variance: Tensor) -> Tensor:
        if not self.training:
            return mean
        return mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)


class Model(nn.Module):
    """image N×784 -> codes N×20, rebuilt N×784, logits N×784, log_variance N×20."""

    def __init__(self) -> None:
        super().__init__()
        self.encode = nn.Linear(784, 500)
        self.mean = nn.Linear(500, 20)
        self.log_variance = nn.Linear(500, 20)
        self.sample = Reparameterize()
        self.decode = nn.Linear(20, 500)
        self.logits = nn.Linear(500, 784)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        x = self.encode(image)  # N×500
        tanh = torch.tanh(x)
        codes = self.mean(tanh)  # N×20
        log_variance = self.log_variance(tanh)  # N×20
        x = self.sample(codes, log_variance)
        x = self.decode(x)  # N×500
        x = torch.tanh(x)
        logits = self.logits(x)  # N×784
        rebuilt = torch.sigmoid(logits)
        return codes, rebuilt, logits, log_variance


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    image = batch["image"]  # N×784
    codes, _, logits, log_variance = model(image)
    pixel_loss = F.binary_cross_entropy_with_logits(logits, image)
    image_loss = 784.0 * pixel_loss
    code_loss_each = codes.square() + torch.exp(log_variance) - log_variance - 1
    code_loss = 0.5 * code_loss_each.sum() / codes.shape[0]
    loss = image_loss + code_loss
    return loss, {"image_loss": image_loss, "code_loss": code_loss}
