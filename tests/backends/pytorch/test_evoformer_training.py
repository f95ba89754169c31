"""A small Evoformer guesses hidden pixels of digits from those around them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backends.data.source import source_of
from backends.protocol import Finished
from graph import edits
from graph.check import check
from graph.gallery import find
from graph.gallery.evoformer import HIDDEN
from graph.infer import infer
from tests.backends.pytorch.running import train


def test_its_small_size_fits_the_data_that_is_always_there() -> None:
    entry = find("evoformer")
    document = entry.build(**entry.small)
    data = source_of(document.data).describe()
    assert check(document, infer(document), data=data) == []


@pytest.mark.slow
def test_it_errs_far_less_than_who_guesses_the_mean_of_each_pixel(tmp_path: Path) -> None:
    entry = find("evoformer")
    document = entry.build(**entry.small)
    for setting, value in (("device", "cpu"), ("threads", 1)):
        document = edits.set_recipe(document, setting, value)
    pixels = source_of(document.data).load().train["x"]
    of_means = float(pixels.var(axis=0).mean()) * HIDDEN
    last = train(document, tmp_path)[-1]
    assert isinstance(last, Finished), last
    assert last.test["hidden_loss"] < 0.6 * of_means
    together = np.einsum("nsi,nsj->nij", pixels, pixels) / pixels.shape[1]
    assert last.test["pair_loss"] < 0.15 * together.var(axis=0).mean()
