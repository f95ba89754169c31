"""A data set that the person wrote in Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from backends.data.files import given_file
from backends.data.readers.own_dataset import code_in, load_own_dataset
from backends.data.reading import DataExport, Own, Reading
from backends.data.source import Source, refusing
from backends.data.splitting import Splitting
from graph import trust
from graph.data import Column, DataInfo
from graph.params import Form, param
from graph.problems import UserError

MOST_CLASSES = 100_000


class CodeChoice(Form):
    """Which file and class."""

    path: str = param(
        default="",
        title="Python file",
        widget="file",
        help="A .py file with a class like torch.utils.data.Dataset: with __len__ and __getitem__, "
        "which answers a pair of input and target, or values by name.",
    )
    name: str = param(
        default="",
        title="Class",
        help="The name of the class; empty where the file has only one. If its constructor takes "
        "train, it is made with train=True and with train=False for the test.",
    )


class OwnDataset(Source, Splitting, CodeChoice):
    """A Dataset class that you wrote in Python; it runs once you have agreed to its code."""

    kind = "own_dataset"
    title = "Dataset class (Python)"
    category = "Your files"

    storage: str = param(
        default="auto",
        choices=("auto", "memory", "stream"),
        help="Where items lie in training: in memory, or made whenever they are needed. Auto takes "
        "memory up to 256 MB.",
    )

    def code(self) -> str:
        """The text of the file, whether or not it may run.

        Raises:
            UserError: there is no such file.
        """
        with refusing():
            return code_in(given_file(self.path, self.title))

    def describe(self) -> DataInfo:
        """The columns, for which the class is made and its items are read once."""
        code = self._agreed()
        path = Path(self.path)
        columns, train, test = _described(self, trust.digest(code))
        return DataInfo(path.name, columns, train, test)

    def reading(self) -> Reading:
        """Runs nothing but what the person has agreed to."""
        digest = trust.digest(self._agreed())
        arguments = {
            "path": Own(given_file(self.path, self.title), "DATA_CODE"),
            "name": self.name.strip(),
            "storage": self.storage,
            **self.split_arguments(),
            "digest": digest,
        }
        return Reading(load_own_dataset, arguments, reports=True, draws_rows=self.draws_rows())

    def export(self) -> DataExport:
        """The exported script runs whatever the file then holds, as scripts do."""
        reading = self.reading()
        arguments = {key: value for key, value in reading.arguments.items() if key != "digest"}
        return replace(reading, arguments=arguments).export()

    def _agreed(self) -> str:
        code = self.code()
        if not trust.is_trusted(code):
            raise UserError(
                f"“{Path(self.path).name}” holds Python code that is not trusted: read it, and "
                "trust it under Data, or add --trust on the command line."
            )
        return code


@lru_cache(maxsize=2)
def _described(source: OwnDataset, digest: str) -> tuple[tuple[Column, ...], int, int]:
    splits = source.load()
    names = [name for name in splits.train if not name.startswith("@")]
    rows = [len(part[names[0]]) for part in (splits.train, splits.test)]
    columns = tuple(_column(name, names, splits.train) for name in names)
    return columns, rows[0], rows[1]


def _column(name: str, names: list[str], train: Mapping[str, np.ndarray]) -> Column:
    """The first column is read, the others are answers; whole numbers are classes."""
    array = train[name]
    is_input = name == names[0]
    dtype = "float32" if array.dtype == np.uint8 else array.dtype.name
    if is_input or array.dtype != np.int64 or array.ndim != 1:
        return Column(name, array.shape[1:], dtype, "input" if is_input else "target")
    values = np.asarray(array)
    low, high = int(np.min(values, initial=0)), int(np.max(values, initial=0))
    if low < 0 or high >= MOST_CLASSES:
        raise UserError(
            f"“{name}” holds class indices from {low} to {high}; they must count from 0. Answer a "
            "floating point number to predict it as a number."
        )
    return Column(name, (), "int64", "target", tuple(map(str, range(high + 1))))
