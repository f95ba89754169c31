"""The bar over the canvas in which a person looks for blocks of the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.canvas.find_list import FindList
from app.canvas.find_marks import paint_found
from app.canvas.finder import Finder, Result
from app.forms.parts import label
from app.i18n import tr, tr_count
from app.line_edit import LineEdit

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session
    from graph.model import Document, NodeId

WIDTH_PX, NARROWEST_PX = 440, 220
MARGIN_PX = 12
PAUSE_MS = 150
LARGE = 2000
CLEAR_PX = 24
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class FindBar(QWidget):
    """Marks the blocks that fit what is typed; Enter goes to the next, Shift+Enter back.

    Attributes:
        results: what was found, in the order in which it is gone through.
        at: the place in `results` that one came to; -1 before the first step.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._finder: Finder | None = None
        self._sought: Document | None = None
        self._here: list[NodeId] = []
        self._theme = canvas.theme
        self.results: list[Result] = []
        self.at = -1
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._make_parts()
        self._later = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._later.timeout.connect(self._look_again)
        canvas.view_changed.connect(self._follow)
        self.hide()

    def _make_parts(self) -> None:
        self.field = LineEdit()
        self.field.setPlaceholderText(tr("Title, kernel_size=3, *×64, problem"))
        self.field.setAccessibleName(tr("Find in the drawing"))
        self.field.textChanged.connect(self._on_text)
        self.count = label("", "dim")
        self.count.setMinimumWidth(56)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.all = _button(tr("Select all"), tr("Select all that were found here"))
        self.all.clicked.connect(self.select_found)
        back = _button("↑", tr("Previous  Shift+Enter"), width=26)
        back.clicked.connect(lambda: self.step(-1))
        onward = _button("↓", tr("Next  Enter"), width=26)
        onward.clicked.connect(lambda: self.step(1))
        close = _button("✕", tr("Close  Esc"), width=26)
        close.clicked.connect(self.close_bar)
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(self.field, 1)
        for part in (self.count, back, onward, self.all, close):
            row.addWidget(part)
        self.list = FindList(self._canvas.theme, self)
        self.list.clicked.connect(self._go_to_row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 7, 8, 7)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self.list)

    # opening and closing

    def open_bar(self, session: Session) -> None:
        """Shows the bar with what was last looked for, ready to be typed over."""
        self._finder = Finder(session)
        self._restyle()
        self.show()
        self._place()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._look()

    def go_on(self, by: int) -> None:
        """Goes to the next or previous block; opens the bar with what was last looked for first."""
        session = self._canvas.session
        if self.isHidden() and session is not None:
            self.open_bar(session)
        self.step(by)

    def close_bar(self) -> bool:
        """Hides the bar and its marks; what is selected stays. Whether it was open."""
        if self.isHidden():
            return False
        self._later.stop()
        had_focus = self.field.hasFocus()
        self.hide()
        self.results, self.at = [], -1
        if had_focus:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._canvas.update()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.close_bar()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step(-1 if is_back else 1)
        elif key in STEPS:
            self.step(STEPS[key])
        else:
            super().keyPressEvent(event)

    # finding

    def step(self, by: int) -> None:
        """Goes to the next block that was found, or the one before; round at the ends."""
        if self._later.isActive():
            self._look_again()
        if self.isHidden() or not self.results:
            return
        start = self.at if self.at >= 0 or by > 0 else 0
        self._go((start + by) % len(self.results))

    def select_found(self) -> None:
        """Selects all that were found where one looks; where there are none, at the first place."""
        session = self._canvas.session
        if session is None or not self.results:
            return
        here = [result for result in self.results if result.way == session.place]
        if not here:
            self._go(0)
            here = [result for result in self.results if result.way == session.place]
        session.select([result.node for result in here])
        elsewhere = len(self.results) - len(here)
        if elsewhere:
            self._canvas.request_help.emit(
                tr_count(elsewhere, "One more is elsewhere in the drawing.",
                         "{n} more are elsewhere in the drawing.")
            )  # fmt: skip

    def _go_to_row(self, index: QModelIndex) -> None:
        self._go(index.row())

    def _go(self, at: int) -> None:
        session, result = self._canvas.session, self.results[at]
        if session is None:
            return
        if session.place != result.way:
            session.go_to(result.way)
        session.select([result.node])
        self._canvas.center_on([result.node])
        self._uncover(result.node)
        self.at = at
        self.list.mark(at)
        self._tell()
        self._canvas.update()

    def _on_text(self) -> None:
        """Looks at once, or in a large drawing when one pauses."""
        if len(self._canvas.mirror.ids) > LARGE:
            self._later.start()
        else:
            self._look()

    def _look(self) -> None:
        """Looks for what is typed; one is nowhere in the results then."""
        self._later.stop()
        session = self._canvas.session
        if session is None or self._finder is None:
            return
        self._sought = session.document
        self.results = self._finder.find(self.field.text())
        self.at = -1
        self._show()

    def _look_again(self) -> None:
        """Looks once more, and stays at the block that one was at."""
        was = self.results[self.at] if 0 <= self.at < len(self.results) else None
        self._look()
        places = [(result.node, result.way) for result in self.results]
        if was is not None and (was.node, was.way) in places:
            self.at = places.index((was.node, was.way))
            self._show()

    def _show(self) -> None:
        self._note_place()
        with QSignalBlocker(self.list):
            self.list.show_results(self.results)
        if self.at >= 0:
            self.list.mark(self.at)
        self._tell()
        self._place()
        self._canvas.update()

    def _tell(self) -> None:
        number = len(self.results)
        self.all.setEnabled(bool(number))
        if not self.field.text().strip():
            self.count.setText("")
        elif not number:
            self.count.setText(tr("No match"))
        elif self.at < 0:
            self.count.setText(tr("{n} found", n=number))
        else:
            self.count.setText(tr("{at} of {n}", at=self.at + 1, n=number))

    # where it stands, and what it marks

    def _follow(self) -> None:
        if self.isHidden():
            return
        self._restyle()
        self._place()
        session = self._canvas.session
        if session is not None and session.document is not self._sought:
            self._later.start()
            self._note_place()

    def _place(self) -> None:
        canvas = self._canvas
        room = canvas.width() - 2 * MARGIN_PX
        self.setFixedWidth(max(min(WIDTH_PX, room), NARROWEST_PX))
        self.all.setVisible(room >= WIDTH_PX)
        self.adjustSize()
        left = max(canvas.width() - self.width() - MARGIN_PX, 0)
        crumbs = canvas.crumbs
        is_beside = crumbs.isHidden() or crumbs.geometry().right() < left
        self.move(left, MARGIN_PX if is_beside else crumbs.height_taken() + MARGIN_PX // 2)

    def _uncover(self, node: NodeId) -> None:
        """Moves the view so far that a block does not lie under the bar."""
        canvas, box = self._canvas, self._canvas.mirror.bounds([node])
        if box is None:
            return
        left, top = canvas.camera.to_view(box[0], box[1])
        right, bottom = canvas.camera.to_view(box[2], box[3])
        bar = QRectF(self.geometry())
        if QRectF(left, top, right - left, bottom - top).intersects(bar):
            canvas.look(canvas.camera.panned(0, bar.bottom() + CLEAR_PX - top))

    def _restyle(self) -> None:
        if self._theme is not self._canvas.theme:
            self._theme = self._canvas.theme
            self.list.restyle(self._theme)
            self.update()

    def _note_place(self) -> None:
        """Works out which of the blocks that were found are where one looks."""
        session = self._canvas.session
        place = session.place if session else None
        self._here = [result.node for result in self.results if result.way == place]

    def paint(self, painter: QPainter) -> None:
        """Draws a ring around every block that was found, in px of the canvas."""
        if self.isHidden() or not self.results:
            return
        paint_found(painter, self._canvas.mirror, self._canvas.theme, self._here)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._canvas.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.setBrush(QColor(theme.panel))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)


def _button(text: str, tip: str, width: int = 0) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "flat")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if width:
        button.setFixedWidth(width)
    return button
