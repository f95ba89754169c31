"""Warming up beside a run that has begun."""

import torch

from backends.pytorch.warm import warm_up


def test_warming_up_takes_no_random_number():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    warm_up()
    assert torch.equal(torch.get_rng_state(), before)
