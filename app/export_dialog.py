"""Asks for a folder, writes the code there, and shows where it is."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop import file_dialog, open_path
from app.i18n import tr
from app.session import Session
from app.tasks import Task, run_task
from app.typed import hand_over
from backends import loader
from graph.problems import UserError


class ExportDialog(QDialog):
    """Writes the document as a folder that trains without this program."""

    def __init__(self, session: Session, folder: Path, run: Path | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export code"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        hand_over(parent)
        self._document = session.root
        self._run = run
        self._task: Task | None = None
        self.folder = QLineEdit(str(folder / folder_name(session.title)))
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.setMinimumWidth(360)
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.export = QPushButton(tr("Export"))
        self.export.setProperty("role", "primary")
        self.export.setDefault(True)
        self.export.clicked.connect(self.start)
        self.show_folder = QPushButton(tr("Open folder"))
        self.show_folder.clicked.connect(lambda: open_path(Path(self.folder.text())))
        self.show_folder.hide()
        self.dismiss = QPushButton(tr("Cancel"))
        self.dismiss.clicked.connect(self.reject)
        self._arrange()

    def start(self) -> None:
        """Writes the folder in a thread of its own."""
        name = self.folder.text().strip()
        if not name:
            self._tell(tr("Name a folder to export into; the field is empty."), "error")
            return
        folder = Path(name).expanduser()
        document, run = self._document, self._run
        self._set_busy(True)
        self._tell("", "")
        self._task = run_task(
            self,
            lambda _task: loader.call("backends.pytorch.export", "export", document, folder, run),
            lambda exported: self._show_done(folder, exported.files, exported.note),
            self._show_refused,
            name="export",
        )

    def reject(self) -> None:
        """Closes; an export that goes on is not waited for."""
        if self._task is not None:
            self._task.cancel()
        super().reject()

    def _show_done(self, folder: Path, files: tuple[str, ...], note: str) -> None:
        self._set_busy(False)
        text = tr("The code is in {folder}.", folder=folder)
        if "train.py" in files:
            text = tr("The code is in {folder}. Run it with: python train.py", folder=folder)
        self._tell(f"{text} {note}".rstrip(), "")
        self.show_folder.show()
        self.export.hide()
        self.dismiss.setText(tr("Close"))

    def _show_refused(self, error: UserError) -> None:
        self._set_busy(False)
        self._tell(str(error), "error")

    def _set_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.export.setEnabled(not busy)
        self.folder.setEnabled(not busy)

    def _tell(self, text: str, role: str) -> None:
        self.status.setText(text)
        self.status.setProperty("role", role)
        self.status.style().polish(self.status)

    def _arrange(self) -> None:
        text = QLabel(
            tr("Writes model.py, train.py, the weights and a README into a folder. "
               "It needs PyTorch to run, and nothing of this program.")
        )  # fmt: skip
        text.setWordWrap(True)
        weights = QLabel(
            tr("With the weights of the run {run}.", run=self._run.name)
            if self._run
            else tr("Not trained yet: the weights will be fresh ones.")
        )
        weights.setProperty("role", "dim")
        browse = QPushButton(tr("Browse…"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_folder)
        buttons.addStretch(1)
        buttons.addWidget(self.dismiss)
        buttons.addWidget(self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(text)
        layout.addLayout(row)
        layout.addWidget(weights)
        layout.addWidget(self.progress)
        layout.addWidget(self.status)
        layout.addLayout(buttons)

    def _browse(self) -> None:
        start = str(Path(self.folder.text()).parent)
        dialog = file_dialog(self, tr("Folder to export into"), start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()


def folder_name(title: str) -> str:
    """A folder's name for a document: its letters and digits, joined by hyphens."""
    stem = title.removesuffix(".loom").lower()
    return re.sub(r"[^\w]+", "-", stem).strip("-") or "model"
