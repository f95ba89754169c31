"""What narrows the samples: a search, a part, a class, gaps, a range; and their order."""

from __future__ import annotations

import math

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.browsing.looks import part_name
from app.forms.flow import Flow
from app.forms.parts import label
from app.i18n import tr
from app.line_edit import LineEdit
from backends.data.browsing.answers import VERDICTS
from backends.data.browsing.choosing import LENGTH, Choice
from backends.data.browsing.samples import PARTS, Samples

TYPING_MS = 180
SEARCH_PX, NUMBER_PX, NAMES_PX = 260, 76, 150


class Filters(QWidget):
    """Fields that say which samples are wanted.

    Signals:
        changed: something else is wanted.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = LineEdit()
        self.search.setPlaceholderText(tr("Search: text, class, file or row number"))
        self.search.setAccessibleName(tr("Search in the samples"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(SEARCH_PX)
        self.part = _box(tr("Part"), tr("Only samples of this part"))
        self.label = _box(tr("Class"), tr("Only samples of this class"))
        self.verdict = _box(tr("Answer"), tr("Only samples that the model answers so"))
        self.gaps = QCheckBox(tr("Gaps or unreadable"))
        self.gaps.setToolTip(tr("Only samples with a missing value, or that cannot be read"))
        self.column = _box(tr("Column"), tr("Only samples with numbers in a range"))
        self.low, self.high = _number(tr("from")), _number(tr("to"))
        self.sort = _box(tr("Sort by"), tr("The column that puts the samples in order"))
        self.turn = QPushButton("↑")
        self.turn.setCheckable(True)
        self.turn.setFixedWidth(30)
        self.turn.setStyleSheet("padding: 4px 0;")
        self.turn.setToolTip(tr("Turn the order round"))
        self.turn.setAccessibleName(tr("Falling order"))
        self.reset = QPushButton(tr("Show all"))
        self.reset.setProperty("role", "quiet")
        self.reset.setToolTip(tr("Takes back search and filters"))
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        flow = Flow(6)
        self.range, order = (
            _together(self.column, self.low, self.high),
            _together(label(tr("Sort"), "dim"), self.sort, self.turn),
        )
        height = self.search.sizeHint().height()
        for field in (
            self.search, self.part, self.label, self.verdict, self.gaps, self.range,
            order, self.reset,
        ):  # fmt: skip
            field.setFixedHeight(height)
            flow.addWidget(field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(flow)

    def _connect(self) -> None:
        self._typing.timeout.connect(self._tell)
        for line in (self.search, self.low, self.high):
            line.textChanged.connect(self._typing.start)
        for box in (self.part, self.label, self.verdict, self.column, self.sort):
            box.activated.connect(self._tell)
        self.gaps.clicked.connect(self._tell)
        self.turn.clicked.connect(self._tell)
        self.reset.clicked.connect(self.show_all)

    def offer(self, samples: Samples, *, keeps: bool = False) -> None:
        """Offers what these samples have, and wants all of them, or `keeps` what was wanted."""
        boxes = (self.part, self.label, self.verdict, self.column, self.sort)
        before = [box.currentData() for box in boxes]
        self._fill_boxes(samples)
        if keeps:
            for box, value in zip(boxes, before, strict=True):
                box.setCurrentIndex(max(box.findData(value), 0))
            self._tell()
        else:
            self.show_all()

    def _fill_boxes(self, samples: Samples) -> None:
        _fill(self.part, tr("All parts"), [(part_name(at), at) for at in range(len(PARTS))])
        label = samples.label
        classes = [(name, at) for at, name in enumerate(label.values)] if label is not None else []
        _fill(self.label, tr("All classes"), classes)
        self.label.setVisible(bool(classes))
        numbers = [(each.name, each.name) for each in samples.numbers()]
        length = [(tr("length"), LENGTH)] if samples.lengths is not None else []
        _fill(self.column, tr("Any number"), [*length, *numbers])
        self.range.setVisible(bool(length or numbers))
        columns = [(each.name, each.name) for each in samples.columns]
        _fill(self.sort, tr("As in the data"), [*length, *columns])
        answers = samples.answers
        _fill(self.verdict, tr("All answers"), [(tr(name), at) for at, name in enumerate(VERDICTS)])
        self.verdict.setVisible(answers is not None and bool(answers.classes))

    def show_all(self) -> None:
        """Wants every sample again, in the order that is chosen."""
        for line in (self.search, self.low, self.high):
            line.clear()
        for box in (self.part, self.label, self.verdict, self.column):
            box.setCurrentIndex(0)
        self.gaps.setChecked(False)
        self._typing.stop()
        self._tell()

    def sort_by(self, column: str) -> None:
        """Sorts by a column; once more turns the order round, and "" is the order of the data."""
        if column and self.sort.currentData() == column:
            self.turn.setChecked(not self.turn.isChecked())
        else:
            self.sort.setCurrentIndex(max(self.sort.findData(column), 0))
            self.turn.setChecked(False)
        self._tell()

    @property
    def is_typing(self) -> bool:
        """Whether something was typed that is not told yet."""
        return self._typing.isActive()

    def choice(self) -> Choice:
        """What is wanted now."""
        return Choice(
            self.search.text(),
            self.part.currentData(),
            self.label.currentData(),
            self.gaps.isChecked(),
            self.column.currentData() or "",
            self._value(self.low),
            self._value(self.high),
            self.verdict.currentData(),
            self.sort.currentData() or "",
            self.turn.isChecked(),
        )

    @staticmethod
    def _value(field: LineEdit) -> float | None:
        try:
            found = float(field.text().strip().replace("−", "-"))
        except ValueError:
            return None
        return None if math.isnan(found) else found

    def _tell(self) -> None:
        has_range = bool(self.column.currentData())
        for field in (self.low, self.high):
            field.setEnabled(has_range)
            is_wrong = bool(field.text().strip()) and self._value(field) is None
            field.setProperty("invalid", "true" if is_wrong else "false")
            field.setToolTip(tr("This is no number, such as 3.5.") if is_wrong else "")
            field.style().unpolish(field)
            field.style().polish(field)
        self.turn.setText("↓" if self.turn.isChecked() else "↑")
        self.changed.emit()


def _box(name: str, about: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setToolTip(about)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setMaximumWidth(NAMES_PX)
    return made


def _together(*fields: QWidget) -> QWidget:
    """Fields that stay in one line."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for field in fields:
        row.addWidget(field)
    return made


def _number(name: str) -> LineEdit:
    made = LineEdit()
    made.setPlaceholderText(name)
    made.setAccessibleName(name)
    made.setFixedWidth(NUMBER_PX)
    return made


def _fill(
    box: QComboBox, all_: str, offered: list[tuple[str, int]] | list[tuple[str, str]]
) -> None:
    box.clear()
    box.addItem(all_, None)
    for name, value in offered:
        box.addItem(name, value)
