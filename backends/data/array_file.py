"""The person's NPY, NPZ and safetensors files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backends.data.files import given_file
from backends.data.readers.arrays import (
    Header,
    array_headers,
    as_input,
    as_target,
    is_class_index,
    load_arrays,
    read_array,
)
from backends.data.reading import Own, Reading
from backends.data.source import Source, refusing
from backends.data.splitting import WITHOUT_COLUMNS, Splitting
from graph.data import Column, DataInfo, Role
from graph.params import Form, param
from graph.problems import UserError

TRAIN_ENDING, TEST_ENDING = "_train", "_test"
USUAL_TARGETS = ("y", "target", "targets", "label", "labels")
MOST_CLASSES = 100_000

Place = tuple[Own, str]


@dataclass(frozen=True)
class Layout:
    """Which array of which file each column comes from, with its header."""

    train: dict[str, Place]
    test: dict[str, Place]
    headers: dict[str, Header]
    targets: tuple[str, ...]
    group: Place | None = None


class ArrayChoice(Form):
    """Which arrays of which files; forms show this before how rows are parted."""

    path: str = param(
        default="",
        title="File",
        widget="file",
        help="An .npz or .safetensors file with its arrays, or an .npy file with the inputs. "
        "Arrays x_train, y_train, x_test and y_test become the columns x and y of both parts.",
    )
    target_path: str = param(
        default="",
        title="Target file",
        widget="file",
        help="An .npy file with the targets, where they are not in the first file.",
    )
    target: str = param(
        default="",
        title="Target array",
        help="The name of the array to predict; empty for one called y, target or labels.",
    )
    layout: str = param(
        default="auto",
        choices=("auto", "as stored"),
        title="Image axes",
        help="Auto gives uint8 images a channel axis where they have none, and puts it first.",
    )


class ArrayFile(Source, Splitting, ArrayChoice):
    """Arrays saved by numpy: a file with inputs and targets, or an NPY file for each."""

    kind = "npy"
    title = "Arrays (NPY, NPZ, safetensors)"
    category = "Your files"

    split: str = param(
        default="auto",
        choices=(*WITHOUT_COLUMNS, "by group"),
        help="Which rows test and validate, where no arrays end in _test. Auto keeps the same "
        "share of each class for the test and validates at random; by group keeps rows together.",
    )
    group: str = param(
        default="",
        title="Group array",
        help="The array, of a number for each row, whose equal rows stay together; it is no input.",
        show_if=lambda form: form.split == "by group",
    )

    def describe(self) -> DataInfo:
        """The columns, from headers; of the data only class indices are read."""
        layout = self._layout()
        columns = tuple(
            self._target(layout, name) if name in layout.targets else self._input(layout, name)
            for name in layout.train
        )
        total = _rows(layout.headers, tuple(layout.train))
        if layout.test:
            test = _rows(self._headers(), tuple(n for _, n in layout.test.values()))
            return DataInfo(Path(self.path).name, columns, total, test)
        with refusing():
            apart = self.split_of().test_rows(total)
        rows = None if apart is None else total - apart
        return DataInfo(Path(self.path).name, columns, rows, apart)

    def reading(self) -> Reading:
        """Names the file and array of every column."""
        layout = self._layout()
        arguments = {
            "train": layout.train,
            "test": layout.test,
            "targets": layout.targets,
            "layout": self.layout,
            **self.split_arguments(),
            "group": layout.group,
        }
        return Reading(load_arrays, arguments, draws_rows=self.draws_rows())

    def _headers(self) -> dict[str, Header]:
        with refusing():
            return array_headers(given_file(self.path, self.title))

    def _layout(self) -> Layout:
        layout = self._places()
        for name, (shape, _) in layout.headers.items():
            if name.startswith("@"):
                raise UserError(
                    f"The array “{name}” begins with @, which says how rows are drawn; save it "
                    "under another name."
                )
            if 0 in shape[1:]:
                raise UserError(
                    f"The array “{name}” has the shape {shape}, so that its rows hold nothing; "
                    "every size but the first must be at least 1."
                )
        return layout

    def _places(self) -> Layout:
        own = Own(given_file(self.path, self.title), "DATA_FILE")
        held = self._headers()
        group = self._group(own, held)
        held = {name: header for name, header in held.items() if group is None or name != group[1]}
        train = {_column_name(name): (own, name) for name in held if not name.endswith(TEST_ENDING)}
        test = {_column_name(name): (own, name) for name in held if name.endswith(TEST_ENDING)}
        headers = {column: held[name] for column, (_, name) in train.items()}
        if self.target_path.strip():
            target_file = Own(given_file(self.target_path, self.title), "TARGET_FILE")
            with refusing():
                found = array_headers(target_file.path)
            name = self.target.strip() or next(iter(found))
            if name not in found:
                raise _no_array(target_file.path, name, found)
            train["y"], headers["y"] = (target_file, name), found[name]
            return Layout(train, {}, headers, ("y",), group)
        if not train:
            raise UserError(f"“{own.path.name}” has only arrays for the test: {', '.join(held)}.")
        if test and set(test) != set(train):
            raise UserError(
                f"“{own.path.name}” has the columns {', '.join(train)} to train on, but "
                f"{', '.join(test)} to test with; both need the same."
            )
        wanted = self.target.strip()
        if wanted and _column_name(wanted) not in train:
            raise _no_array(own.path, wanted, held)
        usual = next((name for name in train if name.lower() in USUAL_TARGETS), "")
        answer = _column_name(wanted) if wanted else usual
        if answer and len(train) == 1:
            raise UserError(
                f"“{own.path.name}” has only the array “{answer}”; there is nothing to predict it "
                "from. Choose a target file, or save inputs and targets in one NPZ file."
            )
        return Layout(train, test, headers, (answer,) if answer else (), group)

    def _group(self, own: Own, held: dict[str, Header]) -> Place | None:
        """The array of groups, where rows are parted by them."""
        name = self.group.strip()
        if self.split != "by group":
            return None
        if not name:
            raise UserError("Name the group array, or part the rows in another way.")
        if name not in held:
            raise _no_array(own.path, name, held)
        return own, name

    def _input(self, layout: Layout, name: str) -> Column:
        shape, dtype = layout.headers[name]
        sample = as_input(np.zeros((0, *shape[1:]), dtype), self.layout)
        seen = "float32" if sample.dtype == np.uint8 else sample.dtype.name
        return Column(name, sample.shape[1:], seen, "input", help=_what(shape, dtype))

    def _target(self, layout: Layout, name: str) -> Column:
        shape, dtype = layout.headers[name]
        role: Role = "target"
        if not is_class_index(shape, dtype):
            sample = as_target(np.zeros((0, *shape[1:]), dtype))
            return Column(name, sample.shape[1:], "float32", role, help=_what(shape, dtype))
        own, stored = layout.train[name]
        with refusing():
            labels = as_target(read_array(own.path, stored))
        low, high = int(np.min(labels, initial=0)), int(np.max(labels, initial=0))
        if low < 0 or high >= MOST_CLASSES:
            raise UserError(
                f"The target “{name}” holds class indices from {low} to {high}; they must count "
                "from 0. Save it as floating point numbers to predict it as a number."
            )
        classes = tuple(map(str, range(high + 1)))
        return Column(name, (), "int64", role, classes, _what(shape, dtype))


def _column_name(name: str) -> str:
    return name.removesuffix(TRAIN_ENDING).removesuffix(TEST_ENDING)


def _what(shape: tuple[int, ...], dtype: np.dtype) -> str:
    return f"{'×'.join(map(str, shape))} {dtype.name}"


def _rows(headers: dict[str, Header], names: tuple[str, ...]) -> int:
    rows = {name: headers[name][0][0] for name in names}
    if len(set(rows.values())) > 1:
        counts = ", ".join(f"“{name}” has {count:,}" for name, count in rows.items())
        raise UserError(f"The arrays differ in their number of rows: {counts}.")
    count = next(iter(rows.values()))
    if count < 1:
        raise UserError(f"The arrays {', '.join(rows)} have no rows.")
    return count


def _no_array(path: Path, name: str, held: dict[str, Header]) -> UserError:
    return UserError(f"“{path.name}” has no array “{name}”; it has {', '.join(held)}.")
