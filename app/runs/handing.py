"""Hands the numbers of runs to TensorBoard or MLflow, and tells how to see them there."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.asking import NameDialog
from app.desktop import open_path
from app.human import grouped
from app.i18n import tr
from app.messages import Choice, Message
from app.tasks import Task, run_task
from backends.runs.entry import Entry
from backends.runs.exporting import TITLES, export, lacking, package_of
from graph.problems import UserError

WIDTH_PX = 520
TOPIC = "handing"
"""What is said while runs are handed over gives way to what came of it."""
Tell = Callable[[Message], object]


@dataclass(frozen=True)
class Program:
    """Another program that shows runs.

    Attributes:
        kind: what `backends.runs.exporting` calls it.
        place: where it is handed to by default; `{place}` stands for what holds the folder of runs.
        about: what a place may be.
        command: how what was handed over is seen there; `{place}` stands for the place.
    """

    kind: str
    place: str
    about: str
    command: str

    @property
    def title(self) -> str:
        """What people call it."""
        return TITLES[self.kind]


def programs() -> tuple[Program, ...]:
    """Those that runs can be handed to."""
    return (
        Program("tensorboard", "{place}/tensorboard",
                tr("Each run becomes a folder of its own in this one:"),
                "tensorboard --logdir {place}"),
        Program("mlflow", "sqlite:///{place}/mlflow.db",
                tr("Each run joins the experiment “Torchloom” of this database, or of a server "
                   "such as http://localhost:5000:"),
                "mlflow ui --backend-store-uri {place}"),
    )  # fmt: skip


def program_of(kind: str) -> Program:
    """The program of that name."""
    return next(each for each in programs() if each.kind == kind)


def ask_where(kind: str, entries: list[Entry], folder: Path, tell: Tell, parent: QWidget) -> None:
    """Asks where runs of a folder are to go, and hands them over; tells where that cannot be."""
    program = program_of(kind)
    reason = lacking(kind)
    if reason:
        tell(_told_lacking(kind, reason))
        return
    title = tr("Export to {program}", program=program.title)
    place = program.place.format(place=folder.parent.as_posix())
    dialog = NameDialog(title, tr("Export"), place, _judge, parent, program.about)
    dialog.setMinimumWidth(WIDTH_PX)
    dialog.named.connect(lambda place: hand(program, entries, place, tell, parent))
    dialog.open()


def hand(program: Program, entries: list[Entry], place: str, tell: Tell, owner: QWidget) -> None:
    """Hands runs over in another thread, and tells what came of it."""

    def work(task: Task) -> int:
        count = 0
        for entry in entries:
            count += export(entry.path, program.kind, place)
            if task.is_cancelled():
                break
        return count

    begun = tr("Exporting to {program}; {n} to go…", program=program.title, n=len(entries))
    tell(Message(begun, topic=TOPIC))
    run_task(
        owner, work, lambda count: tell(_told(program, len(entries), count, place)),
        lambda error: tell(Message(str(error), "error", topic=TOPIC)), name=f"to-{program.kind}",
    )  # fmt: skip


def _judge(place: str) -> None:
    if not place.strip():
        raise UserError(tr("Write where the runs are to go."))


def _told_lacking(kind: str, reason: str) -> Message:
    command = f"pip install {shlex.quote(package_of(kind))}"
    choice = Choice(tr("Copy command"), lambda: _copy(command), command)
    return Message(reason, "warning", choices=(choice,))


def _told(program: Program, runs: int, numbers: int, place: str) -> Message:
    command = program.command.format(place=shlex.quote(place))
    words = {"numbers": grouped(numbers), "program": program.title, "command": command, "n": runs}
    text = (
        tr("{numbers} numbers of the run are ready for {program}. See them with: {command}",
           **words)
        if runs == 1
        else tr("{numbers} numbers of {n} runs are ready for {program}. See them with: {command}",
                **words)
    )  # fmt: skip
    choices = [Choice(tr("Copy command"), lambda: _copy(command), command)]
    if Path(place).is_dir():
        choices.append(Choice(tr("Open folder"), lambda: open_path(Path(place))))
    return Message(text, choices=tuple(choices), topic=TOPIC)


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
