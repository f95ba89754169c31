"""Masked text hides a share of the characters, and tells which pieces are neighbours."""

import numpy as np
import pytest

from backends.data.readers.masked import NOT_HIDDEN, SPECIAL, load_masked_text, masked_tokens
from backends.data.readers.text import library_text

PIECE, CHARACTERS = 20, 200_000


@pytest.fixture(scope="module")
def train():
    return load_masked_text(CHARACTERS, PIECE)[0]


@pytest.fixture(scope="module")
def tokens():
    return masked_tokens(CHARACTERS, PIECE, 128, 0.1)[1]


def uncovered(train):
    hidden = train["hidden_words"]
    return np.where(hidden == NOT_HIDDEN, train["tokens"], hidden)


def test_what_is_hidden_is_told_and_the_rest_is_not(train, tokens):
    text = library_text(CHARACTERS)
    rows = uncovered(train)
    first = ["".join(tokens[place] for place in row[1 : PIECE + 1]) for row in rows[:50]]
    assert all(piece in text for piece in first)
    assert first[1] == text[2 * PIECE : 3 * PIECE]


def test_marks_stand_around_the_pieces_and_are_never_hidden(train):
    places = {0: "[CLS]", PIECE + 1: "[SEP]", 2 * PIECE + 2: "[SEP]"}
    for place, mark in places.items():
        assert (train["tokens"][:, place] == SPECIAL.index(mark)).all()
        assert (train["hidden_words"][:, place] == NOT_HIDDEN).all()
        assert (train["segments"][:, place] == (place > PIECE + 1)).all()


def test_so_many_are_hidden_masked_and_replaced_as_in_the_paper(train):
    hidden = train["hidden_words"] != NOT_HIDDEN
    assert hidden[:, 1 : PIECE + 1].mean() == pytest.approx(0.15, abs=0.005)
    seen, right = train["tokens"][hidden], train["hidden_words"][hidden]
    is_masked = seen == SPECIAL.index("[MASK]")
    assert is_masked.mean() == pytest.approx(0.8, abs=0.01)
    assert (seen == right).mean() == pytest.approx(0.1, abs=0.01)


def test_half_of_the_second_pieces_follow_the_first(train, tokens):
    text = library_text(CHARACTERS)
    rows = uncovered(train)
    assert train["is_next"].mean() == pytest.approx(0.5, abs=0.02)
    for number in range(200):
        both = [*rows[number, 1 : PIECE + 1], *rows[number, PIECE + 2 : -1]]
        follows = "".join(tokens[place] for place in both) in text
        assert follows or not train["is_next"][number]
        # short pieces may also follow by chance, but rarely
    apart = rows[train["is_next"] == 0][:200]
    by_chance = sum(
        "".join(tokens[p] for p in [*row[1 : PIECE + 1], *row[PIECE + 2 : -1]]) in text
        for row in apart
    )
    assert by_chance < 10
