"""Schedules are those of torch in every step, and a run on a plateau goes on as it would have."""

import subprocess
import sys

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler as theirs

from backends.pytorch.loop import fit
from backends.pytorch.schedule import learning_rate_at, plateau_share
from graph.recipe import Recipe
from tests.backends.pytorch.test_loop import Quiet, line, model, recipe, squared

PER_EPOCH, EPOCHS = 13, 12
TOTAL = PER_EPOCH * EPOCHS
LR = 0.05


def by_epoch(make):
    """A schedule of torch that is told of epochs, and goes on after every so many steps."""

    def made(optimizer):
        schedule = make(optimizer)
        return lambda step: schedule.step() if (step + 1) % PER_EPOCH == 0 else None

    return made


def by_step(make):
    def made(optimizer):
        schedule = make(optimizer)
        return lambda step: schedule.step()

    return made


def restarts(optimizer):
    schedule = theirs.CosineAnnealingWarmRestarts(optimizer, 2, 3, eta_min=0.1 * LR)
    return lambda step: schedule.step((step + 1) / PER_EPOCH)


@pytest.mark.parametrize(
    ("values", "make"),
    [
        ({"schedule": "constant"}, by_step(lambda o: theirs.ConstantLR(o, 1.0))),
        ({"schedule": "one-cycle"}, by_step(lambda o: theirs.OneCycleLR(o, LR, TOTAL))),
        (
            {"schedule": "step", "step_size": 2, "gamma": 0.3},
            by_epoch(lambda o: theirs.StepLR(o, 2, 0.3)),
        ),
        (
            {"schedule": "multi-step", "milestones": (3, 4, 9), "gamma": 0.3},
            by_epoch(lambda o: theirs.MultiStepLR(o, [3, 4, 9], 0.3)),
        ),
        (
            {"schedule": "exponential", "gamma": 0.8},
            by_epoch(lambda o: theirs.ExponentialLR(o, 0.8)),
        ),
        (
            {"schedule": "linear", "floor": 0.2},
            by_step(lambda o: theirs.LinearLR(o, 1.0, 0.2, TOTAL)),
        ),
        (
            {"schedule": "polynomial", "power": 1.7},
            by_step(lambda o: theirs.PolynomialLR(o, TOTAL, 1.7)),
        ),
        (
            {"schedule": "cosine", "floor": 0.1},
            by_step(lambda o: theirs.CosineAnnealingLR(o, TOTAL, 0.1 * LR)),
        ),
        ({"schedule": "cosine-restarts", "cycle": 2, "cycle_growth": 3, "floor": 0.1}, restarts),
        ({"warmup_steps": 7}, by_step(lambda o: theirs.LambdaLR(o, lambda s: min(1, (s + 1) / 7)))),
    ],
)
def test_schedules_are_those_of_torch(values, make):
    given = recipe(epochs=EPOCHS, **values)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=LR, momentum=0.9)
    go_on = make(optimizer)
    for step in range(TOTAL):
        wanted = optimizer.param_groups[0]["lr"]
        rate = learning_rate_at(given, LR, step, PER_EPOCH)
        assert rate == pytest.approx(wanted, rel=1e-6, abs=1e-12)
        optimizer.step()
        go_on(step)


def test_a_plateau_lowers_the_rate_as_torch_does():
    losses = [5.0, 4.0, 4.1, 4.0, 3.99999, 3.0, 3.1, 3.1, 3.1, 3.1, 3.1, 3.1, 3.1, 3.1, 2.0, 2.1]
    given = recipe(schedule="plateau", gamma=0.3, plateau_epochs=1, floor=0.05)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=LR)
    schedule = theirs.ReduceLROnPlateau(optimizer, factor=0.3, patience=1, min_lr=0.05 * LR, eps=0)
    for number, loss in enumerate(losses, 1):
        optimizer.step()
        schedule.step(loss)
        share = plateau_share(given, losses[:number])
        wanted = optimizer.param_groups[0]["lr"]
        assert learning_rate_at(given, LR, 0, 1, share) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("schedule", Recipe.params["schedule"].choices)
@pytest.mark.parametrize("total", [1, 2, 3])
def test_a_short_run_stays_in_its_bounds(total, schedule):
    given = recipe(epochs=total, schedule=schedule)
    rates = [learning_rate_at(given, LR, step, 1) for step in range(total)]
    assert all(0 < rate <= LR for rate in rates)


def test_a_run_on_a_plateau_goes_on_bit_for_bit():
    given = recipe(schedule="plateau", plateau_epochs=0, gamma=0.5, epochs=8, learning_rate=0.3,
                   validation_fraction=0.25)  # fmt: skip
    whole = Quiet()
    result = fit(model(), squared, line(), given, whole)
    assert result.history[-1].learning_rate < 0.3
    first, second = Quiet(13), Quiet()
    fit(model(), squared, line(), given, first)
    resumed = fit(model(1), squared, line(), given, second, first.state)
    assert first.losses + second.losses == whole.losses
    rates = [[epoch.learning_rate for epoch in run.history] for run in (result, resumed)]
    assert rates[0] == rates[1]


def test_a_preview_of_schedules_needs_no_torch():
    code = "import backends.pytorch.schedule, sys; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
