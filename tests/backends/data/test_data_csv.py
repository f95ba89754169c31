"""CSV files of people: previews, choices and what is refused."""

import gzip
import time

import numpy as np
import pytest

from backends.data.csv_survey import preview
from backends.data.readers import cells
from backends.data.source import Cancelled, source_of
from graph.data import DataSpec
from graph.problems import UserError

PEOPLE = """name,age,height,city,born,joined,id,nothing,paid
Ann,31,1.62,Oslo,1990-01-02,2020,1,,yes
Bob,42,1.80,Rome,1981-05-06,2021,2,,no
Cid,,1.75,Oslo,1985-07-08,2020,3,,yes
Dora,27,NA,Bonn,1996-02-03,2022,4,,no
Eve,55,1.68,Rome,1969-11-12,2021,5,,yes
Fay,38,1.71,,1986-04-05,2020,6,,no
Gus,61,1.83,Oslo,1963-08-09,2022,7,,yes
Hal,19,1.77,Bonn,2005-10-11,2021,8,,no
Ida,45,1.59,Rome,1979-12-01,2020,9,,yes
Jon,33,1.90,Oslo,1991-03-04,2022,10,,no
"""


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    return path


def source(path, **params):
    return source_of(DataSpec("csv", {"path": str(path), **params}))


def test_a_preview_names_kinds_gaps_and_samples(people):
    seen = preview(people, rows=3)
    assert {c.name: (c.kind, c.missing) for c in seen.columns} == {
        "name": ("text", 0),
        "age": ("number", 1),
        "height": ("number", 1),
        "city": ("category", 1),
        "born": ("date", 0),
        "joined": ("number", 0),
        "id": ("number", 0),
        "nothing": ("empty", 10),
        "paid": ("category", 0),
    }
    assert (seen.encoding, seen.delimiter, seen.header, seen.total_rows) == ("utf-8", ",", True, 10)
    assert seen.rows[0][:4] == ("Ann", "31", "1.62", "Oslo") and len(seen.rows) == 3
    assert seen.columns[3].values == ("Bonn", "Oslo", "Rome") and seen.columns[3].distinct == 3


def test_all_usable_columns_and_what_is_left_out(people, same_when_exported):
    data = source(people, target="paid")
    info = data.describe()
    assert info.column("x").help == "age, height, joined, city = Bonn, city = Oslo, city = Rome"
    assert info.column("y").classes == ("no", "yes")
    assert (info.rows, info.test_rows) == (6, 1)
    assert "3 of 10 rows have gaps and are left out." in info.note
    for left in ("“name” (text)", "“born” (date)", "“id” (counts the rows)", "“nothing” (empty)"):
        assert left in info.note
    same_when_exported(data)


def test_gaps_are_filled_by_the_training_rows(people):
    params = {"target": "paid", "columns": "age, city", "standardise": False}
    splits = source(people, missing="mean / most common", test_fraction=0.0, **params).load()
    ages = [31, 42, 27, 55, 38, 61, 19, 45, 33]
    assert splits.train["x"][2, 0] == pytest.approx(np.mean(ages))
    assert splits.train["x"][5, 1:].tolist() == [0, 1, 0]
    assert len(splits.test["x"]) == 0
    with pytest.raises(UserError, match=r"2 rows of “people.csv” have gaps"):
        source(people, missing="refuse", **params).describe()
    with pytest.raises(UserError, match="the first is row 4"):
        source(people, missing="refuse", **params).load()


def test_a_number_is_predicted_as_such(people):
    info = source(people, target="height", columns="age").describe()
    assert info.column("y").shape == (1,) and info.column("y").classes == ()
    splits = source(people, target="height", columns="age", seed=3).load()
    assert splits.train["y"].dtype == np.float32 and splits.train["y"].shape[1:] == (1,)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"target": "weight"}, "“weight” is no column of “people.csv”; it has name, age, height"),
        ({"target": ""}, "Choose the target column.*it has|Choose the target column"),
        ({"target": "paid", "columns": "age, weight"}, "“weight” is no column"),
        ({"target": "paid", "kinds": "born: number"}, "“born” has text in row 2"),
        ({"target": "paid", "kinds": "born: day"}, "the kind is number, category, date, ignore"),
        ({"target": "paid", "columns": "age, born", "kinds": "born: ignore"}, "to be ignored"),
        ({"target": "paid", "columns": "nothing"}, "“nothing” cannot be used: it holds nothing"),
        ({"target": "paid", "columns": "paid"}, "“paid” is the target"),
        ({"target": "nothing"}, "“nothing” is empty in every row"),
        ({"target": "city", "target_kind": "number"}, r"“city” has text in row 2 \(“Oslo”\)"),
    ],
)
def test_choices_that_cannot_be_are_refused(people, params, text):
    for act in (source(people, **params).describe, source(people, **params).load):
        with pytest.raises(UserError, match=text):
            act()


