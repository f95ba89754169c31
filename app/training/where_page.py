"""The page of the place: where the drawing in front trains."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.forms.parts import column, label
from app.i18n import tr
from backends.launch.lines import kubernetes_text, launch_line, slurm_text
from backends.launch.where import MOST, THREAD, Kind, Where, why_not

RUN = Path("RUN")
INDENT_PX = 24
KINDS = (
    (Kind.THREAD, "This program", "Starts at once, and ends with the window."),
    (Kind.PROCESS, "A process of its own",
     "Goes on when the window is closed or fails, and is followed again when it is back."),
    (Kind.PROCESSES, "Several processes here",
     "Each takes its part of every batch; on CUDA, each has a GPU."),
    (Kind.MACHINES, "Several machines",
     "Train writes the job and waits for the machines, which you start by the line below."),
)  # fmt: skip


class WherePage(QWidget):
    """A choice of the four places, with how many processes there are and what starts them.

    Signals:
        chosen: another place was chosen.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = RUN
        self._is_showing = False
        self.kinds = QButtonGroup(self)
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
        self._layout = column(self, margin=12, spacing=4)
        self._arrange()
        self.machines.valueChanged.connect(self._on_changed)
        self.processes.valueChanged.connect(self._on_changed)
        self.sharded.toggled.connect(self._on_changed)
        self.kinds.idToggled.connect(lambda _, is_on: self._on_changed() if is_on else None)
        self.show_where(THREAD)

    def _arrange(self) -> None:
        self._numbers = QWidget()
        numbers = QVBoxLayout(self._numbers)
        numbers.setContentsMargins(INDENT_PX, 0, 0, 8)
        numbers.setSpacing(4)
        self._machines_row = _row(tr("Machines"), self.machines)
        self._processes_row = _row(tr("Processes"), self.processes)
        for widget in (self._machines_row, self._processes_row, self.sharded):
            numbers.addWidget(widget)
        for number, (_, title, text) in enumerate(KINDS):
            button = QRadioButton(tr(title))
            button.setAccessibleDescription(tr(text))
            self.kinds.addButton(button, number)
            about = label(tr(text), "dim", wrap=True)
            about.setContentsMargins(INDENT_PX, 0, 0, 6)
            self._layout.addWidget(button)
            self._layout.addWidget(about)
        self._layout.addWidget(self._numbers)
        self._layout.addWidget(self.problem)
        self._layout.addWidget(self.line)
        row = QHBoxLayout(self.copies)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(6)
        for title, tip, text in (
            (tr("Copy"), tr("Copy the line"), launch_line),
            ("SLURM", tr("Copy a script for sbatch"), slurm_text),
            ("Kubernetes", tr("Copy a job for kubectl apply"), kubernetes_text),
        ):
            button = QPushButton(title)
            button.setToolTip(tip)
            button.clicked.connect(
                lambda _=False, text=text: QGuiApplication.clipboard().setText(
                    text(self.where, self._run)
                )
            )
            row.addWidget(button)
        row.addStretch(1)
        self._layout.addWidget(self.copies)
        self._layout.addStretch(1)

    @property
    def where(self) -> Where:
        """The place that is chosen."""
        kind = KINDS[max(0, self.kinds.checkedId())][0]
        if kind in (Kind.THREAD, Kind.PROCESS):
            return Where(kind)
        machines = self.machines.value() if kind is Kind.MACHINES else 1
        return Where(kind, self.processes.value(), machines, self.sharded.isChecked())

    def show_where(self, where: Where) -> None:
        """Shows a place as the chosen one."""
        self._is_showing = True
        self.kinds.button([kind for kind, _, _ in KINDS].index(where.kind)).setChecked(True)
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
        self._numbers.setVisible(are_many)
        self._machines_row.setVisible(where.kind is Kind.MACHINES)
        reason = why_not(where)
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))
        self.line.setText(_breakable(launch_line(where, self._run)) if are_many else "")
        self.line.setVisible(are_many)
        self.copies.setVisible(are_many)


def _spin(name: str, lowest: int, parent: QWidget) -> QSpinBox:
    spin = QSpinBox(parent)
    spin.setRange(lowest, MOST)
    spin.setValue(2)
    spin.setAccessibleName(name)
    spin.setFixedWidth(80)
    return spin


def _row(title: str, spin: QSpinBox) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    name = label(title)
    name.setBuddy(spin)
    layout.addWidget(name, 1)
    layout.addWidget(spin)
    return row


def _breakable(line: str) -> str:
    """The line with places where a long path may go on below; they are no part of what is copied."""
    return line.replace("/", "/\u200b")
