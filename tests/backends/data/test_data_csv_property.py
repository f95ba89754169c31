"""Any table that is written comes back as it was."""

import csv

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.data.csv_survey import preview
from backends.data.readers.cells import is_gap
from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError

finite = st.floats(-(2.0**100), 2.0**100, width=32)
words = st.text(st.characters(codec="utf-8", categories=("L", "Nd")), min_size=1, max_size=8)
categories = st.lists(
    words.filter(lambda w: not is_gap(w) and not w[0].isdigit()),
    min_size=2,
    max_size=4,
    unique=True,
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(finite, finite, st.integers(0, 3)), min_size=12, max_size=40),
    categories,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_tables_round_trip(tmp_path_factory, rows, names, delimiter, encoding):
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    labels = [names[i % len(names)] for i, _ in enumerate(rows)]
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["left value", "right, value", "kind"])
        for (left, right, _), label in zip(rows, labels, strict=True):
            writer.writerow([left, right, label])
    assert preview(path).delimiter == delimiter
    params = {
        "path": str(path),
        "target": "kind",
        "columns": '"left value","right, value"',
        "standardise": False,
        "test_fraction": 0.0,
    }
    source = source_of(DataSpec("csv", params))
    info, splits = source.describe(), source.load()
    assert info.column("y").classes == tuple(sorted(names))
    assert np.array_equal(splits.train["x"], np.array([r[:2] for r in rows], np.float32))
    assert [sorted(names)[i] for i in splits.train["y"]] == labels


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_give_more_than_a_user_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("csv") / "bytes.csv"
    path.write_bytes(data)
    try:
        names = [column.name for column in preview(path).columns]
        source_of(DataSpec("csv", {"path": str(path), "target": names[-1]})).load()
    except UserError as error:
        assert str(error).endswith((".", ".)"))
