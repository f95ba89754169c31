"""Shows some rows of the data before and behind the steps, anew after every edit."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPolygonF, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.forms.parts import column, label
from app.i18n import tr
from app.outliving import answer
from app.tasks import Task, run_task
from backends.steps_shown import StepsPreview
from graph.data import DataSpec
from graph.problems import UserError

ROWS = 4
GAP_PX = 6
CAPTION_PX = 16
MOST_LINES = 4
MOST_NUMBERS = 5
WAIT_MS = 120
"""An edit is often one of a run: the rows are drawn when it pauses."""


class StepsPreviewBox(QWidget):
    """The rows, and a button for others; it works while it is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec: DataSpec | None = None
        self._asked: tuple[DataSpec, int] | None = None
        self._task: Task | None = None
        self.draw = 0
        self.shown: StepsPreview | None = None
        self.tiles = Tiles(self)
        self.text = label("", "dim", wrap=True)
        self.again = QPushButton(tr("Other samples"))
        self.again.setToolTip(tr("Shows other rows, with other random numbers"))
        self.again.clicked.connect(self._draw_again)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(WAIT_MS)
        self._soon.timeout.connect(self._read)
        row = QHBoxLayout()
        row.addWidget(self.text, 1)
        row.addWidget(self.again)
        layout = column(self, spacing=6)
        layout.addWidget(self.tiles)
        layout.addLayout(row)

    def show_data(self, spec: DataSpec) -> None:
        """Shows what the steps of this data make of it."""
        if spec != self._spec:
            self._spec = spec
            if self.isVisible():
                self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    def _draw_again(self) -> None:
        self.draw += 1
        self._read()

    def _read(self) -> None:
        spec = self._spec
        if spec is None or (spec, self.draw) == self._asked or not self.isVisible():
            return
        self._asked = asked = (spec, self.draw)
        if self._task is not None:
            self._task.cancel()
        if self.shown is None:
            self.text.setText(tr("Reading…"))
        self._task = run_task(
            self,
            lambda task: answer(
                task, "backends.pytorch.steps_preview", "preview_steps", *asked, ROWS,
                task.is_cancelled,
            ),
            partial(self._known, asked),
            partial(self._refused, asked),
            name="steps-preview",
        )  # fmt: skip

    def _known(self, asked: tuple[DataSpec, int], found: StepsPreview) -> None:
        if asked == self._asked:
            self._task = None
            self.shown = found
            self.text.setText(tr("Above as the data has them, below as the model sees them."))
            self.tiles.show_rows(found)

    def _refused(self, asked: tuple[DataSpec, int], error: UserError) -> None:
        if asked == self._asked:
            self._task = None
            self.shown = None
            self.text.setText(str(error))
            self.tiles.show_rows(None)


