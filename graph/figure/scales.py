"""How large things are drawn: in proportion where that can be seen, else by roots or logarithms."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Rule = Literal["linear", "root", "log"]
LINEAR_UP_TO, ROOT_UP_TO = 12.0, 1600.0
_WORDS = {"linear": "in proportion", "root": "by the square root", "log": "by the logarithm"}


@dataclass(frozen=True)
class Scale:
    """From a number to points.

    Attributes:
        most: the number that is drawn `longest` points long.
        least: no number is drawn shorter than that.
    """

    rule: Rule
    most: float
    longest: float
    least: float

    def __call__(self, number: float) -> float:
        share = _bent(self.rule, max(number, 1)) / _bent(self.rule, max(self.most, 1))
        return max(share * self.longest, self.least)

    @property
    def words(self) -> str:
        """How it goes, for the caption."""
        return _WORDS[self.rule]


def scale_for(numbers: Iterable[int], longest: float, least: float) -> Scale:
    """The scale for these numbers; the further they lie apart, the less it lets them differ."""
    known = [number for number in numbers if number > 0] or [1]
    ratio = max(known) / min(known)
    rule: Rule = "linear" if ratio <= LINEAR_UP_TO else "root" if ratio <= ROOT_UP_TO else "log"
    return Scale(rule, max(known), longest, least)


def _bent(rule: Rule, number: float) -> float:
    if rule == "linear":
        return number
    return math.sqrt(number) if rule == "root" else math.log2(1 + number)
