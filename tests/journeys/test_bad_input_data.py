"""Data that is missing, damaged or does not fit: told by file, row and value, or by the block."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.journeys.bad import ask, block, drawing, words_drawing, written

Json = dict[str, Any]  # Any: parsed JSON


def classifier(source: str, **params: object) -> Json:
    """A drawing with an Input, a Dense and a Cross-entropy that reads this source."""
    return drawing(
        "row:input", "dense:dense", "kind:target", "entropy:cross_entropy",
        wires="row.y>dense.x dense.y>entropy.prediction kind.y>entropy.target",
        data={"source": source, "params": params},
    )  # fmt: skip


def told(data: Json, tmp_path: Path) -> str:
    """The one text that `check`, `train` and `export` have for the data."""
    file = written(tmp_path / "bad.loom", data)
    checked = ask("check", file)
    rows = [row for row in checked.json["problems"] if row["code"] == "data"]
    assert checked.code == 1
    assert len(rows) == 1
    for answer in (
        ask("train", file, "--runs", tmp_path / "runs"),
        ask("export", file, "--out", tmp_path / "code"),
    ):
        assert answer.code == 1
        assert rows[0]["text"] in answer.error
    assert not (tmp_path / "runs").exists()
    assert not (tmp_path / "code").exists()
    return str(rows[0]["text"])


SOURCES = [
    ("csv", {"path": "/nowhere/table.csv"}, "“/nowhere/table.csv” does not exist"),
    ("csv", {}, "no file is chosen yet"),
    ("npy", {"path": "/nowhere/rows.npz"}, "“/nowhere/rows.npz” does not exist"),
    ("idx", {"folder": "/nowhere/mnist"}, "/nowhere/mnist"),
    ("images", {"folder": "/nowhere/cats"}, "“/nowhere/cats” does not exist"),
    ("images", {"folder": 7}, "but is 7"),
    ("cloud", {}, "There is no data source “cloud”; there are breast_cancer, digits, "),
    ("moons", {"noise": "loud"}, "Noise must be a number, but is 'loud'"),
]


@pytest.mark.parametrize(("source", "params", "words"), SOURCES)
def test_a_source_that_is_not_there_is_told(
    source: str, params: Json, words: str, tmp_path: Path
) -> None:
    assert words in told(classifier(source, **params), tmp_path)


NUMBERS = "".join(f"1,{n / 7:.3f},{n % 2}\n" for n in range(200))
TABLES = [
    ("", "is empty (0 bytes)"),
    ("\n\n", "holds no rows"),
    ("a,b,y\n", "no rows below it"),
    ("a,b,y\n1,2,0\n1,2\n", "Row 3 of “table.csv” has 2 cells, but there are 3 columns"),
    ("a,b,y\n1,2,0\n3,4,1,5\n", "Row 3 of “table.csv” has 4 cells"),
    (b"\x00\x01\x02" * 99, "is no text file"),
    ("a,b\n" + "1,2\n" * 9, "The target “y” is no column of “table.csv”; it has a, b"),
    (
        "a,b,y\n" + "".join(f"1,{n / 7:.3f},{n % 2}\n" for n in range(200)) + "1,two,0\n",
        "Column “b” has text in row 202 (“two”)",
    ),
]


@pytest.mark.parametrize(("content", "words"), TABLES)
def test_a_csv_that_is_no_table_is_told(content: object, words: str, tmp_path: Path) -> None:
    path = written(tmp_path / "table.csv", content)
    assert words in told(classifier("csv", path=str(path), target="y"), tmp_path)


def test_a_csv_with_gaps_and_text_trains_on_what_is_whole(tmp_path: Path) -> None:
    rows = ["1.5,red,yes", ",red,no", "2,,yes", "2.5,blue,", "3,blue,no", "NA,red,no"] * 9
    path = written(tmp_path / "gaps.csv", "\n".join(["size,colour,good", *rows]))
    data = classifier("csv", path=str(path), target="good")
    file = written(tmp_path / "gaps.loom", data)
    shapes = [
        row["fixes"] for row in ask("check", file).json["problems"] if row["code"] == "data-shape"
    ]
    assert shapes == [["Set shape of “row” to 3"]]
    block(data, "row")["params"] = {"shape": "3"}
    block(data, "dense")["params"] = {"features": 2}
    written(file, data)
    assert ask("check", file).json["problems"] == []
    answer = ask("train", file, "--runs", tmp_path / "runs")
    assert answer.code == 0
    assert answer.json["train_loss"] < 10


ARRAYS: list[tuple[bytes | Json, str]] = [
    (b"", "is empty"),
    (b"PK\x03\x04 and then nothing", "damaged or not copied completely"),
    (b"a text", "rows.npz"),
    ({"x": np.zeros((3, 2)), "y": np.zeros(4, int)}, "4"),
    ({"x": np.array([{}, 1], dtype=object), "y": np.zeros(2, int)}, "holds object"),
    ({"x": np.zeros((0, 2)), "y": np.zeros(0, int)}, "no rows"),
    ({"x": np.zeros((9, 2)), "y": np.arange(-1, 8)}, "from -1 to 7; they must count from 0"),
]


@pytest.mark.parametrize(("content", "words"), ARRAYS)
def test_arrays_that_are_no_data_are_told(
    content: bytes | Json, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "rows.npz"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        np.savez(path, **content)
    assert words in told(classifier("npy", path=str(path)), tmp_path)


def refused_run(data: Json, tmp_path: Path) -> str:
    """Why a drawing without a problem cannot be trained."""
    file = written(tmp_path / "late.loom", data)
    assert ask("check", file).code == 0
    answer = ask("train", file, "--runs", tmp_path / "runs")
    assert answer.code == 1
    return answer.error


def test_an_index_outside_an_embedding_names_block_value_and_row(tmp_path: Path) -> None:
    words = np.zeros((40, 2), np.int64)
    words[:, 1] = 9
    np.savez(tmp_path / "words.npz", x=words, y=np.arange(40) % 2)
    data = words_drawing(tmp_path / "words.npz")
    text = refused_run(data, tmp_path)
    assert "Embedding “table” has 5 entries, 0 to 4, but “x” holds 9 in row" in text


def test_a_class_without_a_logit_names_block_and_both_numbers(tmp_path: Path) -> None:
    np.savez(tmp_path / "rows.npz", x=np.zeros((40, 2), np.float32), y=np.arange(40) % 7)
    data = classifier("npy", path=str(tmp_path / "rows.npz"))
    block(data, "row")["params"] = {"shape": "2"}
    block(data, "dense")["params"] = {"features": 3}
    file = written(tmp_path / "few.loom", data)
    problems = ask("check", file).json["problems"]
    assert [row["code"] for row in problems] == ["class-count"]
    assert "Cross-entropy “entropy” receives 3 logits, but “y” has 7 classes" in problems[0]["text"]
    assert problems[0]["fixes"] == ["Set features of “dense” to 7"]
    assert ask("train", file, "--runs", tmp_path / "runs").code == 1


def test_numbers_that_are_none_are_told_before_or_at_the_first_step(tmp_path: Path) -> None:
    x = np.ones((40, 2), np.float32)
    x[5, 1] = np.nan
    np.savez(tmp_path / "rows.npz", x=x, y=np.arange(40) % 2)
    data = classifier("npy", path=str(tmp_path / "rows.npz"))
    block(data, "row")["params"] = {"shape": "2"}
    block(data, "dense")["params"] = {"features": 2}
    file = written(tmp_path / "nan.loom", data)
    answer = ask("train", file, "--runs", tmp_path / "runs")
    assert answer.code == 1
    assert "missing values" in answer.error or "NaN" in answer.error


def test_damaged_images_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "pets"
    for kind in ("cat", "dog"):
        (folder / kind).mkdir(parents=True)
        (folder / kind / "one.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    data = drawing(
        "image:input", "flat:flatten", "dense:dense", "kind:target", "entropy:cross_entropy",
        wires="image.y>flat.x flat.y>dense.x dense.y>entropy.prediction kind.y>entropy.target",
        data={"source": "images", "params": {"folder": str(folder)}},
    )  # fmt: skip
    block(data, "image")["params"] = {"shape": "3, 64, 64"}
    text = refused_run(data, tmp_path)
    assert "one.png" in text
    assert "damaged" in text
