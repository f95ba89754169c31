"""The whole gallery as a page of the help: its text, and the pictures that it shows.

`make pictures` writes both anew. The page holds a sum over each drawing, by which a picture that
no longer shows what is drawn is found, and only such pictures are painted again.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

import assets
from app.human import short_count
from graph.cost import costs
from graph.fileio import dumps
from graph.gallery import AnyEntry, entries
from graph.infer import infer
from graph.model import Document
from graph.params import Param, Plain

FOLDER = Path(assets.__file__).parent / "help"
PAGE = FOLDER / "gallery.md"
PICTURES = "gallery"
SIZE_PX = (960, 480)
COLOURS = 256
INTRODUCTION = """\
Every network here is a drawing: *File › New from gallery* opens it in the sizes that you choose,
and `torchloom new NAME --out FILE` writes it into a file. Sizes, parameters and multiply-adds are
those of the network as it was published, for one sample.
"""
_MARK = re.compile(r"<!-- (\S+) ([0-9a-f]+) -->")


def page(shown: Iterable[AnyEntry]) -> str:
    """The text of the page, as Markdown."""
    parts = ["# The gallery", INTRODUCTION]
    for family, of_family in groupby(shown, lambda entry: entry.family):
        parts += [f"## {family.value}", *map(_about, of_family)]
    return "\n".join(parts)


def marks(text: str) -> dict[str, str]:
    """The sum over each drawing, as a page has it, by the name of the entry."""
    return dict(_MARK.findall(text))


def sum_of(document: Document) -> str:
    """A short sum over all that a drawing is."""
    return hashlib.sha256(dumps(document).encode()).hexdigest()[:12]


def picture_of(name: str, theme: str) -> str:
    """Where the picture of an entry lies, seen from the page."""
    return f"{PICTURES}/{name}-{theme}.png"


def _about(entry: AnyEntry) -> str:
    document = entry.build()
    cost = costs(document, infer(document)).total
    facts = (
        f"{sum(len(graph.nodes) for graph in document.graphs()):,} blocks · "
        f"{cost.parameters:,} parameters · {short_count(cost.multiply_adds)} multiply-adds · "
        f"`torchloom new {entry.name}`"
    )
    lines = [
        f"### {entry.title}", "",
        f"<!-- {entry.name} {sum_of(document)} -->", "",
        f"![{entry.title}, drawn]({picture_of(entry.name, 'dark')})", "",
        entry.summary, "",
        facts, "",
        *_table(entry.form.params),
        f"*{entry.source}*", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _table(params: Mapping[str, Param]) -> list[str]:
    """What can be chosen, what it is as published, and what it means."""
    if not params:
        return []
    rows = [
        f"| {name} | {_shown(param.default)} | {param.help} |" for name, param in params.items()
    ]
    return ["| to choose | as published | |", "|---|---|---|", *rows, ""]


def _shown(value: Plain) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def write(folder: Path) -> list[str]:
    """Writes the page and the pictures that it lacks; answers what was painted."""
    from app.start import make_application

    make_application()
    text = page(entries())
    path = folder / PAGE.name
    known = marks(path.read_text("utf-8")) if path.exists() else {}
    wanted = marks(text)
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    painted = []
    for entry in entries():
        if known.get(entry.name) != wanted[entry.name]:
            _paint(entry, folder)
            painted.append(entry.name)
    for picture in (folder / PICTURES).glob("*.png"):
        if picture.stem.rpartition("-")[0] not in wanted:
            picture.unlink()
    path.write_text(text, "utf-8")
    return painted


def _paint(entry: AnyEntry, folder: Path) -> None:
    """Paints an entry in both themes, in few colours, so that the files are small."""
    from PIL import Image, ImageQt

    from app.canvas import render_document
    from app.theme import THEMES

    for theme in ("dark", "light"):
        image = render_document(entry.build(), THEMES[theme], SIZE_PX)
        few = (
            ImageQt.fromqimage(image)
            .convert("RGB")
            .quantize(COLOURS, dither=Image.Dither.NONE, kmeans=1)
        )
        few.save(folder / picture_of(entry.name, theme), optimize=True)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print("\n".join(write(FOLDER)), file=sys.stderr)
