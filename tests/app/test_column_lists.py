"""Lists of columns as a person writes them."""

import pytest

from app.column_lists import joined_columns, kind_of, parted_columns, with_kind, with_name
from backends.data.csv_file import KIND_WORDS


@pytest.mark.parametrize("names", [("a", "b"), ("size, in m", 'the "best"', "a: b"), ()])
def test_what_is_joined_is_read_by_tables(names):
    assert parted_columns(joined_columns(names)) == names


def test_a_name_comes_and_goes():
    assert with_name("a, b", "c, d", True) == 'a, b, "c, d"'
    assert with_name('a, "c, d", b', "c, d", False) == "a, b"


def test_what_a_column_holds_is_said_once():
    text = with_kind("zip: category", "born", "date")
    assert text == "zip: category, born: date"
    assert (kind_of(text, "zip"), kind_of(text, "age")) == ("category", "")
    assert with_kind(text, "zip", "ignore") == "born: date, zip: ignore"
    assert with_kind(text, "zip", "") == "born: date"
    assert with_kind("", "at 8:30", "number") == "at 8:30: number"
    assert kind_of("at 8:30: number", "at 8:30") == "number"


def test_kinds_are_those_of_tables():
    assert all(kind_of(f"x: {word}", "x") == word for word in KIND_WORDS)
