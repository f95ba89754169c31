"""Colours the lines in view; those never scrolled to cost nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextDocument, QTextLayout

from app.editor.colours import code_colours
from app.editor.python import Kind, Span, spans
from app.theme import THEMES, Theme

UNPAINTED = -1


class Painted:
    """Which lines of a document wear the colours of the present text and theme.

    QSyntaxHighlighter would go through the whole text in Python at each change of all of it. The
    state of a text block tells with which colours it was painted.
    """

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._starts_in_string: Sequence[bool] = ()
        self._gap_lines: frozenset[int] = frozenset()
        self._round = 0
        self._formats: dict[Kind, QTextCharFormat] = {}
        self.set_theme(THEMES["dark"])

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme: every line must be painted anew."""
        self._round += 1
        for kind, tone in code_colours(theme).items():
            made = QTextCharFormat()
            made.setForeground(QColor(tone))
            made.setFontItalic(kind in (Kind.COMMENT, Kind.GAP))
            self._formats[kind] = made

    def show(self, starts_in_string: Sequence[bool], gap_lines: frozenset[int]) -> None:
        """Goes over to another text. Lines that mean something else now are painted anew."""
        self._starts_in_string = starts_in_string
        self._gap_lines = gap_lines

    def forget(self, start: int, end: int) -> None:
        """These lines have other texts now."""
        block = self._document.findBlockByNumber(start)
        while block.isValid() and block.blockNumber() < end:
            block.setUserState(UNPAINTED)
            block = block.next()

    def paint(self, blocks: Sequence[QTextBlock]) -> None:
        """Paints these lines in a row where they are not yet."""
        fresh = [block for block in blocks if block.userState() != self._state(block)]
        for block in fresh:
            text = block.text()
            ranges = [self._range(text, span) for span in self._spans(block)]
            block.layout().setFormats(ranges)
            block.setUserState(self._state(block))
        if fresh:
            start, last = fresh[0].position(), fresh[-1]
            self._document.markContentsDirty(start, last.position() + last.length() - start)

    def _state(self, block: QTextBlock) -> int:
        number = block.blockNumber()
        in_string = number < len(self._starts_in_string) and self._starts_in_string[number]
        return self._round * 4 + 2 * in_string + (number in self._gap_lines)

    def _spans(self, block: QTextBlock) -> list[Span]:
        number, text = block.blockNumber(), block.text()
        if number in self._gap_lines:
            return [Span(0, len(text), Kind.GAP)]
        in_string = number < len(self._starts_in_string) and self._starts_in_string[number]
        return list(spans(text, starts_in_string=in_string))

    def _range(self, text: str, span: Span) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start = _units(text[: span.start])
        made.length = _units(text[span.start : span.start + span.length])
        made.format = self._formats[span.kind]
        return made


def _units(text: str) -> int:
    """The length of a text as Qt counts it, in units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
