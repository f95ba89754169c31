"""Torchloom's own engine, as the command line runs it: the drawing, its metrics and its run."""

from __future__ import annotations

import struct
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from stage import BATCH, EPOCHS, LEARNING_RATE, Tick, measure

from backends.protocol import Control, EpochEnded, Event, Failed, Job
from backends.pytorch.train import run
from graph.fileio import load

EXAMPLE = Path(__file__).parents[2] / "assets" / "examples" / "classic-cnn.loom"


def train(images: np.ndarray, labels: np.ndarray, tick: Tick) -> None:
    """Trains on IDX files in a folder of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for part, count in (("train", len(images)), ("t10k", 10)):
            head = struct.pack(">iiii", 0x803, count, 28, 28)
            (folder / f"{part}-images-idx3-ubyte").write_bytes(head + images[:count].tobytes())
            head = struct.pack(">ii", 0x801, count)
            told = labels[:count].astype(np.uint8).tobytes()
            (folder / f"{part}-labels-idx1-ubyte").write_bytes(head + told)
        document = load(EXAMPLE).document
        recipe = {
            "epochs": EPOCHS, "batch_size": BATCH, "learning_rate": LEARNING_RATE,
            "validation_fraction": 0.0, "threads": 1,
        }  # fmt: skip
        data = replace(document.data, params={"folder": str(folder)})
        job = Job(replace(document, recipe=recipe, data=data), folder / "runs")

        def hear(event: Event) -> None:
            if isinstance(event, Failed):
                raise SystemExit(event.text)
            if isinstance(event, EpochEnded):
                tick()

        run(job, hear, Control())


if __name__ == "__main__":
    measure(train)
