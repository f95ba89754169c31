"""Data sets of Hugging Face, by name or from a folder."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from backends.data.readers.huggingface import load_huggingface, open_huggingface
from backends.data.reading import Reading
from backends.data.source import Source, refusing
from backends.data.splitting import Splitting
from backends.data.texts import Tokens
from graph.data import Column, DataInfo
from graph.params import Form, Size2, param
from graph.problems import UserError


class HubChoice(Form):
    """Which data set, and which of its columns."""

    name: str = param(
        default="",
        title="Data set",
        help="Its name, such as ylecun/mnist, or the path of a folder that save_to_disk wrote.",
    )
    config: str = param(
        default="", title="Configuration", help="Which of its configurations; empty for its first."
    )
    read: str = param(
        default="",
        title="Learn from",
        help="The column of images, numbers or texts; empty for its first.",
    )
    target: str = param(
        default="", title="Target column", help="The column to predict; empty for one of classes."
    )
    train_part: str = param(default="train", title="Training part", help="Which part to train on.")
    test_part: str = param(
        default="test",
        title="Test part",
        help="Which part tests; where there is none, some rows are kept for it.",
    )
    download: bool = param(
        default=False, help="Fetch it from the net where it was not fetched before."
    )
    size: Size2 = param(
        default=(32, 32), ge=1, le=4096, unit="px", help="Height and width of every image."
    )
    colour: bool = param(default=True, help="Images in colour, or their brightness alone.")


class HuggingFace(Source, Splitting, Tokens, HubChoice):
    """A data set of Hugging Face, downloaded if you wish: images, numbers or texts."""

    kind = "huggingface"
    title = "Hugging Face"
    category = "Libraries"
    origin = "the authors of each data set, by way of the package datasets"

    def describe(self) -> DataInfo:
        """The columns x and y; the data set is opened, and texts are read once."""
        parts = self._parts()
        read, target, classes = self._columns(parts)
        train = parts[self.train_part]
        first = train[0][read]
        y = (
            Column("y", (), "int64", "target", classes, target)
            if classes
            else Column("y", (1,), "float32", "target", (), target)
        )
        tested = self.test_part in parts
        if isinstance(first, str):
            pieces, rows, test = _tokens(self)
            x = Column("x", (self.length,), "int64", "input", pieces, read)
            return DataInfo(self.name, (x, y), rows, test)
        if hasattr(first, "getbands"):
            x = Column("x", (3 if self.colour else 1, *self.size), "float32", "input", help=read)
        else:
            shape, dtype = _shape(first)
            x = Column("x", shape, dtype, "input", help=read)
        total = len(train)
        with refusing():
            test = len(parts[self.test_part]) if tested else self.split_of().test_rows(total) or 0
        return DataInfo(self.name, (x, y), total if tested else total - test, test)

    def reading(self) -> Reading:
        """Names the columns, so that an exported script finds nothing by guessing."""
        read, target, classes = self._columns(self._parts())
        arguments = {
            **{name: getattr(self, name) for name in HubChoice.params},
            "read": read,
            "target": target,
            "classes": len(classes),
            **self.token_arguments(),
            **self.split_arguments(),
        }
        needed: tuple[str, ...] = ("numpy", "pillow", "datasets")
        needed += ("tokenizers",) if self.unit == "bpe" else ()
        return Reading(
            load_huggingface, arguments, needed, reports=True, draws_rows=self.draws_rows()
        )

    def _parts(self) -> Any:  # Any: the package has its own dictionary of parts
        if not self.name.strip():
            raise UserError("Name a data set of Hugging Face, such as ylecun/mnist.")
        with refusing():
            parts = open_huggingface(self.name.strip(), self.config.strip(), self.download)
        if self.train_part not in parts:
            raise UserError(
                f"“{self.name}” has no part “{self.train_part}”; it has {', '.join(parts)}."
            )
        return parts

    def _columns(self, parts: Any) -> tuple[str, str, tuple[str, ...]]:
        """The columns to read and to predict, and the classes of the latter."""
        features = parts[self.train_part].features
        labelled = [name for name, kind in features.items() if hasattr(kind, "names")]
        target = self.target.strip() or next(iter(labelled), "")
        for name in (target, self.read.strip()):
            if name and name not in features:
                raise UserError(
                    f"“{name}” is no column of “{self.name}”; it has {', '.join(features)}."
                )
        if not target:
            raise UserError(f"Name the column to predict; “{self.name}” has {', '.join(features)}.")
        read = self.read.strip() or next(name for name in features if name != target)
        classes = tuple(getattr(features[target], "names", ()))
        return read, target, classes


def _shape(value: Any) -> tuple[tuple[int, ...], str]:
    """The shape and type of numbers in lists."""
    if isinstance(value, (list, tuple)) and value:
        inner, dtype = _shape(value[0])
        return (len(value), *inner), dtype
    return (), "int64" if isinstance(value, int) and not isinstance(value, bool) else "float32"


@lru_cache(maxsize=2)
def _tokens(source: HuggingFace) -> tuple[tuple[str, ...], int, int]:
    told: list[tuple[str, ...]] = []
    with refusing():
        train, test = source.reading().call(tell=told.append)
    return told[0], len(train["x"]), len(test["x"])
