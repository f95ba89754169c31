"""The call that reads data: made here, or printed for an exported script, never both by hand."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backends.data.paste import pasted
from backends.data.readers.errors import Arrays

LONGEST_LINE = 88


@dataclass(frozen=True)
class DataExport:
    """What an exported script needs to read the same data.

    Attributes:
        code: functions and constants, imports first; needs nothing of ours.
        call: an expression in one line over `code` and `HERE`, the folder of the script, that
            answers `(train, test)`: arrays by column name.
        files: files that the script expects in the folder `data` beside it.
        requirements: packages that `code` imports.
        draws_rows: whether there are columns that say how rows are drawn; their names begin with @.
    """

    code: str
    call: str
    files: tuple[Path, ...] = ()
    requirements: tuple[str, ...] = ("numpy",)
    draws_rows: bool = False


@dataclass(frozen=True)
class Packed:
    """An argument: a file that is copied into exported folders."""

    path: Path


@dataclass(frozen=True)
class Own:
    """An argument: a file or folder of the person, named by a constant in exported scripts."""

    path: Path
    constant: str


@dataclass(frozen=True)
class Cache:
    """An argument: a folder for what is costly to make; beside the script in exported folders."""

    path: Path


@dataclass(frozen=True)
class Reading:
    """A call of a reader function, made here or printed for an exported script.

    Attributes:
        reports: whether the function takes `report` for progress.
        warns: whether it takes `warn` for rows that it leaves out.
        draws_rows: whether its training rows say how they are drawn.
    """

    function: Callable[..., tuple[Arrays, Arrays]]
    arguments: Mapping[str, object] = field(default_factory=dict)
    requirements: tuple[str, ...] = ("numpy",)
    reports: bool = False
    warns: bool = False
    draws_rows: bool = False

    def call(self, **options: object) -> tuple[Arrays, Arrays]:
        """Reads the data here."""
        return self.function(**_actual(self.arguments), **options)

    def export(self) -> DataExport:
        """What a script needs to make the same call; arguments that are defaults are left out."""
        files: list[Path] = []
        constants: dict[str, str] = {}
        defaults = inspect.signature(self.function).parameters
        printed = [
            f"{name}={_printed(value, files, constants)}"
            for name, value in self.arguments.items()
            if value != defaults[name].default
        ]
        lines = "\n".join(f"{name} = {text}" for name, text in constants.items())
        code = pasted(self.function.__module__, lines)
        call = f"{self.function.__name__}({', '.join(printed)})"
        return DataExport(code, call, tuple(files), self.requirements, self.draws_rows)


def _actual(value: object) -> Any:  # Any: whatever a reader's parameter takes
    if isinstance(value, (Packed, Own, Cache)):
        return value.path
    if isinstance(value, Mapping):
        return {name: _actual(held) for name, held in value.items()}
    return tuple(map(_actual, value)) if isinstance(value, tuple) else value


def _printed(value: object, files: list[Path], constants: dict[str, str]) -> str:
    match value:
        case Packed(path):
            files.append(path)
            return f'HERE / "data" / {_quoted(path.name)}'
        case Cache():
            return 'HERE / "cache"'
        case Own(path, constant):
            constants[constant] = _path(constant, _quoted(str(path.absolute())))
            return constant
        case Mapping():
            held = (f"{_quoted(k)}: {_printed(v, files, constants)}" for k, v in value.items())
            return f"{{{', '.join(held)}}}"
        case tuple():
            parts = [_printed(held, files, constants) for held in value]
            return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        case str():
            return _quoted(value)
        case bool() | int() | float() | None:
            return repr(value)
    raise TypeError(f"{value!r} cannot be printed into a script")


def _path(constant: str, quoted: str) -> str:
    """A path as black writes it: a long one on a line of its own."""
    fits = len(f"{constant} = Path({quoted})") <= LONGEST_LINE
    return f"Path({quoted})" if fits else f"Path(\n    {quoted},\n)"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if text.isprintable() else ascii(text)
