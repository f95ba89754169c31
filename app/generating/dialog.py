"""What the dialogs share that let a trained drawing make something: run, progress and buttons."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.elided import ElidedLabel
from app.export_dialog import folder_name
from app.forms.desk import lay_out
from app.forms.parts import label
from app.generating.asking import Format, ask_file, ask_run
from app.i18n import tr
from app.outliving import waited_for
from app.tasks import Task, run_task
from app.typed import hand_over
from graph.model import Document
from graph.problems import UserError

FORM_PX = 250
_turn = threading.Lock()
"""What was cancelled ends first: the random numbers of all come from one place."""


class Unwanted(Exception):
    """What is being made is not wanted any more."""


@dataclass(frozen=True)
class Origin:
    """What makes it: a drawing, the run with its weights, and where files are kept."""

    document: Document
    title: str
    run: Path | None
    folder: Path


class GenerateDialog(QDialog):
    """Makes something with the weights of a run, shows it, and saves or copies it."""

    def __init__(self, origin: Origin, title: str, verb: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        hand_over(parent)
        self._origin = origin
        self._task: Task | None = None
        self._focus: QWidget | None = None
        self.run = origin.run
        self.run_name = ElidedLabel("dim")
        self.choose_run = QPushButton(tr("Choose run…"))
        self.choose_run.clicked.connect(self._ask_run)
        self.form = QFormLayout()
        self.status = label("", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.save = QPushButton(tr("Save…"))
        self.save.clicked.connect(self._ask_file)
        self.copy = QPushButton(tr("Copy"))
        self.copy.clicked.connect(self.put_on_clipboard)
        self.dismiss = QPushButton(tr("Close"))
        self.dismiss.clicked.connect(self.reject)
        self.make = QPushButton(verb)
        self.make.setProperty("role", "primary")
        self.make.setDefault(True)
        self.make.clicked.connect(self.start)
        QShortcut("Ctrl+Return", self, self.make.click)  # where Return begins a new line
        for button in (self.choose_run, self.save, self.copy, self.dismiss):
            button.setAutoDefault(False)

    # what the dialogs fill in

    @property
    def has_result(self) -> bool:
        """Whether there is something to save."""
        raise NotImplementedError

    def fields(self) -> tuple[QWidget, ...]:
        """What says what is wanted."""
        raise NotImplementedError

    def start(self) -> None:
        """Makes it in a thread of its own."""
        raise NotImplementedError

    def show_progress(self, share: float, text: str) -> None:
        """Shows how far the work is, and what has come of it so far."""
        raise NotImplementedError

    def put_on_clipboard(self) -> None:
        """Copies what was made."""
        raise NotImplementedError

    def formats(self) -> tuple[Format, ...]:
        """The kinds of files that it can be saved as."""
        raise NotImplementedError

    def write(self, path: Path) -> Callable[[], object]:
        """What writes the file, in any thread.

        Raises:
            UserError: it cannot be written like that.
        """
        raise NotImplementedError

    # what they have in common

    @property
    def is_busy(self) -> bool:
        """Whether something is being made or saved."""
        return self._task is not None

    def begin(self, work: Callable[[Task], object], done: Callable[[Any], object]) -> None:
        # Any: whatever the work answers
        """Does work in a thread of its own; its result is shown by `done`."""

        def in_turn(task: Task) -> object:
            with _turn:
                if task.is_cancelled():
                    raise Unwanted
                return work(task)

        def to_its_end(task: Task) -> object:
            return waited_for(task, lambda: in_turn(task), "generate")

        def finish(result: Any) -> None:  # Any: as above
            self._end()
            done(result)

        self.tell("")
        self._focus = self.focusWidget()
        task = run_task(self, to_its_end, finish, self._refuse, name="generate")
        task.progressed.connect(lambda share, text: self._hear(task, share, text))
        self._task = task
        self._follow_state()
        self.dismiss.setFocus()

    def reject(self) -> None:
        """Cancels the work where there is some; else closes."""
        if self._task is None:
            super().reject()
            return
        self._task.cancel()
        self._end()
        self.tell(tr("Cancelled."), "dim")

    def tell(self, text: str, role: str = "") -> None:
        """Says something below the result."""
        self.status.setText(text)
        self.status.setProperty("role", role)
        self.status.style().polish(self.status)

    def save_to(self, path: Path) -> None:
        """Writes what was made into a file."""
        try:
            write = self.write(path)
        except UserError as error:
            self.tell(str(error), "error")
            return
        self.begin(lambda _task: write(), lambda _: self.tell(tr("Saved as {path}.", path=path)))

    def arrange(self, result: QWidget, wide: QWidget | None = None) -> None:
        """Puts all in its place: choices at the left, what comes of them at the right."""
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(8)
        left = QWidget()
        left.setFixedWidth(FORM_PX)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.run_name, 1)
        row.addWidget(self.choose_run)
        column.addLayout(row)
        if wide is not None:
            heading = QLabel(wide.accessibleName())
            heading.setBuddy(wide)
            column.addWidget(heading)
            column.addWidget(wide, 1)
        column.addLayout(self.form)
        if wide is None:
            column.addStretch(1)
        lay_out(
            self, left, result, (self.status, self.progress),
            (self.save, self.copy), (self.dismiss, self.make),
        )  # fmt: skip
        self.resize(820, 560)
        self._show_run()

    def set_run(self, folder: Path) -> None:
        """Takes the weights of another run."""
        self.run = folder
        self.tell("")
        self._show_run()

    def _show_run(self) -> None:
        if self.run is None:
            self.run_name.show_text(tr("No run yet"))
            self.tell(tr("This drawing has no trained weights in this window. Train it, or choose "
                         "the folder of a run."), "warning")  # fmt: skip
        else:
            self.run_name.show_text(self.run.name)
            self.run_name.setToolTip(str(self.run))
        self._follow_state()

    def _follow_state(self) -> None:
        busy = self.is_busy
        self.progress.setVisible(busy)
        self.progress.setRange(0, 0)  # until it is known how far it is
        self.make.setEnabled(not busy and self.run is not None)
        self.save.setEnabled(not busy and self.has_result)
        self.copy.setEnabled(not busy and self.has_result)
        self.choose_run.setEnabled(not busy)
        self.dismiss.setText(tr("Cancel") if busy else tr("Close"))
        for field in self.fields():
            field.setEnabled(not busy)

    def _hear(self, task: Task, share: float, text: str) -> None:
        if task is not self._task:
            return  # it was cancelled
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(1000 * share))
        self.show_progress(share, text)

    def _end(self) -> None:
        self._task = None
        self._follow_state()
        if self._focus is not None:
            self._focus.setFocus()

    def _refuse(self, error: UserError) -> None:
        self._end()
        self.tell(str(error), "error")

    def _ask_run(self) -> None:
        start = self.run.parent if self.run is not None else self._origin.folder
        ask_run(self, start, self.set_run)

    def _ask_file(self) -> None:
        stem = f"{folder_name(self._origin.title)}-made"
        ask_file(self, self._origin.folder, stem, self.formats(), self.save_to)


def heed(task: Task, share: float, text: str = "") -> None:
    """Tells how far the work is, and ends it where it was cancelled.

    Raises:
        Unwanted: it was.
    """
    if task.is_cancelled():
        raise Unwanted
    task.report(share, text)
