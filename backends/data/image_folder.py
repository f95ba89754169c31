"""The person's images, one folder a class."""

from __future__ import annotations

from platformdirs import user_cache_path

from backends.data.files import given_folder
from backends.data.readers.images import load_images
from backends.data.readers.listing import list_files, part_listing
from backends.data.readers.pixels import Look
from backends.data.reading import Cache, Own, Reading
from backends.data.source import Source, refusing
from backends.data.splitting import WITHOUT_COLUMNS, Splitting
from graph.data import Column, DataInfo
from graph.params import Form, Size2, param

UNREADABLE = ("leave out up to 5 %", "leave out", "refuse")
STORAGES = ("auto", "memory", "cache", "stream")


class Pixels(Form):
    """How images are brought to one shape; forms show this before how they are parted."""

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
    alpha: bool = param(
        default=False,
        title="Transparency",
        help="Keep it as one more channel; without, what is transparent lies on white.",
    )
    crop: bool = param(
        default=False, help="Cut the middle out, instead of squeezing images into the size."
    )
    pad: bool = param(
        default=False,
        help="Put black around images, instead of squeezing them into the size.",
        show_if=lambda form: not form.crop,
    )


class ImageFolder(Source, Splitting, Pixels):
    """A folder with a folder of images for each class, brought to one size."""

    kind = "images"
    title = "Image folder"
    category = "Your files"

    split: str = param(
        default="auto",
        choices=(*WITHOUT_COLUMNS, "by group"),
        help="Which images test and validate, where there is no folder called test. By group keeps "
        "images together whose names are equal up to the first dash or underscore.",
    )
    unreadable: str = param(
        default="leave out up to 5 %",
        choices=UNREADABLE,
        title="Unreadable images",
        help="What becomes of files that cannot be decoded; they are counted and named.",
    )
    storage: str = param(
        default="auto",
        choices=STORAGES,
        help="Where images lie in training: in memory, decoded in a file of the cache, or as they "
        "are, to be decoded whenever they are needed. Auto takes memory up to 256 MB.",
    )

    def look(self) -> Look:
        """How images are brought to one shape."""
        return Look(self.size, self.colour, self.crop, self.pad, self.alpha)

    def describe(self) -> DataInfo:
        """The columns x and y; the folders are listed, no image is opened."""
        folder = given_folder(self.folder, self.title)
        with refusing():
            classes, listing, tests = list_files(folder)
            train, test, _ = part_listing(listing, tests, self.split_of())
        columns = (
            Column("x", self.look().shape, "float32", "input", help="Brightness from 0 to 1."),
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
            "pad": self.pad,
            "alpha": self.alpha,
            "unreadable": self.unreadable,
            "storage": self.storage,
            **self.split_arguments(),
            "cache": Cache(user_cache_path("torchloom") / "images"),
        }
        return Reading(
            load_images,
            arguments,
            ("numpy", "pillow"),
            reports=True,
            warns=True,
            draws_rows=self.draws_rows(),
        )
