"""The drawing in the metadata of an SVG file, read without a document type or entities."""

from __future__ import annotations

from xml.parsers import expat

from graph.pictures.payload import LARGEST_TEXT
from graph.problems import UserError

NAMESPACE = "https://torchloom.org/drawing"
ELEMENT = "drawing"
DEEPEST = 200
AT_ONCE, LOOKED_AT = 2**18, 2**22
"""The drawing stands at the top; what is far below is not looked for."""
_SEPARATOR = " "


class _Found(Exception):
    """The whole text was read; what follows does not matter."""


class _TooMuch(Exception):
    """The file asks for what no picture needs; the text says what."""


def metadata(text: str) -> str:
    """The element that carries a text, for the top of an SVG file."""
    return (
        f'<metadata><torchloom:{ELEMENT} xmlns:torchloom="{NAMESPACE}">{text}'
        f"</torchloom:{ELEMENT}></metadata>"
    )


def looks_like(data: bytes) -> bool:
    """Whether bytes may be an SVG file."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\xff\xfe").replace(b"\0", b"")
    return start.startswith(b"<") and b"<svg" in data[: 64 * 1024].replace(b"\0", b"")


def text_in(data: bytes, source: str) -> str:
    """The text that we put into an SVG; empty where there is none.

    Raises:
        UserError: the file is no XML that can be read safely, or is cut off before its drawing.
    """
    reader = _Reader()
    try:
        reader.parse(data)
    except _Found:
        return "".join(reader.text)
    except _TooMuch as error:
        raise UserError(f"{source} was not opened: {error}.") from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UserError(f"{source} is damaged or cut off: {error}.") from None
    return ""


class _Reader:
    def __init__(self) -> None:
        self.text: list[str] = []
        self._size = 0
        self._depth = 0
        self._inside = False

    def parse(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        for at in range(0, len(data), AT_ONCE):
            parser.Parse(data[at : at + AT_ONCE], False)
            if at >= LOOKED_AT and not self._inside:
                return
        parser.Parse(b"", True)

    def _refuse_doctype(self, *_: object) -> None:
        raise _TooMuch("it declares a document type, which may hide endless entities")

    def _start(self, name: str, _attributes: object) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _TooMuch(f"its elements are nested more than {DEEPEST} deep")
        self._inside = name == f"{NAMESPACE}{_SEPARATOR}{ELEMENT}"

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._inside:
            raise _Found

    def _characters(self, text: str) -> None:
        if self._inside:
            self._size += len(text)
            if self._size > LARGEST_TEXT + 200:
                raise _TooMuch(f"its drawing has more than {LARGEST_TEXT / 1e6:.0f} MB of text")
            self.text.append(text)
