"""The person's IDX files, such as MNIST and Fashion-MNIST as published."""

from __future__ import annotations

import numpy as np

from backends.data.files import given_folder
from backends.data.readers.idx import check_idx_shapes, find_idx, load_idx, read_idx
from backends.data.reading import Own, Reading
from backends.data.source import Source, refusing
from backends.data.splitting import Splitting
from graph.data import Column, DataInfo
from graph.params import Form, param


class IdxChoice(Form):
    """Which folder; forms show this before how rows are parted."""

    folder: str = param(
        default="",
        widget="folder",
        help="The folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and the t10k files, "
        "packed as .gz or not.",
    )


class Idx(Source, Splitting, IdxChoice):
    """A folder with images and labels in IDX files, as MNIST and Fashion-MNIST are published."""

    kind = "idx"
    title = "IDX files (MNIST)"
    category = "Your files"

    def describe(self) -> DataInfo:
        """The columns x and y; of the images only headers are read."""
        folder = given_folder(self.folder, self.title)
        with refusing():
            files = find_idx(folder)
            shapes = check_idx_shapes(files)
            labels = [read_idx(files[part, "labels"]) for part in shapes]
            total, height, width = shapes["train"]
            apart = self.split_of().test_rows(total) or 0
        test = shapes["test"][0] if "test" in shapes else apart
        rows = total if "test" in shapes else total - test
        classes = 1 + max(int(np.max(held, initial=0)) for held in labels)
        columns = (
            Column("x", (1, height, width), "float32", "input", help="Brightness from 0 to 1."),
            Column("y", (), "int64", "target", tuple(map(str, range(classes))), "The class."),
        )
        note = "" if "test" in shapes else f"No test files: {test:,} images are kept for the test."
        return DataInfo(folder.name, columns, rows, test, note)

    def reading(self) -> Reading:
        """Maps the files into memory where they are not packed."""
        arguments = {
            "folder": Own(given_folder(self.folder, self.title), "DATA_FOLDER"),
            **self.split_arguments(),
        }
        return Reading(load_idx, arguments, draws_rows=self.draws_rows())
