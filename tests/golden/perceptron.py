"""Perceptron.

The oldest network that learns: every answer is a weighted sum of the pixels. It finds a
plane between classes where there is one, and no more. It is drawn with one answer for
each of ten digits and trained by gradients; Rosenblatt's rule moved the weights only
after a mistake.

Source: The Perceptron: A Probabilistic Model for Information Storage and Organization
in the Brain. F. Rosenblatt, 1958.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Model(nn.Module):
    """pixels N×64 -> logits N×10."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Linear(64, 10)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.weights(pixels)  # N×10


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    logits = model(batch["pixels"])
    label = batch["label"]  # N
    loss = F.cross_entropy(logits, label)
    accuracy = (logits.argmax(1) == label).sum() / (label != -100).sum()
    return loss, {"accuracy": accuracy}
