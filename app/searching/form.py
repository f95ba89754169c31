"""What is to be searched: the fields with their choices, how many trials, and what they go by."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.forms.parts import column, label, section
from app.i18n import tr
from app.searching.field_box import FieldBox
from app.searching.field_line import FieldLine
from app.session import Session
from backends.launch.where import THREAD, Kind, Where
from backends.searching.trial import MOST_PARALLEL
from graph.data_fields import Params
from graph.model import Document
from graph.problems import UserError
from graph.search_fields import parse_field, parse_over
from graph.searching import HALVING, MEDIAN, MOST_TRIALS, NONE, Search, make_search, objectives
from graph.suggesting import fields_of, suggested

WIDE_PX = 310
USUAL_TRIALS = 20
LARGEST_SEED = 2**31 - 1
PRUNER_TITLES = {
    MEDIAN: "those worse than the median", HALVING: "all but the best third", NONE: "none",
}  # fmt: skip


class SearchForm(QWidget):
    """Says what is to be searched.

    Signals:
        changed: something else is wanted now.
        refused: what was typed as a field, and why it is none.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDE_PX)
        self._session = session
        self.lines: list[FieldLine] = []
        self.add = FieldBox()
        self.add.offer(
            str(each) for each in fields_of(session.document, session.selection, self._source())
        )
        self.trials = QSpinBox(minimum=1, maximum=MOST_TRIALS, value=USUAL_TRIALS)
        self.trials.setToolTip(tr("How many choices are trained. What cannot be trained does not "
                                  "count."))  # fmt: skip
        self.objective = QComboBox()
        self.objective.setToolTip(
            tr("What the trials are compared by: of the validation where rows are kept apart, and "
               "of the weights that a run keeps.")
        )  # fmt: skip
        self.goal = QComboBox()
        self.goal.addItem(tr("lowest"), "lowest")
        self.goal.addItem(tr("highest"), "highest")
        self.goal.setAccessibleName(tr("What is best"))
        self.seed = QSpinBox(maximum=LARGEST_SEED)
        self.seed.setToolTip(tr("Another seed makes other choices."))
        self.pruner = QComboBox()
        for name, title in PRUNER_TITLES.items():
            self.pruner.addItem(tr(title), name)
        self.pruner.setToolTip(
            tr("Which trials end before all their epochs, by what they came to after each. They "
               "are kept as runs and can be gone on with.")
        )  # fmt: skip
        self.where = QComboBox()
        self.where.addItem(tr("in this program"), THREAD)
        self.where.addItem(tr("in processes of their own"), Where(Kind.PROCESS))
        self.where.setToolTip(
            tr("A process for each trial: what goes wrong in it leaves this program alone.")
        )
        self.parallel = QSpinBox(minimum=1, maximum=MOST_PARALLEL)
        self.parallel.setToolTip(
            tr("How many processes run beside each other. With several, the same seed need not "
               "make the same trials.")
        )  # fmt: skip
        self._fill_objectives()
        self._arrange()
        self.where.currentIndexChanged.connect(lambda _: self._follow_where())
        self._follow_where()
        self.add.meant.connect(self._add_typed)
        self.trials.valueChanged.connect(lambda _: self.changed.emit())
        self.seed.valueChanged.connect(lambda _: self.changed.emit())
        self.objective.activated.connect(lambda _: self._take_usual_goal())
        self.goal.activated.connect(lambda _: self.changed.emit())
        self.pruner.activated.connect(lambda _: self.changed.emit())

    def search(self, document: Document) -> Search:
        """What is wanted.

        Raises:
            UserError: something of it is refused.
        """
        return make_search(
            document, [line.text() for line in self.lines], source=self._source(),
            trials=self.trials.value(), objective=self.objective.currentData(),
            goal=self.goal.currentData(), seed=self.seed.value(), pruner=self.pruner.currentData(),
        )  # fmt: skip

    def show_search(self, search: Search) -> None:
        """Shows a search that was made before."""
        for line in list(self.lines):
            self._remove(line)
        for over in search.over:
            self._put(str(over.field), str(over.space))
        self.trials.setValue(search.trials)
        self.seed.setValue(search.seed)
        self.objective.setCurrentIndex(max(self.objective.findData(search.objective), 0))
        self.goal.setCurrentIndex(self.goal.findData(search.goal))
        self.pruner.setCurrentIndex(self.pruner.findData(search.pruner))

    def add_fields(self, names: Iterable[str]) -> None:
        """Adds fields with choices around their values.

        Raises:
            UserError: the drawing has no such field.
        """
        for name in names:
            field = parse_field(self._session.root, name, self._source())
            if self._line_of(str(field)) is None:
                over = suggested(self._session.root, field, self._source())
                self._put(str(field), str(over.space))

    def want(self, wanted: str) -> None:
        """Adds a field and has its choices changed; those behind `=` take the place of others.

        Raises:
            UserError: the drawing has no such field, or it does not take such values.
        """
        name, equals, choices = wanted.partition("=")
        if equals:
            over = parse_over(self._session.root, wanted, self._source())
            if self._line_of(str(over.field)) is None:
                self._put(str(over.field), str(over.space))
            name = str(over.field)
        else:
            self.add_fields([name])
        line = self._line_of(name)
        assert line is not None
        if equals:
            line.choices.setText(choices.strip())
        line.choices.setFocus(Qt.FocusReason.OtherFocusReason)
        line.choices.selectAll()

    def _line_of(self, name: str) -> FieldLine | None:
        return next((line for line in self.lines if line.name == name), None)

    def _source(self) -> Params:
        """The parameters of the source of the data."""
        from backends.data.source import params_of  # takes numpy, which the window starts without

        return params_of(self._session.root.data)

    def _add_typed(self, text: str) -> None:
        try:
            self.want(text)
        except UserError as error:
            self.refused.emit(str(error))
            self.add.select_all()
            return
        self.add.empty()

    def _put(self, name: str, choices: str) -> None:
        line = FieldLine(name, choices, self)
        line.changed.connect(self.changed)
        line.removed.connect(lambda: self._remove(line))
        line.entered.connect(self.add.setFocus)
        self.lines.append(line)
        self._rows.insertWidget(len(self.lines) - 1, line)
        before: QWidget = self.lines[-2].away if len(self.lines) > 1 else self.add
        for part in (line.choices, line.away):
            self.setTabOrder(before, part)
            before = part
        self.empty.hide()
        self.changed.emit()

    def _remove(self, line: FieldLine) -> None:
        self.lines.remove(line)
        self._rows.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.empty.setVisible(not self.lines)
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def place(self) -> tuple[Where, int]:
        """Where trials run, and how many beside each other."""
        where: Where = self.where.currentData()
        return where, 1 if where.is_here else self.parallel.value()

    def _follow_where(self) -> None:
        self._settings.setRowVisible(self.parallel, not self.where.currentData().is_here)

    def _fill_objectives(self) -> None:
        for name in objectives(self._session.root, self._session.root_typing):
            self.objective.addItem(name, name)

    def _take_usual_goal(self) -> None:
        usual = objectives(self._session.root, self._session.root_typing)
        goal = usual.get(self.objective.currentData(), "lowest")
        self.goal.setCurrentIndex(self.goal.findData(goal))
        self.changed.emit()

    def _arrange(self) -> None:
        self.empty = label(
            tr("Add the fields whose best values you look for. Each gets choices around its value, "
               "which you can change."), "dim", wrap=True,
        )  # fmt: skip
        inside = QWidget()
        inside.setProperty("role", "panel")
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 4, 0)
        self._rows.setSpacing(8)
        self._rows.addWidget(self.empty)
        self._rows.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(tr("Fields"))
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        by = QHBoxLayout()
        by.setSpacing(6)
        by.addWidget(self.objective, 1)
        by.addWidget(self.goal)
        form = self._settings = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        form.addRow(tr("Trials"), self.trials)
        form.addRow(tr("Best is"), by)
        form.addRow(tr("Cut short"), self.pruner)
        form.addRow(tr("Trials run"), self.where)
        form.addRow(tr("At once"), self.parallel)
        form.addRow(tr("Seed"), self.seed)
        rows = column(self, spacing=8)
        rows.addWidget(section(tr("Fields")))
        rows.addWidget(self.add)
        rows.addWidget(area, 1)
        rows.addLayout(form)
