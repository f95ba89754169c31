"""The line at the foot of the window: the first problem with its fix, and the drawing's cost."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStatusBar, QWidget

from app.human import short_count
from app.i18n import tr, tr_count
from app.session import Session
from app.theme import Theme, sans
from graph.problems import Problem, Severity


class StatusBar(QStatusBar):
    """Says what is wrong and how big the drawing is.

    Signals:
        problem_clicked: the problem that is shown.
        fix_clicked: the problem and its first fix.
    """

    problem_clicked = Signal(object)
    fix_clicked = Signal(object, object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._problem: Problem | None = None
        self.setSizeGripEnabled(False)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(14, 0, 14, 0)
        layout.setSpacing(8)
        self.text = _Elided()
        self.text.clicked.connect(lambda: self.problem_clicked.emit(self._problem))
        self.fix = QPushButton()
        self.fix.setProperty("role", "link")
        self.fix.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self.fix.setCursor(Qt.CursorShape.PointingHandCursor)
        self.fix.clicked.connect(self._ask_fix)
        self.counts = QLabel()
        self.run = QLabel()
        for label in (self.counts, self.run):
            label.setProperty("role", "dim")
        layout.addWidget(self.text)
        layout.addWidget(self.fix)
        layout.addStretch(1)
        layout.addWidget(self.counts)
        layout.addWidget(self.run)
        self.addWidget(row, 1)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self._show_problem()

    def show_session(self, session: Session) -> None:
        """Shows the first problem and the size of a document."""
        self._problem = session.problems[0] if session.problems else None
        self._show_problem()
        graph = session.root.graph
        parts = [
            tr_count(len(graph.nodes), "1 block", "{n} blocks"),
            tr_count(graph.wires.count, "1 wire", "{n} wires"),
            tr("{n} params", n=short_count(session.root_costs.total.parameters)),
        ]
        self.counts.setText("   ".join(parts))

    def show_run(self, text: str) -> None:
        """Shows the epoch and the speed of a run."""
        self.run.setText(text)

    def _show_problem(self) -> None:
        problem = self._problem
        self.text.setVisible(problem is not None)
        self.fix.setVisible(problem is not None and bool(problem.fixes))
        if problem is None:
            return
        is_error = problem.severity is Severity.ERROR
        self.text.set_text(
            f"{'✕' if is_error else '!'}  {problem.text}",
            self._theme.error if is_error else self._theme.warn,
        )
        if problem.fixes:
            self.fix.setText(problem.fixes[0].label)

    def _ask_fix(self) -> None:
        if self._problem is not None and self._problem.fixes:
            self.fix_clicked.emit(self._problem, self._problem.fixes[0])


class _Elided(QWidget):
    """One line that is cut with dots where there is no room, whole in its tooltip."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._colour = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(60)

    @property
    def shown(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str, colour: str) -> None:
        if (text, colour) == (self._text, self._colour):
            return
        self._text, self._colour = text, colour
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self.font() != sans(11):
            self.setFont(sans(11))
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 4, metrics.height() + 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(sans(11))
            painter.setPen(self._colour)
            room = painter.fontMetrics().elidedText(
                self._text, Qt.TextElideMode.ElideRight, self.width()
            )
            painter.drawText(
                QRect(0, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, room
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()
