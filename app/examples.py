"""The drawings that the program brings along."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import assets
from graph.fileio import SUFFIX, load
from graph.problems import UserError

log = logging.getLogger(__name__)
FOLDER = Path(assets.__file__).parent / "examples"


@dataclass(frozen=True)
class Example:
    """A drawing to start from."""

    path: Path
    title: str
    description: str


@cache
def examples() -> tuple[Example, ...]:
    """All examples, by title. One that cannot be read is left out."""
    found = []
    for path in sorted(FOLDER.glob(f"*{SUFFIX}")):
        try:
            document = load(path).document
        except UserError as error:
            log.warning("The example %s is left out: %s", path.name, error)
            continue
        found.append(Example(path, document.name, document.description))
    return tuple(found)


def example_at(path: Path) -> Example | None:
    """The example that a path leads to; None where it leads elsewhere."""
    there = path.absolute()
    return next((example for example in examples() if example.path == there), None)
