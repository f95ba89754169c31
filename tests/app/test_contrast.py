"""Texts and marks stand out from their grounds, and categories are told apart by every eye."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from app.canvas.chrome import WASH_DARK, WASH_LIGHT
from app.canvas.port_kinds import Kind, tones
from app.canvas.veils import BYPASS_VEIL, MUTE_VEIL
from app.theme import THEMES, Theme, blended
from graph.block import Block
from graph.registry import default_registry

EVERY = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
GROUNDS = ("canvas", "panel", "field", "body", "pill", "row")
Matrix = tuple[tuple[float, float, float], ...]

# Source: Machado, Oliveira, Fernandes, A Physiologically-based Model for Simulation of Color
# Vision Deficiency, IEEE TVCG 15(6), 2009, table 1 at severity 1.0; for linear RGB.
PROTANOPIA: Matrix = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
DEUTERANOPIA: Matrix = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
TRITANOPIA: Matrix = (
    (1.255528, -0.076749, -0.178779),
    (-0.078411, 0.930809, 0.147602),
    (0.004733, 0.691367, 0.303900),
)
NORMAL: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
EYES = {
    "normal": NORMAL, "protanopia": PROTANOPIA, "deuteranopia": DEUTERANOPIA,
    "tritanopia": TRITANOPIA,
}  # fmt: skip
FAR_APART = 20.0
LEAST_DISTANCE = 8.0
"""CIE76; about 2.3 is just noticeable."""


VEILS = {"bypassed": BYPASS_VEIL, "muted": MUTE_VEIL}


def linear(hex_rgb: str) -> list[float]:
    parts = (int(hex_rgb[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(hex_rgb: str) -> float:
    red, green, blue = linear(hex_rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, section 1.4.3: from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def least_text(theme: Theme) -> float:
    return 7.0 if theme.is_high_contrast else 4.5


@EVERY
def test_texts_can_be_read_on_every_ground(theme):
    poor = {
        (text, ground): round(found, 2)
        for text in ("text", "dim", "error", "warn", "pill_text")
        for ground in GROUNDS
        if ground != "row" or text == "text"
        if (found := contrast(getattr(theme, text), getattr(theme, ground))) < least_text(theme)
    }
    assert poor == {}
    assert contrast(theme.on_accent, theme.accent) >= least_text(theme)


@EVERY
def test_marks_stand_out_from_the_canvas(theme):
    is_high = theme.is_high_contrast
    marks = ("port", "accent", "ok", "edge", "border") if is_high else ("port", "accent", "ok")
    for mark in marks:
        assert contrast(getattr(theme, mark), theme.canvas) >= 3, mark
    for name, tone in theme.categories.items():
        ground = blended(theme.body, tone, 0.22 if theme.is_dark else 0.14)
        assert contrast(tone, ground) >= 3, name


def lab(rgb: list[float]) -> tuple[float, float, float]:
    red, green, blue = (min(max(part, 0.0), 1.0) for part in rgb)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(hex_rgb: str, eye: Matrix) -> tuple[float, float, float]:
    rgb = linear(hex_rgb)
    return lab([sum(a * b for a, b in zip(row, rgb, strict=True)) for row in eye])


def glyphs() -> dict[str, set[str]]:
    """The letters that the blocks of each category wear."""
    found: dict[str, set[str]] = {}
    blocks: list[type[Block]] = default_registry().blocks()
    for block in blocks:
        found.setdefault(block.kind.category.colour, set()).add(block.kind.glyph)
    return found


@EVERY
@pytest.mark.parametrize("eye", [PROTANOPIA, DEUTERANOPIA], ids=["protanopia", "deuteranopia"])
def test_categories_differ_in_tone_or_in_letters_for_colour_blind_eyes(theme, eye):
    letters = glyphs()
    for one, other in combinations(theme.categories, 2):
        a, b = seen(theme.categories[one], eye), seen(theme.categories[other], eye)
        distance = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        shared = letters.get(one, set()) & letters.get(other, set())
        assert distance >= LEAST_DISTANCE or not shared, (one, other, distance, shared)


@EVERY
def test_kinds_of_ports_stand_out_from_their_grounds(theme):
    least = 4.5 if theme.is_high_contrast else 3.0
    for kind, tone in tones(theme).items():
        assert contrast(tone, theme.canvas) >= least, kind
        assert contrast(tone, theme.body) >= least or kind is Kind.ANY, kind


@EVERY
@pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
def test_kinds_of_ports_are_told_apart_by_every_eye(theme, eye):
    for one, other in combinations(tones(theme).values(), 2):
        assert math.dist(seen(one, eye), seen(other, eye)) >= FAR_APART, (one, other)


@EVERY
@pytest.mark.parametrize("state", VEILS)
def test_what_is_written_on_blocks_that_are_off_can_be_read(theme: Theme, state: str) -> None:
    for tone in theme.categories.values():
        body = blended(theme.body, tone, WASH_DARK if theme.is_dark else WASH_LIGHT)
        for ground in (theme.body, body):
            veiled = blended(ground, theme.canvas, VEILS[state])
            assert contrast(theme.dim, veiled) >= 4.5, (tone, ground)
