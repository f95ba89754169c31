"""Parts that are computed twice train as before, and keep less."""

import pytest
import torch
from torch import nn

from backends.pytorch.keeping import kept_bytes
from backends.pytorch.loop import fit
from backends.pytorch.prepare import build_model, prepare
from backends.pytorch.recomputing import is_called, recompute
from tests.backends.pytorch.test_loop import Quiet, line, recipe, squared
from tests.backends.pytorch.test_tuning import nested, slow


class Net(nn.Module):
    """A row of blocks with dropout and BatchNorm, and one by itself."""

    def __init__(self):
        super().__init__()
        self.start = nn.Linear(3, 8)
        self.rows = nn.Sequential(*(self.block() for _ in range(3)))
        self.alone = self.block()
        self.end = nn.Linear(8, 1)

    def block(self):
        parts = (nn.Linear(8, 64), nn.BatchNorm1d(64), nn.Tanh(), nn.Dropout(0.2), nn.Linear(64, 8))
        return nn.Sequential(*parts)

    def forward(self, x):
        return self.end(self.alone(self.rows(self.start(x))))


def net():
    torch.manual_seed(0)
    return Net()


@pytest.mark.parametrize("compute", ["float32", "bfloat16"])
def test_training_is_the_same_to_the_last_bit(compute):
    runs = []
    for names in ((), ("rows", "alone")):
        progress, model = Quiet(), net()
        given = recipe(recomputed=names, precision=compute)
        run = fit(model, squared, line(), given, progress)
        runs.append((progress.losses, [e.validation for e in run.history], model.state_dict()))
    (losses, means, weights), (again, means_again, weights_again) = runs
    assert losses == again
    assert means == means_again
    for name, weight in weights.items():
        if "num_batches" not in name:
            assert torch.equal(weight, weights_again[name]), name


def test_less_is_kept_for_the_backward_pass():
    plain, frugal = net(), net()
    recompute(frugal, ("rows", "alone"))
    x = torch.randn(32, 3)
    kept = [kept_bytes(each, lambda each=each: each(x)) for each in (plain, frugal)]
    assert kept[1] < 0.3 * kept[0]


def test_each_of_a_row_is_by_itself_and_none_twice():
    frugal = net()
    recompute(frugal, ("rows",))
    recompute(frugal, ("rows",))
    assert ["forward" in vars(part) for part in frugal.rows] == [True] * 3
    assert "forward" not in vars(frugal.rows)
    calls = []
    frugal.rows[0][0].register_forward_hook(lambda *_: calls.append(1))
    frugal(torch.randn(4, 3)).sum().backward()
    assert len(calls) == 2
    with torch.no_grad():
        frugal(torch.randn(4, 3))
    assert len(calls) == 3
    assert list(frugal.state_dict()) == list(net().state_dict())


def test_names_of_modules_may_stand_for_any_number():
    assert is_called("a.*.b", "a.3.b")
    assert not is_called("a", "a.b")


def test_a_drawing_says_what_is_computed_twice():
    document = slow(nested(), "Body", "rows", recompute=True)
    document = slow(document, "Body", "alone", recompute=True)
    prepared = prepare(document)
    model = build_model(prepared).model
    recompute(model, prepared.recipe.recomputed)
    patched = [name for name, part in model.named_modules() if "forward" in vars(part)]
    assert len(patched) == 4
