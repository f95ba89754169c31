"""LSTM.

Reads a handwritten digit row by row. Its cells keep a number until a gate lets it go,
so that gradients reach far back and what matters is not forgotten.

Source: Long Short-Term Memory. S. Hochreiter and J. Schmidhuber, 1997. With the forget
gate of Learning to Forget. F. A. Gers, J. Schmidhuber and F. Cummins, 2000.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Model(nn.Module):
    """rows N×8×8 -> scores N×10."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 64, batch_first=True)
        self.logits = nn.Linear(64, 10)

    def forward(self, rows: Tensor) -> Tensor:
        _, (lstm_state, _) = self.lstm(rows)
        x = lstm_state[-1]  # N×64
        return self.logits(x)  # N×10


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    scores = model(batch["rows"])
    label = batch["label"]  # N
    loss = F.cross_entropy(scores, label)
    accuracy = (scores.argmax(1) == label).sum() / (label != -100).sum()
    return loss, {"accuracy": accuracy}
