"""A drawing as a PDF of one page: lines, areas and text that can be searched."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from app.canvas.camera import Camera
from app.canvas.painter import ScenePainter
from app.picturing.stamps import Drawn, Watch, unwatched
from app.picturing.wish import Scene, Wish

POINTS_A_PX = 0.75
LONGEST_POINTS = 14_400
"""The longest side of a page that PDF allows."""
DOTS_A_POINT = 10


def pdf_bytes(scene: Scene, wish: Wish, watch: Watch = unwatched) -> bytes:
    """The content of the file; very large drawings are drawn smaller, so that a page holds them."""
    width, height = scene.size(1.0)
    scale = min(wish.scale * POINTS_A_PX, LONGEST_POINTS / max(width, height))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(scene.document.name)
    writer.setCreator("Torchloom")
    writer.setResolution(72 * DOTS_A_POINT)
    page = QPageSize(QSizeF(width * scale, height * scale), QPageSize.Unit.Point, "",
                     QPageSize.SizeMatchPolicy.ExactMatch)  # fmt: skip
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    painter = ScenePainter(scene.mirror, wish.theme, Drawn(watch))
    # the painter sets its transforms anew: the window tells how large a px of it is on the page
    with QPainter(writer) as page_painter:
        page_painter.setWindow(0, 0, width, height)
        page_painter.setViewport(0, 0, round(width * scale * DOTS_A_POINT),
                                 round(height * scale * DOTS_A_POINT))  # fmt: skip
        camera = Camera(1.0, -scene.box[0], -scene.box[1])
        painter.paint(page_painter, camera, (width, height), 1.0,
                      ground=wish.flat_ground, in_full=True)  # fmt: skip
    return bytes(buffer.data().data())
