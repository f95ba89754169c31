"""How a document names its data, and what is known of a data set without reading its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from graph.params import Value

Role = Literal["input", "target"]


@dataclass(frozen=True)
class Column:
    """One named array of a data set, as a drawing sees it.

    Attributes:
        shape: the shape of one row, without the batch axis.
        dtype: what the model receives; images stored as uint8 arrive as float32.
        classes: the names of the classes, in the order of their indices; empty for numbers.
        follows: the input column that holds the same sequence one place earlier, where there is
            one: a model that answers this column can write it, place by place.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    role: Role
    classes: tuple[str, ...] = ()
    help: str = ""
    follows: str = ""


@dataclass(frozen=True)
class DataInfo:
    """What a data set holds.

    Attributes:
        rows: rows to train on, validation included; None where only reading them all would tell.
        test_rows: rows kept apart for the test; None likewise.
        note: what a person should know, such as rows that were left out.
    """

    title: str
    columns: tuple[Column, ...]
    rows: int | None
    test_rows: int | None
    note: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name; None where there is none."""
        return next((column for column in self.columns if column.name == name), None)

    def inputs(self) -> tuple[Column, ...]:
        """The columns a model may read."""
        return tuple(column for column in self.columns if column.role == "input")

    def targets(self) -> tuple[Column, ...]:
        """The columns a model should answer."""
        return tuple(column for column in self.columns if column.role == "target")


@dataclass(frozen=True)
class StepSpec:
    """A step between the data and the model: its kind, its values, and whether it is on.

    `params` and `extra` are as in `DataSpec`; a kind that this version does not know is kept, too.
    """

    kind: str
    params: Mapping[str, Value] = field(default_factory=dict)
    on: bool = True
    extra: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __reduce__(self) -> tuple[type[StepSpec], tuple[object, ...]]:
        # as in DataSpec
        return StepSpec, (self.kind, dict(self.params), self.on, self.extra)


@dataclass(frozen=True)
class DataSpec:
    """Which kind of source a document takes its data from, and the values of its parameters.

    `steps` change the rows in their order, before the model receives them. `params` holds what
    differs from the declared defaults and is checked only when used, so that a file with a wrong
    value opens. `extra` holds keys of the file that this version does not know.
    """

    source: str = "digits"
    params: Mapping[str, Value] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)
    steps: tuple[StepSpec, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __reduce__(self) -> tuple[type[DataSpec], tuple[object, ...]]:
        # a read-only view cannot be pickled, but a spec travels to worker processes
        return DataSpec, (self.source, dict(self.params), self.extra, self.steps)

    @property
    def called(self) -> str:
        """What tells it from other data in a list: its file or folder by name, or its source."""
        place = str(self.params.get("path") or self.params.get("folder") or "").rstrip("/\\")
        return place.replace("\\", "/").rpartition("/")[2] or self.source
