"""How frames and notes look: Markdown that is safe, colours that can be read, any size."""

import time

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas import painter as painter_module
from app.canvas.camera import Camera
from app.canvas.markdown import laid_out
from app.canvas.painter import ScenePainter
from app.canvas.picture import render_document
from app.canvas.remark_painter import first_words
from app.canvas.tones import card_of, tone_of
from app.picturing.svg import svg_text
from app.picturing.wish import Wish, scene_of
from app.theme import DARK, LIGHT
from graph import remark_edits
from graph.model import Document
from graph.remarks import COLORS, LARGEST, LONGEST_TEXT, Note, RemarkId
from tests.app.canvas.drawings import mirror_of
from tests.drawing import draw

THEMES = [DARK, LIGHT]


def brightness(color):
    """The relative luminance of WCAG 2."""
    shares = (QColor(color).redF(), QColor(color).greenF(), QColor(color).blueF())
    red, green, blue = (s / 12.92 if s <= 0.03928 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def count_of(image: QImage, color: str) -> int:
    """How many px have nearly that colour."""
    wanted, found = QColor(color), 0
    for x in range(0, image.width(), 3):
        for y in range(0, image.height(), 3):
            seen = image.pixelColor(x, y)
            apart = abs(seen.red() - wanted.red()) + abs(seen.green() - wanted.green())
            found += apart + abs(seen.blue() - wanted.blue()) < 12
    return found


def test_the_title_of_a_small_frame_is_read_though_a_block_stands_above_it():
    document = draw("dense")
    framed = remark_edits.add_frame(document, (0.0, 70.0, 400.0, 500.0), "A long title of it")
    pictures = []
    for shown in (document, framed):
        mirror = mirror_of(shown)
        image = QImage(240, 240, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            ScenePainter(mirror, DARK).paint(painter, Camera(0.4, 20, 20), (240, 240), 1.0)
        above = image.copy(20, 20, 76, 26)
        pictures.append(count_of(above, DARK.text))
    assert pictures[1] > pictures[0], "its letters are over the block"


def test_html_is_shown_as_text():
    text = laid_out("<b>bold</b> <script>x</script>\n\n<div>block</div>", 400, DARK).toPlainText()
    assert text == "<b>bold</b> <script>x</script>\n<div>block</div>"


def test_markdown_is_laid_out():
    made = laid_out("# Title\n\nsome **bold** text\n\n- one\n- two", 400, DARK)
    assert made.toPlainText() == "Title\nsome bold text\none\ntwo"


def test_no_picture_is_read(tmp_path):
    path = tmp_path / "red.png"
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    image.save(str(path))
    text = f"![alt]({path}) ![far](https://example.com/a.png)"
    told = laid_out(text, 400, DARK).toPlainText()
    assert told == f"[picture: {path}] [picture: https://example.com/a.png]"
    document = remark_edits.add_note(Document(), (0, 0), text)
    assert not count_of(render_document(document, DARK, None), "#ff0000")


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("color", [*COLORS, "ultraviolet"])
def test_text_on_every_card_can_be_read(theme, color):
    shades = sorted(map(brightness, (theme.text, card_of(theme, color))))
    assert (shades[1] + 0.05) / (shades[0] + 0.05) >= 4.5


def test_a_picture_shows_a_note_beside_the_blocks_in_its_colour():
    document = remark_edits.add_note(draw("relu"), (600, 0), "x")
    document = remark_edits.set_color(document, document.graph.remarks, "pink")
    image = render_document(document, DARK, None)
    assert image.width() >= 840, "the note is in it"
    assert count_of(image, card_of(DARK, "pink")) > 500
    assert not count_of(render_document(draw("relu"), DARK, None), card_of(DARK, "pink"))


def test_an_unknown_colour_is_grey():
    assert tone_of(LIGHT, "ultraviolet") == tone_of(LIGHT, "grey")


def test_the_box_of_a_drawing_has_its_frames_in_it():
    document = remark_edits.add_frame(draw("relu"), (-500, -400, 900, 700))
    assert mirror_of(document).bounds() == (-500, -400, 900, 700)


@pytest.mark.parametrize("text", ["word " * (LONGEST_TEXT // 5), ">" * 9999, "|a|b|\n" * 9999])
def test_long_texts_are_painted_fast(text):
    document = remark_edits.add_note(Document(), (0, 0), text)
    started = time.process_time()
    assert not render_document(document, LIGHT, None).isNull()
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize("width", [0.0, LARGEST])
def test_the_smallest_and_the_largest_are_painted(width):
    document = remark_edits.add_note(Document(), (0, 0), "text")
    document = remark_edits.add_frame(document, (0, 0, width, width), "Frame")
    note = RemarkId("r1")
    document = remark_edits.resize(document, note, (0, 0, width, width))
    assert not render_document(document, DARK, (400, 300)).isNull()
    near = QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    with QPainter(near) as painter:
        ScenePainter(mirror_of(document), DARK).paint(painter, Camera(4.0), (400, 300), 1.0)


def test_vector_pictures_write_texts_opaquely():
    document = remark_edits.add_note(Document(), (0, 0), "written")
    document = remark_edits.add_frame(document, (0, 200, 300, 400), "Titled")
    text = svg_text(scene_of(document), Wish(format="svg", theme=LIGHT))
    for word in ("written", "Titled"):
        before = text[: text.index(f">{word}<")]
        group = before[before.rindex("<g ") :]
        assert 'fill-opacity="0' not in group


@pytest.mark.parametrize("scale", [0.1, 0.3, 0.4, 1.0])
def test_a_view_that_moved_looks_as_if_painted_anew(monkeypatch, scale):
    """Only strips of it are painted; they must not show."""
    monkeypatch.setattr(painter_module, "LARGE", 0)
    document = draw("relu")
    for number in range(60):
        x, y = 300.0 * (number % 12), 250.0 * (number // 12)
        document = remark_edits.add_frame(document, (x, y, x + 280, y + 190), f"Frame {number}")
        document = remark_edits.add_note(document, (x + 20, y + 40), "# Some\n\n**text**")
    mirror = mirror_of(document)
    kept = ScenePainter(mirror, DARK)
    for step in range(0, 60, 12):
        camera = Camera(scale, -40.0 - step, -20.0 - step)
        moved = pixels(kept, camera, keep=True)
        anew = pixels(ScenePainter(mirror, DARK), camera, keep=False)
        apart = np.abs(moved - anew).max(2) > 3  # pixmaps round colours otherwise
        assert apart.sum() < 20, "some px of letters at the border of a strip"


def pixels(scene: ScenePainter, camera: Camera, *, keep: bool) -> np.ndarray:
    image = QImage(500, 400, QImage.Format.Format_ARGB32_Premultiplied)
    with QPainter(image) as painter:
        scene.paint(painter, camera, (500, 400), 1.0, keep=keep)
    return np.array(image.constBits()).reshape(400, 500, 4).astype(int)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("A *small* network for **ten** classes.", "A small network for ten classes."),
        ("\n## `n_heads` is 8\nmore", "n_heads is 8"),
        ("3 * 4 is twelve", "3 * 4 is twelve"),
        ("", ""),
    ],
)
def test_from_afar_a_note_shows_its_first_words_without_marks(text, seen):
    assert first_words(Note(RemarkId("r1"), text=text)) == seen
