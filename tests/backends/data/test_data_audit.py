"""What is told of data that can be read and yet misleads."""

import numpy as np
import pytest

from backends.data.audit import class_weights, fingerprint, remarks
from backends.data.source import Splits, source_of
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
