"""Asks what picture of the drawing is wanted, shows it small, and writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.canvas.options import Options
from app.export_dialog import folder_name
from app.human import byte_count, grouped
from app.i18n import tr
from app.messages import Message
from app.picturing.fields import PictureFields
from app.picturing.file_row import FileRow
from app.picturing.preview import Preview
from app.picturing.stamps import Unwanted
from app.picturing.wish import (
    FORMATS,
    PLAIN,
    Scene,
    refuse_unsafe,
    scene_seen,
)
from app.picturing.write import estimated_bytes, picture_bytes
from app.session import Session
from app.tasks import Task, run_task
from app.theme import Theme
from app.typed import hand_over
from graph.fileio import write_atomically
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window

SHOWN_AFTER_MS = 400
"""Work that is done sooner needs no bar."""


class PictureDialog(QDialog):
    """Writes the drawing, or the selected blocks, as PNG, SVG or PDF."""

    def __init__(
        self, session: Session, theme: Theme, folder: Path, parent: QWidget, *,
        options: Options = PLAIN,
    ) -> None:  # fmt: skip
        """Asks about a picture of a session, drawn as a canvas with these options does."""
        super().__init__(parent)
        self._options = options
        self.setWindowTitle(tr("Export picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        hand_over(parent)
        self._session = session
        self._scenes: dict[bool, Scene] = {}
        self._task: Task | None = None
        self._make_parts(theme, folder)
        self._arrange()
        self._wait = QTimer(self, singleShot=True, interval=SHOWN_AFTER_MS)
        self._wait.timeout.connect(self.progress.show)
        self._follow()

    @property
    def scene(self) -> Scene:
        """What the picture shows."""
        only = self.fields.wants_selection
        if only not in self._scenes:
            self._scenes[only] = scene_seen(self._session, self._options, only_chosen=only)
        return self._scenes[only]

    def start(self) -> None:
        """Writes the file in a thread of its own."""
        if not self.file.is_named():
            self._tell(tr("Name a file for the picture; the field is empty."), "error")
            return
        self.file.take_name()
        path, wish, scene = self.file.path, self.fields.wish, self.scene
        if not self.file.may_replace():
            self.export.setText(tr("Replace"))
            self._tell(tr("{name} is there already. Press Replace to write over it.",
                          name=path.name), "error")  # fmt: skip
            return

        def work(task: Task) -> None:
            def watch() -> None:
                if task.is_cancelled():
                    raise Unwanted

            content = picture_bytes(scene, wish, lambda share: task.report(share), watch)
            watch()
            write_atomically(path, content)

        self._set_busy(True)
        self._task = run_task(self, work, lambda _: self._show_done(path), self._show_refused,
                              name="picture")  # fmt: skip
        self._task.progressed.connect(self._show_progress)
        self._task.cancelled.connect(self._show_cancelled)

    def reject(self) -> None:
        """Cancels the work where there is some; else closes."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        else:
            super().reject()

    def _show_done(self, path: Path) -> None:
        self._task = None
        self._session.message.emit(Message(tr("The picture is in {name}.", name=path)))
        self.accept()

    def _show_refused(self, error: UserError) -> None:
        self._task = None
        self._set_busy(False)
        self._tell(str(error), "error")

    def _show_cancelled(self) -> None:
        self._set_busy(False)
        self._tell(tr("Cancelled; nothing was written."), "")

    def _show_progress(self, share: float, _text: str) -> None:
        self.progress.setRange(0, 100)
        self.progress.setValue(round(100 * share))

    def _set_busy(self, busy: bool) -> None:
        self.fields.setEnabled(not busy)
        self.file.setEnabled(not busy)
        self.export.setEnabled(not busy)
        self.progress.setRange(0, 0)
        if busy:
            self._tell("", "")
            self._wait.start()
        else:
            self._wait.stop()
            self.progress.hide()
            self._follow()

    def _follow(self) -> None:
        """Shows what the fields ask for: the picture, its size, or why it cannot be had."""
        wish, scene = self.fields.wish, self.scene
        self.preview.show_scene(scene, wish)
        width, height = scene.size(wish.scale)
        self.fields.size_text.setText(
            tr("{width} × {height} px, about {size}", width=grouped(width), height=grouped(height),
               size=byte_count(estimated_bytes(scene, wish)))
        )  # fmt: skip
        try:
            refuse_unsafe(scene, wish)
        except UserError as error:
            self._tell(str(error), "error")
            self.export.setEnabled(False)
        else:
            self._tell("", "")
            self.export.setEnabled(True)

    def _tell(self, text: str, role: str) -> None:
        self.status.setText(text)
        self.status.setVisible(bool(text))
        self.status.setProperty("role", role)
        self.status.style().polish(self.status)

    def _make_parts(self, theme: Theme, folder: Path) -> None:
        session = self._session
        self.preview = Preview()
        self.fields = PictureFields(theme, len(session.selection) + len(session.chosen_remarks))
        file = folder / f"{folder_name(session.title)}.png"
        self.file = FileRow(file, FORMATS, tr("Export picture"))
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.export = QPushButton(tr("Export"))
        self.export.setProperty("role", "primary")
        self.export.setDefault(True)
        self.dismiss = QPushButton(tr("Cancel"))
        self.fields.format_changed.connect(self.file.set_format)
        self.fields.changed.connect(self._follow)
        self.file.edited.connect(lambda: self.export.setText(tr("Export")))
        self.file.format_named.connect(self.fields.set_format)
        self.export.clicked.connect(self.start)
        self.dismiss.clicked.connect(self.reject)

    def _arrange(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(20)
        above.addWidget(self.preview, 1)
        above.addWidget(self.fields, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.dismiss)
        buttons.addWidget(self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(above, 1)
        layout.addWidget(self.file)
        layout.addWidget(self.status)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)
        self.resize(720, 460)


def ask_picture(window: Window) -> None:
    """Asks what picture of the drawing in front is wanted."""
    folder = Path(window.settings.folder) if window.settings.folder else Path.home()
    options = window.canvas.options
    PictureDialog(window.session, window.theme, folder, window, options=options).open()
