"""Random drawings with awkward names compute what they mean, with each weight at its path."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.cost import costs
from graph.infer import infer
from graph.model import Document
from tests.backends.pytorch.artist import Artist
from tests.backends.pytorch.evaluating import check_folder_lints, check_numbers

MOST_NUMBERS = 3_000_000
MANY = range(1000, 7000, 500)


def is_reasonable(document: Document) -> bool:
    """Whether no formula of formulas gave a width below 1, or gigabytes of weights."""
    typing = infer(document)
    is_refused = any("must be at least 1, but is" in p.text for p in typing.problems.values())
    return not is_refused and costs(document, typing).total.parameters <= MOST_NUMBERS


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "seeds",
    [range(100), *(pytest.param(range(n, n + 500), marks=pytest.mark.slow) for n in MANY)],
    ids=str,
)
def test_random_drawings_compute_what_they_mean(seeds: range, tmp_path: Path) -> None:
    for seed in seeds:
        try:
            document = Artist(seed).document()
            if not is_reasonable(document):
                continue
            text = check_numbers(document, seed)
        except Exception as error:
            error.add_note(f"This is the drawing of seed {seed}.")
            raise
        (tmp_path / f"drawing{seed}.py").write_text(text, "utf-8")
    check_folder_lints(tmp_path)
