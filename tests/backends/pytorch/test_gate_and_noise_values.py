"""What gates, norms, dropout and noise compute: known numbers, training and afterwards."""

import math

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.dropout_variants import (
    AlphaDropout,
    Dropout1d,
    Dropout2d,
    Dropout3d,
    FeatureAlphaDropout,
    SharedDropout,
)
from graph.blocks.gated_activation import GatedTanh, Geglu, Glu, Reglu, Swiglu
from graph.blocks.sample_normalisation import InstanceNorm, LocalResponseNorm, Normalize
from graph.blocks.shrinking_activation import Hardshrink, Rrelu, Softshrink, Threshold
from graph.blocks.training_noise import GaussianNoise, StochasticDepth
from graph.tensor import T


def answer(block, x, training=False):
    model = model_of(source_of(Trial(block, {"x": T(*x.shape)}))).train(training)
    torch.manual_seed(3)
    return run(model, [x])[0]


SIGMOID_2 = 1 / (1 + math.exp(-2))


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Glu(), 3 * SIGMOID_2),
        (Geglu(), 3 * 2 * 0.5 * (1 + math.erf(2 / math.sqrt(2)))),
        (Swiglu(), 3 * 2 * SIGMOID_2),
        (Reglu(), 3 * 2),
        (GatedTanh(), math.tanh(3) * SIGMOID_2),
    ],
    ids=lambda value: value.kind.name if not isinstance(value, float | int) else "",
)
def test_the_second_half_is_the_gate_of_the_first(block, expected):
    assert answer(block, torch.tensor([[3.0, 2.0]])).item() == pytest.approx(expected)


def test_gates_halve_the_channels_when_told_to():
    x = torch.randn(2, 6, 5)
    gated = answer(GatedTanh(axis=1), x)
    assert torch.allclose(gated, x[:, :3].tanh() * x[:, 3:].sigmoid())


def test_instance_norm_forgets_the_contrast_of_each_channel():
    x = torch.randn(2, 3, 5, 5)
    scaled = x * torch.rand(2, 3, 1, 1).add(0.5) + torch.randn(2, 3, 1, 1)
    assert torch.allclose(answer(InstanceNorm(), x), answer(InstanceNorm(), scaled), atol=1e-3)


def test_the_alpha_of_alexnet_multiplies_a_sum():
    x = torch.randn(1, 9, 2, 2)
    found = answer(LocalResponseNorm(alpha=5e-4, k=2.0), x)
    strength = 2 + 1e-4 * x[:, 2:7].square().sum(1)
    assert torch.allclose(found[:, 4], x[:, 4] / strength**0.75)


def test_normalised_vectors_have_length_1():
    lengths = answer(Normalize(axis=1), torch.randn(2, 3, 4)).norm(dim=1)
    assert torch.allclose(lengths, torch.ones(2, 4))


def test_shrinking_turns_small_numbers_to_0():
    x = torch.tensor([[-2.0, -0.5, 0.0, 0.4, 1.0]])
    assert answer(Hardshrink(), x).tolist() == [[-2.0, 0.0, 0.0, 0.0, 1.0]]
    assert answer(Softshrink(), x).tolist() == [[-1.5, 0.0, 0.0, 0.0, 0.5]]
    assert answer(Threshold(threshold=0.4, value=9.0), x).tolist() == [[9.0, 9.0, 9.0, 9.0, 1.0]]


def test_rrelu_draws_while_training_and_then_takes_the_middle():
    x = torch.full((1, 100), -1.0)
    drawn = -answer(Rrelu(lower=0.2, upper=0.4), x, training=True)
    assert drawn.min() >= 0.2
    assert drawn.max() <= 0.4
    assert drawn.std() > 0.01
    assert torch.allclose(answer(Rrelu(lower=0.2, upper=0.4), x), torch.full_like(x, -0.3))


NOISY = [
    (Dropout1d(), (8, 50, 4)),
    (Dropout2d(), (8, 50, 3, 3)),
    (Dropout3d(), (8, 50, 2, 2, 2)),
    (AlphaDropout(), (8, 50)),
    (FeatureAlphaDropout(), (8, 50, 4)),
    (StochasticDepth(p=0.5), (64, 3, 3)),
    (GaussianNoise(), (8, 50)),
]


@pytest.mark.parametrize(("block", "shape"), NOISY, ids=lambda value: str(value)[:20])
def test_what_is_random_in_training_does_nothing_afterwards(block, shape):
    x = torch.randn(shape)
    assert torch.equal(answer(block, x), x)
    assert not torch.equal(answer(block, x, training=True), x)


@pytest.mark.parametrize(("block", "shape"), NOISY[:3], ids=lambda value: str(value)[:20])
def test_channels_are_dropped_as_a_whole_and_the_rest_is_doubled(block, shape):
    channels = answer(block, torch.ones(shape), training=True).flatten(2)
    assert torch.equal(channels, channels[..., :1].expand_as(channels))
    assert set(channels.unique().tolist()) == {0.0, 2.0}


def test_stochastic_depth_drops_as_many_samples_as_it_says_and_keeps_the_mean():
    kept = answer(StochasticDepth(p=0.25), torch.ones(4000, 2, 3), training=True).flatten(1)
    assert torch.equal(kept, kept[:, :1].expand_as(kept))
    # 4 standard errors of a share of 4000
    assert (kept == 0).float().mean().item() == pytest.approx(0.25, abs=0.03)
    assert kept.mean().item() == pytest.approx(1, abs=0.04)


def test_a_probability_of_1_drops_all_and_divides_by_nothing():
    assert answer(StochasticDepth(p=1.0), torch.ones(4, 2), training=True).tolist() == [[0, 0]] * 4


def test_alpha_dropout_keeps_mean_and_spread():
    kept = answer(AlphaDropout(p=0.3), torch.randn(200, 200), training=True)
    assert kept.mean().item() == pytest.approx(0, abs=0.03)
    assert kept.std().item() == pytest.approx(1, abs=0.03)


def test_noise_has_the_spread_it_says():
    noise = answer(GaussianNoise(std=0.3), torch.zeros(200, 200), training=True)
    assert noise.std().item() == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("axis", [1, 2])
def test_shared_dropout_drops_the_same_numbers_all_along_its_axis(axis):
    x = torch.ones(2, 30, 40, 5)
    dropped = answer(SharedDropout(p=0.25, axis=axis), x, training=True)
    assert torch.equal(dropped, dropped.narrow(axis, 0, 1).expand_as(dropped))
    kept = dropped.narrow(axis, 0, 1) != 0
    assert dropped.max().item() == pytest.approx(1 / 0.75)
    assert 0.6 < kept.float().mean().item() < 0.9
    assert torch.equal(answer(SharedDropout(axis=axis), x), x)
