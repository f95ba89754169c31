"""Lightning's Trainer with a DataLoader in its own process, without logs and checkpoints."""

from __future__ import annotations

import logging
import warnings

import lightning
import numpy as np
import torch
from stage import BATCH, EPOCHS, LEARNING_RATE, Tick, measure
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.handwritten import make_model


class Classifier(lightning.LightningModule):
    """The network, its loss and its optimizer."""

    def __init__(self, tick: Tick) -> None:
        super().__init__()
        self.model = make_model()
        self._tick = tick

    def training_step(self, batch, _number):
        """Called by Lightning."""
        x, y = batch
        return functional.cross_entropy(self.model(x), y)

    def configure_optimizers(self):
        """Called by Lightning."""
        return torch.optim.Adam(self.parameters(), lr=LEARNING_RATE)

    def on_train_epoch_end(self):
        """Called by Lightning."""
        self._tick()


def train(images: np.ndarray, labels: np.ndarray, tick: Tick) -> None:
    """Trains on a data set of tensors."""
    warnings.simplefilter("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    torch.set_num_threads(1)
    x = torch.from_numpy(images)[:, None].to(torch.float32) / 255
    rows = DataLoader(TensorDataset(x, torch.from_numpy(labels)), BATCH, shuffle=True)
    trainer = lightning.Trainer(
        max_epochs=EPOCHS, accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False,
    )  # fmt: skip
    trainer.fit(Classifier(tick), rows)


if __name__ == "__main__":
    measure(train)
