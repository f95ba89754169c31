"""Add noise: what is left of data at each step, against the papers' formulas."""

import math

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.diffusion import AddNoise
from graph.tensor import T

TYPES = {"x": T("N", 3), "noise": T("N", 3), "step": T("N", dtype="int64")}


def model(block):
    return model_of(source_of(Trial(block, TYPES)))


def test_each_step_adds_noise_to_what_the_one_before_it_left():
    made = model(AddNoise(steps=20, first=0.01, last=0.3))
    x, noise = torch.full((20, 3), 2.0), torch.full((20, 3), -1.0)
    (noisy,) = run(made, [x, noise, torch.arange(20)])
    kept = 1.0
    for step in range(20):
        kept *= 1 - (0.01 + step * (0.3 - 0.01) / 19)
        expected = math.sqrt(kept) * 2 - math.sqrt(1 - kept)
        assert noisy[step, 0].item() == pytest.approx(expected, abs=1e-5)


def test_the_last_step_leaves_next_to_nothing():
    for block in (AddNoise(), AddNoise(schedule="cosine", steps=200)):
        kept = model(block).tried.kept
        assert kept[0] > 0.99
        assert kept[-1] < 1e-4
        assert (kept.diff() < 0).all()


def test_the_cosine_schedule_is_a_squared_cosine():
    kept = model(AddNoise(schedule="cosine", steps=1000)).tried.kept
    time = (torch.arange(1, 1000) / 1000 + 0.008) / 1.008
    expected = torch.cos(time * math.pi / 2) ** 2 / math.cos(0.008 / 1.008 * math.pi / 2) ** 2
    assert torch.allclose(kept[:-1], expected, atol=1e-4)
