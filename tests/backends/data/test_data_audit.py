"""What is told of data that can be read and yet misleads."""

import numpy as np
import pytest

from backends.data.audit import class_weights, fingerprint, large_answers, remarks
from backends.data.source import Splits, source_of, sources
from graph.data import Column, DataInfo, DataSpec

INFO = DataInfo(
    "Points",
    (
        Column("x", (2,), "float32", "input"),
        Column("y", (), "int64", "target", ("a", "b", "c")),
    ),
    6,
    2,
)


def splits(test_x=((7, 7), (8, 8)), train_y=(0, 1, 2, 0, 1, 2), test_y=(0, 1)):
    train = {"x": np.arange(12, dtype=np.float32).reshape(6, 2), "y": np.array(train_y)}
    return Splits(train, {"x": np.array(test_x, np.float32), "y": np.array(test_y)})


def test_rows_in_both_parts_are_counted():
    told = remarks(INFO, splits(test_x=((2, 3), (8, 8))))
    assert "1 of 2 test rows are also among the rows to train on" in told[0]
    assert not [text for text in remarks(INFO, splits()) if "also among" in text]


def test_the_irises_have_two_equal_flowers():
    source = source_of(DataSpec("iris"))
    (text,) = remarks(source.describe(), source.load())
    assert "1 of 30 test rows are also among" in text
    assert remarks(source.describe(), source.load(), few=0.05) == []


def test_classes_that_are_missing_are_named():
    assert "The test rows have none of the class “c”." in remarks(INFO, splits())
    told = remarks(INFO, splits(train_y=[1] * 6))
    assert "All rows to train on are of the class “b”" in told[0]


def test_numbers_that_are_none_are_counted():
    told = remarks(INFO, splits(test_x=((np.nan, 3), (8, np.inf)), test_y=(2, 1)))
    assert any("NaN or infinite values in 2 of 2 test rows, first in row 0" in t for t in told)


def numbers(x, y, classes=()):
    shape = () if classes else y.shape[1:]
    dtype = "int64" if classes else "float32"
    columns = (
        Column("x", x.shape[1:], "float32", "input", help="age, height"),
        Column("y", shape, dtype, "target", classes),
    )
    return DataInfo("Rows", columns, len(x), 0), Splits({"x": x.astype(np.float32), "y": y}, {})


def test_numbers_to_predict_that_are_large_are_told_with_a_scale():
    prices = np.array([[1e5], [4e5], [np.nan], [9e5]], np.float32)
    (text,) = large_answers(*numbers(np.zeros((4, 2)), prices))
    assert "“y”" in text and "spread of 329,983" in text and text.endswith("a scale of 1e-06.")
    assert large_answers(*numbers(np.zeros((4, 2)), prices / 1e5)) == []
    assert large_answers(INFO, splits()) == []


@pytest.mark.parametrize("scale", [1, -7.5])
def test_a_feature_that_is_the_answer_is_named(scale):
    x = np.random.default_rng(0).normal(size=(40, 2))
    told = remarks(*numbers(x, (x[:, 1:] * scale + 3).astype(np.float32)))
    assert len(told) == 1 and told[0].startswith("“height” says the answer “y” without exception")
    near = (x[:, 1:] + 0.01 * x[:, :1]).astype(np.float32)
    assert remarks(*numbers(x, near)) == []


def test_a_feature_that_tells_the_class_is_named():
    x = np.random.default_rng(0).normal(size=(40, 2))
    y = np.arange(40) % 3
    x[:, 0] = np.array([5, 1, 9])[y]
    (text,) = remarks(*numbers(x, y, ("a", "b", "c")))
    assert text.startswith("“age” says the answer “y”")
    x[:, 0] = np.array([5, 1, 1])[y]
    assert remarks(*numbers(x, y, ("a", "b", "c"))) == []


def test_rows_that_are_all_the_same_teach_nothing():
    x = np.random.default_rng(0).normal(size=(40, 2))
    (text,) = remarks(*numbers(x, np.full((40, 1), 2.5, np.float32)))
    assert (
        text == "All rows to train on have the same answer “y”, 2.5, so there is nothing to learn."
    )
    (text,) = remarks(*numbers(np.ones((40, 2)), np.arange(40) % 2, ("a", "b")))
    assert "equal in what the model reads" in text


@pytest.mark.parametrize("kind", [k for k, c in sources().items() if c.category == "Generated"])
def test_no_generated_data_gives_its_answer_away(kind):
    params = {"rows": 200} if "rows" in sources()[kind].params else {}
    source = source_of(DataSpec(kind, params))
    assert not [t for t in remarks(source.describe(), source.load(), 1) if "answer" in t]


def test_an_empty_test_is_told_unless_it_is_asked_for(tmp_path):
    np.savez(tmp_path / "d.npz", x=np.zeros((3, 2)), y=np.arange(3) % 2)
    params = {"path": str(tmp_path / "d.npz"), "test_fraction": 0.01}
    assert (
        "no rows for the test, though a share of 0.01"
        in source_of(DataSpec("npy", params)).load().note
    )
    params["test_fraction"] = 0.0
    assert source_of(DataSpec("npy", params)).load().note == ""


def test_nothing_is_told_of_clean_data():
    source = source_of(DataSpec("digits"))
    assert remarks(source.describe(), source.load()) == []


def test_a_fingerprint_is_that_of_the_numbers():
    assert fingerprint(splits()) == fingerprint(splits())
    assert fingerprint(splits()) != fingerprint(splits(test_y=(0, 2)))


@pytest.mark.parametrize("empty", [0, 1])
def test_parts_without_rows_are_no_trouble(empty):
    held = splits()
    part = {name: array[:0] for name, array in held.test.items()}
    remarks(INFO, Splits(held.train, part if empty else {}))


def test_rare_classes_weigh_more_and_missing_ones_nothing():
    held = splits(train_y=[0, 0, 0, 0, 1, 1])
    assert class_weights(INFO, held) == {"y": (0.75, 1.5, 0.0)}
