"""The text of generated code: numbered, coloured, with marks at the lines of blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.code.changes import Change, moved, new_lines
from app.code.paint import Painted
from app.editor.gutter import Gutter
from app.i18n import tr
from app.theme import THEMES, Theme, colour, mono

FLASH_MS = 1100
FLASH_STEPS = 16  # no eye tells more apart in a tone so faint
MOST_FLASHED = 200
FONT_PX = 12
SMALLEST_PX, LARGEST_PX = 8, 32
MARK_PX = 3


class CodeView(QPlainTextEdit):
    """Shows lines; it is never written in.

    Attributes:
        is_calm: whether new lines appear without a fading glow.

    Signals:
        line_chosen: a person put the cursor into that line, counted from 0.
    """

    line_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code")
        self.setAccessibleName(tr("Generated code"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self._theme = THEMES["dark"]
        self._marks: Mapping[int, str] = {}
        self._flashed: frozenset[int] = frozenset()
        self._is_quiet = False
        self.is_calm = False
        self._px = FONT_PX
        self._painted = Painted(self.document())
        self._gutter = Gutter(self, self)
        self._flash = QVariantAnimation(self, startValue=FLASH_STEPS, endValue=0, duration=FLASH_MS)
        self._flash.valueChanged.connect(self._on_flash)
        self._flash.finished.connect(self._end_flash)
        self.cursorPositionChanged.connect(self._on_cursor)
        self.verticalScrollBar().valueChanged.connect(self._paint_visible)
        self.blockCountChanged.connect(lambda _: self._fit_gutter())
        self.updateRequest.connect(self._on_update)
        self._fit_font()

    # what is shown

    def show_lines(
        self,
        lines: Sequence[str],
        made: Sequence[Change],
        starts_in_string: Sequence[bool],
        gap_lines: frozenset[int],
    ) -> None:
        """Goes over to another text; cursor and scroll position stay at their lines.

        Args:
            made: what turns the shown lines into these.
            starts_in_string: for each line, whether it starts inside a string.
            gap_lines: the lines that stand for blocks which are left out.
        """
        is_first = self.document().isEmpty()
        cursor = self.textCursor()
        line, column = cursor.blockNumber(), cursor.positionInBlock()
        has_selection = cursor.hasSelection()
        top = self.firstVisibleBlock().blockNumber()
        with self._quietly():
            self._replace(lines, made)
            self._painted.show(starts_in_string, gap_lines)
            if not is_first:
                self._stay_at(made, top, None if has_selection else (line, column))
        self._paint_visible()
        fresh = frozenset() if is_first else frozenset(new_lines(made))
        self._start_flash(fresh if len(fresh) <= MOST_FLASHED else frozenset())

    def _stay_at(self, made: Sequence[Change], top: int, cursor: tuple[int, int] | None) -> None:
        """Keeps the first line in view, and the cursor's line and column, after changes."""
        if cursor is not None:
            self._put_cursor(moved(cursor[0], made), cursor[1])
        block = self.document().findBlockByNumber(moved(top, made))
        self.verticalScrollBar().setValue(block.firstLineNumber())

    def clear_lines(self) -> None:
        """Shows nothing, without telling that the cursor moved."""
        with self._quietly():
            self.clear()

    def mark(self, marks: Mapping[int, str]) -> None:
        """Marks these lines, each in a colour."""
        if marks != self._marks:
            self._marks = marks
            self.viewport().update()

    @property
    def marks(self) -> Mapping[int, str]:
        """The marked lines with their colours."""
        return self._marks

    @property
    def flashed(self) -> frozenset[int]:
        """The lines that flash now because they are new."""
        return self._flashed

    def reveal(self, lines: Iterable[int]) -> None:
        """Puts the cursor into the first of these lines unless it is in one; scrolls there."""
        wanted = sorted(lines)
        if not wanted:
            return
        with self._quietly():
            if self.textCursor().blockNumber() not in wanted:
                self._put_cursor(wanted[0], 0)
            if not self._is_in_view(self.textCursor().blockNumber()):
                self.centerCursor()
        self._paint_visible()

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

    # look

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self._painted.set_theme(theme)
        self._gutter.set_theme(theme)
        self._fit_font()
        self._paint_visible()
        self.viewport().update()

    def set_wrap(self, is_wrapped: bool) -> None:
        """Breaks long lines at the edge, or lets them run out of it."""
        modes = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(modes.WidgetWidth if is_wrapped else modes.NoWrap)
        self._paint_visible()

    @property
    def font_px(self) -> int:
        """The height of the font."""
        return self._px

    def zoom(self, steps: int) -> None:
        """Makes the font larger or smaller."""
        self._px = min(max(self._px + steps, SMALLEST_PX), LARGEST_PX)
        self._fit_font()

    # events

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            delta = event.angleDelta().y()
            self.zoom((delta > 0) - (delta < 0))
            event.accept()
            return
        super().wheelEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._on_cursor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        box = self.contentsRect()
        self._gutter.setGeometry(QRect(box.left(), box.top(), self._gutter.width(), box.height()))
        self._paint_visible()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._paint_visible()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            self._paint_lines(painter)
        super().paintEvent(event)

    def _paint_lines(self, painter: QPainter) -> None:
        width = self.viewport().width()
        glow = (self._flash.currentValue() or 0) / FLASH_STEPS if self._flashed else 0.0
        soft = 0.14 if self._theme.is_dark else 0.09
        line = self.current_line() if self.hasFocus() else -1
        for block, box in self.visible_blocks():
            number = block.blockNumber()
            row = QRectF(0, box.top(), width, box.height())
            if number == line:
                painter.fillRect(row, QColor(self._theme.field))
            if number in self._marks:
                painter.fillRect(row, colour(self._marks[number], soft))
                painter.fillRect(
                    QRectF(0, box.top(), MARK_PX, box.height()), QColor(self._marks[number])
                )
            if number in self._flashed:
                painter.fillRect(row, colour(self._theme.accent, 0.22 * glow))

    def _on_update(self, box: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, box.y(), self._gutter.width(), box.height())

    def _on_cursor(self) -> None:
        self.viewport().update()
        self._gutter.update()
        if not self._is_quiet and not self.textCursor().hasSelection():
            self.line_chosen.emit(self.current_line())

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """While it lasts, cursor moves are not those of a person."""
        before, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = before

    def _replace(self, lines: Sequence[str], made: Sequence[Change]) -> None:
        if self.document().isEmpty() or not lines:
            self.setPlainText("\n".join(lines))
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for change in reversed(made):
            self._replace_one(cursor, change)
            # one line more, which has grown together with a line that went
            self._painted.forget(change.start, change.start + len(change.lines) + 1)
        cursor.endEditBlock()

    def _replace_one(self, cursor: QTextCursor, change: Change) -> None:
        document, count = self.document(), self.blockCount()
        start = document.findBlockByNumber(change.start).position()
        if change.end < count:
            end = document.findBlockByNumber(change.end).position()
            text = "".join(line + "\n" for line in change.lines)
        else:
            end = document.characterCount() - 1
            start = end if change.start >= count else start
            start = start - 1 if change.start and change.start < count else start
            text = "\n".join(change.lines)
            text = "\n" + text if change.start and change.lines else text
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)

    def _put_cursor(self, line: int, column: int) -> None:
        block = self.document().findBlockByNumber(min(line, self.blockCount() - 1))
        cursor = self.textCursor()
        cursor.setPosition(block.position() + min(column, block.length() - 1))
        self.setTextCursor(cursor)

    def _is_in_view(self, line: int) -> bool:
        height = self.viewport().height()
        return any(
            block.blockNumber() == line and box.bottom() <= height
            for block, box in self.visible_blocks()
        )

    def _paint_visible(self, _value: int = 0) -> None:
        if self.isVisible():
            with self._quietly():
                self._painted.paint([block for block, _ in self.visible_blocks()])

    def _start_flash(self, lines: frozenset[int]) -> None:
        self._flash.stop()
        self._flashed = lines
        if lines and self.isVisible() and not self.is_calm:
            self._flash.start()
        else:
            self._flashed = frozenset()

    def _on_flash(self, _glow: object) -> None:
        """Paints the lines that flash: the others stay."""
        width = self.viewport().width()
        for block, box in self.visible_blocks():
            if block.blockNumber() in self._flashed:
                row = QRectF(0, box.top(), width, box.height())
                self.viewport().update(row.toAlignedRect())

    def _end_flash(self) -> None:
        self._flashed = frozenset()
        self.viewport().update()

    def _fit_font(self) -> None:
        font = mono(self._px)
        # a style sheet of its own, since that of the program sets the font of all widgets
        self.setStyleSheet(
            f'#code {{ font-family: "{font.family()}"; font-size: {self._px}px; border: 0;'
            f" border-radius: 0; background: {self._theme.panel}; padding: 0; }}"
            " #code::corner { background: transparent; border: 0; }"
        )
        self.ensurePolished()
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self._fit_gutter()

    def _fit_gutter(self) -> None:
        width = self._gutter.wanted_width()
        self.setViewportMargins(width, 0, 0, 0)
        box = self.contentsRect()
        self._gutter.setGeometry(QRect(box.left(), box.top(), width, box.height()))
        self._gutter.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 200)
