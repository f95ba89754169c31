"""The publication figure as a file: SVG and TikZ as they are written, PNG and PDF drawn from it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgRenderer

from app.human import grouped
from app.i18n import tr
from app.picturing.raster import png_bytes
from app.picturing.wish import MOST_PX
from graph.figure import Figure, svg_text, tikz_text
from graph.problems import UserError

FigureFormat = Literal["svg", "tex", "pdf", "png"]
FIGURE_FORMATS: tuple[FigureFormat, ...] = ("svg", "tex", "pdf", "png")


def figure_bytes(figure: Figure, format: FigureFormat, scale: float = 2.0) -> bytes:
    """The content of the file; `scale` is how many px of a PNG one point takes.

    Raises:
        UserError: a PNG would be too large.
    """
    if format == "svg":
        return svg_text(figure).encode()
    if format == "tex":
        return tikz_text(figure).encode()
    if format == "pdf":
        return _pdf(figure)
    return png_bytes(figure_image(figure, scale))


def figure_image(figure: Figure, scale: float) -> QImage:
    """The figure as pixels, on white.

    Raises:
        UserError: there would be too many.
    """
    width, height = (max(round(side * scale), 1) for side in (figure.width, figure.height))
    if width * height > MOST_PX:
        raise UserError(
            tr("A PNG of {width} × {height} px is too large: at most {most} px are drawn. "
               "SVG and PDF have no such limit.", width=grouped(width), height=grouped(height),
               most=grouped(MOST_PX))
        )  # fmt: skip
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(svg_text(figure).encode()).render(painter)
    return image


def _pdf(figure: Figure) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(figure.title)
    writer.setCreator("Torchloom")
    page = QPageSize(QSizeF(figure.width, figure.height), QPageSize.Unit.Point, "",
                     QPageSize.SizeMatchPolicy.ExactMatch)  # fmt: skip
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    with QPainter(writer) as painter:
        QSvgRenderer(svg_text(figure).encode()).render(painter)
    return bytes(buffer.data().data())
