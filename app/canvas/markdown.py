"""Markdown as a laid-out text: nothing in it is fetched, opened or taken for HTML."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QColor,
    QImage,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
)

from app.i18n import tr
from app.theme import Theme, sans

TEXT_PX = 13
INDENT_PX = 18
HEADING = 3
"""A heading of this level is as large as the text; each above it is a step larger."""
Piece = tuple[int, int, QTextCharFormat]
MOST_CHARACTERS = 8000
"""More than this fills no card that can be read; the rest is shown by the editor."""
DIALECT = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)


class SafeDocument(QTextDocument):
    """A text that reads no file and no address, whatever it names."""

    def loadResource(self, kind: int, name: QUrl | str) -> QImage:
        """Stands for every picture and style sheet."""
        blank = QImage(1, 1, QImage.Format.Format_ARGB32)
        blank.fill(0)
        return blank


def laid_out(text: str, width: float, theme: Theme) -> QTextDocument:
    """The text of a note, laid out for a width in px of the canvas."""
    made = SafeDocument()
    made.setUndoRedoEnabled(False)
    made.setDefaultFont(sans(TEXT_PX))
    made.setDocumentMargin(0)
    made.setIndentWidth(INDENT_PX)
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS] + "…"
    made.setMarkdown(text, DIALECT)
    for piece in _pieces(made):
        _tame(made, piece, theme)
    made.setTextWidth(width)
    return made


def _pieces(document: QTextDocument) -> list[Piece]:
    """Where links, pictures and headings are, the last first: replacing one moves no other."""
    found: list[Piece] = []
    block: QTextBlock = document.begin()
    while block.isValid():
        places = block.begin()
        while not places.atEnd():
            fragment: QTextFragment = places.fragment()
            format = fragment.charFormat()
            if format.isImageFormat() or format.isAnchor() or block.blockFormat().headingLevel():
                found.append((fragment.position(), fragment.length(), format))
            places += 1
        block = block.next()
    return found[::-1]


def _tame(document: QTextDocument, piece: Piece, theme: Theme) -> None:
    """Puts the name of a picture in its place; gives links a colour and headings a size."""
    at, length, format = piece
    cursor = QTextCursor(document)
    cursor.setPosition(at)
    cursor.setPosition(at + length, QTextCursor.MoveMode.KeepAnchor)
    changed = QTextCharFormat()
    if format.isImageFormat():
        name = format.toImageFormat().name()
        changed.setForeground(QColor(theme.dim))
        cursor.insertText(tr("[picture: {name}]", name=name), changed)
        return
    if format.isAnchor():
        changed.setForeground(QColor(theme.accent))
    level = cursor.blockFormat().headingLevel()
    if level:
        changed.setProperty(QTextFormat.Property.FontSizeAdjustment, max(HEADING - level, 0))
    cursor.mergeCharFormat(changed)
