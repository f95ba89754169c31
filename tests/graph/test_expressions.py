"""Arithmetic over variables: as it counts, and as it is written in code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.expressions import Expr, calculate, tidied
from graph.problems import UserError


def arithmetic() -> st.SearchStrategy[str]:
    """Expressions, spaced and bracketed in any way."""
    space = st.sampled_from(["", " ", "  "])
    names = st.sampled_from(["a", "b", "1", "2", "3.5", "1e-3", "0x10", "10"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        signs = st.sampled_from(["+", "-", "*", "/", "//", "%", "**"])
        two = st.tuples(inner, space, signs, space, inner).map("".join)
        return two | inner.map("-{}".format) | inner.map("+{}".format) | inner.map("({})".format)

    return st.recursive(names, larger, max_leaves=8)


@given(text=arithmetic(), a=st.integers(-4, 4), b=st.integers(1, 5))
def test_code_calculates_the_same(text: str, a: int, b: int) -> None:
    values = {"a": a, "b": b}
    try:
        wanted = calculate(Expr(text), values)
    except UserError:
        return
    code = tidied(text)
    assert calculate(Expr(code), values) == wanted
    assert tidied(code) == code
    if len(str(wanted)) < 300:
        assert eval(code, {}, values) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2 ** i", "2**i"),
        ("2**(i%3)", "2 ** (i % 3)"),
        ("2**-i", "2**-i"),
        ("(-2)**i", "(-2) ** i"),
        ("-2 ** i", "-(2**i)"),
        ("a**b**c", "a ** (b**c)"),
        ("1+(i*i)", "1 + i * i"),
        ("a-(b-c)", "a - (b - c)"),
        ("a/(b*c)*2", "a / (b * c) * 2"),
        ("- - i", "i"),
        ("i # the index", "i"),
        ("1e16 * i", "1e16 * i"),
    ],
)
def test_code_is_written_as_formatters_do(text: str, code: str) -> None:
    assert tidied(text) == code


@pytest.mark.parametrize("text", ["1e999", "True", "f(1)", "a < b", "a.b", "~a", "'a'", ""])
def test_what_is_no_arithmetic_is_no_code(text: str) -> None:
    with pytest.raises(UserError):
        tidied(text)
