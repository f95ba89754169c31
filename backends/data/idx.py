"""The person's IDX files, such as MNIST and Fashion-MNIST as published."""

from __future__ import annotations

import numpy as np

from backends.data.files import given_folder
from backends.data.readers.idx import check_idx_shapes, find_idx, load_idx, read_idx
from backends.data.readers.split import rows_for_test
from backends.data.reading import Own, Reading
from backends.data.source import Source, refusing
from graph.data import Column, DataInfo
from graph.params import param


class Idx(Source):
    """A folder with images and labels in IDX files, as MNIST and Fashion-MNIST are published."""

    kind = "idx"
    title = "IDX files (MNIST)"
    category = "Your files"

    folder: str = param(
        default="",
        widget="folder",
        help="The folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and the t10k files, "
        "packed as .gz or not.",
    )
    test_fraction: float = param(
        default=0.2,
        ge=0,
        le=0.9,
        title="Test share",
        help="The share of rows kept for the test where the folder has no t10k files.",
    )
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Which rows are drawn for the test.")

    def describe(self) -> DataInfo:
        """The columns x and y; of the images only headers are read."""
        folder = given_folder(self.folder, self.title)
        with refusing():
            files = find_idx(folder)
            shapes = check_idx_shapes(files)
            labels = [read_idx(files[part, "labels"]) for part in shapes]
        total, height, width = shapes["train"]
        test = shapes["test"][0] if "test" in shapes else rows_for_test(total, self.test_fraction)
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
            "test_fraction": self.test_fraction,
            "seed": self.seed,
        }
        return Reading(load_idx, arguments)
