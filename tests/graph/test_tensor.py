"""Symbolic sizes and tensor types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.tensor import (
    Dim,
    Sym,
    T,
    TensorType,
    broadcast,
    evaluate,
    show_shape,
    symbol,
    symbols_in,
)

N, TIME = symbol("N"), symbol("T")


def test_equal_polynomials_are_equal_sizes():
    assert N + N == 2 * N
    assert (N + 1) * (N - 1) == N * N - 1
    assert hash(N + TIME) == hash(TIME + N)


def test_arithmetic_that_comes_out_plain_is_an_int():
    assert (N + 3) - N == 3
    assert isinstance((N + 3) - N, int)
    assert (6 * N) // (2 * N) == 3


def test_floor_division_splits_what_divides():
    assert (4 * TIME + 3) // 4 == TIME
    assert (TIME + 5) // 2 == (TIME + 1) // 2 + 2
    assert str((TIME + 1) // 2) == "((T+1)//(2))"


def dims() -> st.SearchStrategy[Dim]:
    atoms = st.one_of(st.integers(-6, 9), st.sampled_from([N, TIME]))
    return st.recursive(
        atoms,
        lambda inner: st.tuples(inner, inner, st.sampled_from("+-*")).map(
            lambda t: t[0] + t[1] if t[2] == "+" else t[0] - t[1] if t[2] == "-" else t[0] * t[1]
        ),
        max_leaves=6,
    )


@given(dims(), dims(), st.integers(1, 9), st.integers(1, 9), st.integers(1, 7))
def test_evaluating_commutes_with_arithmetic(a, b, n, t, divisor):
    sizes = {"N": n, "T": t}
    left, right = evaluate(a, sizes), evaluate(b, sizes)
    assert evaluate(a + b, sizes) == left + right
    assert evaluate(a * b, sizes) == left * right
    assert evaluate(a // divisor, sizes) == left // divisor


def test_symbols_are_found_inside_quotients():
    assert symbols_in((N * TIME + 1) // 3) == {"N", "T"}
    assert symbols_in(7) == set()


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ((N, 3, 1), (4,), (N, 3, 4)),
        ((N, 3), (N, 1), (N, 3)),
        ((2, 3), (2, 4), None),
        ((N,), (TIME,), None),
        ((), (N, 2), (N, 2)),
    ],
)
def test_broadcasting(left, right, result):
    assert broadcast(left, right) == result


def test_types_show_what_people_read():
    assert str(T("N", 3, 224, 224)) == "N×3×224×224"
    assert str(T("N", dtype="int64")) == "N int64"
    assert show_shape(()) == "scalar"


def test_types_at_sizes():
    type_ = TensorType((N, 2 * TIME))
    assert type_.at({"N": 3, "T": 5}) == TensorType((3, 10))
    assert type_.bytes() == 8 * N * TIME


def test_a_symbol_has_an_identifier_for_name():
    with pytest.raises(ValueError, match="letters"):
        symbol("a b")
    assert isinstance(symbol("batch"), Sym)
