"""The person's images, one folder a class."""

from __future__ import annotations

from platformdirs import user_cache_path

from backends.data.files import given_folder
from backends.data.readers.images import list_images, load_images
from backends.data.reading import Cache, Own, Reading
from backends.data.source import Source, refusing
from graph.data import Column, DataInfo
from graph.params import Size2, param


class ImageFolder(Source):
    """A folder with a folder of images for each class, brought to one size."""

    kind = "images"
    title = "Image folder"
    category = "Your files"

    folder: str = param(
        default="",
        widget="folder",
        help="The folder that holds a folder of images for each class; folders called train and "
        "test in between are understood.",
    )
    size: Size2 = param(
        default=(64, 64), ge=1, le=4096, unit="px", help="Height and width of every image."
    )
    colour: bool = param(default=True, help="Red, green and blue, or brightness alone.")
    crop: bool = param(
        default=False, help="Cut the middle out, instead of squeezing images into the size."
    )
    test_fraction: float = param(
        default=0.2,
        ge=0,
        le=0.9,
        title="Test share",
        help="The share of images kept for the test where there is no folder called test.",
    )
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Which images are drawn for the test.")

    def describe(self) -> DataInfo:
        """The columns x and y; the folders are listed, no image is opened."""
        folder = given_folder(self.folder, self.title)
        with refusing():
            classes, train, test = list_images(folder, self.test_fraction, self.seed)
        channels = 3 if self.colour else 1
        columns = (
            Column("x", (channels, *self.size), "float32", "input", help="Brightness from 0 to 1."),
            Column("y", (), "int64", "target", classes, "The folder an image lies in."),
        )
        note = "Images that cannot be decoded are left out when they are read."
        return DataInfo(folder.name, columns, len(train), len(test), note)

    def reading(self) -> Reading:
        """Images too many for memory are decoded once, into the cache folder of the person."""
        arguments = {
            "folder": Own(given_folder(self.folder, self.title), "DATA_FOLDER"),
            "size": self.size,
            "colour": self.colour,
            "crop": self.crop,
            "test_fraction": self.test_fraction,
            "seed": self.seed,
            "cache": Cache(user_cache_path("torchloom") / "images"),
        }
        return Reading(load_images, arguments, ("numpy", "pillow"), reports=True, warns=True)
