"""Steps that move pictures: size, crop, flip and turn; masks of the same size move along."""

from __future__ import annotations

from collections.abc import Sequence

from graph.data import Column
from graph.params import Size2, param
from graph.problems import UserError
from graph.steps.step import ALWAYS, TRAINING, DataStep, is_image, resized

MODULE = "backends.pytorch.steps.pictures"


class PictureStep(DataStep):
    """A step that moves pictures, and masks with them."""

    wants = "pictures, channels×height×width of float32"

    def suits(self, column: Column) -> bool:
        return is_image(column)

    def chosen(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        pictures = super().chosen(columns)
        sizes = {each.shape[-2:] for each in pictures}
        masks = [
            each
            for each in columns
            if each.role == "target" and len(each.shape) in (2, 3) and each.shape[-2:] in sizes
        ]
        return (*pictures, *(each for each in masks if each not in pictures))


class Resize(PictureStep):
    """Makes every picture as large; masks keep their classes."""

    kind, title, acts, order = "resize", "Resize", ALWAYS, 10
    runs = f"{MODULE}.Resize"

    size: Size2 = param(default=(32, 32), ge=1, le=4096, unit="px", help="Height and width.")

    def changed(self, column: Column) -> Column:
        return resized(column, *self.size)

    def summary(self) -> str:
        return "×".join(map(str, self.size))


class Crop(PictureStep):
    """Cuts out a part of each picture: anywhere while training, the middle otherwise."""

    kind, title, acts, order = "crop", "Random crop", ALWAYS, 11
    runs = f"{MODULE}.Crop"

    size: Size2 = param(default=(28, 28), ge=1, le=4096, unit="px", help="Height and width.")
    padding: int = param(
        default=0, ge=0, le=1024, unit="px",
        help="What is put around each picture before, while training and otherwise.",
    )  # fmt: skip
    filled: str = param(
        default="zeros", choices=("zeros", "reflect", "edge"), title="Filled with",
        help="What the padding holds: zeros, the picture mirrored, or its edge.",
        show_if=lambda step: step.padding,
    )  # fmt: skip

    def changed(self, column: Column) -> Column:
        height, width = column.shape[-2:]
        high, wide = height + 2 * self.padding, width + 2 * self.padding
        if self.size[0] > high or self.size[1] > wide:
            padded = f", with the padding {high}×{wide}" if self.padding else ""
            raise UserError(
                f"the crop of {self.size[0]}×{self.size[1]} is larger than the pictures of "
                f"“{column.name}”, which have {height}×{width}{padded}; make it smaller, or the "
                "padding larger."
            )
        if self.padding and self.filled == "reflect" and self.padding >= min(height, width):
            raise UserError(
                f"a picture of {height}×{width} cannot be mirrored over a padding of "
                f"{self.padding}; it must be smaller than the picture."
            )
        return resized(column, *self.size)

    def summary(self) -> str:
        around = f", padding {self.padding}" if self.padding else ""
        return f"{self.size[0]}×{self.size[1]}{around}"


class Flip(PictureStep):
    """Mirrors some of the pictures."""

    kind, title, acts, order = "flip", "Flip", TRAINING, 12
    runs = f"{MODULE}.Flip"

    horizontal: float = param(
        default=0.5, ge=0, le=1, help="The chance that left and right are exchanged."
    )
    vertical: float = param(
        default=0.0, ge=0, le=1, help="The chance that up and down are exchanged."
    )

    def summary(self) -> str:
        shares = ((self.horizontal, "↔"), (self.vertical, "↕"))
        return "  ".join(f"{share:.0%} {sign}" for share, sign in shares if share)


class Rotate(PictureStep):
    """Turns, shifts and zooms each picture a little; what comes in from outside is zero."""

    kind, title, acts, order = "rotate", "Rotate and shift", TRAINING, 13
    runs = f"{MODULE}.Rotate"

    degrees: float = param(
        default=10.0, ge=0, le=180, unit="°", help="Most it is turned, each way."
    )
    shift: float = param(
        default=0.0, ge=0, le=1, help="Most it is shifted, each way, as a share of its size."
    )
    zoom: float = param(
        default=0.0, ge=0, le=0.9,
        help="Most it is made larger or smaller: 0.1 is from 90 to 110 %.",
    )  # fmt: skip

    def summary(self) -> str:
        return f"±{self.degrees:g}°"
