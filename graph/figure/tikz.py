"""A figure as TikZ in a standalone LaTeX file, for pdfLaTeX, XeLaTeX and LuaLaTeX."""

from __future__ import annotations

from graph.figure.shapes import Area, Disc, Figure, Line, Point, Shape, Words

_HEAD = r"""% {title}
% Compile with pdflatex, xelatex or lualatex; or \input the tikzpicture in a paper of yours.
\documentclass[border=2pt]{{standalone}}
\usepackage{{iftex}}
\ifPDFTeX
  \usepackage[T1]{{fontenc}}
  \usepackage[utf8]{{inputenc}}
  % letters of any size without dots, where they are installed
  \IfFileExists{{lmodern.sty}}{{\usepackage{{lmodern}}}}{{}}
\fi
\usepackage{{tikz}}
% a letter that pdfLaTeX has no font for shows as a question mark
\newcommand{{\unicodeletter}}[1]{{\ifPDFTeX ?\else\symbol{{"#1}}\fi}}
"""
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "^": r"\textasciicircum{}", "_": r"\_", "~": r"\textasciitilde{}", "%": r"\%",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    # alone, lest two of them become another mark
    "-": "{-}", "'": "{'}", ",": "{,}", "`": r"\textasciigrave{}",
    "×": r"$\times$", "−": r"$-$", "÷": r"$\div$", "·": r"$\cdot$", "∘": r"$\circ$",
    "…": r"\ldots{}", "→": r"$\to$",
}  # fmt: skip
_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}


def tikz_text(figure: Figure) -> str:
    """The content of the file. Equal figures give equal texts."""
    tones = sorted({tone for shape in figure.shapes for tone in _tones(shape) if tone})
    names = {tone: f"torchloom{_letters(number)}" for number, tone in enumerate(tones)}
    lines = [
        _HEAD.format(title=_comment(figure.title)),
        *(rf"\definecolor{{{name}}}{{HTML}}{{{tone[1:].upper()}}}" for tone, name in names.items()),
        r"\begin{document}",
        r"\begin{tikzpicture}[x=1bp, y=-1bp, line join=round, line cap=round, inner sep=0]",
        *(_shape(shape, names) for shape in figure.shapes),
        r"\end{tikzpicture}",
        r"\end{document}",
    ]
    return "\n".join(lines) + "\n"


def _tones(shape: Shape) -> tuple[str, ...]:
    if isinstance(shape, Words):
        return (shape.tone,)
    return (shape.stroke,) if isinstance(shape, Line) else (shape.fill, shape.stroke)


def _shape(shape: Shape, names: dict[str, str]) -> str:
    if isinstance(shape, Words):
        bold = r"\bfseries" if shape.bold else ""
        font = rf"\fontsize{{{_n(shape.size)}}}{{{_n(shape.size * 1.2)}}}\selectfont\sffamily{bold}"
        options = f"anchor={_ANCHORS[shape.anchor]}, text={names[shape.tone]}, font={font}"
        return rf"\node[{options}] at {_point(shape.at)} {{{tex_escaped(shape.text)}}};"
    if isinstance(shape, Line):
        return rf"\draw[{_pen(shape, names)}] {_course(shape.points)};"
    fill = [f"fill={names[shape.fill]}"] if shape.fill else []
    how = ", ".join([*fill, *([_pen(shape, names)] if shape.stroke else [])])
    if isinstance(shape, Disc):
        return rf"\path[{how}] {_point(shape.centre)} circle[radius={_n(shape.radius)}bp];"
    return rf"\path[{how}] {_course(shape.points)} -- cycle;"


def _pen(shape: Area | Line | Disc, names: dict[str, str]) -> str:
    dashes = ""
    if not isinstance(shape, Disc) and shape.dashed:
        dashes = ", dash pattern=on 2.4bp off 1.8bp"
    return f"draw={names[shape.stroke]}, line width={_n(shape.width)}bp{dashes}"


def _course(points: tuple[Point, ...]) -> str:
    return " -- ".join(map(_point, points))


def _point(point: Point) -> str:
    return f"({_n(point[0])},{_n(point[1])})"


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _letters(number: int) -> str:
    """A name without digits, which TeX would not take: A to Z, then AA and so on."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def tex_escaped(text: str) -> str:
    """A text that TeX sets as it is."""
    return "".join(map(_escaped, text))


def _escaped(letter: str) -> str:
    code = ord(letter)
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if code < 32 or 0x7F <= code < 0xA0:
        return " "
    if code < 0x7F or (0xC0 <= code <= 0xFF and letter.isalpha()):
        return letter
    return rf"\unicodeletter{{{code:X}}}"


def _comment(text: str) -> str:
    """A text that stays on its line of comment, in ASCII."""
    return "".join(c if 32 <= ord(c) < 127 else " " for c in text)[:200]
