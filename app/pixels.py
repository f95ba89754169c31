"""Bytes of pixels as images that fit an area."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}
KEEP = Qt.AspectRatioMode.KeepAspectRatio


def fitted(pixels_HWC: np.ndarray, size: QSize, aspect: Qt.AspectRatioMode = KEEP) -> QImage:
    """The image as large as an area; pixels are enlarged without blurring them."""
    height, width, channels = pixels_HWC.shape
    data = np.ascontiguousarray(pixels_HWC).tobytes()
    image = QImage(data, width, height, width * channels, FORMATS[channels])
    is_small = width < size.width() and height < size.height()
    modes = Qt.TransformationMode
    return image.scaled(
        size, aspect, modes.FastTransformation if is_small else modes.SmoothTransformation
    )
