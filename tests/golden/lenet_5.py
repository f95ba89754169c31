"""LeNet-5.

The network that read cheques. Two convolutions find strokes and their arrangement, two
pools make it indifferent to small shifts, and three dense layers decide on the digit:
61,706 parameters for images of 32×32 pixels. The common modern variant is drawn, which
connects all maps and ends with logits; it can be drawn with tanh and averages as well.

Source: Gradient-Based Learning Applied to Document Recognition. Y. LeCun, L. Bottou, Y.
Bengio and P. Haffner, 1998. Section II.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Model(nn.Module):
    """image N×1×32×32 -> logits N×10."""

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.c3 = nn.Conv2d(6, 16, 5)
        self.c5 = nn.Linear(400, 120)
        self.f6 = nn.Linear(120, 84)
        self.classifier = nn.Linear(84, 10)

    def forward(self, image: Tensor) -> Tensor:
        x = self.c1(image)  # N×6×28×28
        x = F.relu(x)
        x = F.max_pool2d(x, 2)  # N×6×14×14
        x = self.c3(x)  # N×16×10×10
        x = F.relu(x)
        x = F.max_pool2d(x, 2)  # N×16×5×5
        x = torch.flatten(x, 1)  # N×400
        x = self.c5(x)  # N×120
        x = F.relu(x)
        x = self.f6(x)  # N×84
        x = F.relu(x)
        return self.classifier(x)  # N×10


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    logits = model(batch["image"])
    label = batch["label"]  # N
    loss = F.cross_entropy(logits, label)
    accuracy = (logits.argmax(1) == label).sum() / (label != -100).sum()
    return loss, {"accuracy": accuracy}
