"""Where data comes from: one class for each kind of source, found by scan and by entry point."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import ClassVar

import numpy as np

import backends.data
from backends.data.readers.errors import DataError
from backends.data.reading import DataExport, Reading
from graph.data import DataInfo, DataSpec
from graph.params import Form, Param
from graph.problems import Problem, Severity, UserError

ENTRY_POINTS = "torchloom.data"
CATEGORIES = ("Built in", "Generated", "Your files", "Libraries")


class Cancelled(Exception):
    """Loading was stopped because the person asked for it."""


@dataclass(frozen=True)
class Splits:
    """The arrays of a data set by column name, rows first; `note` says what was left out.

    Images are uint8 (N, C, H, W) and turn into float32 from 0 to 1 where they are used.
    """

    train: dict[str, np.ndarray]
    test: dict[str, np.ndarray]
    note: str = ""


class Source(Form, ABC):
    """A kind of data and its parameters. Subclasses declare parameters like blocks do."""

    kind: ClassVar[str]
    title: ClassVar[str]
    category: ClassVar[str]
    licence: ClassVar[str] = ""
    origin: ClassVar[str] = ""

    @abstractmethod
    def describe(self) -> DataInfo:
        """The columns and rows, from headers alone where the format has them.

        Raises:
            UserError: the data is not there or cannot be used.
        """

    @abstractmethod
    def reading(self) -> Reading:
        """The call that reads the data, the same here and in exported scripts.

        Raises:
            UserError: the data is not there or cannot be used.
        """

    def table_file(self) -> Path | None:
        """The table whose columns a person chooses from; None where there is none.

        Raises:
            UserError: no file is chosen.
        """
        return None

    def code(self) -> str:
        """The Python code of the person that reading runs; empty where it runs none.

        Raises:
            UserError: it cannot be read.
        """
        return ""

    def load(
        self,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Splits:
        """The arrays, some kept apart for the test.

        Args:
            progress: receives the share that is done, now and then.
            cancelled: asked now and then; loading stops when it answers True.

        Raises:
            UserError: the data is not there or cannot be used.
            Cancelled: `cancelled` answered True.
        """

        def report(share: float) -> None:
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(share)

        notes: list[str] = []
        reading = self.reading()
        options: dict[str, object] = {"report": report} if reading.reports else {}
        options |= {"warn": notes.append} if reading.warns else {}
        report(0.0)
        with refusing():
            train, test = reading.call(**options)
        report(1.0)
        notes += self._no_test(train, test)
        return Splits(train, test, " ".join(notes))

    def _no_test(
        self, train: Mapping[str, np.ndarray], test: Mapping[str, np.ndarray]
    ) -> list[str]:
        """Says that no rows are left for the test, where a share of them was to be."""
        share = self.values().get("test_fraction", 0)
        if not isinstance(share, float) or share <= 0 or any(map(len, test.values())):
            return []
        rows = len(next(iter(train.values()), ()))
        text = (
            f"There are no rows for the test, though a share of {share:g} is to be kept for it: "
            f"{rows:,} to train on are all there is. Take more rows, or a larger share."
        )
        return [text]

    def export(self) -> DataExport:
        """What an exported script needs to read the same arrays.

        Raises:
            UserError: the data is not there or cannot be used.
        """
        return self.reading().export()


@contextmanager
def refusing() -> Iterator[None]:
    """Turns what a reader refuses into a `UserError`."""
    try:
        yield
    except DataError as error:
        raise UserError(str(error)) from error
    except MemoryError as error:
        raise UserError(
            "The data does not fit into memory; use fewer rows or smaller images."
        ) from error
    except OSError as error:
        what = f"“{error.filename}”" if error.filename else "The data"
        raise UserError(f"{what} cannot be read: {error.strerror or error}.") from error


@cache
def _found() -> tuple[Mapping[str, type[Source]], tuple[Problem, ...]]:
    kinds: dict[str, type[Source]] = {}
    failures = []
    for info in sorted(pkgutil.iter_modules(backends.data.__path__), key=lambda info: info.name):
        if not info.ispkg and info.name != "source":
            kinds |= sources_in(importlib.import_module(f"backends.data.{info.name}"))
    for entry in entry_points(group=ENTRY_POINTS):
        try:
            loaded = entry.load()
            found = sources_in(loaded) if isinstance(loaded, ModuleType) else {loaded.kind: loaded}
        except (Exception, SystemExit) as error:  # noqa: BLE001  a plug-in may fail in any way
            text = (
                f"The plug-in “{entry.name}” ({entry.value}) could not be loaded: "
                f"{type(error).__name__}: {error}. Its data sources are missing."
            )
            failures.append(Problem("plugin-failed", text, Severity.WARNING))
            continue
        kinds = found | kinds
    ordered = sorted(kinds.values(), key=_menu_order)
    return MappingProxyType({cls.kind: cls for cls in ordered}), tuple(failures)


def sources_in(module: ModuleType) -> dict[str, type[Source]]:
    """The sources that a module itself declares, by kind."""
    return {
        value.kind: value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, Source)
        and not inspect.isabstract(value)
        and value.__module__ == module.__name__
    }


def _menu_order(cls: type[Source]) -> tuple[int, str]:
    known = cls.category in CATEGORIES
    return CATEGORIES.index(cls.category) if known else len(CATEGORIES), cls.title


def sources() -> Mapping[str, type[Source]]:
    """Every kind of source by name: built in, generated, the person's own files, plug-ins."""
    return _found()[0]


def source_failures() -> tuple[Problem, ...]:
    """The plug-ins that could not be loaded."""
    return _found()[1]


def params_of(spec: DataSpec) -> Mapping[str, Param]:
    """The parameters of the source that a document names; none where it is unknown."""
    cls = sources().get(spec.source)
    return cls.params if cls is not None else {}


def source_of(spec: DataSpec) -> Source:
    """The source that a document names.

    Raises:
        UserError: there is no such kind, or a value is refused.
    """
    cls = sources().get(spec.source)
    if cls is None:
        raise UserError(
            f"There is no data source “{spec.source}”; there are {', '.join(sources())}."
        )
    source: Source = cls.build(spec.params)
    return source
