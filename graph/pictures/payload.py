"""A drawing as one line of text that a picture can carry, with a version and a hash."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib

from graph.fileio import Loaded, dumps, loads
from graph.model import Document
from graph.problems import UserError

MARK = "torchloom-drawing"
VERSION = 1
LARGEST_JSON = 64 * 1024 * 1024
LARGEST_TEXT = 32 * 1024 * 1024
LARGEST_PICTURE = 256 * 1024 * 1024


def wrapped(document: Document) -> str:
    """The text that a picture of this document carries: `torchloom-drawing 1 <sha256> <base64>`.

    Raises:
        UserError: the document is too large for that.
    """
    content = dumps(document).encode()
    text = base64.b64encode(zlib.compress(content, 9)).decode()
    if len(content) > LARGEST_JSON or len(text) > LARGEST_TEXT:
        raise UserError(
            f"The drawing has {len(content) / 1e6:.0f} MB; a picture carries "
            f"{LARGEST_JSON / 1e6:.0f} MB at most. Export the picture without the drawing."
        )
    return f"{MARK} {VERSION} {hashlib.sha256(content).hexdigest()} {text}"


def unwrapped(text: str, source: str) -> Loaded:
    """The document in such a text, judged as one read from a file.

    Raises:
        UserError: it is damaged, too large, or of a version that is not known.
    """
    if len(text) > LARGEST_TEXT + 200:
        raise UserError(
            f"The drawing in {source} has {len(text) / 1e6:.0f} MB of text; at most "
            f"{LARGEST_TEXT / 1e6:.0f} MB are read."
        )
    mark, version, digest, body = (*text.split(), "", "", "", "")[:4]
    if mark != MARK or not (version.isascii() and version.isdigit() and len(version) < 9):
        raise UserError(f"What {source} carries is no drawing of Torchloom.")
    if int(version) != VERSION:
        raise UserError(
            f"The drawing in {source} was put there by another Torchloom (version {version}; this "
            f"one knows {VERSION})."
        )
    content = _inflated(body, source)
    if hashlib.sha256(content).hexdigest() != digest:
        raise UserError(
            f"The drawing in {source} is damaged: it is not what was exported (its hash differs)."
        )
    try:
        return loads(content.decode(), f"The drawing in {source}")
    except UnicodeDecodeError:
        raise UserError(f"The drawing in {source} is damaged: it is no text.") from None


def _inflated(body: str, source: str) -> bytes:
    try:
        packed = base64.b64decode(body.encode("ascii"), validate=True)
        return inflated(packed, LARGEST_JSON)
    except OverflowError:
        raise UserError(
            f"The drawing in {source} unpacks to more than {LARGEST_JSON / 1e6:.0f} MB, which no "
            "drawing needs; it was not opened."
        ) from None
    except (binascii.Error, UnicodeEncodeError, zlib.error, EOFError):
        raise UserError(f"The drawing in {source} is damaged or cut off.") from None


def inflated(packed: bytes, most: int) -> bytes:
    """Unpacks, but never more than so many bytes.

    Raises:
        OverflowError: there would be more.
        EOFError: it is cut off.
        zlib.error: it is damaged.
    """
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed, most + 1)
    if len(content) > most:
        raise OverflowError
    if not unpacker.eof:
        raise EOFError
    return content
