"""The person's images with a mask for each."""

from __future__ import annotations

import re

from backends.data.files import given_folder
from backends.data.image_folder import UNREADABLE, Pixels
from backends.data.readers.image_masks import load_image_masks, pairs_in
from backends.data.readers.pixels import Look
from backends.data.reading import Own, Reading
from backends.data.source import Source, refusing
from backends.data.splitting import Splitting
from graph.data import Column, DataInfo
from graph.params import Form, param
from graph.problems import UserError

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class MaskChoice(Form):
    """What the bytes or colours of a mask stand for."""

    names: str = param(
        default="ground, object",
        title="Classes",
        help="Names of the classes, separated by commas, in the order of their numbers; the number "
        "255 stands for pixels that nobody judged. Black and white masks have two.",
    )
    colours: str = param(
        default="",
        title="Colours of classes",
        help="The colour of each class where masks are in colours, such as “#000000, #ff0000”; "
        "empty where their numbers or palette places are classes.",
    )


class MaskFolder(Source, MaskChoice, Splitting, Pixels):
    """Images with masks that say to which class every pixel belongs, to learn to segment."""

    kind = "masks"
    title = "Images with masks"
    category = "Your files"

    folder: str = param(
        default="",
        widget="folder",
        help="The folder that holds the folders images and masks, with files of the same names; or "
        "images with masks beside them, such as cat.jpg and cat_mask.png.",
    )
    unreadable: str = param(
        default="leave out up to 5 %",
        choices=UNREADABLE,
        title="Unreadable images",
        help="What becomes of files that cannot be decoded; they are counted and named.",
    )
    storage: str = param(
        default="auto",
        choices=("auto", "memory", "stream"),
        help="Where images lie in training: in memory, or as they are, to be decoded whenever they "
        "are needed. Auto takes memory up to 256 MB.",
    )

    def describe(self) -> DataInfo:
        """The columns x and mask; the folders are listed, no image is opened."""
        folder = given_folder(self.folder, self.title)
        names, _ = self._classes()
        with refusing():
            count = len(pairs_in(folder))
            test = self.split_of().test_rows(count) or 0
        look = Look(self.size, self.colour, self.crop, self.pad, self.alpha)
        columns = (
            Column("x", look.shape, "float32", "input", help="Brightness from 0 to 1."),
            Column(
                "mask", tuple(self.size), "int64", "target", names,
                "The class of each pixel; -100 where nobody judged it.",
            ),
        )  # fmt: skip
        return DataInfo(folder.name, columns, count - test, test)

    def reading(self) -> Reading:
        """Names the folder; masks are looked for again where the script runs."""
        names, colours = self._classes()
        arguments = {
            "folder": Own(given_folder(self.folder, self.title), "DATA_FOLDER"),
            **{name: getattr(self, name) for name in ("size", "colour", "crop", "pad", "alpha")},
            "classes": len(names),
            "colours": colours,
            "unreadable": self.unreadable,
            "storage": self.storage,
            **{name: value for name, value in self.split_arguments().items() if name != "balanced"},
        }
        return Reading(
            load_image_masks,
            arguments,
            ("numpy", "pillow"),
            reports=True,
            warns=True,
            draws_rows=self.draws_rows(),
        )

    def _classes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names and the colours of the classes."""
        names = tuple(name.strip() for name in self.names.split(",") if name.strip())
        colours = tuple(word.strip() for word in self.colours.split(",") if word.strip())
        if len(names) < 2:
            raise UserError(f"“{self.names}” names {len(names)} classes; at least 2 are needed.")
        for colour in colours:
            if not COLOUR.fullmatch(colour):
                raise UserError(f"“{colour}” is no colour; write it like #ff0000.")
        if colours and len(colours) != len(names):
            raise UserError(
                f"There are {len(names)} classes but {len(colours)} colours; each needs its own."
            )
        if self.split == "stratified" or self.balanced:
            raise UserError(
                "Images with masks have no class of their own to part or balance them by; choose "
                "another split, and switch balancing off."
            )
        return names, colours
