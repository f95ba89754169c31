"""Files whose composites mean harm are refused or typed, at once and in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.graph.hostile_composites import files

ROOT = Path(__file__).parents[2]
NAMES = list(files())
LONGEST_S = 1.0
MOST_MB = 300
# What must be said of a file, in a refusal or in an error of the drawing.
WORDS = {
    "a ring of 1 definitions": "contains itself: D0 → D0",
    "a ring of 3 definitions": "contains itself: D0 → D1 → D2 → D0",
    "500 definitions within each other": "nested deeper than",
    "count 0 0 of a layer": "at least 1",
    "count 1 -1 of a composite": "at least 1",
    "count 3 1.5 of a layer": "whole number",
    "count 6 1000000 of a composite": "at most 10000",
    "count 16 {'expr': '1 / 0'} of a layer": "divides by zero",
    "count 18 {'expr': '9**9**9'} of a composite": "too large",
    "expression 16 {'expr': '1 / 0'} inside": "divides by zero",
    "expression 18 {'expr': '9**9**9'} given": "too large",
    "a parameter called 'a b'": "no name",
    "ports called 'canary()'": "has a port called “canary()”",
    "ports of one name": "two ports called “x”",
    "two definitions of one name": "two definitions are called",
    "one id in two definitions": "both have a block with the id",
    "an instance of what is not there": "a definition that this drawing does not have",
    "a definition that uses what is not there": "a definition that this drawing does not have",
    "a definition without Outputs": "has no Output inside",
    "weights shared with 5 'gone'": "the weights of another one of its kind",
    "weights shared with another kind": "of another kind",
    "weights shared in a circle": "no weights of its own",
    "concat of 2 in each other, 30 times": "unfolds to more than",
    "1000 that differ in each other, 3 times": "unfolds to more than",
    "five of the next, all different, 12 times": "unfolds to more than",
}


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    """What came of each file, from one process that is not measured with the rest of the tests."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.graph.hostile_runner", "composites"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=100,
    )  # fmt: skip
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    return {answer["name"]: answer for answer in answers}


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_file_is_refused_or_drawn_at_once(
    told: dict[str, dict[str, Any]], name: str
) -> None:
    answer = told[name]
    assert not answer["failed"], answer["failed"]
    slow = {stage: s for stage, s in answer["seconds"].items() if s > LONGEST_S}
    assert slow == {}
    said = (answer["refused"], *answer["errors"])
    assert all(len(text) < 600 for text in said)
    if name in WORDS:
        assert any(WORDS[name] in text for text in said), said


def test_no_hostile_file_takes_much_memory(told: dict[str, dict[str, Any]]) -> None:
    peaks = [answer["peak_mb"] for answer in told.values()]
    assert peaks[-1] - peaks[0] < MOST_MB
