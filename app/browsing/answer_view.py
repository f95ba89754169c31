"""What a trained model answers to one sample: the classes it thinks likeliest, or numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.forms.parts import column, label, section
from app.human import figure
from app.i18n import tr
from app.theme import Theme, mono, sans
from backends.data.browsing.samples import Samples

MOST_CLASSES, MOST_NUMBERS = 5, 5
LINE_PX, BAR_PX, NAME_PX, NUMBER_PX, GAP_PX = 20, 10, 100, 48, 8

Line = tuple[str, float, bool]  # a class, its probability, and whether it is the right one


class AnswerBars(QWidget):
    """A bar for each of the likeliest classes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.lines: tuple[Line, ...] = ()
        self.setAccessibleName(tr("Likeliest classes"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Shows these classes."""
        self.lines = lines
        self.setFixedHeight(max(LINE_PX * len(lines), 1))
        self.setAccessibleDescription("; ".join(f"{name} {share:.1%}" for name, share, _ in lines))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, max(LINE_PX * len(self.lines), 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, flags = self.theme, Qt.AlignmentFlag
        room = self.width() - NAME_PX - NUMBER_PX - 2 * GAP_PX
        with QPainter(self) as painter:
            for place, (name, share, is_right) in enumerate(self.lines):
                top = place * LINE_PX
                painter.setFont(sans(11, is_right))
                painter.setPen(QColor(theme.text))
                shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, NAME_PX)
                painter.drawText(QRectF(0, top, NAME_PX, LINE_PX), flags.AlignVCenter, shown)
                colour = theme.ok if is_right else theme.accent
                left, high = NAME_PX + GAP_PX, top + (LINE_PX - BAR_PX) / 2
                painter.fillRect(QRectF(left, high, room, BAR_PX), QColor(theme.field))
                painter.fillRect(QRectF(left, high, room * share, BAR_PX), QColor(colour))
                painter.setFont(mono(10.5))
                painter.setPen(QColor(theme.dim))
                side = QRectF(self.width() - NUMBER_PX, top, NUMBER_PX, LINE_PX)
                painter.drawText(side, flags.AlignVCenter | flags.AlignRight, f"{share:.1%}")


class AnswerView(QWidget):
    """The answer to the sample that is shown; hidden where the model was not asked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.verdict = label("", wrap=True)
        self.bars = AnswerBars(theme)
        layout = column(self)
        layout.addWidget(section(tr("The model answers")))
        layout.addWidget(self.verdict)
        layout.addWidget(self.bars)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = self.bars.theme = theme
        self.bars.update()

    def show_sample(self, samples: Samples, row: int) -> None:
        """Shows what is answered to a row."""
        answers = samples.answers
        self.setVisible(answers is not None)
        if answers is None:
            return
        place = int(samples.places[row])
        if place < 0:
            self._say(tr("Nothing, for no run reads this sample."), self._theme.dim)
            self.bars.hide()
            return
        scores, truth = answers.scores[place], answers.truth[place]
        self.bars.setVisible(bool(answers.classes))
        if answers.classes:
            self._show_classes(answers.classes, scores, int(truth))
            return
        words = tr("{answer}; right would be {truth}", answer=_numbers(scores),
                   truth=_numbers(truth))  # fmt: skip
        self._say(words, self._theme.text)

    def _show_classes(self, classes: tuple[str, ...], scores: np.ndarray, truth: int) -> None:
        order = np.argsort(-scores, kind="stable")[:MOST_CLASSES]
        is_right = int(order[0]) == truth
        name, right = classes[int(order[0])], classes[truth] if 0 <= truth < len(classes) else "?"
        text = tr("{name}, which is right", name=name) if is_right else \
            tr("{name}, but it is {right}", name=name, right=right)  # fmt: skip
        self._say(text, self._theme.ok if is_right else self._theme.error)
        self.bars.show_lines(
            tuple((classes[at], float(scores[at]), at == truth) for at in order.tolist())
        )

    def _say(self, text: str, colour: str) -> None:
        self.verdict.setText(text)
        self.verdict.setStyleSheet(f"color: {colour};")


def _numbers(values: np.ndarray) -> str:
    flat = np.asarray(values).reshape(-1)
    more = ["…"] if len(flat) > MOST_NUMBERS else []
    return ", ".join([*(figure(float(value)) for value in flat[:MOST_NUMBERS]), *more])
