"""Folders of images, one folder a class."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from backends.data.readers.errors import Arrays, DataError, Report, existing_folder, silent
from backends.data.readers.split import mask_for_test

ENDINGS = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}
)
LARGEST_IN_MEMORY = 256 << 20
LARGEST_BROKEN_SHARE = 0.05
AT_ONCE = 64
TRAIN_NAMES, TEST_NAMES = ("train", "training"), ("test", "testing", "val", "valid", "validation")

Listing = list[tuple[Path, int]]


def _folders(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def _images(folder: Path) -> list[Path]:
    found = (Path(entry.path) for entry in os.scandir(folder) if not entry.name.startswith("."))
    return sorted(path for path in found if path.suffix.lower() in ENDINGS)


def list_images(
    folder: Path, test_fraction: float = 0.2, seed: int = 0
) -> tuple[tuple[str, ...], Listing, Listing]:
    """The classes, and the images to train on and to test with, each with its class index.

    Sub-folders called train and test part the images; otherwise a share of each class is drawn.
    """
    parts = {p.name.lower(): p for p in _folders(existing_folder(folder, "The image folder"))}
    train = next((parts[name] for name in TRAIN_NAMES if name in parts), folder)
    test = next((parts[name] for name in TEST_NAMES if name in parts), None)
    test = None if train == folder else test
    held = {p.name: _images(p) for p in _folders(train)}
    classes = tuple(name for name, images in held.items() if images)
    if not classes:
        raise DataError(
            f"“{train}” has no folders with images; make one folder for each class and put its "
            f"images ({', '.join(sorted(ENDINGS))}) into it."
        )
    listing = [(path, index) for index, name in enumerate(classes) for path in held[name]]
    if test is None:
        mask = mask_for_test(len(listing), test_fraction, seed, np.array([y for _, y in listing]))
        kept = [item for item, is_test in zip(listing, mask, strict=True) if not is_test]
        return classes, kept, [item for item, is_test in zip(listing, mask, strict=True) if is_test]
    unknown = [p.name for p in _folders(test) if p.name not in classes and _images(p)]
    if unknown:
        raise DataError(
            f"“{test}” has the classes {', '.join(unknown)}, which “{train}” does not have."
        )
    tests = [
        (p, y)
        for y, name in enumerate(classes)
        if (test / name).is_dir()
        for p in _images(test / name)
    ]
    return classes, listing, tests


def decode(path: Path, size: tuple[int, int], colour: bool, crop: bool) -> np.ndarray | str:
    """The image as uint8 (C, H, W), or why it cannot be decoded."""
    from PIL import Image, ImageOps

    height, width = size
    try:
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB" if colour else "L")
            if crop:
                image = ImageOps.fit(image, (width, height), Image.Resampling.BILINEAR)
            else:
                image = image.resize((width, height), Image.Resampling.BILINEAR)
            pixels = np.asarray(image, np.uint8)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        return f"{path.parent.name}/{path.name} ({error})"
    return pixels.transpose(2, 0, 1) if colour else pixels[None]


def load_images(
    folder: Path,
    size: tuple[int, int] = (64, 64),
    colour: bool = True,
    crop: bool = False,
    test_fraction: float = 0.2,
    seed: int = 0,
    cache: Path | None = None,
    report: Report = silent,
    warn: Callable[[str], None] = print,
) -> tuple[Arrays, Arrays]:
    """Images x (N, C, H, W) as uint8, and class indices y (N,).

    Images that do not decode are left out and named to `warn`, up to a share of 5 %.

    Args:
        crop: cut the middle out instead of squeezing the image into the size.
        cache: a folder where images too many for memory are kept decoded, and found next time.
    """
    _, train, test = list_images(folder, test_fraction, seed)
    listing = train + test
    shape = (len(listing), 3 if colour else 1, *size)
    place = cache if int(np.prod(shape)) > LARGEST_IN_MEMORY else None
    pixels, broken = _decoded(listing, shape, colour, crop, place, report)
    if broken:
        _judge(broken, len(listing), warn)
    labels = np.array([y for _, y in listing], np.int64)
    good = np.ones(len(listing), bool)
    good[list(broken)] = False
    cut = int(good[: len(train)].sum())
    labels = labels[good]
    # what decoded lies at the front, in order, so that a mapped file needs no copy
    pixels = pixels[: len(labels)]
    return {"x": pixels[:cut], "y": labels[:cut]}, {"x": pixels[cut:], "y": labels[cut:]}


def _judge(broken: dict[int, str], total: int, warn: Callable[[str], None]) -> None:
    some = "; ".join(list(broken.values())[:5]) + ("; …" if len(broken) > 5 else "")
    text = f"{len(broken):,} of {total:,} images cannot be decoded: {some}."
    if len(broken) > max(1, LARGEST_BROKEN_SHARE * total) or len(broken) == total:
        raise DataError(f"{text} Up to 5 % would be left out; mend or remove them.")
    warn(f"{text} They are left out.")


def _decoded(
    listing: Listing,
    shape: tuple[int, ...],
    colour: bool,
    crop: bool,
    cache: Path | None,
    report: Report,
) -> tuple[np.ndarray, dict[int, str]]:
    if cache is None:
        pixels = np.empty(shape, np.uint8)
        return pixels, _decode_into(pixels, listing, colour, crop, report)
    key = hashlib.sha256(repr((shape, colour, crop, np.__version__)).encode())
    for path, _ in listing:
        stat = path.stat()
        key.update(repr((str(path), stat.st_size, stat.st_mtime_ns)).encode())
    kept = cache / f"{key.hexdigest()[:32]}.npy"
    notes = kept.with_suffix(".json")
    try:
        if not notes.exists():
            cache.mkdir(parents=True, exist_ok=True)
            _check_space(cache, int(np.prod(shape)))
            _write_cache(kept, notes, listing, shape, colour, crop, report)
        broken = {int(row): text for row, text in json.loads(notes.read_text("utf-8")).items()}
        return np.load(kept, mmap_mode="r", allow_pickle=False), broken
    except (OSError, ValueError) as error:
        raise DataError(f"The decoded images cannot be kept in “{cache}”: {error}.") from error


def _check_space(folder: Path, needed: int) -> None:
    # a mapped file that outgrows the disk would not raise, it would end the process
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DataError(
            f"The decoded images take {needed / 1e9:.1f} GB, but “{folder}” has "
            f"{free / 1e9:.1f} GB free; choose a smaller size."
        )


def _write_cache(
    kept: Path,
    notes: Path,
    listing: Listing,
    shape: tuple[int, ...],
    colour: bool,
    crop: bool,
    report: Report,
) -> None:
    part = kept.with_suffix(f".{os.getpid()}.part")
    try:
        pixels = np.lib.format.open_memmap(part, "w+", np.uint8, shape)
        broken = _decode_into(pixels, listing, colour, crop, report)
        pixels.flush()
        del pixels
        part.replace(kept)
        notes.write_text(json.dumps(broken), "utf-8")
    finally:
        part.unlink(missing_ok=True)


def _decode_into(
    pixels: np.ndarray, listing: Listing, colour: bool, crop: bool, report: Report
) -> dict[int, str]:
    """Fills the front of `pixels` with what decodes; answers what does not, by place."""
    broken: dict[int, str] = {}
    size = (pixels.shape[2], pixels.shape[3])
    filled = 0
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as threads:
        for start in range(0, len(listing), AT_ONCE):
            paths = [path for path, _ in listing[start : start + AT_ONCE]]
            for place, image in enumerate(
                threads.map(lambda p: decode(p, size, colour, crop), paths)
            ):
                if isinstance(image, str):
                    broken[start + place] = image
                else:
                    pixels[filled] = image
                    filled += 1
            report(min(1.0, (start + AT_ONCE) / len(listing)))
    return broken
