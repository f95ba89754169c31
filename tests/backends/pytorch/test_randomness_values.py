"""What random blocks draw: as spread as they say, repeated by a seed, and what learns from them."""

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, source_of
from graph.blocks.randomness import (
    Bernoulli,
    GumbelSoftmax,
    Noise,
    RandomMask,
    RandomTimestep,
    Reparameterize,
)
from graph.tensor import T


def model(block, *tensors):
    types = [T(*x.shape, dtype=str(x.dtype).removeprefix("torch.")) for x in tensors]
    given = dict(zip([port.name for port in block.inputs], types, strict=True))
    return model_of(source_of(Trial(block, given)))


@pytest.mark.parametrize(
    "block",
    [
        Noise(), RandomTimestep(), RandomTimestep(continuous=True), GumbelSoftmax(), Bernoulli(),
        RandomMask(),
    ],
    ids=lambda block: block.kind.name,
)  # fmt: skip
def test_a_seed_repeats_what_is_drawn_in_evaluation_too(block):
    x = torch.rand(64, 8)
    made = model(block, x).eval()
    torch.manual_seed(5)
    first, second = made(x), made(x)
    torch.manual_seed(5)
    assert torch.equal(made(x), first)
    assert not torch.equal(first, second)


def test_noise_is_as_spread_as_it_says():
    x = torch.empty(200, 200)
    noise = model(Noise(scale=0.5), x)(x)
    assert noise.mean().item() == pytest.approx(0, abs=0.01)
    assert noise.std().item() == pytest.approx(0.5, rel=0.02)
    uniform = model(Noise(distribution="uniform"), x)(x)
    assert 0 <= uniform.min() < 0.01
    assert 0.99 < uniform.max() < 1


def test_samples_lie_around_their_means_while_training():
    mean, log_variance = torch.full((300, 300), 3.0), torch.full((300, 300), -2.0)
    found = model(Reparameterize(), mean, log_variance).train()(mean, log_variance)
    assert found.mean().item() == pytest.approx(3, abs=0.01)
    assert found.var().item() == pytest.approx(torch.tensor(-2.0).exp().item(), rel=0.03)


def test_a_sample_is_the_mean_in_evaluation_unless_told_otherwise():
    mean, log_variance = torch.zeros(4, 4), torch.zeros(4, 4)
    assert torch.equal(model(Reparameterize(), mean, mean).eval()(mean, log_variance), mean)
    drawn = model(Reparameterize(evaluation="sample"), mean, mean).eval()(mean, log_variance)
    assert not torch.equal(drawn, mean)


def test_means_and_variances_learn_from_a_sample():
    mean, log_variance = torch.zeros(4, requires_grad=True), torch.zeros(4, requires_grad=True)
    model(Reparameterize(), mean, mean).train()(mean, log_variance).sum().backward()
    assert torch.equal(mean.grad, torch.ones(4))
    assert log_variance.grad.abs().min() > 0


def test_steps_cover_all_there_are():
    x = torch.empty(2000, 1)
    assert set(model(RandomTimestep(steps=5), x)(x).tolist()) == {0, 1, 2, 3, 4}
    times = model(RandomTimestep(continuous=True), x)(x)
    assert times.mean().item() == pytest.approx(0.5, abs=0.03)


def test_a_hard_choice_is_one_of_them_and_as_likely_as_its_logit_says():
    logits = torch.tensor([0.7, 0.2, 0.1]).log().expand(20000, 3)
    chosen = model(GumbelSoftmax(hard=True), logits)(logits)
    assert torch.equal(chosen.sum(dim=1), torch.ones(20000))
    assert chosen.mean(dim=0).tolist() == pytest.approx([0.7, 0.2, 0.1], abs=0.015)


def test_coins_fall_as_often_as_they_should():
    chances = torch.full((200, 200), 0.3, requires_grad=True)
    drawn = model(Bernoulli(straight_through=True), chances)(chances)
    assert set(drawn.detach().round(decimals=5).abs().unique().tolist()) == {0.0, 1.0}
    assert drawn.mean().item() == pytest.approx(0.3, abs=0.01)
    drawn.sum().backward()
    assert torch.equal(chances.grad, torch.ones(200, 200))


def test_a_mask_covers_its_share():
    x = torch.zeros(200, 200, dtype=torch.int64)
    assert model(RandomMask(p=0.15), x)(x).float().mean().item() == pytest.approx(0.15, abs=0.01)
    assert model(RandomMask(p=1.0), x)(x).all()
