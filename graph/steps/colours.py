"""Steps that change what pictures show where it is: their colours, and holes in them."""

from __future__ import annotations

from graph.data import Column
from graph.params import param
from graph.problems import UserError
from graph.steps.step import TRAINING, DataStep, is_image

MODULE = "backends.pytorch.steps.colours"


class ColourJitter(DataStep):
    """Changes brightness, contrast and colours of each picture a little; put it before Normalise.

    Pictures of one channel have no colours: saturation and hue leave them as they are.
    """

    kind, title, acts, order = "colour_jitter", "Colour jitter", TRAINING, 20
    runs = f"{MODULE}.ColourJitter"
    wants = "pictures of 1 or 3 channels, channels×height×width of float32"

    brightness: float = param(
        default=0.2, ge=0, le=1, help="0.2 multiplies by a number from 0.8 to 1.2."
    )
    contrast: float = param(
        default=0.2, ge=0, le=1, help="How much differences from the mean grow or shrink."
    )
    saturation: float = param(
        default=0.2, ge=0, le=1, help="How much differences from grey grow or shrink."
    )
    hue: float = param(
        default=0.0, ge=0, le=0.5, help="Most that colours are turned, in circles: 0.5 is all."
    )

    def suits(self, column: Column) -> bool:
        return is_image(column) and column.shape[0] in (1, 3)

    def summary(self) -> str:
        return f"±{max(self.brightness, self.contrast, self.saturation, self.hue):g}"


class CutOut(DataStep):
    """Covers a square of some pictures, so that no single part is relied on."""

    kind, title, acts, order = "cut_out", "Cut-out", TRAINING, 21
    runs = f"{MODULE}.CutOut"
    wants = "pictures, channels×height×width of float32"

    size: int = param(default=8, ge=1, le=4096, unit="px", help="The side of the square.")
    chance: float = param(default=0.5, ge=0, le=1, help="The chance that a picture gets one.")
    filled: float = param(default=0.0, title="Filled with", help="What the square holds.")

    def suits(self, column: Column) -> bool:
        return is_image(column)

    def changed(self, column: Column) -> Column:
        height, width = column.shape[-2:]
        if self.size > max(height, width):
            raise UserError(
                f"the square of {self.size} px is larger than the pictures of “{column.name}”, "
                f"which have {height}×{width}."
            )
        return column

    def summary(self) -> str:
        return f"{self.size} px, {self.chance:.0%}"
