"""Contrast of the colours of code."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from app.editor.colours import code_colours
from app.editor.python import Kind
from app.theme import THEMES

READABLE = 4.5  # WCAG 2.2, AA for texts of normal size


def luminance(hex_rgb: str) -> float:
    """The relative luminance of WCAG 2.2."""
    channels = QColor(hex_rgb).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", sorted(THEMES))
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_read_on_the_panel(name: str, kind: Kind) -> None:
    theme = THEMES[name]
    assert contrast(code_colours(theme)[kind], theme.panel) >= READABLE
