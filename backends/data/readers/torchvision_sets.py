"""Data sets of torchvision, which downloads them where it is asked to."""

from pathlib import Path
from typing import Any

import numpy as np

from backends.data.readers.errors import Arrays, DataError, Report, silent
from backends.data.readers.items import columns_of
from backends.data.readers.pixels import Look, shaped
from backends.data.readers.splitting import Split, training

BY_TRAIN = ("MNIST", "FashionMNIST", "KMNIST", "QMNIST", "CIFAR10", "CIFAR100", "USPS")
BY_SPLIT = ("SVHN", "STL10", "Flowers102", "FGVCAircraft", "GTSRB", "PCAM", "RenderedSST2")


class Pictured:
    """The items of a data set, their images in one shape."""

    def __init__(self, items: Any, look: Look) -> None:
        self.items, self.look = items, look

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, row: int) -> Any:
        image, target = self.items[row]
        return shaped(image, self.look), target


def load_torchvision(
    name: str,
    folder: Path,
    download: bool = False,
    size: tuple[int, int] = (32, 32),
    colour: bool = True,
    split: str = "auto",
    seed: int = 0,
    balanced: bool = False,
    report: Report = silent,
) -> tuple[Arrays, Arrays]:
    """Images x (N, C, H, W) and class indices y (N,) of a data set of torchvision."""
    datasets = _torchvision()
    if not hasattr(datasets, name):
        raise DataError(f"This torchvision has no data set “{name}”.")
    made = getattr(datasets, name)
    look = Look(size, colour)
    parts = []
    for part in ("train", "test"):
        which: dict[str, Any] = {"train": part == "train"} if name in BY_TRAIN else {"split": part}
        try:
            items = made(root=str(folder), download=download, **which)
        except (RuntimeError, OSError, ValueError) as error:
            hint = "" if download else " Switch downloading on, or choose where its files are."
            raise DataError(f"torchvision cannot open {name}: {str(error)[:200]}.{hint}") from error
        parts.append(columns_of(Pictured(items, look), report))
    train, test = parts
    return training(train, Split(split, seed=seed, balanced=balanced), np.asarray(train["y"])), test


def _torchvision() -> Any:
    try:
        from torchvision import datasets  # type: ignore[import-not-found,import-untyped,unused-ignore]  # an extra
    except (ImportError, RuntimeError, OSError) as error:
        raise DataError(
            "The package torchvision cannot be used here: install the one that belongs to your "
            f"PyTorch with “pip install torchvision” ({str(error)[:120]})."
        ) from error
    return datasets
