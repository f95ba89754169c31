"""An editor for Python: numbered, coloured, indented, with a mark at the line of a mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.editor.colours import code_colours
from app.editor.gutter import Gutter
from app.editor.python import QUOTES, Kind, spans
from app.theme import THEMES, Theme, colour, mono

FONT_PX = 12
INDENT = "    "
NOWHERE = 0
MARK_PX = 3
IN_STRING = 1


class CodeEditor(QPlainTextEdit):
    """Shows Python, and lets a person write it unless it is read-only."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editor")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._theme = theme
        self._wrong = NOWHERE
        self._highlighter = _Highlighter(self.document())
        self._gutter = Gutter(self, self)
        self.cursorPositionChanged.connect(self._on_cursor)
        self.blockCountChanged.connect(lambda _: self._fit_gutter())
        self.updateRequest.connect(self._on_update)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        family = mono(FONT_PX).family()
        # a style sheet of its own, since that of the program sets the font of all widgets
        self.setStyleSheet(
            f'#editor {{ font-family: "{family}"; font-size: {FONT_PX}px; padding: 0;'
            f" background: {theme.panel}; }}"
        )
        self.ensurePolished()
        self.setTabStopDistance(len(INDENT) * self.fontMetrics().horizontalAdvance(" "))
        self._highlighter.set_theme(theme)
        self._gutter.set_theme(theme)
        self._fit_gutter()
        self.viewport().update()

    @property
    def wrong_line(self) -> int:
        """The line that is marked as wrong, counted from 1; 0 where none is."""
        return self._wrong

    def mark_wrong(self, line: int) -> None:
        """Marks a line, counted from 1, as the one with the mistake; 0 marks none."""
        if line != self._wrong:
            self._wrong = line
            self.viewport().update()

    def go_to_line(self, line: int) -> None:
        """Puts the cursor at the end of a line, counted from 1."""
        block = self.document().findBlockByNumber(min(max(line, 1), self.blockCount()) - 1)
        cursor = self.textCursor()
        cursor.setPosition(block.position() + block.length() - 1)
        self.setTextCursor(cursor)
        self.setFocus()

    def current_line(self) -> int:
        """The line of the cursor, counted from 0."""
        return self.textCursor().blockNumber()

    def visible_blocks(self) -> Iterator[tuple[QTextBlock, QRectF]]:
        """The lines in view and where they are in the viewport."""
        block = self.firstVisibleBlock()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > self.viewport().height():
                return
            yield block, box
            block = block.next()

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.isReadOnly():
            super().keyPressEvent(event)
            return
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier,
        )  # fmt: skip
        match event.key():
            case Qt.Key.Key_Tab if plain:
                self._indent()
            case Qt.Key.Key_Backtab:
                self._dedent()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if plain:
                self._break_line()
            case Qt.Key.Key_Backspace if plain and self._is_before_text():
                self._step_back()
            case _:
                super().keyPressEvent(event)

    def _indent(self) -> None:
        cursor = self.textCursor()
        if cursor.hasSelection():
            self._each_line(lambda cursor, _: cursor.insertText(INDENT))
        else:
            cursor.insertText(" " * (len(INDENT) - cursor.positionInBlock() % len(INDENT)))

    def _dedent(self) -> None:
        def take(cursor: QTextCursor, text: str) -> None:
            for _ in range(min(len(INDENT), len(text) - len(text.lstrip(" ")))):
                cursor.deleteChar()

        self._each_line(take)

    def _each_line(self, change: Callable[[QTextCursor, str], object]) -> None:
        cursor = self.textCursor()
        document = self.document()
        first = document.findBlock(cursor.selectionStart()).blockNumber()
        end = max(cursor.selectionEnd() - cursor.hasSelection(), 0)
        last = document.findBlock(end).blockNumber()
        edit = QTextCursor(document)
        edit.beginEditBlock()
        for number in range(first, last + 1):
            block = document.findBlockByNumber(number)
            edit.setPosition(block.position())
            change(edit, block.text())
        edit.endEditBlock()

    def _break_line(self) -> None:
        """A new line is as deep as the one before, and deeper behind a colon."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        depth = len(before) - len(before.lstrip(" "))
        code = before.rstrip()
        if code.endswith(":"):
            depth += len(INDENT)
        elif re.match(r"\s*(return|pass|raise|break|continue)\b", code):
            depth = max(depth - len(INDENT), 0)
        cursor.insertText("\n" + " " * depth)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _is_before_text(self) -> bool:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        return not cursor.hasSelection() and bool(before) and not before.strip(" ")

    def _step_back(self) -> None:
        cursor = self.textCursor()
        for _ in range((cursor.positionInBlock() - 1) % len(INDENT) + 1):
            cursor.deletePreviousChar()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_gutter()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            self._paint_lines(painter)
        super().paintEvent(event)

    def _paint_lines(self, painter: QPainter) -> None:
        width = self.viewport().width()
        for block, box in self.visible_blocks():
            row = QRectF(0, box.top(), width, box.height())
            number = block.blockNumber()
            if number == self.current_line() and self.hasFocus() and not self.isReadOnly():
                painter.fillRect(row, QColor(self._theme.field))
            if number + 1 == self._wrong:
                painter.fillRect(row, colour(self._theme.error, 0.14))
                painter.fillRect(
                    QRectF(0, box.top(), MARK_PX, box.height()), QColor(self._theme.error)
                )

    def _on_cursor(self) -> None:
        self.viewport().update()
        self._gutter.update()

    def _on_update(self, box: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, box.y(), self._gutter.width(), box.height())

    def _fit_gutter(self) -> None:
        width = self._gutter.wanted_width()
        self.setViewportMargins(width, 0, 0, 0)
        box = self.contentsRect()
        self._gutter.setGeometry(QRect(box.left(), box.top(), width, box.height()))
        self._gutter.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 320)


class _Highlighter(QSyntaxHighlighter):
    """Colours each line when it changes; what a person writes by hand is short."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[Kind, QTextCharFormat] = {}
        self.set_theme(THEMES["dark"])

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        for kind, tone in code_colours(theme).items():
            made = QTextCharFormat()
            made.setForeground(QColor(tone))
            made.setFontItalic(kind is Kind.COMMENT)
            self._formats[kind] = made
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        inside = self.previousBlockState() == IN_STRING
        for span in spans(text, starts_in_string=inside):
            start = _units(text[: span.start])
            length = _units(text[span.start : span.start + span.length])
            self.setFormat(start, length, self._formats[span.kind])
        if QUOTES in text and (inside or not text.lstrip().startswith("#")):
            inside ^= text.count(QUOTES) % 2 == 1
        self.setCurrentBlockState(IN_STRING if inside else 0)


def _units(text: str) -> int:
    """The length of a text as Qt counts it, in units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
