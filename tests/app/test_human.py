"""Numbers as people read them."""

from __future__ import annotations

import pytest

from app.human import duration, milliseconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0 s"), (0.0124, "12 ms"), (0.094, "94 ms"), (0.096, "0.1 s"), (9.94, "9.9 s"),
        (42, "42 s"), (185, "3 min 05 s"), (7800, "2 h 10 min"), (float("inf"), "–"),
    ],
)  # fmt: skip
def test_times_are_told_in_the_unit_that_suits_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0"), (3.1e-7, "0.31 µs"), (4.2e-5, "42.0 µs"), (9.994e-4, "999 µs"),
        (9.996e-4, "1.00 ms"), (0.00317, "3.17 ms"), (0.125, "125 ms"), (1.2, "1.20 s"),
    ],
)  # fmt: skip
def test_short_times_are_told_with_three_digits(seconds: float, text: str) -> None:
    assert milliseconds(seconds) == text
