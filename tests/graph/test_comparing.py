"""Arguments of a class: what each column of values follows from."""

from __future__ import annotations

from graph.block import Written
from graph.comparing import Arguments


def test_what_follows_from_an_argument_keeps_it_though_it_follows_from_another():
    columns = {"a": (0, 16, 32), "b": (0, 128, 256), "c": (0, 1, 2)}
    arguments = Arguments(columns.items(), {}, {})
    assert all(isinstance(arguments.written(column), Written) for column in columns.values())


def test_values_are_told_apart_by_their_types():
    columns = {"flag": (True, False), "count": (1, 0), "share": (1.0, 0.0)}
    arguments = Arguments(columns.items(), {}, {})
    assert [arguments.written(column) for column in columns.values()] == [
        Written(name) for name in columns
    ]
