"""A drawing as SVG: texts as text in any font, and what is drawn many times written once."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgGenerator

from app.canvas.camera import Camera
from app.canvas.painter import ScenePainter
from app.picturing.stamps import END, MARK, Paint, Symbols, Watch, unwatched
from app.picturing.wish import Scene, Wish
from app.theme import mono, sans
from graph.pictures.svg import metadata

_GROUP_FONT = re.compile(
    r'\nfont-family="[^"]*" font-size="[^"]*" font-weight="[^"]*" font-style="[^"]*" ?\n'
)
_TEXT = re.compile(
    r'<text fill="(?P<tone>[^"]*)" fill-opacity="(?P<alpha>[^"]*)" stroke="none" '
    r'xml:space="preserve" x="(?P<x>[^"]*)" y="(?P<y>[^"]*)" font-family="(?P<family>[^"]*)" '
    r'font-size="(?P<size>[^"]*)" font-weight="(?P<weight>[^"]*)" '
    r'font-style="(?P<style>[^"]*)" \n >(?P<text>[^<]*)</text>'
)
BOLD_FROM = 500
_SYMBOL = re.compile(f"{MARK}([0-9]+){END}")
_NAMED = re.compile(r'(id="|url\(#)(gradient|clipPath)')
_EMPTY = re.compile(r"<g [^>]*>\s*</g>\s*")
_STOPS = re.compile(r"(<stop [^>]*/>\s*)(?:<stop [^>]*/>\s*)*(<stop [^>]*/>\s*</)")
# where the fonts of this desktop are missing; Qt knows no lists of fonts, and skips @supports
_STYLE = (
    "@supports (font-size:1px){"
    ".s{font-family:'%s','DejaVu Sans Condensed','Segoe UI','Helvetica Neue',Arial,sans-serif}"
    ".m{font-family:'%s','DejaVu Sans Mono',Menlo,Consolas,monospace}}"
)


def svg_text(scene: Scene, wish: Wish, carried: str = "", watch: Watch = unwatched) -> str:
    """The content of the file.

    Args:
        carried: the drawing as a text, for programs that know to open it.
    """
    width, height = scene.size(1.0)
    symbols = Symbols(watch)
    scene_painter = ScenePainter(scene.mirror, wish.theme, symbols)

    def paint(painter: QPainter) -> None:
        camera = Camera(1.0, -scene.box[0], -scene.box[1])
        scene_painter.paint(painter, camera, (width, height), 1.0,
                            ground=wish.flat_ground, in_full=True)  # fmt: skip

    definitions, body = _parts(paint, (width, height), "g")
    done = 0
    while done < len(symbols.known):  # to paint one may ask for another
        symbol = list(symbols.known.values())[done]
        done += 1
        watch()
        more, inside = _parts(symbol.paint, symbol.size, f"s{symbol.number}g")
        definitions += more
        definitions += f'<g id="s{symbol.number}">{inside}</g>\n'
    shown = round(width * wish.scale, 2), round(height * wish.scale, 2)
    style = _STYLE % (escape(sans(10).family()), escape(mono(10).family()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{shown[0]:g}" height="{shown[1]:g}" viewBox="0 0 {width} {height}">\n'
        f"<title>{escape(scene.document.name)}</title>\n<style>{style}</style>\n"
        f"{metadata(carried) if carried else ''}\n"
        f"<defs>\n{definitions}</defs>\n{body}\n</svg>\n"
    )


def _parts(paint: Paint, size: tuple[int, int], prefix: str) -> tuple[str, str]:
    """What Qt writes for a painting: its definitions, and the rest."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(*size))
    generator.setViewBox(QRect(0, 0, *size))
    generator.setResolution(96)
    with QPainter(generator) as painter:
        paint(painter)
    written = bytes(buffer.data().data()).decode()
    definitions, _, body = written.partition("<defs>")[2].partition("</defs>")
    body = body[: body.rindex("</svg>")].strip()
    named = rf"\g<1>{prefix}\g<2>"
    body = _EMPTY.sub("", _GROUP_FONT.sub("", _NAMED.sub(named, body)))
    body = _TEXT.sub(_text, _EMPTY.sub("", body))
    # our gradients lead from one colour to another; Qt writes dozens of steps between
    definitions = _STOPS.sub(r"\1\2", _NAMED.sub(named, definitions))
    return definitions.lstrip("\n"), body


def _text(found: re.Match[str]) -> str:
    """A text that keeps its width in any font; or a reference to a symbol."""
    text = found["text"]
    symbol = _SYMBOL.fullmatch(text)
    if symbol:
        return f'<use xlink:href="#s{symbol[1]}" x="{found["x"]}" y="{found["y"]}"/>'
    width = _width(found["family"], found["size"], found["weight"], unescape(text))
    parts = [
        f'x="{found["x"]}" y="{found["y"]}" fill="{found["tone"]}" stroke="none"',
        "" if found["alpha"] == "1" else f'fill-opacity="{found["alpha"]}"',
        _class(found["family"]),
        f'font-family="{found["family"]}" font-size="{found["size"]}"',
        'font-weight="bold"' if int(found["weight"]) > BOLD_FROM else "",
        f'font-style="{found["style"]}"' if found["style"] != "normal" else "",
        f'textLength="{width:.4g}" lengthAdjust="spacingAndGlyphs"' if width else "",
        'xml:space="preserve"' if text != " ".join(text.split()) else "",
    ]
    return f"<text {' '.join(filter(None, parts))}>{text}</text>"


def _class(family: str) -> str:
    """What the style sheet knows a font by."""
    if family == mono(10).family():
        return 'class="m"'
    return 'class="s"' if family == sans(10).family() else ""


@lru_cache(maxsize=20_000)
def _width(family: str, size: str, weight: str, text: str) -> float:
    font = QFont(family)
    font.setPixelSize(round(float(size)))
    font.setBold(int(weight) > BOLD_FROM)
    return QFontMetricsF(font).horizontalAdvance(text)
