"""A first look at a data source: rows of a table, or pictures. Called off the UI thread.

What reads data is imported in the functions, since the window starts without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.column_lists import kind_of, parted_columns
from app.human import grouped
from app.i18n import tr, tr_count
from app.training.preview_cells import cells_of
from graph.data import Column, DataInfo, DataSpec

if TYPE_CHECKING:
    from backends.data.csv_survey import CsvColumn, Survey
    from backends.data.source import Source

ROWS = 50
PICTURES = 48
SMALLEST_SIDE = 4
LEAST_BANDS = 16


@dataclass(frozen=True)
class Heading:
    """The head of a column: its name, what it holds, and whether it is the target."""

    name: str
    kind: str
    gaps: str = ""
    is_target: bool = False


@dataclass(frozen=True)
class TablePreview:
    """The first rows of a table; `can_choose` is whether another column may be the target."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    can_choose: bool = False


@dataclass(frozen=True)
class Picture:
    """An image as bytes (H, W, C): brightness, or red, green and blue."""

    pixels: np.ndarray
    label: str


@dataclass(frozen=True)
class PicturesPreview:
    """Some of the images."""

    pictures: tuple[Picture, ...]
    note: str = ""


Preview = TablePreview | PicturesPreview


def source_classes() -> Mapping[str, type[Source]]:
    """Every kind of data source, in the order of the menu."""
    from backends.data.source import sources

    return sources()


def column_names(spec: DataSpec) -> tuple[str, ...]:
    """The columns of the table that a source reads from a file; empty where it reads none.

    Raises:
        UserError: the file cannot be used.
    """
    found = _survey_of(spec)
    return found.names() if found else ()


def preview(
    spec: DataSpec, report: Callable[[float], None], cancelled: Callable[[], bool]
) -> Preview:
    """A first look at the data.

    Raises:
        UserError: the data is not there or cannot be used.
        Cancelled: `cancelled` answered True.
    """
    from backends.data.csv_file import CsvFile
    from backends.data.image_folder import ImageFolder
    from backends.data.source import source_of

    found = _survey_of(spec)
    if found is not None:
        return _table(found, _targets_of(spec), spec, can_choose=spec.source == CsvFile.kind)
    source = source_of(spec)
    if isinstance(source, ImageFolder):
        return _folder(source)
    info = source.describe()
    train = source.load(report, cancelled).train
    pixels = _image_column(info, train)
    return _pictures(info, train, pixels) if pixels else _numbers(info, train)


def _survey_of(spec: DataSpec) -> Survey | None:
    """What a table's file holds, whether or not a target is chosen yet."""
    from backends.data.csv_survey import survey
    from backends.data.source import source_of
    from backends.data.table import TableSource

    source = source_of(spec)
    path = source.table_file()
    if path is not None:
        header = {"yes": True, "no": False}.get(str(source.values().get("header")))
        return survey(path, header)
    return source.plan().survey if isinstance(source, TableSource) else None


def _targets_of(spec: DataSpec) -> tuple[str, ...]:
    from backends.data.csv_file import CsvFile
    from backends.data.source import source_of
    from backends.data.table import TableSource

    source = source_of(spec)
    if isinstance(source, CsvFile):
        return source.target.strip(), *parted_columns(source.more_targets)
    return (source.plan().target.name,) if isinstance(source, TableSource) else ()


def _table(
    found: Survey, targets: Sequence[str], spec: DataSpec, *, can_choose: bool
) -> TablePreview:
    answers = [found.find(target) for target in targets if target]
    said = str(spec.params.get("kinds", ""))
    headings = tuple(
        Heading(
            column.name,
            _kind_text(column, kind_of(said, column.name)),
            _gaps_text(column),
            any(column is answer for answer in answers),
        )
        for column in found.columns
    )
    note = tr("{n} rows", n=grouped(found.rows))
    if found.rows > ROWS:
        note += " · " + tr("the first {n} are shown", n=ROWS)
    return TablePreview(headings, found.head[:ROWS], note, can_choose)


