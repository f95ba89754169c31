"""Sequences to read and to write are what their task says, and shifted by one place."""

import numpy as np
import pytest

from backends.data.readers.sequences import BEGIN, END, FIRST_DIGIT, PLUS, load_sequences


def digits(rows):
    return [[int(token) - FIRST_DIGIT for token in row] for row in rows]


@pytest.mark.parametrize(
    ("task", "right"),
    [("copy", list), ("reverse", lambda row: row[::-1]), ("sort", sorted)],
)
def test_the_answer_is_the_task_done(task, right):
    train, test = load_sequences(task=task, length=6, rows=100)
    for part in (train, test):
        answer = digits(part["following"][:, :-1])
        assert answer == [right(row) for row in digits(part["source"])]


@pytest.mark.parametrize("length", [1, 4, 25])
def test_sums_are_right_in_every_length(length):
    train, _ = load_sequences(task="add", length=length, rows=200)
    assert (train["source"][:, length] == PLUS).all()
    for source, answer in zip(train["source"], train["following"], strict=True):
        words = ["".join(map(str, row)) for row in digits([source[:length], source[length + 1 :]])]
        total = "".join(map(str, digits([answer[:-1]])[0]))
        assert int(words[0]) + int(words[1]) == int(total)


def test_what_is_written_so_far_is_one_place_behind():
    train, test = load_sequences(rows=300, length=5)
    for part in (train, test):
        assert (part["written"][:, 0] == BEGIN).all() and (part["following"][:, -1] == END).all()
        assert np.array_equal(part["written"][:, 1:], part["following"][:, :-1])
        assert all(column.dtype == np.int64 for column in part.values())


def test_no_sequence_to_train_on_is_in_the_test():
    train, test = load_sequences(rows=5000)
    assert not {tuple(row) for row in train["source"]} & {tuple(row) for row in test["source"]}
