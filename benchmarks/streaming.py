"""Trains on a folder of 100,000 images in a process of its own, and tells the memory it took.

The images are small JPEG files of noise, written into a temporary folder first. Each way to keep
them is measured: decoded once into a file of the cache, and decoded anew whenever they are needed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.report import Bar, report
from graph import edits
from graph.data import DataSpec
from graph.fileio import dumps
from graph.model import Document

IMAGES = 100_000
SIDE = 64
LARGEST_GB = 1.5
CLASSES = ("dark", "light")


def main() -> int:
    """Makes the images, trains on them, and prints the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=IMAGES)
    images = parser.parse_args().images
    detail: dict[str, object] = {"images": images, "side_px": SIDE}
    bars = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "pictures"
        make_images(folder, images)
        for storage in ("stream", "cache"):
            found = measured(folder, storage, Path(place))
            detail[storage] = found
            bars.append(Bar(f"peak memory, {storage}, GB", found["peak_gb"], LARGEST_GB))
            bars.append(Bar(f"errors, {storage}", 1 - found["test_accuracy"], 0.1))
    return report("streaming", bars, detail)


def make_images(folder: Path, count: int) -> None:
    """Writes noise that is darker in one class than in the other."""
    for name in CLASSES:
        (folder / name).mkdir(parents=True)

    def write(n: int) -> None:
        random = np.random.RandomState(n)
        pixels = random.randint(0, 128, (SIDE, SIDE, 3)) + 60 * (n % 2)
        image = Image.fromarray(pixels.astype(np.uint8))
        image.save(folder / CLASSES[n % 2] / f"{n:06}.jpg", quality=50)

    with ThreadPoolExecutor() as threads:
        for _ in threads.map(write, range(count)):
            pass


def drawing(folder: Path, storage: str) -> Document:
    """A small convolution network on the folder."""
    document = edits.rename_document(Document(), "Streaming")
    names = ("input", "conv2d", "relu", "flatten", "dense", "target", "cross_entropy", "accuracy")
    for number, kind in enumerate(names):
        document = edits.add(document, kind, (0, 100 * number))
    *body, target, loss, accuracy = document.graph.nodes
    for source, into in pairwise(body):
        document = edits.connect(document, source, "y", into, "x")
    for goal in (loss, accuracy):
        document = edits.connect(document, body[-1], "y", goal, "prediction")
        document = edits.connect(document, target, "y", goal, "target")
    values = {
        body[0]: {"shape": f"3, {SIDE}, {SIDE}"},
        body[1]: {"out_channels": 8, "stride": (4, 4)},
        body[-1]: {"features": 2},
    }
    for node, params in values.items():
        for name, value in params.items():
            document = edits.set_param(document, [node], name, value)
    recipe = {"epochs": 1, "batch_size": 256, "learning_rate": 0.01, "device": "cpu"}
    for name, value in recipe.items():
        document = edits.set_recipe(document, name, value)
    params = {"folder": str(folder), "size": (SIDE, SIDE), "storage": storage}
    return edits.set_data(document, DataSpec("images", params))


def measured(folder: Path, storage: str, place: Path) -> dict[str, float]:
    """Trains by the command line in a process of its own."""
    path = place / f"{storage}.loom"
    path.write_text(dumps(drawing(folder, storage)), "utf-8")
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.streaming_child", str(path), str(place / "runs")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"XDG_CACHE_HOME": str(place / "cache")},
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    answer = json.loads(done.stdout.splitlines()[-1])
    return {
        "peak_gb": answer["peak_gb"],
        "test_accuracy": answer["test_accuracy"],
        "seconds": time.perf_counter() - started,
    }


if __name__ == "__main__":
    sys.exit(main())
