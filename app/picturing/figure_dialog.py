"""Shows the publication figure of a drawing, and writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.desktop import file_dialog
from app.export_dialog import folder_name
from app.i18n import tr
from app.messages import Message
from app.picturing.figures import FIGURE_FORMATS, figure_bytes, figure_image
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
        self._agreed = ""
        self.preview = _Paper(figure)
        self.format = QComboBox()
        for format, text in zip(FIGURE_FORMATS, ("SVG", "TikZ (LaTeX)", "PDF", "PNG"), strict=True):
            self.format.addItem(text, format)
        self.file = QLineEdit(str(folder / f"{folder_name(session.title)}-figure.svg"))
        self.browse = QPushButton(tr("Browse…"))
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.status.setProperty("role", "error")
        self.status.hide()
        self.export = QPushButton(tr("Export"))
        self.export.setProperty("role", "primary")
        self.export.setDefault(True)
        self.dismiss = QPushButton(tr("Cancel"))
        self.format.currentIndexChanged.connect(self._follow_format)
        self.file.textEdited.connect(lambda: self.export.setText(tr("Export")))
        self.browse.clicked.connect(self._browse)
        self.export.clicked.connect(self.start)
        self.dismiss.clicked.connect(self.reject)
        self._arrange()

    @property
    def path(self) -> Path:
        """The file that the figure goes to; its name ends as the format wants it."""
        path, suffix = Path(self.file.text().strip()).expanduser(), f".{self.format.currentData()}"
        return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)

    def start(self) -> None:
        """Writes the file."""
        if not Path(self.file.text().strip()).name:
            self._tell(tr("Name a file for the figure; the field is empty."))
            return
        path = self.path
        if path.exists() and self._agreed != str(path):
            self._agreed = str(path)
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

    def _follow_format(self) -> None:
        named = Path(self.file.text().strip())
        if named.suffix.lower().lstrip(".") in FIGURE_FORMATS:
            self.file.setText(str(named.with_suffix(f".{self.format.currentData()}")))

    def _browse(self) -> None:
        format = self.format.currentData()
        dialog = file_dialog(
            self, tr("Publication figure"), str(self.path.parent), tr("Figures (*.{f})", f=format)
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(format)
        dialog.selectFile(self.path.name)
        dialog.fileSelected.connect(self._take_file)
        dialog.open()

    def _take_file(self, name: str) -> None:
        self.file.setText(name)
        self._agreed = str(self.path)  # the file dialog has asked

    def _tell(self, text: str) -> None:
        self.status.setText(text)
        self.status.show()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.format)
        row.addWidget(self.file, 1)
        row.addWidget(self.browse)
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
