"""What the commands share: reading a drawing, and answering people or programs."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from app import trusted
from app.data_code import code_of
from app.derived import problems_of
from app.description import describe, failed_sources
from app.i18n import tr
from backends.probing import settled
from graph import trust
from graph.code_edits import classes_in, untrusted
from graph.data import DataInfo
from graph.fileio import load
from graph.infer import Typing
from graph.model import Document
from graph.pictures import is_picture, load_picture
from graph.problems import Problem, Severity, UserError
from graph.registry import default_registry

FINE, FAILED, WRONG_USAGE = 0, 1, 2


@dataclass(frozen=True)
class Opened:
    """A drawing that was read, typed and checked against its data."""

    document: Document
    typing: Typing
    data: DataInfo | None
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        """What keeps the model from running."""
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]


def open_file(path: Path, trust_code: bool = False) -> Opened:
    """Reads a drawing and finds its problems; odd things about the file go to stderr.

    Args:
        trust_code: whether the Python code in it may run, this time, as what was trusted before.

    Raises:
        UserError: the file cannot be read.
    """
    loaded = load_picture(path) if is_picture(path) else load(path)
    for note in loaded.notes:
        say(note)
    document = loaded.document
    trusted.load()
    if trust_code:
        trust.agree(trust.digest(written.source) for _, written in classes_in(document))
        data_code = code_of(document.data)
        trust.agree([trust.digest(data_code.source)] if data_code else [])
    names = ", ".join(written.name for written in untrusted(document))
    if names:
        say(tr("The drawing holds Python code that is not trusted: {names}. Read it, and add "
               "--trust to let it run this time.", names=names))  # fmt: skip
    typing = settled(document)
    data: DataInfo | None = None
    wrong: list[Problem] = []
    try:
        data = describe(document.data)
    except UserError as error:
        wrong.append(Problem("data", str(error)))
    wrong += failed_sources()
    problems = problems_of(document, typing, default_registry(), data, wrong)
    return Opened(document, typing, data, problems)


def open_runnable(path: Path, trust_code: bool = False) -> Opened:
    """Reads a drawing that must be free of errors.

    Raises:
        UserError: it has some; the text names them all.
    """
    opened = open_file(path, trust_code)
    if opened.errors:
        lines = "\n".join(f"  {problem.text}" for problem in opened.errors)
        raise UserError(tr("{name} is not ready:\n{lines}", name=path.name, lines=lines))
    return opened


def say(text: str) -> None:
    """Tells a person something, beside the answer."""
    print(text, file=sys.stderr, flush=True)


def answer_json(value: object) -> None:
    """Prints the answer for programs: one line of JSON."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    ascii_only = not encoding.lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=ascii_only, allow_nan=False), flush=True)


def add_file(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Declares the drawing, or several of them, that a command reads."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="+" if several else None,
        metavar="FILE",
        help=tr("a drawing (*.loom), or a picture with one in it"),
    )
    parser.add_argument(
        "--trust", action="store_true", help=tr("let the Python code in the drawing run, this time")
    )
