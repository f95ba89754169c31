"""The publication figure in a window, on the command line, and as every kind of file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer

from app.cli import main
from app.picturing.figure_dialog import FigureDialog
from app.picturing.figures import FIGURE_FORMATS, FigureFormat, figure_bytes, figure_image
from app.window import Window
from graph.figure import figure_of, svg_text
from graph.fileio import save
from graph.gallery import find
from graph.problems import UserError
from tests.drawing import chain

pytestmark = pytest.mark.usefixtures("qapp")
LENET = find("lenet-5").build()
BEGINNINGS = {"svg": b"<?xml", "tex": b"% LeNet", "pdf": b"%PDF-", "png": b"\x89PNG"}


@pytest.mark.parametrize("format", FIGURE_FORMATS)
def test_a_figure_can_be_each_kind_of_file(format: FigureFormat) -> None:
    assert figure_bytes(figure_of(LENET), format).startswith(BEGINNINGS[format])


def test_the_svg_shows_volumes_in_their_colours_on_clear_paper() -> None:
    assert QSvgRenderer(svg_text(figure_of(LENET)).encode()).isValid()
    image = figure_image(figure_of(LENET), 1.0)
    assert image.pixelColor(1, 1) == QColor("#FFFFFF")
    tones = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3)
             for y in range(0, image.height(), 3)}  # fmt: skip
    assert {"#bfd3f2", "#f3c5b5", "#c9e4c5"} <= tones


def test_a_pdf_of_a_figure_is_as_large_as_the_figure() -> None:
    figure = figure_of(LENET)
    (size,) = re.findall(rb"MediaBox \[0 0 ([0-9.]+) ([0-9.]+)", figure_bytes(figure, "pdf"))
    assert float(size[0]) == pytest.approx(figure.width, abs=1)


def test_a_png_of_a_figure_too_large_for_the_memory_is_refused() -> None:
    with pytest.raises(UserError, match="too large"):
        figure_image(figure_of(LENET), 60.0)


@pytest.fixture
def dialog(window: Window) -> FigureDialog:
    """The dialog of a window with a LeNet."""
    window.files.open_drawn(LENET)
    window.menus.actions["figure"].trigger()
    found = window.findChild(FigureDialog)
    assert isinstance(found, FigureDialog)
    return found


def test_the_figure_goes_to_the_named_file(window: Window, tmp_path: Path) -> None:
    window.files.open_drawn(LENET)
    for format in FIGURE_FORMATS:
        window.menus.actions["figure"].trigger()
        dialog = window.findChildren(FigureDialog)[-1]
        assert not dialog.preview.grab().isNull()
        dialog.file.line.setText(str(tmp_path / "fig.svg"))
        dialog.format.setCurrentIndex(dialog.format.findData(format))
        file = dialog.file.path
        dialog.start()
        assert file.read_bytes().startswith(BEGINNINGS[format])
        assert "The figure is in" in window.messages.messages[-1].text


def test_a_file_is_replaced_only_when_asked_twice_and_what_fails_is_told(
    dialog: FigureDialog, tmp_path: Path
) -> None:
    file = tmp_path / "fig.svg"
    file.write_text("mine")
    dialog.file.line.setText(str(file))
    dialog.start()
    assert "there already" in dialog.status.text()
    assert file.read_text() == "mine"
    dialog.file.line.setText(str(tmp_path / "no" / "fig.svg"))
    dialog.start()
    assert "cannot be written" in dialog.status.text()
    dialog.file.line.setText("")
    dialog.start()
    assert "Name a file" in dialog.status.text()
    dialog.file.line.setText(str(file))
    dialog.start()
    dialog.start()
    assert file.read_text().startswith("<?xml")


def test_a_drawing_without_layers_has_no_figure(window: Window) -> None:
    window.files.open_drawn(chain("target"))
    window.menus.actions["figure"].trigger()
    assert window.findChild(FigureDialog) is None
    assert "nothing to draw" in window.messages.messages[-1].text


def rendered(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = main(["render", *words, "--json"])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize("format", FIGURE_FORMATS)
def test_the_command_line_writes_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], format: FigureFormat
) -> None:
    save(LENET, tmp_path / "net.loom")
    out = tmp_path / f"fig.{format}"
    code, answer = rendered(capsys, str(tmp_path / "net.loom"), "--figure", "--out", str(out))
    assert code == 0
    assert out.read_bytes().startswith(BEGINNINGS[format])
    width, height = answer["width"], answer["height"]
    assert isinstance(width, int)
    assert isinstance(height, int)
    assert width > height > 100


@pytest.mark.parametrize("format", ["svg", "pdf", "png"])
def test_the_command_line_writes_pictures_at_a_scale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    save(chain("input dense"), tmp_path / "net.loom")
    words = (str(tmp_path / "net.loom"), "--out", str(tmp_path / f"net.{format}"), "--scale")
    code, answer = rendered(capsys, *words, "1.5")
    assert (code, answer["width"], answer["height"]) == (0, 429, 393)
    code, answer = rendered(capsys, *words, "9")
    assert code == 1
    assert "goes from 0.5 to 8" in str(answer["error"])


def test_only_figures_are_tikz(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(LENET, tmp_path / "net.loom")
    out = tmp_path / "net.tex"
    code, answer = rendered(capsys, str(tmp_path / "net.loom"), "--out", str(out))
    assert code == 1
    assert ".png, .svg, .pdf" in str(answer["error"])
    assert not out.exists()


def test_a_rendered_picture_opens_again(window: Window, tmp_path: Path) -> None:
    save(LENET, tmp_path / "net.loom")
    for out in (tmp_path / "net.svg", tmp_path / "net.png", tmp_path / "sized.png"):
        size = ["--size", "320x200"] if out.stem == "sized" else []
        assert main(["render", str(tmp_path / "net.loom"), "--out", str(out), *size]) == 0
        session = window.files.open(out)
        assert session is not None
        assert len(session.root.graph.nodes) == len(LENET.graph.nodes)
        assert main(["check", str(out)]) == 0
    assert not QImage(str(tmp_path / "net.png")).isNull()
