"""Sampling from a diffusion model whose best guess is known in closed form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from backends.pytorch.sampling import sample_ddim, sample_ddpm

MEAN, SPREAD = torch.tensor([2.0, -1.0]), 0.5
COARSE = 0.08  # steps of finite size lose a little of the spread


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """So small a model is quickest so, on a machine with other work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def kept() -> torch.Tensor:
    return (1 - torch.linspace(1e-3, 0.2, 100)).cumprod(0)


@pytest.fixture
def guess(kept):
    """What a perfect denoiser of normal data would say."""

    def noise_in(x, step):
        a = kept[step][:, None]
        return (1 - a).sqrt() * (x - a.sqrt() * MEAN) / (a * SPREAD**2 + 1 - a)

    return noise_in


def test_ddpm_gives_data_of_the_right_mean_and_spread(kept, guess):
    x = sample_ddpm(guess, kept, torch.randn(5000, 2))
    assert torch.allclose(x.mean(0), MEAN, atol=0.05)
    assert torch.allclose(x.std(0), torch.full((2,), SPREAD), atol=COARSE)


@pytest.mark.parametrize(("steps", "eta"), [(100, 0.0), (100, 1.0), (25, 0.0)])
def test_ddim_gives_data_of_the_right_mean_and_spread(kept, guess, steps, eta):
    x = sample_ddim(guess, kept, torch.randn(5000, 2), steps, eta)
    assert torch.allclose(x.mean(0), MEAN, atol=0.05)
    assert torch.allclose(x.std(0), torch.full((2,), SPREAD), atol=COARSE)


def test_ddim_of_all_steps_with_all_noise_is_ddpm(kept, guess):
    start = torch.randn(5, 2)
    torch.manual_seed(1)
    one = sample_ddpm(guess, kept, start)
    torch.manual_seed(1)
    other = sample_ddim(guess, kept, start, steps=100, eta=1.0)
    assert torch.allclose(one, other, atol=1e-4)


def test_ddim_without_noise_makes_the_same_of_the_same(kept, guess):
    start = torch.randn(5, 2)
    assert torch.equal(sample_ddim(guess, kept, start), sample_ddim(guess, kept, start))
