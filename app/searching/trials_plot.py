"""What the pictures of trials share: lines, the better the stronger, and words on one of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.human import figure
from app.i18n import tr
from app.searching.axes import shades
from app.theme import Theme, blended, sans
from backends.searching.trial import FINISHED, PRUNED, RUNNING, STOPPED, Trial, best_of
from graph.searching import Search, values_text

EDGE_PX = 16
TITLE_PX = 26
FOOT_PX = 24
NEAR_PX = 12.0
FAINTEST = 0.22
END_PX = 3.0


class TrialsPlot(QWidget):
    """Draws the trials of a search, each as a line; the better one is, the stronger is its line.

    What was cut short is dashed and ends in a ring.

    Signals:
        chosen: the number of a trial that was clicked.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._empty = empty
        self._search: Search | None = None
        self._trials: tuple[Trial, ...] = ()
        self._shades: dict[int, float] = {}
        self._best: Trial | None = None
        self._marked = 0
        self._under = 0
        self.setMouseTracking(True)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # what each picture does in its own way

    def line_of(self, trial: Trial) -> list[QPointF]:
        """The line of a trial."""
        raise NotImplementedError

    def measure(self, search: Search | None, trials: Sequence[Trial]) -> None:
        """Fits the axes to what is shown from now on."""
        raise NotImplementedError

    def paint_axes(self, painter: QPainter) -> None:
        """Draws the axes."""
        raise NotImplementedError

    # what they have in common

    def sizeHint(self) -> QSize:
        return QSize(560, 280)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 140)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.theme = theme
        self.update()

    def show_trials(self, search: Search | None, trials: Sequence[Trial]) -> None:
        """Shows the trials of a search; None where there is none."""
        self._search, self._trials = search, tuple(trials)
        self.measure(search, trials)
        self._shades = shades(search, trials) if search is not None else {}
        self._best = best_of(search, trials) if search is not None else None
        self.setAccessibleDescription(self.told())
        self.update()

    def mark(self, number: int) -> None:
        """Draws a trial above the others; 0 is none."""
        if number != self._marked:
            self._marked = number
            self.update()

    def told(self) -> str:
        """The words below: the trial under the mouse, or else the one that is marked, or best."""
        search = self._search
        if search is None:
            return ""
        wanted = self._under or self._marked
        trial = next((each for each in self._trials if each.number == wanted), self._best)
        if trial is None:
            return ""
        text = values_text(search.over, trial.values)
        if trial.state == FINISHED and trial.value is not None:
            came_to = f"{search.objective} {figure(trial.value)}"
        else:
            came_to = trial.text or tr("trains now")
        best = tr("best: ") if trial is self._best else ""
        return f"{best}{tr('trial {n}', n=trial.number)} · {text} · {came_to}"

    def _nearest(self, at: QPointF) -> int:
        found, least = 0, NEAR_PX
        for trial in self._trials:
            line = self.line_of(trial)
            for place in range(len(line) - 1):
                a, b = line[place], line[place + 1]
                if a.x() <= at.x() <= b.x():
                    share = (at.x() - a.x()) / ((b.x() - a.x()) or 1.0)
                    away = abs(a.y() + share * (b.y() - a.y()) - at.y())
                    if away < least:
                        found, least = trial.number, away
        return found

    # drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.field))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if not self._trials:
                painter.setPen(QColor(theme.dim))
                painter.setFont(sans(12))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._empty)
                return
            self._paint_lines(painter)
            self.paint_axes(painter)
            painter.setFont(sans(11))
            painter.setPen(QColor(theme.dim))
            foot = QRectF(EDGE_PX, self.height() - FOOT_PX, self.width() - 2 * EDGE_PX, FOOT_PX - 4)
            text = painter.fontMetrics().elidedText(
                self.told(), Qt.TextElideMode.ElideRight, int(foot.width())
            )
            painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, text)

    def _paint_lines(self, painter: QPainter) -> None:
        strong = {self._marked, self._under, self._best.number if self._best else 0}
        for trial in sorted(self._trials, key=self._rank):
            if trial.number not in strong:
                self._paint_line(painter, trial, self._pen(trial))
        for trial in self._trials:
            if trial.number in strong:
                pen = self._pen(trial)
                is_asked = trial.number in (self._marked, self._under)
                pen.setWidthF(3.0 if is_asked else 2.4)
                if is_asked:
                    pen.setColor(QColor(self.theme.text))
                self._paint_line(painter, trial, pen)

    def _paint_line(self, painter: QPainter, trial: Trial, pen: QPen) -> None:
        line = self.line_of(trial)
        painter.setPen(pen)
        painter.drawPolyline(line)
        if line and trial.state == PRUNED:
            pen.setStyle(Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.setBrush(QColor(self.theme.field))
            painter.drawEllipse(line[-1], END_PX, END_PX)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _rank(self, trial: Trial) -> float:
        return self._shades.get(trial.number, -1.0)

    def _pen(self, trial: Trial) -> QPen:
        theme = self.theme
        if trial.state == FINISHED:
            if self._best is not None and trial.number == self._best.number:
                return QPen(QColor(theme.ok), 2.4)
            share = FAINTEST + (1 - FAINTEST) * self._shades.get(trial.number, 0.0)
            return QPen(QColor(blended(theme.field, theme.accent, share)), 1.4)
        is_open = trial.state in (RUNNING, STOPPED)
        colour = theme.dim if trial.state == PRUNED else theme.warn if is_open else theme.error
        pen = QPen(QColor(blended(theme.field, colour, 0.75)), 1.2)
        pen.setStyle(Qt.PenStyle.DashLine)
        return pen

    # the mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._look_at(self._nearest(event.position()))

    def leaveEvent(self, _event: QEvent) -> None:
        self._look_at(0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._nearest(event.position())
        if number and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(number)

    def _look_at(self, number: int) -> None:
        if number != self._under:
            self._under = number
            self.update()
