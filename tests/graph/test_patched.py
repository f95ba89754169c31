"""A patched mapping is as a dict is, and leaves the one it began with alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import patched
from graph.patched import Patched

acts = st.lists(st.tuples(st.integers(0, 12), st.none() | st.integers()), max_size=30)


@settings(deadline=None)
@given(base=st.dictionaries(st.integers(0, 12), st.integers()), runs=st.lists(acts, max_size=4))
def test_it_is_as_a_dict_is_through_generations_of_changes(base, runs):
    shown, real = base, dict(base)
    for run in runs:
        before = dict(shown)
        made = Patched(shown)
        for key, value in run:
            if value is None:
                assert made.pop(key, "none") == real.pop(key, "none")
            else:
                made[key] = real[key] = value
        assert dict(shown) == before
        assert dict(made) == real and len(made) == len(real) and made == real
        assert all((key in made) == (key in real) for key in range(13))
        assert all(made.get(key, -1) == real.get(key, -1) for key in range(13))
        shown = made


def test_after_many_changes_it_is_one_table_again(monkeypatch):
    monkeypatch.setattr(patched, "LEAST", 2)
    first = Patched({number: number for number in range(20)})
    for number in range(5):
        del first[number]
    second = Patched(first)
    assert dict(second) == {number: number for number in range(5, 20)}
    second[3] = 3
    assert 3 not in first and second[3] == 3


def test_what_is_gone_is_named_when_it_is_asked_for():
    made = Patched({"a": 1})
    del made["a"]
    with pytest.raises(KeyError, match="a"):
        made["a"]
    with pytest.raises(KeyError, match="b"):
        del made["b"]
