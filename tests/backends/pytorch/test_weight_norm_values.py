"""Weight norm and spectral norm: what the weight is, and that its parts keep their names."""

import pytest
import torch

from backends.pytorch.compile import keep_weights, to_node_keys
from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.convolution import Conv2d
from graph.blocks.linear import Dense
from graph.blocks.transposed_convolution import TransposedConv2d
from graph.tensor import T

IMAGE = T("N", 3, 6, 6)


def layer(block, x):
    return model_of(source_of(Trial(block, {"x": x}))).tried


def test_weight_norm_learns_the_length_of_each_filter_apart_from_its_direction():
    conv = layer(Conv2d(out_channels=4, weight_norm="weight"), IMAGE)
    lengths = conv.parametrizations.weight.original0
    with torch.no_grad():
        lengths.copy_(torch.arange(1.0, 5.0).reshape(4, 1, 1, 1))
    assert torch.allclose(conv.weight.flatten(1).norm(dim=1), torch.arange(1.0, 5.0))


def test_a_transposed_convolution_has_a_length_for_each_channel_that_comes_out():
    conv = layer(TransposedConv2d(out_channels=4, weight_norm="weight"), IMAGE)
    assert conv.parametrizations.weight.original0.shape == (1, 4, 1, 1)


def test_spectral_norm_stretches_nothing_by_more_than_1():
    dense = layer(Dense(features=5, weight_norm="spectral"), T("N", 7)).train()
    for _ in range(30):
        dense(torch.randn(2, 7))
    assert torch.linalg.matrix_norm(dense.weight, 2).item() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("norm", ["weight", "spectral"])
def test_the_weights_of_a_normed_layer_are_kept_by_node(norm):
    source = source_of(Trial(Conv2d(out_channels=4, weight_norm=norm), {"x": IMAGE}))
    first, second = model_of(source), model_of(source, seed=8)
    kept = to_node_keys(first.state_dict(), source.paths)
    assert set(keep_weights(second, source.paths, kept)) == set(kept)
    x = torch.randn(2, 3, 6, 6)
    assert torch.equal(run(first.eval(), [x])[0], run(second.eval(), [x])[0])
