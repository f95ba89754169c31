"""The TikZ of a figure: every line is of a form that LaTeX takes, whatever blocks are called."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from graph.figure import figure_of, tikz_text
from graph.figure.shapes import Words
from graph.figure.tikz import tex_escaped
from graph.gallery import find
from graph.model import NodeId
from tests.graph.figure.networks import U_NET

NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
POINT = rf"\({NUMBER},{NUMBER}\)"
COURSE = rf"{POINT}(?: -- {POINT})+"
TONE = "torchloom[A-Z]+"
PEN = rf"draw=({TONE}), line width={NUMBER}bp(?:, dash pattern=on {NUMBER}bp off {NUMBER}bp)?"
FILLED = rf"(?:fill=({TONE})(?:, {PEN})?|{PEN})"
FONT = rf"font=\\fontsize\{{{NUMBER}\}}\{{{NUMBER}\}}\\selectfont\\sffamily(?:\\bfseries)?"
FORMS = [
    rf"\\path\[{FILLED}\] {COURSE} -- cycle;",
    rf"\\path\[{FILLED}\] {POINT} circle\[radius={NUMBER}bp\];",
    rf"\\draw\[{PEN}\] {COURSE};",
    rf"\\node\[anchor=base(?: west| east)?, text=({TONE}), {FONT}\] at {POINT} \{{.*\}};",
]
HOSTILE = r"\input{/etc/passwd} 50% of $x_1^2$ & #1 ~ {a}} \end{document} -- ``'' é 中文 \x00"


def picture_of(text: str) -> list[str]:
    """The lines within the picture."""
    lines = text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(r"\begin{tikz"))
    return lines[start + 1 : lines.index(r"\end{tikzpicture}")]


def balanced(text: str) -> bool:
    """Whether every brace that is no escaped one has its partner."""
    depth = 0
    for brace in re.findall(r"\\.|[{}]", text):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize("name", ["lenet-5", "vgg-16", "googlenet", "seq2seq"])
def test_every_line_is_a_statement_in_colours_that_are_defined(name: str) -> None:
    text = tikz_text(figure_of(find(name).build()))
    defined = set(re.findall(r"\\definecolor\{(\w+)\}\{HTML\}\{[0-9A-F]{6}\}", text))
    for line in picture_of(text):
        assert any(re.fullmatch(form, line) for form in FORMS), line
        assert set(re.findall(TONE, line.partition("{")[0])) <= defined
        assert balanced(line)


def test_the_file_stands_alone() -> None:
    text = tikz_text(figure_of(U_NET))
    for each in ("documentclass", "begin{document}", "begin{tikzpicture}", "end{tikzpicture}",
                 "end{document}"):  # fmt: skip
        assert text.count("\\" + each) == 1
    assert text.index(r"\usepackage{tikz}") < text.index(r"\definecolor")
    assert balanced(text)


def test_names_never_become_commands() -> None:
    nodes = dict(U_NET.graph.nodes)
    nodes[NodeId("n2")] = replace(nodes[NodeId("n2")], kind=HOSTILE)
    hostile = replace(U_NET, name=HOSTILE + "\n\\evil").with_graph(nodes)
    text = tikz_text(figure_of(hostile))
    assert text.splitlines()[0].startswith("% ")
    assert "\n\\evil" not in text
    assert text.count(r"\end{document}") == 1 + text.splitlines()[0].count(r"\end{document}")
    for line in picture_of(text):
        assert any(re.fullmatch(form, line) for form in FORMS), line
        assert balanced(line)


@pytest.mark.parametrize(
    ("written", "set_as"),
    [
        ("a_b", r"a\_b"),
        ("50%", r"50\%"),
        ("\\x", r"\textbackslash{}x"),
        ("{}", r"\{\}"),
        ("3×3", r"3$\times$3"),
        ("é", "é"),
        ("中", r"\unicodeletter{4E2D}"),
        ("a--b", "a{-}{-}b"),
        ("\x1b\n", "  "),
    ],
)
def test_a_text_is_set_as_it_is_written(written: str, set_as: str) -> None:
    assert tex_escaped(written) == set_as


def has_latex() -> bool:
    """Whether pdfLaTeX and what the file loads are installed."""
    find = shutil.which("kpsewhich")
    if not find or not shutil.which("pdflatex"):
        return False
    wanted = ["standalone.cls", "tikz.sty", "iftex.sty"]
    done = subprocess.run([find, *wanted], check=False, capture_output=True, text=True)
    return len(done.stdout.split()) == len(wanted)


STRANGE = (
    HOSTILE, "卷积层", "قسم الترميز", "½ 🙂", "--``,,", '"quo"<>|', "x" * 300,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ["resnet-18", "latent-diffusion", "seq2seq", "vae"])
def test_latex_makes_a_page_of_it_whatever_is_written_there(tmp_path: Path, name: str) -> None:
    if not has_latex():
        pytest.skip("pdfLaTeX with standalone and TikZ is not installed here.")
    figure = figure_of(find(name).build())
    texts = itertools.cycle(STRANGE)
    for title, shapes in (
        ("plain", figure.shapes),
        ("hostile", tuple(
            replace(shape, text=next(texts)) if isinstance(shape, Words) else shape
            for shape in figure.shapes
        )),
    ):  # fmt: skip
        written = replace(figure, title=f"{title}\n\\evil % \u2028", shapes=shapes)
        (tmp_path / "figure.tex").write_text(tikz_text(written), encoding="utf-8")
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "figure.tex"],
            cwd=tmp_path, check=False, capture_output=True, text=True, errors="replace",
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-1500:]
        assert "Warning" not in done.stdout
        assert (tmp_path / "figure.pdf").stat().st_size > 1000
