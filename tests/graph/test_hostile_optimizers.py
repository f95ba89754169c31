"""Files whose Optimizers mean harm are refused or typed, at once."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.graph.hostile_optimizers import files
from tests.graph.test_hostile_composites import LONGEST_S, ROOT

# What must be said of a file, in a refusal or in an error of the drawing.
WORDS = {
    "an optimizer in a definition": "cannot stand inside a composite",
    "an optimizer in a repeated definition": "cannot stand inside a composite",
    "an optimizer of a layer": "which is no loss",
    "an optimizer repeated by chain": "cannot be repeated",
    "trains what is inside a definition": "no block has that name",
    "learning_rate 1 -1": "more than 0",
    "three hundred optimizers of one name": "each block learns from one",
}


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    """What came of each file, from a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.graph.hostile_runner", "optimizers"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=100,
    )  # fmt: skip
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    return {answer["name"]: answer for answer in answers}


@pytest.mark.parametrize("name", list(files()))
def test_a_file_with_a_hostile_optimizer_is_refused_or_drawn_at_once(
    told: dict[str, dict[str, Any]], name: str
) -> None:
    answer = told[name]
    assert not answer["failed"], answer["failed"]
    assert {stage: s for stage, s in answer["seconds"].items() if s > LONGEST_S} == {}
    said = (answer["refused"], *answer["errors"])
    assert all(len(text) < 600 for text in said)
    if name in WORDS:
        assert any(WORDS[name] in text for text in said), said
