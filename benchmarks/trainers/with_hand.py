"""A loop written by hand: data in memory, channels last, fused Adam."""

from __future__ import annotations

import numpy as np
import torch
from stage import BATCH, EPOCHS, LEARNING_RATE, Tick, measure
from torch import nn

from benchmarks.handwritten import make_model


def train(images: np.ndarray, labels: np.ndarray, tick: Tick) -> None:
    """Trains on what lies in memory."""
    torch.set_num_threads(1)
    model = make_model().to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)
    loss_of = nn.CrossEntropyLoss()
    x, y = torch.from_numpy(images)[:, None], torch.from_numpy(labels)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):
            batch = x[rows].to(torch.float32).div_(255)
            batch = batch.contiguous(memory_format=torch.channels_last)
            optimizer.zero_grad(set_to_none=True)
            loss_of(model(batch), y[rows]).backward()
            optimizer.step()
        tick()


if __name__ == "__main__":
    measure(train)