def _kind_text(column: CsvColumn, said: str = "") -> str:
    if said:
        return tr("left out") if said == "ignore" else tr(said)
    kind = tr(column.kind)
    if column.kind in ("category", "text"):
        from backends.data.csv_survey import MOST_DISTINCT  # with numpy, which is late

        if column.distinct >= MOST_DISTINCT:
            return f"{kind}, " + tr("{n} values or more", n=grouped(column.distinct))
        return f"{kind}, {tr_count(column.distinct, '1 value', '{n} values')}"
    return kind


def _gaps_text(column: CsvColumn) -> str:
    return tr_count(column.missing, "1 gap", "{n} gaps") if column.missing else ""


def _folder(source: Source) -> PicturesPreview:
    """Some images of each class, read without reading all the others."""
    from backends.data.files import given_folder
    from backends.data.image_folder import ImageFolder
    from backends.data.readers.listing import list_files, part_listing
    from backends.data.readers.pixels import decode
    from backends.data.source import refusing

    assert isinstance(source, ImageFolder)
    with refusing():
        folder = given_folder(source.folder, source.title)
        classes, listing, tests = list_files(folder)
        train, _, _ = part_listing(listing, tests, source.split_of())
        every = max(len(train) // PICTURES, 1)
        made = []
        for path, index in train[::every][:PICTURES]:
            pixels = decode(path, source.look())
            if not isinstance(pixels, str):
                made.append(_picture(pixels, classes[index]))
    return PicturesPreview(tuple(made), tr_count(len(train), "1 image", "{n} images"))


def _image_column(info: DataInfo, arrays: Mapping[str, np.ndarray]) -> Column | None:
    for column in info.inputs():
        shape = column.shape
        is_image = len(shape) == 3 and shape[0] in (1, 3) and min(shape[1:]) >= SMALLEST_SIDE
        if (is_image or _is_spectrogram(column)) and column.name in arrays:
            return column
    return None


def _is_spectrogram(column: Column) -> bool:
    """Whether a row has so many numbers at so many times that only a picture tells of them."""
    is_wide = len(column.shape) == 2 and min(column.shape) >= LEAST_BANDS
    return is_wide and column.dtype == "float32"


def _pictures(info: DataInfo, arrays: Mapping[str, np.ndarray], column: Column) -> PicturesPreview:
    images = arrays[column.name]
    labels = (target for target in info.targets() if target.classes and not target.shape)
    target = next(labels, None)
    made = []
    count = min(PICTURES, len(images))
    for place in range(count):
        row = place * len(images) // count  # from all over: rows may be in order of their classes
        label = ""
        if target is not None:
            label = target.classes[int(arrays[target.name][row])]
        made.append(_picture(np.asarray(images[row]), label))
    return PicturesPreview(tuple(made), tr("{n} of {total}", n=len(made),
                                           total=grouped(len(images))))  # fmt: skip


def _picture(values: np.ndarray, label: str) -> Picture:
    """An image (C, H, W), or a spectrogram (T, F) from left to right, low tones below."""
    from backends.data.pictured import as_pixels, heat_pixels

    return Picture(heat_pixels(values) if values.ndim == 2 else as_pixels(values)[:, :, :3], label)


def _numbers(info: DataInfo, arrays: Mapping[str, np.ndarray]) -> TablePreview:
    """The first rows of arrays, an array's numbers side by side."""
    headings: list[Heading] = []
    parts: list[list[str]] = [[] for _ in range(ROWS)]
    total = 0
    for column in info.columns:
        total = len(arrays[column.name])
        heads, cells = cells_of(column, np.asarray(arrays[column.name][:ROWS]))
        headings += [Heading(name, kind, "", column.role == "target") for name, kind in heads]
        for row, more in zip(parts, cells, strict=False):
            row += more
    rows = tuple(tuple(row) for row in parts[: min(ROWS, total)])
    note = tr("{n} rows to train on", n=grouped(total))
    if total > ROWS:
        note += " · " + tr("the first {n} are shown", n=ROWS)
    return TablePreview(tuple(headings), rows, note)
