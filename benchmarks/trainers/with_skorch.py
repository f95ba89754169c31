"""skorch's classifier, as scikit-learn uses it."""

from __future__ import annotations

import numpy as np
import torch
from skorch import NeuralNetClassifier
from skorch.callbacks import Callback
from stage import BATCH, EPOCHS, LEARNING_RATE, Tick, measure
from torch import nn

from benchmarks.handwritten import make_model


class Told(Callback):
    """Tells when an epoch has ended."""

    def __init__(self, tick: Tick) -> None:
        self._tick = tick

    def on_epoch_end(self, net, **_):
        """Called by skorch."""
        self._tick()


def train(images: np.ndarray, labels: np.ndarray, tick: Tick) -> None:
    """Trains on arrays of float32."""
    torch.set_num_threads(1)
    net = NeuralNetClassifier(
        make_model(), criterion=nn.CrossEntropyLoss, optimizer=torch.optim.Adam, lr=LEARNING_RATE,
        batch_size=BATCH, max_epochs=EPOCHS, iterator_train__shuffle=True, train_split=None,
        verbose=0, callbacks=[Told(tick)],
    )  # fmt: skip
    net.fit(images[:, None].astype(np.float32) / 255, labels)


if __name__ == "__main__":
    measure(train)
