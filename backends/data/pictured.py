"""Numbers as pixels, to be looked at."""

from __future__ import annotations

import numpy as np

FULL = 255.0


def heat_pixels(values_TF: np.ndarray) -> np.ndarray:
    """Loudness as bytes (bands, frames, 1), the first band at the bottom."""
    known = values_TF[np.isfinite(values_TF)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    scaled = (np.nan_to_num(values_TF, nan=low) - low) / ((high - low) or 1.0)
    return np.ascontiguousarray(np.rint(np.clip(scaled, 0, 1).T[::-1, :, None] * 255), np.uint8)


def as_pixels(pixels_CHW: np.ndarray) -> np.ndarray:
    """An image as bytes (H, W, C); of two channels the first.

    Numbers from 0 to 1, from 0 to 255, or else from the lowest to the highest become bytes.
    """
    if pixels_CHW.dtype != np.uint8:
        values = np.nan_to_num(pixels_CHW.astype(np.float64), posinf=0, neginf=0)
        low, high = float(values.min()), float(values.max())
        if low >= 0 and high <= FULL:
            low, high = 0.0, 1.0 if high <= 1 else FULL
        pixels_CHW = np.rint((values - low) / ((high - low) or 1.0) * 255).astype(np.uint8)
    if len(pixels_CHW) == 2:
        pixels_CHW = pixels_CHW[:1]
    return np.ascontiguousarray(pixels_CHW.transpose(1, 2, 0))
