"""Which blocks there are: the built-in ones by scan, others by entry point."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import graph.blocks
from graph.block import Block, Category
from graph.model import Node
from graph.problems import Problem, Severity

ENTRY_POINTS = "torchloom.blocks"
METADATA = (".dist-info", ".egg-info")


@dataclass(frozen=True)
class Registry:
    """All known blocks by kind name, and the plug-ins that could not be loaded."""

    kinds: Mapping[str, type[Block]]
    failures: tuple[Problem, ...] = ()

    def find(self, kind: str) -> type[Block] | None:
        """The block class of that name or former name; None where it is unknown."""
        return self.kinds.get(kind)

    def of(self, node: Node) -> type[Block] | None:
        """The block class of a node, whose parameters may say what ports and parameters it has."""
        found = self.kinds.get(node.kind)
        return found.shaped_by(node.params, {}) if found else None

    def blocks(self) -> list[type[Block]]:
        """Every block once, in the order of the palette."""
        found = {cls.kind.name: cls for cls in self.kinds.values()}
        return list(found.values())


def blocks_in(module: ModuleType) -> list[type[Block]]:
    """The blocks that a module itself declares, in the order of its text."""
    return [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, Block)
        and "kind" in vars(value)
        and value.__module__ == module.__name__
    ]


def _built_in() -> Iterator[type[Block]]:
    for info in sorted(pkgutil.iter_modules(graph.blocks.__path__), key=lambda info: info.name):
        yield from blocks_in(importlib.import_module(f"graph.blocks.{info.name}"))


def _plugged_in() -> tuple[list[type[Block]], list[Problem]]:
    found: list[type[Block]] = []
    failures: list[Problem] = []
    if not may_declare(ENTRY_POINTS):
        return found, failures
    from importlib.metadata import entry_points

    for entry in entry_points(group=ENTRY_POINTS):
        try:
            loaded = entry.load()
            found += blocks_in(loaded) if isinstance(loaded, ModuleType) else [_declared(loaded)]
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plug-in may fail in any way
            failures.append(_failure(entry.name, entry.value, error))
    return found, failures


def may_declare(group: str) -> bool:
    """Whether an installed package may declare entry points of this group.

    The standard library knows for sure, but its module takes ten times as long to be imported as
    it takes to look into these folders, and nearly always there is nothing to be found.
    """
    for folder in sys.path:
        try:
            packages = [path for path in Path(folder).iterdir() if path.suffix in METADATA]
        except NotADirectoryError:
            return True  # an archive, which may hold packages, too
        except OSError:
            continue
        for package in packages:
            try:
                text = (package / "entry_points.txt").read_text("utf-8", "replace")
            except OSError:
                continue  # most packages declare nothing
            if group in text:
                return True
    return False


def _declared(loaded: object) -> type[Block]:
    if inspect.isclass(loaded) and issubclass(loaded, Block) and "kind" in vars(loaded):
        return loaded
    raise TypeError(f"it should name a module or a block, but names {loaded!r:.80}")


def _failure(name: str, value: str, error: BaseException) -> Problem:
    text = (
        f"The plug-in “{name}” ({value}) could not be loaded: {type(error).__name__}: {error}. "
        "Its blocks are missing; drawings that use them keep them as unknown blocks."
    )
    return Problem("plugin-failed", text, Severity.WARNING)


def registry_of(blocks: list[type[Block]], failures: tuple[Problem, ...] = ()) -> Registry:
    """A registry of just these blocks; the first of two with the same name wins."""
    kinds: dict[str, type[Block]] = {}
    clashes = []
    for cls in blocks:
        if cls.kind.name in kinds:
            text = (
                f"Two blocks are called “{cls.kind.name}”; "
                f"the one from {cls.__module__} is left out."
            )
            clashes.append(Problem("duplicate-block", text, Severity.WARNING))
            continue
        for name in (cls.kind.name, *cls.kind.was):
            kinds.setdefault(name, cls)
    return Registry(kinds, (*failures, *clashes))


@cache
def default_registry() -> Registry:
    """The blocks of this installation: built-in first, then those of plug-ins."""
    plugged, failures = _plugged_in()
    return registry_of([*sorted(_built_in(), key=_palette_order), *plugged], tuple(failures))


def _palette_order(cls: type[Block]) -> int:
    return list(Category).index(cls.kind.category)
