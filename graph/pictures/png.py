"""The text chunks of a PNG file, read and written without decoding the picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from graph.pictures.payload import LARGEST_TEXT, inflated
from graph.problems import UserError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEY = "torchloom"
MOST_CHUNKS = 100_000
_HEADER_END = len(SIGNATURE) + 4 + 4 + 13 + 4
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")


def with_text(picture: bytes, text: str) -> bytes:
    """The PNG with an ASCII text in it, in front of its pixels."""
    assert picture.startswith(SIGNATURE)
    chunk = b"tEXt" + KEY.encode() + b"\0" + text.encode("ascii")
    framed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return picture[:_HEADER_END] + framed + picture[_HEADER_END:]


def text_in(picture: bytes, source: str) -> str:
    """The text that we put into a PNG; empty where there is none.

    Raises:
        UserError: the file is cut off before it, or unpacks to more than is sensible.
    """
    for kind, content in _chunks(picture, source):
        key, _, rest = content.partition(b"\0")
        if kind in _TEXTS and key == KEY.encode():
            try:
                return _text(kind, rest).decode("ascii")
            except OverflowError:
                raise UserError(
                    f"The text in {source} unpacks to more than {LARGEST_TEXT / 1e6:.0f} MB; it "
                    "was not opened."
                ) from None
            except (zlib.error, EOFError, ValueError):
                raise UserError(f"The drawing in {source} is damaged.") from None
    return ""


def _chunks(picture: bytes, source: str) -> Iterator[tuple[bytes, bytes]]:
    """The kinds of the chunks, and the contents of those that are texts."""
    at = len(SIGNATURE)
    for _ in range(MOST_CHUNKS):
        if at + 8 > len(picture):
            raise UserError(f"{source} is cut off; no drawing was found before its end.")
        size, kind = struct.unpack_from(">I4s", picture, at)
        if at + 12 + size > len(picture):
            raise UserError(f"{source} is cut off; no drawing was found before its end.")
        if kind == b"IEND":
            return
        yield kind, picture[at + 8 : at + 8 + size] if kind in _TEXTS else b""
        at += 12 + size
    raise UserError(f"{source} has more than {MOST_CHUNKS:,} parts; it was not opened.")


def _text(kind: bytes, rest: bytes) -> bytes:
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return inflated(rest[1:], LARGEST_TEXT)
    is_packed = rest[:1] == b"\1"
    *_, body = rest[2:].split(b"\0", 2)
    return inflated(body, LARGEST_TEXT) if is_packed else body
