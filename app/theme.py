"""Colours, fonts and the icons painted from them. The style sheet is in `app.stylesheet`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication

from app.stylesheet import stylesheet_of


@dataclass(frozen=True)
class Theme:
    """The colours of the program as `#rrggbb`; `categories` by `Category.colour`."""

    name: str
    is_dark: bool
    canvas: str
    grid: str
    grid_major: str
    panel: str
    field: str
    line: str
    body: str
    border: str
    text: str
    dim: str
    dim2: str
    edge: str
    port: str
    pill: str
    pill_text: str
    accent: str
    on_accent: str
    error: str
    warn: str
    ok: str
    categories: Mapping[str, str]

    @property
    def row(self) -> str:
        """The ground of a chosen row: that of lines, as far as these are no marks themselves."""
        return blended(self.panel, self.line, 0.35) if self.is_high_contrast else self.line

    @property
    def is_high_contrast(self) -> bool:
        """Whether texts stand out by 7 to 1 and lines by 3 to 1."""
        return self.name.startswith("contrast")

    def __hash__(self) -> int:
        return hash(self.name)


DARK = Theme(
    name="dark",
    is_dark=True,
    canvas="#14161B",
    grid="#252A33",
    grid_major="#343B47",
    panel="#1A1D23",
    field="#20242C",
    line="#2B303A",
    body="#1F232B",
    border="#363D4A",
    text="#E8ECF3",
    dim="#8B95A7",
    dim2="#5F6979",
    edge="#5B6678",
    port="#9AA5B8",
    pill="#171A20",
    pill_text="#A9B4C6",
    accent="#6EA8FE",
    on_accent="#0B1220",
    error="#FF5C6C",
    warn="#F5B83D",
    ok="#3ECF8E",
    categories={
        "io": "#3ECF8E",
        "conv": "#4C8DFF",
        "norm": "#2EC4B6",
        "act": "#F5A623",
        "pool": "#A78BFA",
        "linear": "#F472B6",
        "merge": "#94A3B8",
        "attention": "#E879F9",
        "loss": "#F87171",
        "regular": "#B4B08A",
        "recurrent": "#38BDF8",
        "composite": "#A3D65C",
    },
)

LIGHT = Theme(
    name="light",
    is_dark=False,
    canvas="#F5F6F8",
    grid="#DDE1E8",
    grid_major="#C9CFD9",
    panel="#FFFFFF",
    field="#F1F3F6",
    line="#E1E5EB",
    body="#FFFFFF",
    border="#D3D9E3",
    text="#1B2330",
    dim="#606A7E",
    dim2="#98A2B3",
    edge="#98A2B3",
    port="#7C889A",
    pill="#FFFFFF",
    pill_text="#475467",
    accent="#2F6FED",
    on_accent="#FFFFFF",
    error="#C9202F",
    warn="#8F5B0E",
    ok="#12956A",
    categories={
        "io": "#12956A",
        "conv": "#2563EB",
        "norm": "#0E9488",
        "act": "#B96E00",
        "pool": "#7C3AED",
        "linear": "#DB2777",
        "merge": "#64748B",
        "attention": "#C026D3",
        "loss": "#DC2626",
        "regular": "#7A7650",
        "recurrent": "#0369A1",
        "composite": "#4D7C0F",
    },
)

CONTRAST_DARK = Theme(
    name="contrast-dark",
    is_dark=True,
    canvas="#000000",
    grid="#1C1C1C",
    grid_major="#333333",
    panel="#000000",
    field="#141414",
    line="#8A8A8A",
    body="#0A0A0A",
    border="#B4B4B4",
    text="#FFFFFF",
    dim="#E0E0E0",
    dim2="#B8B8B8",
    edge="#D6D6D6",
    port="#FFFFFF",
    pill="#000000",
    pill_text="#FFFFFF",
    accent="#FFD400",
    on_accent="#000000",
    error="#FF9AA2",
    warn="#FFD166",
    ok="#6EF0B6",
    categories={
        "io": "#5CEBA9",
        "conv": "#8DB8FF",
        "norm": "#5FE3D6",
        "act": "#FFC163",
        "pool": "#C9B8FF",
        "linear": "#FF9CCB",
        "merge": "#C6D0DE",
        "attention": "#F0A8FF",
        "loss": "#FF9E9E",
        "regular": "#D8D4A8",
        "recurrent": "#7FD4FF",
        "composite": "#C0EE80",
    },
)

CONTRAST_LIGHT = Theme(
    name="contrast-light",
    is_dark=False,
    canvas="#FFFFFF",
    grid="#E6E6E6",
    grid_major="#CFCFCF",
    panel="#FFFFFF",
    field="#F2F2F2",
    line="#767676",
    body="#FFFFFF",
    border="#5A5A5A",
    text="#000000",
    dim="#333333",
    dim2="#4A4A4A",
    edge="#333333",
    port="#000000",
    pill="#FFFFFF",
    pill_text="#000000",
    accent="#003DB3",
    on_accent="#FFFFFF",
    error="#9C0013",
    warn="#6B4300",
    ok="#00502F",
    categories={
        "io": "#005A3C",
        "conv": "#0B3FB8",
        "norm": "#00554E",
        "act": "#6E4000",
        "pool": "#5416B8",
        "linear": "#93064F",
        "merge": "#374151",
        "attention": "#7A0B8C",
        "loss": "#960F0F",
        "regular": "#4F4B22",
        "recurrent": "#004B78",
        "composite": "#2F5200",
    },
)

THEMES: Mapping[str, Theme] = {
    theme.name: theme for theme in (DARK, LIGHT, CONTRAST_DARK, CONTRAST_LIGHT)
}

CONDENSED = "DejaVu Sans Condensed"
MONO = "DejaVu Sans Mono"


def theme_named(name: str, scheme: Qt.ColorScheme | None = None) -> Theme:
    """The theme of that name; any other name, such as `system`, is that of the desktop.

    Args:
        scheme: what the desktop wants; it is asked where this is None.
    """
    if name in THEMES:
        return THEMES[name]
    if scheme is None:
        scheme = QGuiApplication.styleHints().colorScheme()
    return LIGHT if scheme == Qt.ColorScheme.Light else DARK


@lru_cache
def _family(mono: bool, platform: str) -> str:
    kind = QFontDatabase.SystemFont.FixedFont if mono else QFontDatabase.SystemFont.GeneralFont
    system = QFontDatabase.systemFont(kind).family()
    wanted = MONO if mono else CONDENSED
    # the wide DejaVu Sans, the fallback of a bare desktop, looks heavy in dense panels
    replaced = platform in ("offscreen", "minimal") or system in ("", "DejaVu Sans")
    return wanted if replaced else system


def sans(px: float, bold: bool = False) -> QFont:
    """The font of texts, that many pixels high."""
    return _font(False, px, bold)


def mono(px: float, bold: bool = False) -> QFont:
    """The font of numbers, shapes and code, that many pixels high."""
    return _font(True, px, bold)


def _font(is_mono: bool, px: float, bold: bool) -> QFont:
    font = QFont(_family(is_mono, QGuiApplication.platformName()))
    font.setStyleHint(QFont.StyleHint.Monospace if is_mono else QFont.StyleHint.SansSerif)
    font.setPixelSize(max(round(px), 1))
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def colour(hex_rgb: str, alpha: float = 1.0) -> QColor:
    """A colour, `alpha` from 0 (clear) to 1."""
    made = QColor(hex_rgb)
    made.setAlphaF(alpha)
    return made


def blended(under: str, over: str, alpha: float) -> str:
    """The opaque colour seen where `over` covers `under` by `alpha`, as `#rrggbb`."""
    a, b = QColor(over), QColor(under)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(alpha * x + (1 - alpha) * y) for x, y in pairs)).name()


def stylesheet(theme: Theme) -> str:
    """The style sheet of the whole program."""
    return stylesheet_of({**vars(theme), "row": theme.row}, sans(12).family(), mono(12).family())


def dress(theme: Theme) -> None:
    """Gives the whole application the colours of a theme, where it does not wear them already."""
    app = QGuiApplication.instance()
    assert isinstance(app, QApplication)
    sheet = stylesheet(theme)
    if app.styleSheet() != sheet:
        app.setPalette(palette(theme))
        app.setStyleSheet(sheet)


def palette(theme: Theme) -> QPalette:
    """The colours for what no style sheet reaches, such as the dialogs of Qt."""
    roles = QPalette.ColorRole
    made = QPalette()
    for role, value in (
        (roles.Window, theme.panel),
        (roles.WindowText, theme.text),
        (roles.Base, theme.panel),
        (roles.AlternateBase, theme.field),
        (roles.Text, theme.text),
        (roles.Button, theme.field),
        (roles.ButtonText, theme.text),
        (roles.BrightText, theme.error),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Link, theme.accent),
        (roles.LinkVisited, theme.accent),
        (roles.ToolTipBase, theme.body),
        (roles.ToolTipText, theme.text),
        (roles.PlaceholderText, theme.dim),
        (roles.Light, theme.border),
        (roles.Midlight, theme.line),
        (roles.Mid, theme.line),
        (roles.Dark, theme.canvas),
        (roles.Shadow, theme.canvas),
        (roles.Accent, theme.accent),
    ):
        made.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.dim2))
    return made


def category_icon(theme: Theme, category_colour: str, glyph: str, px: int = 18) -> QIcon:
    """A rounded square in the colour of a category with one or two letters in it."""
    icon = QIcon()
    for ratio in (1, 2, 3):
        icon.addPixmap(_category_pixmap(theme, category_colour, glyph, px, ratio))
    return icon


@lru_cache(maxsize=4096)
def _category_pixmap(
    theme: Theme, category_colour: str, glyph: str, px: int, ratio: int
) -> QPixmap:
    pixmap = QPixmap(px * ratio, px * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    tone = theme.categories[category_colour]
    square = QRectF(0, 0, px, px)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tone, 0.22 if theme.is_dark else 0.14))
        painter.drawRoundedRect(square, px * 0.26, px * 0.26)
        painter.setPen(QColor(tone))
        painter.setFont(sans(px * (0.5 if len(glyph) < 3 else 0.38), bold=True))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, glyph)
    return pixmap
