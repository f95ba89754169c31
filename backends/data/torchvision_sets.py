"""Data sets of torchvision, by name."""

from __future__ import annotations

from platformdirs import user_cache_path

from backends.data.files import given_folder
from backends.data.readers.torchvision_sets import BY_SPLIT, BY_TRAIN, load_torchvision
from backends.data.reading import Own, Reading
from backends.data.source import Source
from graph.data import Column, DataInfo
from graph.params import Size2, param
from graph.problems import UserError

# Classes, and rows to train on and for the test, as published; so nothing is read to know them.
SIZES = {
    "MNIST": (10, 60_000, 10_000),
    "FashionMNIST": (10, 60_000, 10_000),
    "KMNIST": (10, 60_000, 10_000),
    "QMNIST": (10, 60_000, 60_000),
    "CIFAR10": (10, 50_000, 10_000),
    "CIFAR100": (100, 50_000, 10_000),
    "USPS": (10, 7291, 2007),
    "SVHN": (10, 73_257, 26_032),
    "STL10": (10, 5000, 8000),
    "Flowers102": (102, 1020, 6149),
    "FGVCAircraft": (100, 3334, 3333),
    "GTSRB": (43, 26_640, 12_630),
    "PCAM": (2, 262_144, 32_768),
    "RenderedSST2": (2, 6920, 1821),
}


class Torchvision(Source):
    """A data set of images that torchvision knows, downloaded to this computer if you wish."""

    kind = "torchvision"
    title = "torchvision"
    category = "Libraries"
    origin = "the authors of each data set, by way of the package torchvision"

    name: str = param(default="CIFAR10", choices=(*BY_TRAIN, *BY_SPLIT), title="Data set",
                      help="Which one; its licence is that of its authors.")  # fmt: skip
    folder: str = param(
        default="",
        widget="folder",
        help="Where its files are, or go; empty for the cache folder of this program.",
    )
    download: bool = param(
        default=False, help="Fetch the files from the net where they are not there."
    )
    size: Size2 = param(
        default=(32, 32), ge=1, le=4096, unit="px", help="Height and width of every image."
    )
    colour: bool = param(default=True, help="Red, green and blue, or brightness alone.")
    split: str = param(
        default="auto",
        choices=("auto", "random", "stratified", "in order"),
        title="Validation",
        help="Which rows validate; the test is as published.",
    )
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Which rows are drawn to validate.")
    balanced: bool = param(
        default=False, title="Balance classes", help="Draw each class equally often in training."
    )

    def describe(self) -> DataInfo:
        """The columns x and y, as published."""
        classes, rows, test = SIZES[self.name]
        columns = (
            Column(
                "x", (3 if self.colour else 1, *self.size), "float32", "input",
                help="Brightness from 0 to 1.",
            ),
            Column("y", (), "int64", "target", tuple(map(str, range(classes))), "The class."),
        )  # fmt: skip
        note = "It is read, and downloaded if you wish, when training begins."
        return DataInfo(self.name, columns, rows, test, note)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        place = user_cache_path("torchloom") / "torchvision"
        folder = given_folder(self.folder, self.title) if self.folder.strip() else place
        values = {key: value for key, value in self.values().items() if key != "folder"}
        if not self.download and not folder.is_dir():
            raise UserError(
                f"{self.name} is not in “{folder}”; switch downloading on, or choose the folder "
                "that holds its files."
            )
        return Reading(
            load_torchvision,
            {**values, "folder": Own(folder, "DATA_FOLDER")},
            ("numpy", "pillow", "torchvision"),
            reports=True,
            draws_rows=self.balanced or self.split != "auto",
        )
