"""A field over a frame's title, or over a note for its Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from app.canvas.tones import card_of, tone_of
from app.i18n import tr
from app.line_edit import LineEdit
from graph import remark_edits
from graph.framing import TITLE_PX
from graph.remarks import LONGEST_TITLE, Frame, Note, Remark, RemarkId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

LEAST_TITLE_PX = (160, 24)
LEAST_NOTE_PX = (240, 140)
MARGIN_PX = 8
CTRL = Qt.KeyboardModifier.ControlModifier
MARKS: Mapping[int, str] = {Qt.Key.Key_B: "**", Qt.Key.Key_I: "*"}
FOR_THE_WINDOW = frozenset(
    {Qt.Key.Key_K, Qt.Key.Key_S, Qt.Key.Key_Q, Qt.Key.Key_W, Qt.Key.Key_N, Qt.Key.Key_O,
     Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
)  # fmt: skip
"""With Ctrl these are commands, whatever has the focus; others would reach the canvas."""
CLOSES_AT = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason)


class RemarkField(QObject):
    """Writes a title or a note in its place.

    Esc and Ctrl+Enter finish a note; so does Enter a title, whose Esc keeps the old one. What is
    typed is handed over whenever the field loses the focus.

    Signals:
        closed: it goes away.
    """

    closed = Signal()

    def __init__(self, canvas: Canvas, session: Session, id: RemarkId) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._session = session
        self._id = id
        self._is_open = True
        self._place = session.place
        remark = session.document.graph.remarks[id]
        self.widget = _widget_for(remark, canvas)
        self.widget.installEventFilter(self)
        canvas.view_changed.connect(self._follow)
        session.changed.connect(self._follow)
        session.leaving.connect(self.close_field)
        self._follow()
        self.widget.show()
        self.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def text(self) -> str:
        """What is written."""
        field = self.widget
        return field.text() if isinstance(field, QLineEdit) else field.toPlainText()

    def commit(self) -> bool:
        """Hands what is written over to the document; whether that takes it."""
        remark = self._remark()
        if isinstance(remark, Frame) and self.text != remark.title:
            edit = partial(remark_edits.set_title, id=self._id, title=self.text)
            return self._session.apply(tr("Rename frame"), edit)
        if isinstance(remark, Note) and self.text != remark.text:
            edit = partial(remark_edits.set_text, id=self._id, text=self.text)
            return self._session.apply(tr("Write note"), edit, f"note {id(self)}")
        return True

    def close_field(self, *, keeps: bool = True) -> None:
        """Goes away, the text handed over; stays where that is refused, so that it is not lost."""
        if not self._is_open or (keeps and not self.commit()):
            return
        self._is_open = False
        had_focus = self.widget.hasFocus()
        self.widget.hide()
        if had_focus:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._session.seal()
        self.closed.emit()
        self.widget.deleteLater()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows keys and focus of the field."""
        if self._is_open and isinstance(event, QKeyEvent):
            return self._key(event)
        if self._is_open and isinstance(event, QFocusEvent) and event.lostFocus():
            self._lose_focus(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        is_enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        is_title = isinstance(self.widget, QLineEdit)
        finishes = is_enter and (is_title or bool(event.modifiers() & CTRL))
        if key != Qt.Key.Key_Escape and not finishes:
            return self._key_within(event)
        if event.type() == QEvent.Type.KeyPress:
            self.close_field(keeps=finishes or not is_title)
        elif event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # else Esc and Ctrl+Enter would go to the shortcuts of the window
        return True

    def _key_within(self, event: QKeyEvent) -> bool:
        """Keeps keys from the canvas; Ctrl+B and Ctrl+I write as they do elsewhere."""
        if not event.modifiers() & CTRL or event.key() in FOR_THE_WINDOW:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        mark = MARKS.get(event.key())
        if mark is None or not isinstance(self.widget, QPlainTextEdit):
            return False
        if event.type() == QEvent.Type.KeyPress:
            cursor = self.widget.textCursor()
            put_between(cursor, mark)
            self.widget.setTextCursor(cursor)
        return True

    def _lose_focus(self, event: QFocusEvent) -> None:
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return  # its own menu
        self.commit()
        if event.reason() in CLOSES_AT:
            self.close_field()
        else:
            QTimer.singleShot(0, self, self._close_if_left)

    def _close_if_left(self) -> None:
        """Whoever saves takes the focus for a moment only, and so does another window."""
        if self._is_open and self.widget.window().focusWidget() is not self.widget:
            self.close_field()

    def _remark(self) -> Remark | None:
        """What is written on; None where it is gone or another place is looked at."""
        if self._session.place != self._place:
            return None
        return self._session.document.graph.remarks.get(self._id)

    def _follow(self) -> None:
        """Stays over the frame or note while the view moves."""
        if not self._is_open:
            return
        remark = self._remark()
        if remark is None:
            self.close_field(keeps=False)
            return
        camera = self._canvas.camera
        x, y, right, bottom = remark.shown
        left, top = camera.to_view(x, y)
        is_frame = isinstance(remark, Frame)
        least = LEAST_TITLE_PX if is_frame else LEAST_NOTE_PX
        high = TITLE_PX if is_frame else bottom - y
        self._stand(
            left, top, max((right - x) * camera.scale, least[0]),
            max(high * camera.scale, least[1]),
        )  # fmt: skip

    def _stand(self, left: float, top: float, width: float, height: float) -> None:
        """Takes a place in the view, moved and cut so that all of the field is seen."""
        view = self._canvas.rect().adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        width, height = min(width, view.width()), min(height, view.height())
        left = min(max(left, view.left()), view.right() - width)
        top = min(max(top, view.top()), view.bottom() - height)
        self.widget.setGeometry(round(left), round(top), round(width), round(height))


def put_between(cursor: QTextCursor, mark: str) -> None:
    """Puts the chosen words between two marks, or takes these away where they are."""
    text = cursor.selectedText()
    has_marks = len(text) >= 2 * len(mark) and text.startswith(mark) and text.endswith(mark)
    changed = text[len(mark) : -len(mark)] if has_marks else mark + text + mark
    start = cursor.selectionStart()
    cursor.insertText(changed)
    if text:
        cursor.setPosition(start)
        cursor.setPosition(start + len(changed), QTextCursor.MoveMode.KeepAnchor)
    else:
        cursor.setPosition(start + len(mark))


def _widget_for(remark: Remark, canvas: Canvas) -> QLineEdit | QPlainTextEdit:
    is_frame = isinstance(remark, Frame)
    field = _title_line(remark, canvas) if is_frame else _text_field(remark, canvas)
    theme = canvas.theme
    ground, tone = card_of(theme, remark.color), tone_of(theme, remark.color)
    field.setStyleSheet(
        f"QLineEdit, QPlainTextEdit {{ background: {ground}; color: {theme.text};"
        f" border: 1px solid {tone}; border-radius: 6px; padding: 3px 6px; font-size: 13px; }}"
    )
    return field


def _title_line(remark: Remark, canvas: Canvas) -> QLineEdit:
    line = LineEdit(remark.title if isinstance(remark, Frame) else "", canvas)
    line.setMaxLength(LONGEST_TITLE)
    line.setPlaceholderText(tr("Title of the frame"))
    line.setAccessibleName(tr("Title of the frame"))
    line.selectAll()
    return line


def _text_field(remark: Remark, canvas: Canvas) -> QPlainTextEdit:
    field = QPlainTextEdit(remark.text if isinstance(remark, Note) else "", canvas)
    field.setTabChangesFocus(True)
    field.setPlaceholderText(tr("Markdown, such as **bold** or - a list. Esc ends."))
    field.setAccessibleName(tr("Text of the note"))
    field.moveCursor(QTextCursor.MoveOperation.End)
    return field
