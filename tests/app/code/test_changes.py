"""Differences between two texts, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.code import changes as module
from app.code.changes import Change, changes, moved, new_lines

LINES = st.lists(st.sampled_from("abcdef"), max_size=14)


def applied(before: Sequence[str], made: Sequence[Change]) -> list[str]:
    """The text after the changes."""
    lines = list(before)
    for change in reversed(made):
        lines[change.start : change.end] = change.lines
    return lines


@given(LINES, LINES)
def test_the_changes_turn_one_text_into_the_other(before: list[str], after: list[str]) -> None:
    made = changes(before, after)
    assert applied(before, made) == after
    assert all(one.end < other.start for one, other in pairwise(made))


@given(LINES, LINES)
def test_a_line_that_stays_is_found_where_it_went(before: list[str], after: list[str]) -> None:
    made = changes(before, after)
    for line in range(len(before)):
        if not any(change.start <= line < change.end for change in made):
            assert after[moved(line, made)] == before[line]


@given(LINES, LINES)
def test_new_lines_are_those_that_changes_bring(before: list[str], after: list[str]) -> None:
    made = changes(before, after)
    brought = [line for change in made for line in change.lines]
    assert [after[number] for number in sorted(new_lines(made))] == brought


def test_one_changed_line_is_one_change() -> None:
    assert changes("abc", "axc") == (Change(1, 2, ("x",)),)


def test_a_lost_line_leads_to_what_took_its_place() -> None:
    assert moved(3, [Change(1, 4, ("x",))]) == 1
    assert moved(1, [Change(0, 2, ())]) == 0


def test_far_too_many_differences_are_replaced_as_one_piece() -> None:
    before = [f"a{n}" for n in range(module.LONGEST_COMPARED + 1)]
    after = ["b", *before[::-1]]
    assert applied(before, changes(before, after)) == after
