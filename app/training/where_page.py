"""The page of the place: where the drawing in front trains."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.forms.parts import column, indent, label
from app.i18n import tr
from backends.launch.lines import kubernetes_text, launch_line, slurm_text
from backends.launch.where import MOST, THREAD, Kind, Where, why_not

RUN = Path("RUN")
KINDS = (
    (Kind.THREAD, "This program", "It starts at once, and ends with the window."),
    (Kind.PROCESS, "A process of its own",
     "It goes on when the window is closed or fails, and is followed again when it is back."),
    (Kind.PROCESSES, "Several processes here",
     "Each takes its part of every batch; on CUDA, each has a GPU."),
    (Kind.MACHINES, "Several machines",
     "Train writes the job and waits for the machines, which you start by these lines."),
)  # fmt: skip


class WherePage(QWidget):
    """A choice of four places, with how many processes there are and what starts them.

    Signals:
        chosen: another place was chosen.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = RUN
        self._is_showing = False
        self.kinds = QComboBox(self)
        self.kinds.setAccessibleName(tr("Where it trains"))
        self.kinds.addItems([tr(title) for _, title, _ in KINDS])
        self.about = label("", "dim", wrap=True)
        self.machines = _spin(tr("Machines"), 1, self)
        self.processes = _spin(tr("Processes"), 1, self)
        self.sharded = QCheckBox(tr("Share out the weights (FSDP)"))
        self.sharded.setToolTip(
            tr("Each process holds a part of the weights, for models that do not fit one GPU; "
               "otherwise each holds all of them (DDP)")
        )  # fmt: skip
        self.problem = label("", "error", wrap=True)
        self.line = label("", "mono", wrap=True)
        self.line.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.line.setAccessibleName(tr("The line that starts it"))
        self.copies = QWidget()
        self._layout = column(self, margin=12, spacing=6)
        self._arrange()
        self.machines.valueChanged.connect(self._on_changed)
        self.processes.valueChanged.connect(self._on_changed)
        self.sharded.toggled.connect(self._on_changed)
        self.kinds.currentIndexChanged.connect(self._on_changed)
        self.show_where(THREAD)

    def _arrange(self) -> None:
        self._numbers = QWidget()
        numbers = QVBoxLayout(self._numbers)
        numbers.setContentsMargins(0, 0, 0, 4)
        numbers.setSpacing(4)
        self._machines_part = _row(tr("Machines"), self.machines)
        counts = QHBoxLayout()
        counts.setSpacing(12)
        counts.addWidget(self._machines_part)
        counts.addWidget(_row(tr("Processes"), self.processes))
        numbers.addLayout(counts)
        numbers.addWidget(self.sharded)
        self._layout.addWidget(_row(tr("Train on"), self.kinds))
        self._layout.addWidget(self.about)
        self._layout.addWidget(self._numbers)
        self._layout.addWidget(self.problem)
        row = QHBoxLayout(self.copies)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(6)
        for title, tip, text in (
            (tr("Copy line"), tr("Copy the line that starts it"), launch_line),
            ("SLURM", tr("Copy a script for sbatch"), slurm_text),
            ("Kubernetes", tr("Copy a job for kubectl apply"), kubernetes_text),
        ):
            button = QPushButton(title)
            button.setToolTip(tip)
            button.clicked.connect(partial(self._copy, text))
            row.addWidget(button)
        row.addStretch(1)
        self._layout.addWidget(self.copies)
        self._layout.addWidget(self.line)
        self._layout.addStretch(1)

    @property
    def where(self) -> Where:
        """The place that is chosen."""
        kind = KINDS[self.kinds.currentIndex()][0]
        if kind in (Kind.THREAD, Kind.PROCESS):
            return Where(kind)
        machines = self.machines.value() if kind is Kind.MACHINES else 1
        return Where(kind, self.processes.value(), machines, self.sharded.isChecked())

    def show_where(self, where: Where) -> None:
        """Shows a place as the chosen one."""
        self._is_showing = True
        self.kinds.setCurrentIndex([kind for kind, _, _ in KINDS].index(where.kind))
        if where.size > 1:
            self.machines.setValue(where.machines)
            self.processes.setValue(where.processes)
            self.sharded.setChecked(where.sharded)
        self._is_showing = False
        self._refresh()

    def show_run(self, run: Path | None) -> None:
        """Shows the line with the folder of a run, once there is one."""
        self._run = run or RUN
        self._refresh()

    def _copy(self, text: Callable[[Where, Path], str]) -> None:
        QGuiApplication.clipboard().setText(text(self.where, self._run))

    def _on_changed(self) -> None:
        if self._is_showing:
            return
        kind = self.where.kind
        lowest = 2 if kind is Kind.PROCESSES else 1
        if self.processes.minimum() != lowest:
            self.processes.setMinimum(lowest)
        self._run = RUN
        self._refresh()
        self.chosen.emit(self.where)

    def _refresh(self) -> None:
        where = self.where
        are_many = where.kind in (Kind.PROCESSES, Kind.MACHINES)
        self.about.setText(tr(KINDS[self.kinds.currentIndex()][2]))
        self._numbers.setVisible(are_many)
        self._machines_part.setVisible(where.kind is Kind.MACHINES)
        reason = why_not(where)
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))
        self.line.setText(_breakable(launch_line(where, self._run)) if are_many else "")
        self.line.setVisible(are_many)
        self.copies.setVisible(are_many)


def _spin(name: str, lowest: int, parent: QWidget) -> QSpinBox:
    spin = QSpinBox(parent)
    indent(spin)
    spin.setRange(lowest, MOST)
    spin.setValue(2)
    spin.setAccessibleName(name)
    spin.setFixedWidth(64)
    return spin


def _row(title: str, field: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    name = label(title)
    name.setBuddy(field)
    layout.addWidget(name, 1)
    layout.addWidget(field)
    return row


def _breakable(line: str) -> str:
    """The line with places where a long path may go on below; they are not copied."""
    return line.replace("/", "/\u200b")
