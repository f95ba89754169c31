"""Images, and for each of them another that says to which class every pixel belongs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from backends.data.readers.errors import Arrays, DataError, Report, existing_folder, silent
from backends.data.readers.listing import files_in, judge
from backends.data.readers.pixels import Look, decode, why_unreadable
from backends.data.readers.splitting import Split, part_rows
from backends.data.readers.streamed import READERS, Streamed

IMAGES = ("images", "image", "img", "imgs", "jpegimages")
MASKS = ("masks", "mask", "labels", "annotations", "segmentationclass")
SUFFIXES = ("", "_mask", "-mask", "_label", "_seg", "_gt")
LARGEST_HELD = 256 << 20
VOID, LEFT_OUT = 255, -100  # the byte of pixels that nobody judged, and what losses leave out

Pair = tuple[str, str]


def pairs_in(folder: Path) -> list[tuple[Path, Path]]:
    """Each image with its mask: of the same name in another folder, or with `_mask` behind it."""
    existing_folder(folder, "The image folder")
    inner = {path.name.lower(): path for path in folder.iterdir() if path.is_dir()}
    images = next((inner[name] for name in IMAGES if name in inner), folder)
    masks = next((inner[name] for name in MASKS if name in inner), folder)
    held = {path.stem: path for path in files_in(masks)}
    found, alone = [], []
    for path in files_in(images):
        suffixes = SUFFIXES if masks != images else SUFFIXES[1:]
        mask = next((held[path.stem + end] for end in suffixes if path.stem + end in held), None)
        is_mask = masks == images and path.stem.endswith(SUFFIXES[1:])
        if mask is not None:
            found.append((path, mask))
        elif not is_mask:
            alone.append(path.name)
    if not found:
        raise DataError(
            f"“{folder}” has no images with masks; make the folders images and masks in it, with "
            "files of the same names, or put a mask called cat_mask.png beside cat.jpg."
        )
    if alone:
        shown = ", ".join(alone[:5]) + (", …" if len(alone) > 5 else "")
        raise DataError(
            f"{len(alone):,} images of “{images}” have no mask: {shown}. Add masks of the same "
            "names, or take these images out."
        )
    return found


def decode_mask(path: Path, look: Look, classes: int, colours: tuple[str, ...]) -> np.ndarray:
    """The class of every pixel as int64 (H, W); -100 where nobody judged it."""
    from PIL import Image, ImageOps

    height, width = look.size
    try:
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened)
            image = image.convert("RGB") if colours or image.mode not in "LP1I;16" else image
            if look.crop:
                image = ImageOps.fit(image, (width, height), Image.Resampling.NEAREST)
            elif look.pad:
                image = ImageOps.pad(image, (width, height), Image.Resampling.NEAREST)
            else:
                image = image.resize((width, height), Image.Resampling.NEAREST)
            values = np.asarray(image)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise DataError(f"The mask {path.name} cannot be decoded ({error}).") from error
    found = _by_colour(values, colours, path) if values.ndim == 3 else values.astype(np.int64)
    if classes == 2 and not colours and set(np.unique(found)) <= {0, VOID}:
        found = found // VOID  # black and white
    found = np.where(found == VOID, LEFT_OUT, found)
    wrong = (found >= classes) & (found != LEFT_OUT)
    if wrong.any():
        raise DataError(
            f"The mask {path.name} holds the class {int(found[wrong].max())}, but there are "
            f"{classes} classes, 0 to {classes - 1}; raise their number, or correct the mask."
        )
    return found


def _by_colour(values: np.ndarray, colours: tuple[str, ...], path: Path) -> np.ndarray:
    if not colours:
        raise DataError(
            f"The mask {path.name} is in colours; say which of them stands for which class, such "
            "as “#000000, #ff0000”."
        )
    codes = (values.astype(np.int64) * [1 << 16, 1 << 8, 1]).sum(axis=2)
    found = np.full(codes.shape, -1, np.int64)
    for place, colour in enumerate(colours):
        found[codes == int(colour.lstrip("#"), 16)] = place
    if (found < 0).any():
        raise DataError(
            f"The mask {path.name} has the colour #{int(codes[found < 0][0]):06x}, which is none "
            f"of {', '.join(colours)}."
        )
    return found


def load_image_masks(
    folder: Path,
    size: tuple[int, int] = (64, 64),
    colour: bool = True,
    crop: bool = False,
    pad: bool = False,
    alpha: bool = False,
    classes: int = 2,
    colours: tuple[str, ...] = (),
    unreadable: str = "leave out up to 5 %",
    storage: str = "auto",
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    report: Report = silent,
    warn: Callable[[str], None] = print,
) -> tuple[Arrays, Arrays]:
    """Images x (N, C, H, W) as uint8, and masks (N, H, W) of class indices.

    Args:
        classes: how many there are, the ground included.
        colours: that of each class, where masks are in colours; without, their bytes are classes.
        storage: "memory", "stream", or "auto" for memory where all of it fits.
    """
    pairs = pairs_in(folder)
    look = Look(size, colour, crop, pad, alpha)
    with ThreadPoolExecutor(READERS) as threads:
        reasons = enumerate(threads.map(lambda pair: why_unreadable(pair[0]), pairs))
        broken = {place: why for place, why in reasons if why}
    if broken:
        judge(broken, len(pairs), unreadable, warn)
    good = [(str(a), str(b)) for place, (a, b) in enumerate(pairs) if place not in broken]

    def image(pair: Pair) -> np.ndarray:
        pixels = decode(Path(pair[0]), look)
        if isinstance(pixels, str):
            raise DataError(f"An image cannot be decoded: {pixels}. Mend or remove it.")
        return pixels

    def mask(pair: Pair) -> np.ndarray:
        return decode_mask(Path(pair[1]), look, classes, colours)

    held = {
        "x": Streamed(good, image, look.shape),
        "mask": Streamed(good, mask, size, np.int64),
    }
    columns: Arrays = dict(held)  # type: ignore[arg-type]  # they stand in for arrays
    small = sum(column.nbytes for column in held.values()) <= LARGEST_HELD
    if storage == "memory" or (storage == "auto" and small):
        columns = {name: _all_of(column, report) for name, column in held.items()}
    return part_rows(columns, Split(split, test_fraction, seed, folds, fold))


def _all_of(column: Streamed, report: Report) -> np.ndarray:
    rows = np.empty(column.shape, column.dtype)
    for start in range(0, len(column), 256):
        rows[start : start + 256] = column[np.arange(start, min(start + 256, len(column)))]
        report(min(1.0, (start + 256) / len(column)))
    return rows
