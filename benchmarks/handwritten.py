"""The classic CNN and its training as one writes them by hand in PyTorch, for comparison.

It makes the choices that an expert makes: data in memory, channels last, fused Adam. Rows are
split and shuffled by the same seeds as in the window, so that the losses can be compared.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

BATCH = 64
VALIDATION = 0.1
SEED = 0


def make_model() -> nn.Sequential:
    """Conv 32, pool, conv 64, pool, conv 64, dense 64, dense 10."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(576, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )


def train(arrays: Mapping[str, np.ndarray], epochs: int) -> tuple[list[float], list[float]]:
    """Trains; answers the loss of each step and the seconds of each epoch, validation included."""
    torch.manual_seed(SEED)
    model = make_model().to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
    images = torch.from_numpy(arrays["x"])
    labels = torch.from_numpy(arrays["y"])
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(SEED))
    apart = round(len(images) * VALIDATION)
    rows, validation = order[apart:].sort().values, order[:apart].sort().values
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    losses: list[float] = []
    seconds: list[float] = []
    for epoch in range(epochs):
        started = time.perf_counter()
        generator = torch.Generator().manual_seed(SEED * 1_000_003 + epoch)
        shuffled = rows[torch.randperm(len(rows), generator=generator)]
        model.train()
        right = 0.0
        for picked in torch.split(shuffled, BATCH):
            x, y = batch(images, labels, picked)
            optimizer.zero_grad(set_to_none=True)
            scores = model(x)
            loss = functional.cross_entropy(scores, y)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            optimizer.step()
            losses.append(loss.item())
            right += (scores.argmax(1) == y).float().mean().item()
        evaluate(model, images, labels, validation)
        seconds.append(time.perf_counter() - started)
    return losses, seconds


def batch(images: Tensor, labels: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Some rows, as the model takes them."""
    x = images.index_select(0, rows).to(torch.float32).div_(255)
    return x.contiguous(memory_format=torch.channels_last), labels.index_select(0, rows)


@torch.no_grad()
def evaluate(model: nn.Module, images: Tensor, labels: Tensor, rows: Tensor) -> float:
    """The mean loss over some rows."""
    model.eval()
    total = 0.0
    for picked in torch.split(rows, BATCH):
        x, y = batch(images, labels, picked)
        scores = model(x)
        total += functional.cross_entropy(scores, y, reduction="sum").item()
        (scores.argmax(1) == y).float().mean().item()
    return total / len(rows)
