"""What is offered first behind a source of data fits what it gives."""

import pytest

from app.canvas.likely import likely_after, usual_after
from app.canvas.offers import why_not_take
from graph.registry import default_registry
from graph.tensor import T

TYPES = {
    "conv2d": T("N", 3, 32, 32),
    "conv3d": T("N", 1, 16, 32, 32),
    "conv1d": T("N", 1, 16000),
    "lstm": T("N", "T", 8),
    "dense": T("N", 13),
    "embedding": T("N", "T", dtype="int64"),
    "cast": T("N", 4, dtype="bool"),
}


@pytest.mark.parametrize(("first", "type_"), TYPES.items(), ids=TYPES)
def test_what_mostly_takes_a_type_comes_first_and_all_of_it_fits(first, type_):
    kinds = likely_after(type_)
    assert kinds[0] == first
    for kind in kinds:
        block = default_registry().find(kind)
        assert not why_not_take(block, type_, {}), kind


def test_behind_other_blocks_the_gallery_says_what_follows():
    after = ("batch_norm", "relu")
    assert usual_after("conv2d", TYPES["conv2d"], after) == after
    assert usual_after("input", None, after) == after
    assert usual_after("input", TYPES["dense"], ("index", "dense"))[:2] == ("dense", "batch_norm")


def test_rows_of_known_number_may_be_channels():
    assert likely_after(T("N", 28, 28))[:3] == ("lstm", "gru", "conv1d")
