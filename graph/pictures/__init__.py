"""Drawings inside pictures of them: put into PNG and SVG files, and found there again."""

from __future__ import annotations

from pathlib import Path

from graph.fileio import Loaded
from graph.pictures import png, svg
from graph.pictures.payload import LARGEST_PICTURE, unwrapped, wrapped
from graph.problems import UserError

__all__ = ["SUFFIXES", "is_picture", "load_picture", "loads_picture", "png", "svg", "wrapped"]

SUFFIXES = (".png", ".svg")


def is_picture(path: Path) -> bool:
    """Whether a file is called like a picture that may hold a drawing."""
    return path.suffix.lower() in SUFFIXES


def load_picture(path: Path) -> Loaded:
    """The drawing in a picture's file.

    Raises:
        UserError: the file cannot be read, or holds no drawing that is whole.
    """
    try:
        if not path.is_file():
            raise UserError(f"{path} is no file." if path.exists() else f"There is no file {path}.")
        size = path.stat().st_size
        if size > LARGEST_PICTURE:
            raise UserError(
                f"{path.name} has {size / 1e6:.0f} MB; a picture with a drawing has "
                f"{LARGEST_PICTURE / 1e6:.0f} MB at most."
            )
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from None
    return loads_picture(data, path.name)


def loads_picture(data: bytes, source: str) -> Loaded:
    """The drawing in the bytes of a PNG or SVG picture; no picture is decoded for it.

    Raises:
        UserError: there is none, or it is damaged.
    """
    if data.startswith(png.SIGNATURE):
        text = png.text_in(data, source)
    elif svg.looks_like(data):
        text = svg.text_in(data, source)
    else:
        raise UserError(f"{source} is neither a PNG nor an SVG picture, whatever it is called.")
    if not text:
        raise UserError(
            f"{source} carries no drawing. Only pictures that Torchloom exported with the drawing "
            "can be opened; programs that edit or shrink pictures remove it."
        )
    return unwrapped(text, source)