class Tiles(QWidget):
    """Rows side by side: as they are above, and what becomes of them below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: StepsPreview | None = None
        self._images: list[tuple[QImage | None, QImage | None]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Samples before and after the steps"))

    def show_rows(self, found: StepsPreview | None) -> None:
        """Shows these rows, or none."""
        self._found = found
        self._images = []
        if found is not None:
            pairs = zip(pictures_of(found.before), pictures_of(found.after), strict=True)
            self._images = list(pairs)
            self.setAccessibleDescription(", ".join(found.labels))
        self.setVisible(found is not None)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._found is None:
            return QSize(0, 0)
        return QSize(4 * 60, 2 * self._side() + GAP_PX + self._caption())

    def resizeEvent(self, event: object) -> None:
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def _side(self) -> int:
        """The width of a tile, and its height."""
        return min(96, max(24, (max(self.width(), 240) - (ROWS - 1) * GAP_PX) // ROWS))

    def _caption(self) -> int:
        return CAPTION_PX if self._found is not None and self._found.labels else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        found = self._found
        if found is None:
            return
        side = self._side()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row in range(len(found.before)):
                for level, array in enumerate((found.before[row], found.after[row])):
                    box = QRectF(row * (side + GAP_PX), level * (side + GAP_PX), side, side)
                    self._paint(painter, box, self._images[row][level], array)
                if row < len(found.labels):
                    below = 2 * side + GAP_PX
                    self._write(painter, row * (side + GAP_PX), below, found.labels[row], side)

    def _write(self, painter: QPainter, x: int, y: int, text: str, width: int) -> None:
        font = painter.font()
        font.setPixelSize(10)
        painter.setFont(font)
        painter.setPen(self.palette().placeholderText().color())
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(x, y, width, CAPTION_PX), int(Qt.AlignmentFlag.AlignCenter), short)

    def _paint(
        self, painter: QPainter, box: QRectF, image: QImage | None, array: np.ndarray
    ) -> None:
        painter.fillRect(box, self.palette().base())
        if image is not None:
            mode = Qt.AspectRatioMode
            keeps = self._found is not None and self._found.before.ndim == 4
            size = image.size().scaled(
                box.size().toSize(), mode.KeepAspectRatio if keeps else mode.IgnoreAspectRatio
            )
            held = QRectF(QPointF(), size.toSizeF())
            held.moveCenter(box.center())
            painter.drawImage(held, image)
        elif array.dtype.kind == "i":
            self._paint_tokens(painter, box, array.ravel())
        elif array.size <= MOST_NUMBERS:
            self._paint_text(painter, box, "\n".join(f"{n:.3g}" for n in array.ravel().tolist()))
        else:
            self._paint_lines(painter, box, array)

    def _paint_lines(self, painter: QPainter, box: QRectF, array: np.ndarray) -> None:
        lines = lines_of(array)
        low, high = float(np.min(lines)), float(np.max(lines))
        span = high - low or 1.0
        inner = box.adjusted(4, 4, -4, -4)
        painter.setPen(QPen(self.palette().highlight().color(), 1.2))
        for line in lines:
            apart = inner.width() / max(len(line) - 1, 1)
            points = [
                QPointF(
                    inner.left() + place * apart,
                    inner.bottom() - (float(value) - low) / span * inner.height(),
                )
                for place, value in enumerate(line)
            ]
            painter.drawPolyline(QPolygonF(points))

    def _paint_tokens(self, painter: QPainter, box: QRectF, tokens: np.ndarray) -> None:
        assert self._found is not None
        names = self._found.classes
        words = [names[t] if 0 <= t < len(names) else str(t) for t in tokens.tolist()]
        text = ("" if all(len(word) == 1 for word in words) else " ").join(words)
        self._paint_text(painter, box, text)

    def _paint_text(self, painter: QPainter, box: QRectF, text: str) -> None:
        font = painter.font()
        font.setPixelSize(10)
        painter.setFont(font)
        painter.setPen(self.palette().text().color())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWrapAnywhere
        painter.save()
        painter.setClipRect(box)
        painter.drawText(box.adjusted(3, 2, -3, -2), int(flags), text)
        painter.restore()


def lines_of(array: np.ndarray) -> np.ndarray:
    """A row of numbers as lines: the longer axis is along them."""
    flat = array.reshape(-1, array.shape[-1]) if array.ndim > 1 else array.reshape(1, -1)
    if flat.shape[1] < flat.shape[0]:
        flat = flat.T
    return flat[:MOST_LINES]


def pictures_of(rows: np.ndarray) -> list[QImage | None]:
    """Each row as a picture, where rows are pictures or spectrograms; all in one range."""
    is_picture = rows.ndim == 4 and min(rows.shape[2:]) > 1
    is_map = rows.ndim == 3 and min(rows.shape[1:]) > MOST_LINES
    if rows.dtype.kind != "f" or not (is_picture or is_map):
        return [None] * len(rows)
    low, high = float(np.nanmin(rows)), float(np.nanmax(rows))
    if is_picture and low >= -0.05 and high <= 1.05:
        low, high = 0.0, 1.0
    scaled = np.nan_to_num((rows - low) / ((high - low) or 1.0))
    pixels = np.rint(np.clip(scaled, 0, 1) * 255).astype(np.uint8)
    return [_image(row if is_picture else row[None]) for row in pixels]


def _image(pixels_CHW: np.ndarray) -> QImage:
    is_colour = len(pixels_CHW) == 3
    held = np.ascontiguousarray((pixels_CHW if is_colour else pixels_CHW[:1]).transpose(1, 2, 0))
    height, width, channels = held.shape
    kind = QImage.Format.Format_RGB888 if is_colour else QImage.Format.Format_Grayscale8
    return QImage(held.tobytes(), width, height, width * channels, kind).copy()
