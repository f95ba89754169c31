"""Normalisation: which torch module, and how many weights."""

import pytest

from graph.blocks.linear import Embedding
from graph.blocks.normalisation import BatchNorm, GroupNorm, LayerNorm, RmsNorm
from graph.tensor import T


@pytest.mark.parametrize(
    ("x", "module"),
    [
        (T("N", 8), "nn.BatchNorm1d"),
        (T("N", 8, "T"), "nn.BatchNorm1d"),
        (T("N", 8, 5, 5), "nn.BatchNorm2d"),
        (T("N", 8, 5, 5, 5), "nn.BatchNorm3d"),
    ],
)
def test_batch_norm_follows_the_rank(x, module):
    assert BatchNorm().emit(x).modules["norm"].target == module
    assert BatchNorm().parameters(x) == 16


def test_weights_are_counted_over_the_axes_normalised():
    x = T("N", 6, 4, 5)
    assert LayerNorm().parameters(x) == 10
    assert LayerNorm(axes=2, bias=False).parameters(x) == 20
    assert RmsNorm(axes=3).parameters(x) == 120
    assert GroupNorm(groups=3).parameters(x) == 12
    assert LayerNorm(affine=False).parameters(x) == 0


def test_an_embedding_has_a_vector_for_each_index():
    assert Embedding(vocabulary=50257, dimension=768).parameters(T("N", "T")) == 38_597_376
