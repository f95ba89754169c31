"""How values are written in fields, and what steps do to them."""

import pytest

from app.forms import texts
from graph.params import Expr, Form, Ints, Size2, param
from graph.problems import UserError


class Sample(Form):
    count: int = param(default=4, ge=1, le=64, help="A count.")
    rate: float = param(default=1e-3, gt=0, help="A rate.")
    share: float = param(default=0.5, ge=0, le=1, help="A share.")
    kernel: Size2 = param(default=(3, 3), ge=1, help="A size.")
    axes: Ints = param(default=(1, 2), help="Axes.")


P = Sample.params


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("count", 4, "4"),
        ("count", Expr("2 * w"), "2 * w"),
        ("rate", 1e-5, "1e-05"),
        ("rate", 2.0, "2"),
        ("kernel", (3, 5), "3×5"),
        ("axes", (1, 2), "1, 2"),
    ],
)
def test_a_field_reads_back_what_it_shows(name, value, text):
    assert texts.text_of(P[name], value) == text
    assert texts.value_of(P[name], text, {"w": 3}) == value


def test_arithmetic_is_worked_out_and_variables_are_kept():
    assert texts.value_of(P["count"], "4 * 16", {}) == 64
    assert texts.value_of(P["count"], "4 * w", {"w": 8}) == Expr("4 * w")


@pytest.mark.parametrize(
    ("text", "part"),
    [("65", "at most 64"), ("0", "at least 1"), ("w", "no variable"), ("", "a number"),
     ("three", "no variable"), ("4 *", "not arithmetic")],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_reason(text, part):
    with pytest.raises(UserError, match=part):
        texts.value_of(P["count"], text, {})


def test_steps_stay_within_bounds():
    assert texts.stepped(P["count"], 4, 1, coarse=False) == 5
    assert texts.stepped(P["count"], 60, 1, coarse=True) == 64
    assert texts.stepped(P["count"], 1, -1, coarse=False) == 1
    assert texts.stepped(P["share"], 0.95, 1, coarse=False) == 1


def test_a_small_rate_steps_by_its_leading_digit():
    up = texts.stepped(P["rate"], 0.001, 1, coarse=False)
    assert up == pytest.approx(0.002, rel=1e-12)
    assert texts.stepped(P["rate"], 0.001, -1, coarse=False) == pytest.approx(0.0009, rel=1e-12)
    assert texts.stepped(P["rate"], 0.001, 1, coarse=True) == pytest.approx(0.01, rel=1e-12)


def test_equal_sizes_step_together_and_others_at_the_cursor():
    assert texts.stepped(P["kernel"], (3, 3), 1, coarse=False, at=1) == (4, 4)
    assert texts.stepped(P["kernel"], (3, 5), 1, coarse=False, at=1) == (3, 6)
    assert texts.stepped(P["axes"], (1, 1), 1, coarse=False, at=0) == (2, 1)


def test_expressions_do_not_step():
    assert texts.stepped(P["count"], Expr("2 * w"), 1, coarse=False) is None


@pytest.mark.parametrize(("cursor", "at"), [(0, 0), (2, 0), (3, 1), (5, 1)])
def test_the_number_at_the_cursor(cursor, at):
    assert texts.number_at("10×20", cursor) == at
