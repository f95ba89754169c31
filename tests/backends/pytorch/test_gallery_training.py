"""The small sizes of the gallery's classifiers learn the digits, by the recipe they bring along."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from backends.data.source import source_of
from backends.protocol import Finished
from graph import edits
from graph.check import check
from graph.gallery import Family, entries, find
from graph.infer import infer
from tests.backends.pytorch.running import train

LEAST_ACCURACY = 0.9
CLASSIFIERS = [
    entry.name for entry in entries() if entry.family in (Family.PERCEPTRONS, Family.CONVOLUTIONAL)
]
QUICK = ("perceptron", "mlp")
CASES = [
    pytest.param(name, {}, id=name, marks=[] if name in QUICK else [pytest.mark.slow])
    for name in CLASSIFIERS
] + [pytest.param("googlenet", {"auxiliary": True}, id="googlenet-heads", marks=[pytest.mark.slow])]


@pytest.mark.parametrize(("name", "values"), CASES)
def test_it_learns_the_digits(name: str, values: Mapping[str, object], tmp_path: Path) -> None:
    entry = find(name)
    document = entry.build(**{**entry.small, **values})
    assert check(document, infer(document), data=source_of(document.data).describe()) == []
    for setting, value in (("device", "cpu"), ("threads", 1)):
        document = edits.set_recipe(document, setting, value)
    last = train(document, tmp_path)[-1]
    assert isinstance(last, Finished), last
    assert last.test["accuracy"] >= LEAST_ACCURACY
