"""Shows the publication figure of a drawing, and writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.export_dialog import folder_name
from app.i18n import tr
from app.messages import Message
from app.picturing.figures import FIGURE_FORMATS, figure_bytes, figure_image
from app.picturing.file_row import FileRow
from app.session import Session
from app.typed import hand_over
from graph.figure import Figure, figure_of
from graph.fileio import write_atomically
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window


PREVIEW_PX = QSize(760, 300)
MARGIN_PX = 12.0


class FigureDialog(QDialog):
    """Writes a figure as SVG, TikZ, PDF or PNG."""

    def __init__(self, session: Session, figure: Figure, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Publication figure"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self.figure = figure
        self.preview = _Paper(figure)
        self.format = QComboBox()
        for format, text in zip(FIGURE_FORMATS, ("SVG", "TikZ (LaTeX)", "PDF", "PNG"), strict=True):
            self.format.addItem(text, format)
        file = folder / f"{folder_name(session.title)}-figure.svg"
        self.file = FileRow(file, FIGURE_FORMATS, tr("Publication figure"))
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.status.setProperty("role", "error")
        self.status.hide()
        self.export = QPushButton(tr("Export"))
        self.export.setProperty("role", "primary")
        self.export.setDefault(True)
        self.dismiss = QPushButton(tr("Cancel"))
        self.format.currentIndexChanged.connect(
            lambda: self.file.set_format(self.format.currentData())
        )
        self.file.format_named.connect(
            lambda format: self.format.setCurrentIndex(self.format.findData(format))
        )
        self.file.edited.connect(lambda: self.export.setText(tr("Export")))
        self.export.clicked.connect(self.start)
        self.dismiss.clicked.connect(self.reject)
        self._arrange()

    def start(self) -> None:
        """Writes the file."""
        if not self.file.is_named():
            self._tell(tr("Name a file for the figure; the field is empty."))
            return
        self.file.take_name()
        path = self.file.path
        if not self.file.may_replace():
            self.export.setText(tr("Replace"))
            self._tell(
                tr("{name} is there already. Press Replace to write over it.", name=path.name)
            )
            return
        try:
            write_atomically(path, figure_bytes(self.figure, self.format.currentData()))
        except UserError as error:
            self._tell(str(error))
            return
        self._session.message.emit(Message(tr("The figure is in {name}.", name=path)))
        self.accept()

    def _tell(self, text: str) -> None:
        self.status.setText(text)
        self.status.show()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.format)
        row.addWidget(self.file, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.dismiss)
        buttons.addWidget(self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.preview, 1)
        layout.addLayout(row)
        layout.addWidget(self.status)
        layout.addLayout(buttons)


class _Paper(QWidget):
    """A figure on white paper, as large as there is room."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self._figure = figure
        self._image = QImage()
        self._scale = 0.0
        self.setAccessibleName(tr("The figure"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(300, 160)

    def sizeHint(self) -> QSize:
        return PREVIEW_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        room = QRectF(self.rect()).adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        scale = min(room.width() / self._figure.width, room.height() / self._figure.height, 1.6)
        ratio = self.devicePixelRatioF()
        if scale * ratio != self._scale:
            self._scale = scale * ratio
            self._image = figure_image(self._figure, self._scale)
        width, height = self._image.width() / ratio, self._image.height() / ratio
        # on whole px: a smoothed text is hard to read
        left, top = room.center().x() - width / 2, room.center().y() - height / 2
        place = QRectF(round(left * ratio) / ratio, round(top * ratio) / ratio, width, height)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#FFFFFF"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)


def ask_figure(window: Window) -> None:
    """Shows the figure of what is looked at, or tells why there is none."""
    hand_over(window)
    session = window.session
    try:
        figure = figure_of(session.document)
    except UserError as error:
        session.message.emit(Message(str(error), "warning"))
        return
    folder = Path(window.settings.folder) if window.settings.folder else Path.home()
    FigureDialog(session, figure, folder, window).open()
