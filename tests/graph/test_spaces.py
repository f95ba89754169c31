"""What may be chosen for a field: sets and ranges, as people write them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.declared import Param
from graph.problems import UserError
from graph.spaces import Choices, Span, parse_space

WHOLE = Param("features", "int", 8, "Features", "", ge=1)
RATE = Param("rate", "float", 0.1, "Rate", "", gt=0, le=1)
SIZE = Param("kernel", "size2", (3, 3), "Kernel", "", ge=1)
WAY = Param("way", "choice", "a", "Way", "", choices=("a", "b"))
NAME = Param("name", "text", "", "Name", "")
ON = Param("on", "bool", True, "On", "")


@pytest.mark.parametrize(
    ("declared", "text", "space"),
    [
        (WHOLE, "{32, 64,128}", Choices((32, 64, 128))),
        (WHOLE, "{2 * 8}", Choices((16,))),
        (WHOLE, "1..4", Span(1, 4, False, True, 1)),
        (WHOLE, " 16..64 step 16 ", Span(16, 64, False, True, 16)),
        (WHOLE, "1..1000 log", Span(1, 1000, True, True, 1)),
        (RATE, "1e-4..1e-1 log", Span(1e-4, 1e-1, True)),
        (RATE, "0.1 .. 0.5", Span(0.1, 0.5)),
        (RATE, "0.1..0.5 step 0.1", Span(0.1, 0.5, step=0.1)),
        (SIZE, "{3, 5x5, (3, 5)}", Choices(((3, 3), (5, 5), (3, 5)))),
        (WAY, "{a, b}", Choices(("a", "b"))),
        (ON, "{true, false}", Choices((True, False))),
        (NAME, '{"", a b, "b, c"}', Choices(("", "a b", "b, c"))),
    ],
)
def test_a_space_is_read_and_written_again(declared, text, space):
    found = parse_space(text, declared)
    assert found == space
    assert parse_space(str(found), declared) == found


@pytest.mark.parametrize(
    ("declared", "text", "said"),
    [
        (WHOLE, "{}", "empty"),
        (WHOLE, "32", "no choice of features"),
        (WHOLE, "{0, 4}", "at least 1"),
        (WHOLE, "0..4", "at least 1"),
        (WHOLE, "1.5..4", "whole numbers"),
        (WHOLE, "a..b", "is none"),
        (WHOLE, "4..1", "upwards"),
        (WHOLE, "{x}{y}", "arithmetic"),
        (RATE, "0.1..2", "at most 1"),
        (RATE, "0.1..nan", "is none"),
        (RATE, "0.1..0.5 log step 0.1", "has none"),
        (RATE, "0.1..0.5 step 0.9", "fit into"),
        (Param("x", "float", 0.0, "X", ""), "0..1 log", "above 0"),
        (WAY, "a..b", "set in"),
        (WAY, "{a, c}", "one of a, b"),
        (ON, "{maybe}", "on or off"),
    ],
)
def test_what_is_wrong_is_said(declared, text, said):
    with pytest.raises(UserError, match=said):
        parse_space(text, declared)


@given(st.integers(), st.sampled_from(["1..7 step 3", "2..900 log", "3..4"]))
def test_what_is_drawn_is_in_the_range(seed, text):
    span = parse_space(text, WHOLE)
    value = span.draw(random.Random(seed))
    assert isinstance(value, int) and span.low <= value <= span.high
    assert span.is_log or (value - span.low) % span.step == 0


def test_choices_are_counted():
    assert parse_space("{1, 2, 2}", WHOLE).count == 2
    assert parse_space("1..7 step 3", WHOLE).count == 3
    assert parse_space("0.1..0.5 step 0.1", RATE).count == 5
    assert parse_space("0.1..0.5", RATE).count is None