def write(path, rows, **how):
    path.write_text("\n".join(rows) + "\n", **how)
    return path


def test_text_among_numbers_is_named_with_its_row(tmp_path):
    rows = ["age,y", *(f"{20 + i},{i % 2}" for i in range(30))]
    rows[13] = "unknown,1"
    path = write(tmp_path / "d.csv", rows)
    with pytest.raises(UserError, match=r"Column “age” has text in row 14 \(“unknown”\)"):
        source(path, target="y").describe()


@pytest.mark.parametrize(
    ("rows", "how", "delimiter", "decimal", "header"),
    [
        (["a;b", "1,5;0", "2,5;1"], {}, ";", ",", True),
        (["a\tb", "1.5\t0", "2.5\t1"], {}, "\t", ".", True),
        (["1.5|0", "2.5|1"], {}, "|", ".", False),
        (["ä,b", "1.5,0", "2.5,1"], {"encoding": "latin-1"}, ",", ".", True),
        (["ä,b", "1.5,0", "2.5,1"], {"encoding": "utf-8-sig"}, ",", ".", True),
        (["ä,b", "1.5,0", "2.5,1"], {"encoding": "utf-16"}, ",", ".", True),
        (["ä,b", "1.5,0", "2.5,1"], {"encoding": "utf-16-le"}, ",", ".", True),
        (["ä,b", "1.5,0", "2.5,1"], {"encoding": "utf-32"}, ",", ".", True),
        (['"a, b",c', '"1.5","0"', "2.5,1"], {}, ",", ".", True),
        (["a,b", '"1,5",0', '"2,5",1'], {}, ",", ",", True),
    ],
)
def test_how_files_are_written_is_found(
    tmp_path, rows, how, delimiter, decimal, header, same_when_exported
):
    path = write(
        tmp_path / "d.csv", [*rows, *rows[-2:], *rows[-2:]], **{"encoding": "utf-8", **how}
    )
    seen = preview(path)
    assert (seen.delimiter, seen.header) == (delimiter, header)
    data = source(path, target=seen.columns[1].name, target_kind="class", standardise=False)
    assert set(data.load().train["x"][:, 0].tolist()) == {1.5, 2.5}
    assert ('decimal=","' in data.export().call) == (decimal == ",")
    same_when_exported(data)


def test_packed_files_and_awkward_headers(tmp_path):
    path = tmp_path / "d.csv.gz"
    path.write_bytes(gzip.compress(b",a,a\n1,5,x\n2,6,y\n3,7,x\n4,8,y\n"))
    assert [c.name for c in preview(path).columns] == ["column 1", "a", "a 2"]
    assert "“column 1” (counts the rows)" in source(path, target="a 2").describe().note
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(UserError, match="cannot be read|no whole gzip"):
        preview(path)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", r"is empty \(0 bytes\)"),
        (b"\n\n  \n", "only blank lines"),
        (b"a,b\n", "no rows below it"),
        (b"\x89PNG\r\n\0\0\0", "no text file"),
        (b"a,b\n1,2\n3\n4,5\n", "Row 3 of “d.csv” has 1 cells, but there are 2 columns"),
        (b"\xef\xbb\xbfa,b\n\xff\xfe,2\n", "not text in utf-8-sig"),
        (b"a\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\n", "no column to learn from besides “a”"),
        (b"x,a\n1,k\n2,k\n3,k\n", "only the value “k”"),
        (b"x,a\n1,k\n,l\n", "1 usable rows of 2"),
        (
            b"x,a\n" + b'"' + b"z" * 2_000_000 + b'",1\n',
            "Row 2 .* longer than 1,048,576 .* left open",
        ),
        (b"x,a\n1,k\n" * 40_000 + b"2,\0\n", "a zero byte, the first at byte 320,002"),
        (b"PK\x03\x04" + b"\0" * 99, "it is a ZIP archive, as Excel's workbooks are"),
        (
            b"x,a\n%b1e400,k\n" % b"".join(b"%d,l\n" % n for n in range(12)),
            "the number “1e400” in row 14, which is too large",
        ),
    ],
)
def test_files_that_are_no_tables_are_refused(tmp_path, data, text):
    path = tmp_path / "d.csv"
    path.write_bytes(data)
    with pytest.raises(UserError, match=text):
        source(path, target="a").describe()


