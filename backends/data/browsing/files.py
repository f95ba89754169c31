"""Samples that are files in folders: images, images with masks, and sounds; listed, not read."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import numpy as np

from backends.data.browsing.columns import CodeColumn
from backends.data.browsing.samples import (
    LEFT_OUT,
    Apart,
    Look,
    Picture,
    Samples,
    Shown,
    Unreadable,
    Wave,
    parts_of,
)
from backends.data.files import given_folder
from backends.data.image_folder import ImageFolder
from backends.data.mask_folder import MaskFolder
from backends.data.pictured import as_pixels
from backends.data.readers.errors import DataError
from backends.data.readers.image_masks import decode_mask, pairs_in
from backends.data.readers.listing import Listing, list_files, part_listing
from backends.data.readers.pixels import Look as Shape
from backends.data.readers.pixels import decode
from backends.data.readers.sound import SOUNDS, Hearing, hear
from backends.data.readers.splitting import Split, choose_test, drawn_by
from backends.data.sound_folder import SoundFolder
from backends.data.source import refusing


def image_samples(source: ImageFolder, apart: Apart) -> Samples:
    """The images of a folder.

    Raises:
        UserError: the folder cannot be used.
    """
    folder = given_folder(source.folder, source.title)
    with refusing():
        classes, listing, tests = list_files(folder)
    look = source.look()

    def open_(path: Path) -> Shown:
        pixels = decode(path, look)
        return Unreadable(pixels) if isinstance(pixels, str) else Picture(as_pixels(pixels))

    return _Listed(folder, classes, listing, tests, source.split_of(), apart).samples(
        "pictures", open_
    )


def sound_samples(source: SoundFolder, apart: Apart) -> Samples:
    """The sounds of a folder, always as waves, for these can be seen and heard.

    Raises:
        UserError: the folder cannot be used.
    """
    folder = given_folder(source.folder, source.title)
    with refusing():
        classes, listing, tests = list_files(folder, SOUNDS, "sounds")
    hearing = source.hearing()
    as_wave = Hearing(hearing.rate, hearing.seconds, hearing.middle)

    def open_(path: Path) -> Shown:
        wave = hear(path, as_wave)
        return Unreadable(wave) if isinstance(wave, str) else Wave(wave[:, None], as_wave.rate)

    return _Listed(folder, classes, listing, tests, source.split_of(), apart).samples(
        "waves", open_
    )


def mask_samples(source: MaskFolder, apart: Apart) -> Samples:
    """Images of a folder with the mask of each.

    Raises:
        UserError: the folder cannot be used.
    """
    folder = given_folder(source.folder, source.title)
    info, arguments = source.describe(), source.reading().arguments
    colours, classes = arguments["colours"], arguments["classes"]
    assert isinstance(colours, tuple)
    assert isinstance(classes, int)
    look = Shape(source.size, source.colour, source.crop, source.pad, source.alpha)
    with refusing():
        pairs = pairs_in(folder)

    def open_(row: int) -> Shown:
        image, mask = pairs[row]
        pixels = decode(image, look)
        if isinstance(pixels, str):
            return Unreadable(pixels)
        try:
            return Picture(as_pixels(pixels), decode_mask(mask, look, classes, colours))
        except DataError as error:
            return Unreadable(str(error))

    def parted(broken: Collection[int] = ()) -> np.ndarray:
        good = np.ones(len(pairs), bool)
        good[list(broken)] = False
        count = int(good.sum())
        mask, ranks = choose_test(count, source.split_of())
        train = drawn_by(source.split_of(), mask, ranks, None)
        held = parts_of(train, int((~mask).sum()), int(mask.sum()), apart)
        found = np.full(len(pairs), LEFT_OUT, np.uint8)
        found[np.flatnonzero(good)[np.argsort(mask, kind="stable")]] = held
        return found

    with refusing():
        parts = parted()
    names = _names(folder, (image for image, _ in pairs))
    columns = (CodeColumn("file", np.arange(len(names)), names, "file"),)
    return Samples(
        folder.name,
        columns,
        parts,
        "pictures",
        open_,
        reparted=parted,
        pixel_classes=info.columns[1].classes,
        note=info.note,
        file=lambda row: pairs[row][0],
    )


class _Listed:
    """Files with the class of each, parted as a reader parts them."""

    def __init__(
        self, folder: Path, classes: tuple[str, ...], listing: Listing, tests: Listing | None,
        split: Split, apart: Apart,
    ) -> None:  # fmt: skip
        self._folder, self._classes, self._apart = folder, classes, apart
        with refusing():
            self._train, self._test, self._drawn = part_listing(listing, tests, split)

    def samples(self, look: Look, open_: Callable[[Path], Shown]) -> Samples:
        """The files as samples, those of the test last."""
        both = self._train + self._test
        names = _names(self._folder, (path for path, _ in both))
        labels = np.array([label for _, label in both], np.int32)
        label = CodeColumn("class", labels, self._classes, "class", is_target=True, in_order=True)
        columns = (CodeColumn("file", np.arange(len(names)), names, "file"), label)
        return Samples(
            self._folder.name, columns, self._parted(()), look,
            lambda row: open_(both[row][0]), label, reparted=self._parted,
            file=lambda row: both[row][0], places=np.arange(len(both)),
        )  # fmt: skip

    def _parted(self, broken: Collection[int]) -> np.ndarray:
        good = np.ones(len(self._train) + len(self._test), bool)
        good[list(broken)] = False
        cut = len(self._train)
        drawn = {name: held[good[:cut]] for name, held in self._drawn.items()}
        found = np.full(len(good), LEFT_OUT, np.uint8)
        rows, tests = int(good[:cut].sum()), int(good[cut:].sum())
        found[good] = parts_of(drawn, rows, tests, self._apart)
        return found


def _names(folder: Path, paths: Iterable[Path]) -> list[str]:
    """The files as they are called from the folder on; pathlib would take ten times as long."""
    start = len(str(folder / "x")) - 1
    return [str(path)[start:].replace(os.sep, "/") for path in paths]
