"""How often blocks follow each other."""

from __future__ import annotations

from graph.following import MOST_KEPT, count_following
from tests.drawing import chain


def test_kinds_are_ranked_by_the_drawings_that_have_them_so():
    drawings = [
        chain("input conv2d relu conv2d relu conv2d relu"),
        chain("input conv2d batch_norm relu"),
        chain("input conv2d batch_norm relu"),
    ]
    found = count_following(drawings)
    assert found.after["conv2d"] == ("batch_norm", "relu")
    assert found.before["conv2d"] == ("input", "relu")


def test_blocks_that_are_not_known_count_for_nothing():
    assert "mystery" not in count_following([chain("input relu")]).after


def test_losses_come_before_nothing():
    found = count_following([chain("input dense cross_entropy")])
    assert found.after["dense"] == ("cross_entropy",)
    assert all("cross_entropy" not in kinds for kinds in found.before.values())


def test_few_kinds_are_kept():
    kinds = ("relu", "gelu", "silu", "tanh", "sigmoid", "dropout", "flatten", "dense", "softmax")
    found = count_following([chain(f"input {kind}") for kind in kinds])
    assert len(found.after["input"]) == MOST_KEPT
