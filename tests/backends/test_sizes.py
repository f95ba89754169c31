"""Formulas of sizes from what they were at a few points."""

import pytest

from backends.sizes import formula, points
from graph.tensor import evaluate, symbol

N, T = symbol("N"), symbol("T")
NAMES, STARTS = ["N", "T"], [5, 37]


def found(dim):
    at = {p: evaluate(dim, dict(zip(NAMES, p, strict=True))) for p in points(STARTS)}
    return formula(NAMES, STARTS, at)


@pytest.mark.parametrize(
    "dim",
    [
        7, N, N * T, 3 * N, 2 * N + T - 1, T * T * N * 64, (T - 3) // 2 + 1, (T + 7) // 8,
        (3 * T + 1) // 4, T // 2 - 15,
    ],
)  # fmt: skip
def test_a_formula_is_found_again(dim):
    assert found(dim) == dim


def test_halves_come_out_even():
    triangle = found(N * ((T * (T + 1)) // 2))
    assert evaluate(triangle, {"N": 3, "T": 100}) == 3 * 5050


def test_what_is_no_formula_is_told():
    at = {p: p[1] ** 3 % 7 for p in points(STARTS)}
    assert formula(NAMES, STARTS, at) is None
