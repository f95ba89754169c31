"""All samples summed up: parts, balance of classes, ranges, gaps, lengths, unreadable ones."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from app.browsing.bars import MOST_CLASSES, ClassBars, LengthBars
from app.browsing.looks import part_colour, part_name
from app.forms.parts import column, emptied, label, scrolled, section
from app.human import figure, grouped
from app.i18n import tr, tr_count
from app.theme import Theme
from backends.data.browsing.inside import Range
from backends.data.browsing.measuring import Facts
from backends.data.browsing.samples import PARTS, Samples

MOST_RANGES = 200
MOST_NAMED = 5
SPREAD = "±"


class Overview(QWidget):
    """What was measured of all samples.

    Signals:
        gaps_wanted: the person asks to see the samples with gaps, or that cannot be read.
    """

    gaps_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Samples, Facts] | None = None
        self.waiting = label(tr("Reading what the samples hold…"), "dim", wrap=True)
        self.note = label("", "dim", wrap=True)
        self.parts = label("", wrap=True)
        self.parts.setTextFormat(Qt.TextFormat.RichText)
        self.answers = label("", wrap=True)
        self.broken = label("", "error", wrap=True)
        self.see_broken = QPushButton(tr("Show them"))
        self.see_broken.setProperty("role", "link")
        self.see_broken.clicked.connect(self.gaps_wanted)
        self.classes_title = section(tr("Classes"))
        self.classes = ClassBars(theme)
        self.more_classes = label("", "dim", wrap=True)
        self.lengths_title = section(tr("Lengths"))
        self.lengths = LengthBars(theme)
        self.lengths_words = label("", "dim", wrap=True)
        self.ranges_title = section(tr("Columns"))
        self._ranges = QWidget()
        self._grid = QGridLayout(self._ranges)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self.inside_words = label("", "dim", wrap=True)
        self._parts = (self.parts, self.answers, self.broken, self.see_broken, self.classes_title,
                       self.classes, self.more_classes, self.lengths_title, self.lengths,
                       self.lengths_words, self.ranges_title, self._ranges,
                       self.inside_words)  # fmt: skip
        self._arrange()
        self.show_waiting()

    def _arrange(self) -> None:
        page = QWidget()
        inner = column(page, margin=12)
        for part in (self.waiting, self.note, *self._parts):
            inner.addWidget(part)
        inner.setAlignment(self.see_broken, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        column(self, spacing=0).addWidget(scrolled(page, self, tr("Overview")))

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.classes.set_theme(theme)
        self.lengths.set_theme(theme)
        if self._shown is not None:
            self.show_facts(*self._shown)

    def show_waiting(self, text: str = "") -> None:
        """Shows that nothing is known yet, or why."""
        self._shown = None
        self.waiting.setText(text or tr("Reading what the samples hold…"))
        self.waiting.show()
        self.note.hide()
        for part in self._parts:
            part.hide()

    def show_facts(self, samples: Samples, facts: Facts) -> None:
        """Shows what was measured."""
        self._shown = samples, facts
        self.waiting.hide()
        self.note.setText(samples.note)
        self.note.setVisible(bool(samples.note))
        self.parts.setText(self._parts_text(facts))
        self.parts.show()
        self._show_broken(facts)
        has_classes = bool(facts.classes)
        title = tr("Pixels by class") if facts.by_pixels else tr("Classes")
        self.classes_title.setText(title.upper())
        self.classes.show_counts(facts.classes, facts.balance)
        self.classes.setVisible(has_classes)
        self.classes_title.setVisible(has_classes)
        more = len(facts.classes) - MOST_CLASSES
        self.more_classes.setText(tr("{n} more classes", n=grouped(more)) if more > 0 else "")
        self.more_classes.setVisible(more > 0)
        if facts.lengths is not None:
            self.lengths.show_histogram(facts.lengths)
            self.lengths_words.setText(self.lengths.told())
        for part in (self.lengths_title, self.lengths, self.lengths_words):
            part.setVisible(facts.lengths is not None)
        self._show_ranges(facts)
        are_some = 0 < facts.opened < sum(facts.parts)
        self.inside_words.setText(
            tr("Measured on {n} of {total} samples, evenly spread.", n=grouped(facts.opened),
               total=grouped(sum(facts.parts))) if are_some else "")  # fmt: skip
        self.inside_words.setVisible(are_some)

    def show_answers(self, samples: Samples | None, refused: str = "") -> None:
        """Shows how many samples of each part the model answers right, or why it answers none."""
        self.answers.setText(refused or (right_text(samples) if samples is not None else ""))
        self.answers.setProperty("role", "error" if refused else "")
        self.answers.style().unpolish(self.answers)
        self.answers.style().polish(self.answers)
        self.answers.setVisible(bool(self.answers.text()))

    def _parts_text(self, facts: Facts) -> str:
        shown = [
            f'<span style="color: {part_colour(part, self._theme)}">■</span>&nbsp;'
            f"{part_name(part).replace(' ', '&nbsp;')}&nbsp;<b>{grouped(facts.parts[part])}</b>"
            for part in range(len(PARTS))
            if facts.parts[part]
        ]
        return " &nbsp; ".join(shown)  # a line breaks between parts alone

    def _show_broken(self, facts: Facts) -> None:
        count = len(facts.unreadable)
        some = list(facts.unreadable.values())[:MOST_NAMED]
        more = ["…"] if count > MOST_NAMED else []
        text = tr_count(count, "1 sample cannot be read:", "{n} samples cannot be read:")
        self.broken.setText("\n".join([text, *some, *more]) if count else "")
        with_gaps = count or any(each.gaps for each in facts.ranges)
        self.broken.setVisible(bool(count))
        self.see_broken.setText(tr("Show them") if count else tr("Show samples with gaps"))
        self.see_broken.setVisible(bool(with_gaps))

    def _show_ranges(self, facts: Facts) -> None:
        emptied(self._grid)
        ranges = [*facts.inside, *facts.ranges][:MOST_RANGES]
        heads = (tr("column"), tr("from"), tr("to"), tr("mean") + f" {SPREAD}", tr("gaps"))
        for place, text in enumerate(heads if ranges else ()):
            self._put(0, place, label(text, "dim"))
        for line, held in enumerate(ranges, 1):
            name = label(held.name, "")
            name.setToolTip(f"{held.name}\n{tr(held.kind)}")
            name.setMinimumWidth(40)
            self._put(line, 0, name)
            for place, text in enumerate(cells_of(held), 1):
                self._put(line, place, label(text, "mono"))
        self.ranges_title.setVisible(bool(ranges))
        self._ranges.setVisible(bool(ranges))

    def _put(self, line: int, place: int, made: QLabel) -> None:
        if place:
            made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(made, line, place)


def right_text(samples: Samples) -> str:
    """Which share of each part the model answers right, or how far off its numbers are."""
    answers = samples.answers
    if answers is None:
        return ""
    found = []
    for part, name in enumerate(PARTS):
        rows = samples.places[(samples.parts == part) & (samples.places >= 0)]
        if not len(rows):
            continue
        if answers.classes:
            share = float(answers.right()[rows].mean())
            found.append(f"{tr(name)} {share:.1%}")
        else:
            miss = np.abs(answers.scores[rows] - answers.truth[rows].reshape(len(rows), -1))
            found.append(f"{tr(name)} {figure(float(miss.mean()))}")
    many = ", ".join(found)
    if answers.classes:
        return tr("The model answers right: {parts}.", parts=many)
    return tr("On average the model is off by: {parts}.", parts=many)


def cells_of(held: Range) -> tuple[str, str, str, str]:
    """Lowest, highest, mean with spread, and gaps; of texts how many differ."""
    gaps = grouped(held.gaps) if held.gaps else "–"
    if math.isnan(held.mean):
        differ = tr("{n} different", n=grouped(held.distinct)) if held.distinct else tr(held.kind)
        return "", "", differ, gaps
    mean = f"{figure(held.mean)} {SPREAD} {figure(held.spread)}"
    return figure(held.low), figure(held.high), mean, gaps
