"""The bar at the top of the canvas that says which composite is looked at, and leads back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.i18n import tr
from app.key_texts import in_use
from graph.composites.places import TOP, Way

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

MARGIN = 12
LONGEST = 26
MOST_SHOWN = 4
KEYS = "Ctrl+Up"


class Crumbs(QWidget):
    """The way from the whole drawing to what is looked at; hidden where that is the whole."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._shown: tuple[str, ...] = ()
        self.parts: list[QPushButton] = []
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(tr("Where you are"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 3, 6, 3)
        self._row.setSpacing(0)
        canvas.view_changed.connect(self.follow)
        self.hide()

    def follow(self) -> None:
        """Stands at the top and shows the present place."""
        session = self._canvas.session
        place = session.place if session else TOP
        words = ("", *(step.definition for step in place))
        if not place and self.isHidden() and words == self._shown:
            return
        if words != self._shown:
            self._shown = words
            self._build(place)
        self.setVisible(bool(place))
        self._row.activate()
        self.adjustSize()
        self.move((self._canvas.width() - self.width()) // 2, MARGIN)

    def height_taken(self) -> int:
        """How much of the top of the canvas it takes, in px."""
        return 0 if self.isHidden() else self.y() + self.height()

    def _build(self, place: Way) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.parts = []
        skipped = max(len(place) - MOST_SHOWN, 0)
        for length in range(len(place) + 1):
            if 0 < length <= skipped:
                if length == skipped:
                    self._row.addWidget(self._word("›  …"))
                continue
            if length:
                self._row.addWidget(self._word("›"))
            title = place[length - 1].definition if length else tr("Whole drawing")
            self._row.addWidget(self._part(title, place[:length], length == len(place)))
        for number in range(self._row.count()):
            item = self._row.itemAt(number)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.show()  # a layout shows what is added later than it is measured here

    def _part(self, title: str, place: Way, is_here: bool) -> QPushButton:
        short = title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"
        part = QPushButton(short)
        part.setProperty("role", "quiet")
        part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        part.setEnabled(not is_here)
        tip = title if is_here else tr("Go to {title}   {keys}", title=title, keys=in_use(KEYS))
        part.setToolTip(tip)
        part.setAccessibleName(tip)
        if is_here:
            font = part.font()
            font.setBold(True)
            part.setFont(font)
            theme = self._canvas.theme
            part.setStyleSheet(f"color: {theme.text};")
        part.clicked.connect(partial(self._go, place))
        self.parts.append(part)
        return part

    def _word(self, text: str) -> QLabel:
        word = QLabel(text)
        word.setProperty("role", "dim")
        return word

    def _go(self, place: Way, _checked: bool = False) -> None:
        session = self._canvas.session
        if session is None:
            return
        instance = session.place[len(place)].instance if len(place) < len(session.place) else None
        session.go_to(place)
        session.select([instance] if instance else ())
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def restyle(self) -> None:
        """Takes on the colours of another theme."""
        self._shown = ()
        self.follow()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._canvas.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.panel))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
