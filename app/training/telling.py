"""What a person is told when a run ends, or cannot start."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from app.desktop import open_path
from app.i18n import tr
from app.messages import Choice, Message
from app.theme import mono
from app.training import words
from app.training.record import RunRecord
from backends.protocol import Failed, Stopped
from graph.model import NodeId
from graph.problems import Problem

RUN = "run"
"""The topic of how a run ended, which is of no matter once it goes on."""


def end_message(
    record: RunRecord,
    show_details: Callable[[str], object],
    go_to: Callable[[NodeId], object],
    show_run: Callable[[], object] | None = None,
    resume: Callable[[], object] | None = None,
    *,
    is_in_front: bool = True,
) -> Message:
    """How a run ended, and where to look: its folder, the block where it failed, its details.

    The run of a document that is not in front is called by the document's name. `show_run` brings
    its curves to the front; it is offered where they are not seen. `resume` goes on with it.
    """
    text = words.end_message(record)
    if not is_in_front:
        text = tr("{title}: {said}", title=record.title, said=text)
    end = record.end
    choices = []
    if show_run is not None:
        choices.append(Choice(tr("Show run"), show_run))
    if resume is not None and isinstance(end, Stopped) and record.can_resume:
        choices.append(Choice(tr("Resume"), resume))
    if not isinstance(end, Failed):
        folder = record.run
        if folder is not None:
            choices.append(Choice(tr("Open folder"), lambda: open_path(folder), tip=str(folder)))
        return Message(text, choices=tuple(choices), topic=RUN)
    node = end.node
    if node is not None and node in record.job.document.graph.nodes:
        choices.append(Choice(tr("Show the block"), lambda: go_to(node)))
    if end.details:
        choices.append(Choice(tr("Details"), lambda: show_details(end.details)))
    return Message(text, "error", choices=tuple(choices), topic=RUN)


def refusal(problem: Problem, show_problems: Callable[[], object]) -> Message:
    """Why training cannot start, with the first fix there is."""
    fix = problem.fixes[0] if problem.fixes else None
    choices = (Choice(tr("Show problems"), show_problems),)
    text = tr("Training cannot start. {problem}", problem=problem.text)
    shown = () if problem.code == "empty" else choices
    return Message(text, "error", fix, shown, until_edit=True)


def lost_checkpoints(reason: str, train: Callable[[], object]) -> Message:
    """Why a run cannot be gone on with, with the offer to begin another."""
    return Message(reason, "error", choices=(Choice(tr("Start a new run"), train),))


def not_steered(steer: Callable[[], object]) -> Message:
    """That blocks are frozen in the drawing only, with the offer to have the run follow."""
    text = tr("What is frozen has changed in the drawing; the run that goes on trains as before.")
    tip = tr("Steers the run: it follows this and other changes from its next step on")
    return Message(text, choices=(Choice(tr("Change the run, too"), steer, tip=tip),))


def field_refusal(title: str, reason: str) -> Message:
    """Why training cannot start while the field of that title refuses what was typed."""
    named = reason if reason.startswith(title) else f"{title}: {reason}"
    return Message(tr("Training cannot start. {problem}", problem=named), "error", until_edit=True)


class Details(QDialog):
    """The traceback of a failure, to read and to copy."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Details of the failure"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 420)
        shown = QPlainTextEdit(text)
        shown.setReadOnly(True)
        # the style sheet of the program would win over a font
        shown.setStyleSheet(f'font-family: "{mono(11).family()}"; font-size: 11px;')
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        shown.setAccessibleName(tr("Traceback"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(shown)
        layout.addWidget(buttons)
