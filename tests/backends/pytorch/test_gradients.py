"""Several batches to a step, and gradients that are cut off."""

import pytest
import torch
from torch import nn

from backends.pytorch.loop import fit, split
from tests.backends.pytorch.test_loop import Quiet, line, model, recipe, squared

NAMES = ("adam", "sgd")


def plain(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))


@pytest.mark.parametrize("name", NAMES)
def test_batches_that_make_up_a_step_do_what_one_large_one_does(name):
    small, large = Quiet(), Quiet()
    given = {"optimizer": name, "validation_fraction": 0.0}
    first = fit(plain(), squared, line(70), recipe(batch_size=12, accumulate=4, **given), small)
    second = fit(plain(), squared, line(70), recipe(batch_size=48, **given), large)
    assert small.losses == pytest.approx(large.losses, rel=1e-4)
    assert first.step == second.step == 8
    for mine, other in zip(first.model.parameters(), second.model.parameters(), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-4, atol=1e-5)
    train = [epoch.train for run in (first, second) for epoch in run.history]
    assert train[0] == pytest.approx(train[4], rel=1e-4)


def test_a_batch_is_split_into_pieces_of_about_one_size():
    batch = {"x": torch.arange(10.0), "y": torch.arange(10)}
    pieces = split(batch, 3)
    assert [len(piece["x"]) for piece in pieces] == [4, 3, 3]
    assert all(piece["x"].tolist() == piece["y"].tolist() for piece in pieces)
    assert split(batch, 1) == [batch]


def test_a_run_of_steps_of_several_batches_goes_on_bit_for_bit():
    given = recipe(batch_size=8, accumulate=3, clip_value=0.1)
    whole, first, second = Quiet(), Quiet(4), Quiet()
    fit(model(), squared, line(), given, whole)
    fit(model(), squared, line(), given, first)
    fit(model(1), squared, line(), given, second, first.state)
    assert first.losses + second.losses == whole.losses


@pytest.mark.parametrize(
    ("values", "cut_off"),
    [
        ({"clip_value": 0.01}, lambda w: nn.utils.clip_grad_value_(w, 0.01)),
        ({"clip_norm": 0.02}, lambda w: nn.utils.clip_grad_norm_(w, 0.02)),
    ],
)
def test_gradients_are_cut_off_as_torch_does(values, cut_off):
    ours, theirs, columns = plain(), plain(), line(16)
    given = recipe(optimizer="sgd", momentum=0.0, epochs=1, validation_fraction=0.0, **values)
    fit(ours, squared, columns, given, Quiet())
    squared(theirs, {name: torch.from_numpy(each) for name, each in columns.items()})[0].backward()
    cut_off(theirs.parameters())
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine.detach(), other.detach() - 0.05 * other.grad)
