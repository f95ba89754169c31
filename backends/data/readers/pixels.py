"""An image file as an array of bytes, in one size and with the channels that are wanted."""

import contextlib
import warnings
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

DEEP = ("I", "F")  # the modes of more than eight bits begin so
LARGE_PIXELS = 25_000_000
ONE_LARGE = Lock()  # each takes so much memory that several at once may be too much


@dataclass(frozen=True)
class Look:
    """How images are brought to one shape.

    Attributes:
        crop: cut the middle out, instead of squeezing the image into the size.
        pad: put black around it instead; neither is a stretch.
        alpha: keep how opaque it is as a fourth channel; without, it lies on white.
    """

    size: tuple[int, int] = (64, 64)
    colour: bool = True
    crop: bool = False
    pad: bool = False
    alpha: bool = False

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape (C, H, W) of every image."""
        channels = (3 if self.colour else 1) + self.alpha
        return channels, *self.size


def decode(path: Path, look: Look) -> np.ndarray | str:
    """The image as uint8 (C, H, W), or why it cannot be decoded."""
    from PIL import Image, ImageOps

    warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
    try:
        with Image.open(path) as opened:
            is_large = opened.width * opened.height > LARGE_PIXELS
            with ONE_LARGE if is_large else contextlib.nullcontext():
                ImageOps.exif_transpose(opened, in_place=True)
                return shaped(opened, look)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        return _unreadable(path, error)


def _unreadable(path: Path, error: Exception) -> str:
    """A file by its name, and why it is no image that can be decoded."""
    from PIL import Image, UnidentifiedImageError

    why = getattr(error, "strerror", None) or str(error)
    if isinstance(error, UnidentifiedImageError):
        with contextlib.suppress(OSError):
            is_empty = path.stat().st_size == 0
            why = "it is empty, 0 bytes" if is_empty else "it is damaged, or no image at all"
    elif isinstance(error, Image.DecompressionBombError):
        most = 2 * (Image.MAX_IMAGE_PIXELS or 0)
        why = f"it has more than {most:,} pixels; make it smaller"
    return f"{path.parent.name}/{path.name} ({why})"


def shaped(image: Any, look: Look) -> np.ndarray:  # Any: an image of Pillow
    """The image as uint8 (C, H, W)."""
    from PIL import Image, ImageOps

    height, width = look.size
    image = with_channels(image, look.colour, look.alpha)
    if look.crop:
        image = ImageOps.fit(image, (width, height), Image.Resampling.BILINEAR)
    elif look.pad:
        image = ImageOps.pad(image, (width, height), Image.Resampling.BILINEAR)
    else:
        image = image.resize((width, height), Image.Resampling.BILINEAR)
    pixels = np.asarray(image, np.uint8)
    return pixels.transpose(2, 0, 1) if pixels.ndim == 3 else pixels[None]


def with_channels(image: Any, colour: bool, alpha: bool) -> Any:  # Any: an image of Pillow
    """The image in the mode that has these channels; what is transparent lies on white."""
    from PIL import Image

    if image.mode.startswith(DEEP):
        image = Image.fromarray(shallow(np.asarray(image)))
    wanted = "RGB" if colour else "L"
    if alpha:
        return image.convert("RGBA" if colour else "LA")
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image if image.mode == wanted else image.convert(wanted)


def shallow(values: np.ndarray) -> np.ndarray:
    """Pixels of more than eight bits as bytes: 65,535 becomes 255, and a share of 1 does."""
    values = values.astype(np.float64)
    highest = 65_535.0 if values.dtype.kind != "f" or values.max(initial=0) > 1 else 1.0
    return np.rint(np.clip(values / highest, 0, 1) * 255).astype(np.uint8)


def why_unreadable(path: Path) -> str:
    """Why a file is no image, by its header alone; empty where it is one."""
    from PIL import Image

    try:
        with Image.open(path):
            return ""
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        return _unreadable(path, error)
