"""Finding samples: text, parts, classes, gaps, ranges, and their order."""

from __future__ import annotations

import time

import numpy as np
import pytest

from backends.data.browsing.choosing import LENGTH, Choice, chosen
from backends.data.browsing.columns import CodeColumn, NumberColumn, TokenColumn
from backends.data.browsing.samples import TEST, TRAIN, Samples
from backends.data.browsing.stack import Stack

PARTS = np.array([TRAIN, TRAIN, TEST, TRAIN, TEST], np.uint8)


@pytest.fixture
def few():
    size = NumberColumn("size", Stack([np.array([1.5, 30, np.nan, 2, -4])]), raw={2: "NA"})
    codes = np.array([0, 1, 1, -1, 0], np.int32)
    kind = CodeColumn("kind", codes, ("Ash", "birch"), "class", is_target=True, in_order=True)
    pieces = ("[pad]", "red", "green")
    tokens = np.array([[1, 2, 0], [1, 0, 0], [2, 2, 2], [0, 0, 0], [2, 0, 0]])
    text = TokenColumn("text", Stack([tokens]), pieces)
    return Samples(
        "few", (size, kind, text), PARTS, "texts", label=kind, lengths=text.lengths(),
        length_unit="tokens",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "rows"),
    [
        (Choice(), [0, 1, 2, 3, 4]),
        (Choice("BIRCH"), [1, 2]),
        (Choice("red green"), [0]),
        (Choice("na"), [2]),
        (Choice("1.5"), [0]),
        (Choice("3"), [1, 3]),  # the number 30, and the row
        (Choice("nothing like that"), []),
        (Choice(part=TEST), [2, 4]),
        (Choice(code=0), [0, 4]),
        (Choice(has_gaps=True), [2, 3]),
        (Choice(column="size", low=2), [1, 3]),
        (Choice(column="size", low=-5, high=1.5), [0, 4]),
        (Choice(column=LENGTH, low=2), [0, 2]),
        (Choice(sort="size"), [4, 0, 3, 1, 2]),
        (Choice(sort="size", is_falling=True), [1, 3, 0, 4, 2]),
        (Choice(sort="kind"), [0, 4, 1, 2, 3]),
        (Choice(sort=LENGTH, is_falling=True), [2, 0, 1, 4, 3]),
        (Choice(is_falling=True), [4, 3, 2, 1, 0]),
        (Choice("green", part=TEST, sort="size"), [4, 2]),
    ],
)
def test_what_is_wanted_is_found_in_its_order(few, choice, rows):
    assert chosen(few, choice).tolist() == rows


def test_what_cannot_be_read_counts_as_a_gap(few):
    assert chosen(few, Choice(has_gaps=True), unreadable=[1]).tolist() == [1, 2, 3]


def test_a_hundred_thousand_rows_are_searched_and_sorted_at_once():
    count = 100_000
    numbers = np.random.RandomState(0).random_sample((count, 8))
    held = Stack([numbers[: count // 2], numbers[count // 2 :]])
    columns = tuple(NumberColumn(f"x{at}", held, at) for at in range(8))
    names = CodeColumn("file", np.arange(count), [f"{n}.png" for n in range(count)], "file")
    many = Samples("many", (*columns, names), np.zeros(count, np.uint8), "table")
    started = time.thread_time()
    found = chosen(many, Choice("777.png", sort="x3"))
    assert len(found) == 100 and (np.diff(numbers[found, 3]) > 0).all()
    assert time.thread_time() - started < 2  # some hundredths


def test_a_search_ends_when_it_is_not_wanted_any_more(few):
    assert chosen(few, Choice("birch"), cancelled=lambda: True).tolist() == []
