"""What a trained model answers to one sample: the classes it thinks likeliest, or numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.browsing.bars import LINE_PX, write_line
from app.forms.parts import column, label, section
from app.human import figure
from app.i18n import tr
from app.theme import Theme
from backends.data.browsing.samples import Samples

MOST_CLASSES, MOST_NUMBERS = 5, 5
NAME_PX, NUMBER_PX = 100, 48

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
        theme = self.theme
        with QPainter(self) as painter:
            for place, (name, share, is_right) in enumerate(self.lines):
                line = QRectF(0, place * LINE_PX, self.width(), LINE_PX)
                room = write_line(
                    painter, theme, line, (name, f"{share:.1%}"), (NAME_PX, NUMBER_PX),
                    is_bold=is_right,
                )  # fmt: skip
                painter.fillRect(room, QColor(theme.field))
                room.setWidth(room.width() * share)
                painter.fillRect(room, QColor(theme.ok if is_right else theme.accent))


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
