"""Tables in other formats, with kinds of columns, dates, marks for gaps and several targets."""

import numpy as np
import pytest

from backends.data.readers.cells import days_in
from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError

ROWS = [("age", "zip", "born", "paid", "height")]
ROWS += [
    (
        "" if n == 4 else str(20 + n),
        str(1000 + n % 3),
        f"2001-{1 + n % 12:02}-0{1 + n % 9}",
        "yes" if n % 2 else "no",
        "inf" if n == 7 else f"{1.5 + n / 100:.2f}",
    )
    for n in range(40)
]


def table(tmp_path, name="people.csv", delimiter=","):
    path = tmp_path / name
    path.write_text("\n".join(delimiter.join(row) for row in ROWS), "utf-8")
    return path


def source(path, **params):
    return source_of(DataSpec("csv", {"path": str(path), "target": "paid", **params}))


def test_tabs_are_found_by_looking(tmp_path, same_when_exported):
    data = source(table(tmp_path, "people.tsv", "\t"))
    assert data.describe().column("x").shape == (3,)
    same_when_exported(data)


def test_infinite_numbers_count_as_gaps_and_are_told(tmp_path):
    data = source(table(tmp_path))
    info = data.describe()
    assert info.rows + info.test_rows == 38
    assert "Infinite numbers count as gaps: 1 in “height”." in info.note


def test_kinds_are_as_the_person_says(tmp_path, same_when_exported):
    data = source(table(tmp_path), kinds="zip: category, born: date, height: ignore")
    column = data.describe().column("x")
    assert column.help.split(", ") == [
        "age", "born", "born: sin of year", "born: cos of year", "born: sin of week",
        "born: cos of week", "zip = 1000", "zip = 1001", "zip = 1002",
    ]  # fmt: skip
    assert data.load().train["x"].shape[1:] == column.shape
    same_when_exported(data)


def test_a_gap_gets_a_mark(tmp_path, same_when_exported):
    data = source(table(tmp_path), missing="fill and mark", test_fraction=0.0, standardise=False)
    assert data.describe().column("x").help.endswith("age is missing, height is missing")
    x = data.load().train["x"]
    assert x.shape == (40, 5)
    assert np.flatnonzero(x[:, 3]).tolist() == [4] and np.flatnonzero(x[:, 4]).tolist() == [7]
    assert x[4, 0] == pytest.approx((sum(range(20, 60)) - 24) / 39)
    same_when_exported(data)


def test_several_targets_keep_their_names(tmp_path, same_when_exported):
    data = source(table(tmp_path), more_targets="height, zip", kinds="zip: category")
    info = data.describe()
    assert [column.name for column in info.targets()] == ["y", "height", "zip"]
    assert info.column("height").shape == (1,) and info.column("zip").classes[0] == "1000"
    splits = data.load()
    assert splits.train["height"].dtype == np.float32 and splits.train["zip"].dtype == np.int64
    same_when_exported(data)


def test_targets_are_named_once(tmp_path):
    with pytest.raises(UserError, match="“paid” is named twice"):
        source(table(tmp_path), more_targets="paid").describe()


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("1970-01-02", 1), ("2000/03/01", 11_017), ("1.3.2000", 11_017), ("3/1/2000", 11_017),
        ("31/12/1970", 364), ("1970-01-02 06:00", 1.25), ("1970-01-01T12:00:00", 0.5),
        ("2000-03", 11_017), ("01.03.00", 11_017), ("2000-02-30", None), ("soon", None),
    ],
)  # fmt: skip
def test_dates_become_days(cell, days):
    assert days_in(cell) == days


def test_a_table_of_a_million_columns_is_refused(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(",".join(["1"] * 1_000_000) + "\n" + ",".join(["2"] * 1_000_000), "utf-8")
    with pytest.raises(UserError, match="1,000,000 columns; tables have at most 10,000"):
        source(path).describe()


def test_parquet_is_read_as_text_is(tmp_path, same_when_exported):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    names, *rows = ROWS
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    typed = arrow.table(
        {
            "age": [int(cell) if cell else None for cell in columns["age"]],
            "zip": [int(cell) for cell in columns["zip"]],
            "born": list(columns["born"]),
            "paid": [cell == "yes" for cell in columns["paid"]],
            "height": [float(cell) for cell in columns["height"]],
        }
    )
    path = tmp_path / "people.parquet"
    parquet.write_table(typed, path)
    data, text = source(path), source(table(tmp_path))
    assert data.describe().column("y").classes == ("no", "yes")
    assert data.describe().note == text.describe().note
    assert np.array_equal(data.load().train["x"], text.load().train["x"])
    assert data.export().requirements == ("numpy", "pyarrow")
    same_when_exported(data)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(UserError, match="no Parquet file that can be read"):
        data.describe()


def test_parquet_without_its_package_says_what_to_install(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "people.parquet"
    path.write_bytes(b"PAR1 and more")
    with pytest.raises(UserError, match="pip install pyarrow"):
        source(path).describe()


def test_columns_of_parquet_with_several_values_in_a_cell_are_left_out(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    path = tmp_path / "d.parquet"
    columns = {
        "n": [k / 7 for k in range(40)],
        "list": [[k % 2] for k in range(40)],
        "record": [{"a": k % 2} for k in range(40)],
        "bytes": [b"\xff\0"] * 40,
        "paid": ["no", "yes"] * 20,
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    info = source(path).describe()
    assert info.column("x").help == "n"
    for name in ("list", "record", "bytes"):
        assert f"“{name}” (lists, records or bytes)" in info.note
    with pytest.raises(UserError, match="“list” cannot be used: it holds lists, records or bytes"):
        source(path, columns="list").describe()
    with pytest.raises(UserError, match="The target “list” holds lists"):
        source(path, target="list").describe()


def test_a_damaged_parquet_is_refused(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    path = tmp_path / "d.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"n": [1.0] * 9, "paid": ["no"] * 9}), path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match=r"is no Parquet file that can be read: .*[^.]\.$"):
        source(path).describe()
