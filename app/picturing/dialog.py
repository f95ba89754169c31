"""Asks what picture of the drawing is wanted, shows it small, and writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.export_dialog import folder_name
from app.human import byte_count, grouped
from app.i18n import tr
from app.messages import Message
from app.picturing.file_row import FileRow
from app.picturing.preview import Preview
from app.picturing.stamps import Unwanted
from app.picturing.wish import (
    CARRYING,
    FORMATS,
    LEAST_SCALE,
    MOST_SCALE,
    Scene,
    Wish,
    refuse_unsafe,
    scene_of,
)
from app.picturing.write import estimated_bytes, picture_bytes
from app.session import Session
from app.tasks import Task, run_task
from app.theme import THEMES, Theme
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
        straight: bool = False,
    ) -> None:  # fmt: skip
        """Asks about a picture of a session.

        Args:
            straight: wires are straight in it.
        """
        super().__init__(parent)
        self._straight = straight
        self.setWindowTitle(tr("Export picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        hand_over(parent)
        self._session = session
        self._document = session.document
        self._selection, self._remarks = session.selection, session.chosen_remarks
        self._scenes: dict[bool, Scene] = {}
        self._task: Task | None = None
        self._make_fields(theme, folder)
        self._arrange()
        self._wait = QTimer(self, singleShot=True, interval=SHOWN_AFTER_MS)
        self._wait.timeout.connect(self.progress.show)
        self._follow()

    @property
    def wish(self) -> Wish:
        """What the fields ask for."""
        return Wish(
            self.format.currentData(),
            self.scale.value(),
            THEMES[self.theme.currentData()],
            self.ground.currentData(),
            self.carries.isChecked(),
        )

    @property
    def scene(self) -> Scene:
        """What the picture shows."""
        only = bool(self.what.currentData())
        if only not in self._scenes:
            session = self._session
            chosen = (self._selection, self._remarks) if only else (frozenset(), frozenset())
            self._scenes[only] = scene_of(
                self._document, *chosen, session.typing, session.problems, straight=self._straight
            )
        return self._scenes[only]

    def start(self) -> None:
        """Writes the file in a thread of its own."""
        if not self.file.is_named():
            self._tell(tr("Name a file for the picture; the field is empty."), "error")
            return
        self.file.take_name()
        path, wish, scene = self.file.path, self.wish, self.scene
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
        for field in self._fields:
            field.setEnabled(not busy)
        self.export.setEnabled(not busy)
        self.progress.setRange(0, 0)
        if busy:
            self._tell("", "")
            self._wait.start()
        else:
            self._wait.stop()
            self.progress.hide()
            self._follow_format()

    def _follow(self) -> None:
        """Shows what the fields ask for: the picture, its size, or why it cannot be had."""
        wish, scene = self.wish, self.scene
        self.preview.show_scene(scene, wish)
        width, height = scene.size(wish.scale)
        self.size_text.setText(
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

    def _follow_format(self) -> None:
        """Fits the file's name and the other fields to the format."""
        format = self.format.currentData()
        self.file.set_format(format)
        self.carries.setEnabled(format in CARRYING)
        grid = self.ground.findData("grid")
        if format != "png" and self.ground.currentIndex() == grid:
            self.ground.setCurrentIndex(self.ground.findData("plain"))
        items = self.ground.model()
        assert isinstance(items, QStandardItemModel)  # that of every combo box
        items.item(grid).setEnabled(format == "png")
        self._follow()

    def _take_format(self, format: str) -> None:
        self.format.setCurrentIndex(self.format.findData(format))

    def _tell(self, text: str, role: str) -> None:
        self.status.setText(text)
        self.status.setVisible(bool(text))
        self.status.setProperty("role", role)
        self.status.style().polish(self.status)

    def _make_fields(self, theme: Theme, folder: Path) -> None:
        self.preview = Preview()
        self.format = _choice(("png", "PNG"), ("svg", "SVG"), ("pdf", "PDF"))
        self.what = _choice((False, tr("All blocks")))
        count = len(self._selection) + len(self._remarks)
        if count:
            self.what.addItem(tr("The selection ({n})", n=count), True)
        self.scale = QDoubleSpinBox(decimals=2, minimum=LEAST_SCALE, maximum=MOST_SCALE,
                                    singleStep=0.5, value=2.0, suffix=" ×")  # fmt: skip
        self.theme = _choice(("dark", tr("Dark")), ("light", tr("Light")))
        self.theme.setCurrentIndex(0 if theme.is_dark else 1)
        self.ground = _choice(
            ("plain", tr("Plain")), ("grid", tr("Grid")), ("none", tr("Transparent"))
        )
        self.carries = QCheckBox(tr("Keep the drawing in the picture"))
        self.carries.setToolTip(
            tr("Whoever has the picture can drop it on the window and edit the drawing.")
        )
        self.carries.setChecked(True)
        file = folder / f"{folder_name(self._session.title)}.png"
        self.file = FileRow(file, FORMATS, tr("Export picture"))
        self.size_text = QLabel()
        self.size_text.setProperty("role", "dim")
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.export = QPushButton(tr("Export"))
        self.export.setProperty("role", "primary")
        self.export.setDefault(True)
        self.dismiss = QPushButton(tr("Cancel"))
        self._fields: tuple[QWidget, ...] = (
            self.format, self.what, self.scale, self.theme, self.ground, self.carries, self.file,
        )  # fmt: skip
        self.format.currentIndexChanged.connect(self._follow_format)
        self.what.currentIndexChanged.connect(self._follow)
        self.scale.valueChanged.connect(self._follow)
        self.theme.currentIndexChanged.connect(self._follow)
        self.ground.currentIndexChanged.connect(self._follow)
        self.carries.toggled.connect(self._follow)
        self.file.edited.connect(lambda: self.export.setText(tr("Export")))
        self.file.format_named.connect(self._take_format)
        self.export.clicked.connect(self.start)
        self.dismiss.clicked.connect(self.reject)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        for label, field in (
            (tr("Format"), self.format), (tr("Blocks"), self.what), (tr("Scale"), self.scale),
            (tr("Colours"), self.theme), (tr("Background"), self.ground),
        ):  # fmt: skip
            form.addRow(label, field)
        form.addRow(self.carries)
        form.addRow(self.size_text)
        above = QHBoxLayout()
        above.setSpacing(20)
        above.addWidget(self.preview, 1)
        above.addLayout(form)
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
    straight = window.canvas.options.straight
    PictureDialog(window.session, window.theme, folder, window, straight=straight).open()


def _choice(*items: tuple[object, str]) -> QComboBox:
    box = QComboBox()
    for value, text in items:
        box.addItem(text, value)
    return box
