"""Shows what the data holds: its first rows with the type of each column, or some pictures."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.elided import ElidedLabel
from app.forms.parts import label
from app.i18n import tr
from app.pixels import fitted
from app.theme import THEMES, Theme
from app.training import preview as reading
from app.training.preview import PicturesPreview, Preview, TablePreview
from app.training.preview_table import PreviewTable
from app.working import Work
from graph.data import DataSpec
from graph.problems import UserError

PICTURE_PX = 56


class PreviewPage(QWidget):
    """Reads in a thread when it is looked at, and can be told not to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec: DataSpec | None = None
        self._asked: DataSpec | None = None
        self._theme = THEMES["dark"]
        self.shown: Preview | None = None
        self.note = ElidedLabel("dim")
        self.work = Work()
        self.work.cancel_wanted.connect(self._cancel)
        self.table = PreviewTable()
        self.pictures = QListWidget()
        self.pictures.setAccessibleName(tr("Pictures of the data"))
        self.pictures.setViewMode(QListView.ViewMode.IconMode)
        self.pictures.setResizeMode(QListView.ResizeMode.Adjust)
        self.pictures.setMovement(QListView.Movement.Static)
        self.pictures.setIconSize(QSize(PICTURE_PX, PICTURE_PX))
        self.pictures.setSpacing(4)
        self.pictures.setUniformItemSizes(True)
        self.text = label("", "dim", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        for page in (self.text, self.table, self.pictures):
            self._stack.addWidget(page)
        self._arrange()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.note, 1)
        row.addWidget(self.work)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self._stack, 1)

    @property
    def is_busy(self) -> bool:
        """Whether data is being read for the preview."""
        return not self.work.is_idle

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        if isinstance(self.shown, TablePreview):
            self._show_table(self.shown)

    def show_data(self, spec: DataSpec) -> None:
        """Shows another data source; it is read when the page is looked at."""
        self._spec = replace(spec, steps=())  # they are seen beside their form
        if self.isVisible():
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    def _read(self) -> None:
        spec = self._spec
        if spec is None or spec == self._asked:
            return
        self._asked = spec
        self.note.show_text(tr("Reading…"))
        self.text.setText("")  # what was wrong before may be mended now
        self.work.start(
            "preview",
            lambda task: reading.preview(spec, task.report, task.is_cancelled),
            self._known,
            self._refused,
        )

    def _cancel(self) -> None:
        self.work.drop()
        self.note.show_text("")
        self._say(tr("The preview was cancelled."))

    def _known(self, found: Preview) -> None:
        self.shown = found
        self.note.show_text(found.note)
        if isinstance(found, TablePreview):
            self._show_table(found)
        else:
            self._show_pictures(found)

    def _refused(self, error: UserError) -> None:
        self.note.show_text("")
        self._say(str(error))

    def _say(self, text: str) -> None:
        self.shown = None
        self.text.setText(text)
        self._stack.setCurrentWidget(self.text)

    def _show_table(self, found: TablePreview) -> None:
        self.table.show_rows(found, self._theme)
        self._stack.setCurrentWidget(self.table)

    def _show_pictures(self, found: PicturesPreview) -> None:
        self.pictures.clear()
        for picture in found.pictures:
            sharp = fitted(picture.pixels, QSize(2 * PICTURE_PX, 2 * PICTURE_PX))
            item = QListWidgetItem(QIcon(QPixmap.fromImage(sharp)), picture.label)
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            height, width, _ = picture.pixels.shape
            item.setToolTip(f"{picture.label}  {width}×{height}".strip())
            self.pictures.addItem(item)
        self._stack.setCurrentWidget(self.pictures)
