"""The personal library: composites that a person saved, for use in any drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.i18n import tr
from app.settings import home
from graph.block import Block
from graph.composites.adopting import adopt
from graph.composites.uses import needed
from graph.fileio import SUFFIX, load, save
from graph.kinds import kinds_of
from graph.model import DEFINED, Document
from graph.problems import UserError

LIBRARY = "lib:"


class News(QObject):
    """Tells whoever shows the library.

    Signals:
        changed: it holds something else than before.
    """

    changed = Signal()


news = News()
Prepare = Callable[[Document], Document]


def folder() -> Path:
    """Where the library is."""
    return home() / "library"


def names() -> list[str]:
    """The names of all composites in the library."""
    return sorted(path.stem for path in folder().glob(f"*{SUFFIX}") if path.is_file())


def blocks() -> list[type[Block]]:
    """The composites of the library as kinds of blocks; files that are none are passed over."""
    found = []
    for path in folder().glob(f"*{SUFFIX}"):
        try:
            block = _on_the_shelf(path, path.stat().st_mtime_ns)
        except (UserError, OSError):
            continue
        if block is not None:
            found.append(block)
    return sorted(found, key=lambda block: block.kind.title)


@lru_cache(256)  # so that it is the same kind each time, with what it knows of itself
def _on_the_shelf(path: Path, changed_ns: int) -> type[Block] | None:
    """A composite under the kind that it has in the library."""
    block = kinds_of(_read(path, changed_ns)).find(DEFINED + path.stem)
    if block is None:
        return None
    kind = replace(block.kind, name=LIBRARY + path.stem)
    return type(block.__name__, (block,), {"kind": kind, "__doc__": block.__doc__})


def read(name: str) -> Document:
    """A document with a composite of the library and all that it uses.

    Raises:
        UserError: the file cannot be read, or holds no such composite.
    """
    path = folder() / f"{name}{SUFFIX}"
    try:
        changed_ns = path.stat().st_mtime_ns
    except OSError:
        raise UserError(tr("The library has no composite called {name}.", name=name)) from None
    document = _read(path, changed_ns)
    if name not in document.definitions:
        raise UserError(tr("{path} holds no composite called {name}.", path=path, name=name))
    return document


@lru_cache(256)  # the palette asks for all of them each time it is shown
def _read(path: Path, changed_ns: int) -> Document:
    return load(path).document


def has(name: str) -> bool:
    """Whether the library has a composite of that name."""
    return (folder() / f"{name}{SUFFIX}").exists()


def write(document: Document, name: str) -> Path:
    """Saves a composite of a document with all that it uses, over one of the same name.

    Raises:
        UserError: it cannot be written.
    """
    definitions = document.whole().definitions
    used = needed(definitions, [name])
    highest = max((_number(id) for key in used for id in definitions[key].graph.nodes), default=0)
    kept = Document(
        name=name, definitions={key: definitions[key] for key in used}, next_id=highest + 1
    )
    try:
        folder().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            tr("{path} cannot be made: {why}.", path=folder(), why=error.strerror or error)
        ) from error
    path = folder() / f"{name}{SUFFIX}"
    save(kept, path)
    news.changed.emit()
    return path


def _number(id: str) -> int:
    return int(id[1:]) if id[1:].isdecimal() else 0


def delete(name: str) -> None:
    """Takes a composite out of the library; drawings that use it keep theirs.

    Raises:
        UserError: its file cannot be removed.
    """
    path = folder() / f"{name}{SUFFIX}"
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            tr("{path} cannot be removed: {why}.", path=path, why=error.strerror or error)
        ) from error
    news.changed.emit()


def brought(document: Document, kind: str) -> tuple[str, Prepare]:
    """The kind that a block has in a document, and the edit that brings its definition along.

    For kinds that are not of the library that edit changes nothing.

    Raises:
        UserError: the library no longer has it.
    """
    if not kind.startswith(LIBRARY):
        return kind, _unchanged
    name = kind.removeprefix(LIBRARY)
    definitions = list(read(name).definitions.values())
    called = adopt(document, definitions)[1]
    return DEFINED + called[name], lambda now: adopt(now, definitions)[0]


def _unchanged(document: Document) -> Document:
    return document