def test_missing_files_and_folders_are_refused(tmp_path):
    for path, text in ((tmp_path / "none.csv", "does not exist"), (tmp_path, "is a folder")):
        with pytest.raises(UserError, match=text):
            source(path, target="a").load()
    with pytest.raises(UserError, match="no file is chosen"):
        source("", target="a").describe()


def test_a_file_that_changes_is_read_anew(tmp_path):
    path = write(tmp_path / "d.csv", ["x,a", "1,k", "2,l", "3,k"])
    assert source(path, target="a").describe().rows == 2
    write(path, ["x,a", "1,k", "2,l", "3,k", "4,l", "5,m"])
    assert source(path, target="a", target_kind="class").describe().column("y").classes[-1] == "m"


def test_reading_reports_and_can_be_stopped(tmp_path):
    path = write(tmp_path / "d.csv", ["x,a", *(f"{i * 2},{i % 2}" for i in range(20_000))])
    shares = []
    source(path, target="a").load(progress=shares.append)
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1 and len(shares) > 3
    with pytest.raises(Cancelled):
        source(path, target="a").load(cancelled=lambda: True)


def test_the_exported_script_names_the_file_on_top(people):
    export = source(people, target="paid").export()
    assert export.code.index("\nDATA_FILE = Path(") < export.code.index("\ndef ")
    assert f'"{people}"' in export.code
    assert "path=DATA_FILE" in export.call and export.files == ()


def test_names_from_a_stranger_cannot_become_code(tmp_path, same_when_exported):
    evil = '"); __import__(""os"").abort() #\\'
    path = tmp_path / 'a" + str(1) + "\u2028.csv'
    path.write_text(f'"{evil}",y\n' + "1,k\n2,l\n3,k\n4,l\n", "utf-8")
    same_when_exported(source(path, target="y"))


def test_a_comma_between_three_digits_may_be_one_of_thousands(tmp_path):
    rows = ["a,b", *(f'"{n},500",{n % 2}' for n in range(1, 9))]
    with pytest.raises(UserError, match="cells such as “1,500” may be numbers, .* like 1234.5"):
        source(write(tmp_path / "d.csv", rows), target="b").describe()


def test_a_line_without_an_end_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(cells, "LONGEST_LINE", 4096)
    path = write(tmp_path / "d.csv", ["x,y", "1,0", "7" * 5000])
    with pytest.raises(UserError, match="Line 3 of “d.csv” is longer than 4,096 characters"):
        source(path, target="y").describe()


def test_names_that_stand_twice_are_told(tmp_path):
    path = write(tmp_path / "d.csv", ["x,y,y", *(f"{i / 7},{i % 2},{i % 2}" for i in range(20))])
    info = source(path, target="y").describe()
    assert "Several columns are called “y”; one of them is “y 2” here." in info.note


def test_letters_that_may_be_wrong_are_told(tmp_path):
    rows = ["x,y", *(f"{i / 7},{'äö'[i % 2]}" for i in range(20))]
    path = write(tmp_path / "d.csv", rows, encoding="latin-1")
    assert "is read as Latin-1" in source(path, target="y").describe().note


def test_numbers_written_otherwise_are_told(tmp_path):
    rows = ["x;n;y", *(f"1.{i % 3}00,5;{i / 7:.2f};{i % 2}".replace(".", ",") for i in range(60))]
    rows[1:] = [row.replace("1,", "1.", 1) for row in rows[1:]]
    note = source(write(tmp_path / "d.csv", rows), target="y").describe().note
    assert "“x” is used as a category, but cells such as “1.000,5” may be numbers" in note
    assert "written like 1234,5 here" in note


def test_a_wide_table_is_read_in_a_moment(tmp_path):
    names = [f"c{i}" for i in range(6000)]
    rows = [",".join([*names, "y"])]
    rows += [",".join([*("1.5" for _ in names), str(k)]) for k in (0, 1)] * 3
    data = source(write(tmp_path / "wide.csv", rows), target="y")
    began = time.process_time()
    assert data.describe().column("x").shape == (6000,)
    assert time.process_time() - began < 5  # it takes a quarter of a second
    with pytest.raises(UserError, match="and 5,951 more") as refused:
        source(tmp_path / "wide.csv", target="z").describe()
    assert len(str(refused.value)) < 1000
