"""A dense layer behind an image is pointed out; one behind features that stand last is not."""

from __future__ import annotations

import pytest

from graph.check import check
from graph.gallery.draw import Drawing
from graph.infer import infer


def codes(*kinds: str, shape: str) -> set[str]:
    drawing = Drawing()
    drawing.chain(drawing.add("input", shape=shape), *kinds)
    return {problem.code for problem in check(drawing.document, infer(drawing.document))}


@pytest.mark.parametrize(
    ("shape", "kinds"),
    [
        ("3, 8, 8", ("dense",)),
        ("5, 8, 8", ("conv2d", "relu", "dropout", "dense")),
        ("1, 8, 8", ("batch_norm", "max_pool2d", "dense")),
    ],
)
def test_a_dense_layer_that_mixes_a_row_of_pixels_is_pointed_out(shape, kinds):
    assert "dense-on-image" in codes(*kinds, "output", shape=shape)


@pytest.mark.parametrize(
    ("shape", "kinds"),
    [
        ("S, R, 16", ("dense",)),
        ("3, R, 16", ("layer_norm", "dense", "relu", "dense")),
        ("7, 5, 16", ("dense", "relu", "dense")),
    ],
)
def test_features_that_stand_last_are_mixed_without_a_word(shape, kinds):
    assert "dense-on-image" not in codes(*kinds, "output", shape=shape)
