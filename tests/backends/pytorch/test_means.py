"""Means that are read late, so that an accelerator never waits for them."""

import pytest
import torch

from backends.pytorch.means import Means

CPU, LATE = torch.device("cpu"), torch.device("mps")  # where numbers are computed, not needed here


def fill(means, count=20):
    known = []
    for step in range(1, count + 1):
        means.add(step, step, torch.tensor(float(step)), {"half": torch.tensor(step / 2)})
        known += means.new_losses()
    return known


def test_the_processor_knows_each_loss_at_once():
    assert fill(Means(CPU)) == [(step, [float(step)]) for step in range(1, 21)]


def test_an_accelerator_is_read_a_few_steps_late_and_in_order():
    means = Means(LATE)
    known = fill(means)
    assert known == [(step, [float(step)]) for step in range(1, 21 - Means.LATE)]
    means.read()
    assert known + means.new_losses() == [(step, [float(step)]) for step in range(1, 21)]
    assert means.new_losses() == []


@pytest.mark.parametrize("device", [CPU, LATE])
def test_means_weigh_batches_by_their_rows(device):
    means = Means(device)
    fill(means)
    means.read()
    rows = sum(range(1, 21))
    mean = sum(step * step for step in range(1, 21)) / rows
    assert means.rows == rows
    assert means.means() == pytest.approx({"loss": mean, "half": mean / 2})


def test_losses_of_parts_are_told_behind_the_loss():
    means = Means(CPU, parts=2)
    one = torch.tensor(1.0)
    means.add(1, 4, 3 * one, {"first": one, "second": 2 * one, "accuracy": one})
    assert means.new_losses() == [(1, [3.0, 1.0, 2.0])]
