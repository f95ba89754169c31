"""One problem as a panel shows it: a sign, the text, and a button for each fix."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from app.forms.flow import Flow
from app.i18n import tr
from app.theme import Theme, colour, sans
from graph.probes import UNTRUSTED
from graph.problems import Problem, Severity

SIGN_PX = 16
ZERO_WIDTH_SPACE = "\u200b"
LONG_WORD = re.compile(r"[A-Za-z0-9]{20,}")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def breakable(text: str) -> str:
    """The text with places within long names where a line may end."""
    text = text.replace("_", f"_{ZERO_WIDTH_SPACE}")
    return LONG_WORD.sub(lambda word: HUMP.sub(ZERO_WIDTH_SPACE, word[0]), text)


class FixButton(QPushButton):
    """A button whose words end in dots where there is no room for all of them."""

    def shown(self) -> str:
        """The words as they are painted."""
        metrics, text = self.fontMetrics(), self.text()
        missing = self.sizeHint().width() - self.width()
        if missing <= 0:
            return text
        room = metrics.horizontalAdvance(text) - missing
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self.shown()
        with QPainter(self) as painter:
            self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)


class ProblemCard(QFrame):
    """Says what is wrong and offers what would mend it.

    Signals:
        go_to: the person wants to see the blocks.
        fix_requested: the problem, and the `Fix` whose button was pressed.
        review_requested: the person wants to read code that may not run yet.
    """

    go_to = Signal(object)
    fix_requested = Signal(object, object)
    review_requested = Signal()

    def __init__(
        self, problem: Problem, theme: Theme, parent: QWidget, *, can_go: bool = True
    ) -> None:
        super().__init__(parent)
        self.problem = problem
        self._can_go = can_go and bool(problem.nodes)
        self.setObjectName("problem")
        self.sign = Sign(problem.severity, theme, self)
        self.text = QLabel(breakable(problem.text), self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.buttons = [self._button(place) for place in range(len(problem.fixes))]
        if problem.code == UNTRUSTED:
            self.buttons.append(self._review_button())
        self._arrange()
        self.paint(theme)
        if self._can_go:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(tr("Show the block"))
        severity = tr("Error") if problem.severity is Severity.ERROR else tr("Warning")
        self.setAccessibleName(f"{severity}: {problem.text}")

    def _arrange(self) -> None:
        body = QVBoxLayout()
        body.setSpacing(6)
        body.addWidget(self.text)
        if self.buttons:
            row = Flow(spacing=6)
            for button in self.buttons:
                row.add(button)
            body.addLayout(row)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 7, 8, 7)
        layout.setSpacing(8)
        layout.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(body, 1)

    def _button(self, place: int) -> QPushButton:
        fix = self.problem.fixes[place]
        button = FixButton(fix.label, self)
        button.setToolTip(fix.label)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(lambda: self.fix_requested.emit(self.problem, fix))
        return button

    def _review_button(self) -> QPushButton:
        button = QPushButton(tr("Read the code…"), self)
        button.setToolTip(tr("Shows the code, and asks whether it may run"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(lambda: self.review_requested.emit())
        return button

    def paint(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        tone = theme.error if self.problem.severity is Severity.ERROR else theme.warn
        soft = colour(tone, 0.10).name(QColor.NameFormat.HexArgb)
        rim = colour(tone, 0.35).name(QColor.NameFormat.HexArgb)
        self.setStyleSheet(
            f"#problem {{ background: {soft}; border: 1px solid transparent; border-radius: 8px; }}"
            f"#problem:hover {{ border-color: {rim}; }}"
            f"#problem:focus {{ border-color: {theme.accent}; }}"
        )
        self.sign.set_theme(theme)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if self._can_go and inside and event.button() == Qt.MouseButton.LeftButton:
            self.go_to.emit(self.problem.nodes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if self._can_go and event.key() in keys:
            self.go_to.emit(self.problem.nodes)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()


class Sign(QWidget):
    """The sign of a problem: a round one for errors, a triangle for warnings."""

    def __init__(self, severity: Severity, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._severity = severity
        self._theme = theme
        self.setFixedSize(QSize(SIGN_PX, SIGN_PX))

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        is_error = self._severity is Severity.ERROR
        box = QRectF(0.5, 0.5, SIGN_PX - 1, SIGN_PX - 1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.error if is_error else self._theme.warn))
            if is_error:
                painter.drawEllipse(box)
            else:
                corners = [
                    QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft(),
                ]  # fmt: skip
                painter.drawPolygon(QPolygonF(corners))
                box = box.adjusted(0, 4, 0, 1)
            painter.setPen(QColor("#FFFFFF" if is_error else "#1B1405"))
            painter.setFont(sans(11, bold=True))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "!")
