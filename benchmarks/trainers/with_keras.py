"""Keras 3 on PyTorch, with `fit` on arrays, as its guide does."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers
from stage import BATCH, EPOCHS, LEARNING_RATE, Tick, measure


class Told(keras.callbacks.Callback):
    """Tells when an epoch has ended."""

    def __init__(self, tick: Tick) -> None:
        super().__init__()
        self._tick = tick

    def on_epoch_end(self, epoch, logs=None):
        """Called by Keras."""
        self._tick()


def train(images: np.ndarray, labels: np.ndarray, tick: Tick) -> None:
    """Trains on float32 images with the channel last."""
    torch.set_num_threads(1)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(LEARNING_RATE), loss, metrics=["accuracy"])
    x = images[..., None].astype(np.float32) / 255
    model.fit(x, labels, BATCH, EPOCHS, verbose=0, callbacks=[Told(tick)])


if __name__ == "__main__":
    measure(train)
