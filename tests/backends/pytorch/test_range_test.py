"""A learning rate is found on a copy of the model, and nothing of that stays."""

import math

import pytest
import torch

from backends.data.source import Cancelled
from backends.protocol import Finished
from backends.pytorch.range_test import range_test, smoothed, suggested
from backends.pytorch.train import one_run
from graph import edits
from graph.problems import UserError
from tests.backends.pytorch.drawings import digits_mlp, iris_mlp
from tests.backends.pytorch.running import train


def tried(document, cancelled=lambda: False):
    return range_test(document, lambda share: None, cancelled)


@pytest.mark.parametrize("values", [{}, {"optimizer": "sgd", "schedule": "one-cycle"}])
def test_a_suggested_rate_trains_well(values, tmp_path):
    document = digits_mlp(epochs=8, **values)
    found = tried(document)
    assert found.rates == tuple(sorted(found.rates))
    assert len(found.rates) == len(found.losses) > 50
    assert 1e-4 < found.suggestion < 1
    better = edits.set_recipe(document, "learning_rate", found.suggestion)
    finished = train(better, tmp_path)[-1]
    assert isinstance(finished, Finished)
    assert finished.test["accuracy"] > 0.9


def test_the_same_drawing_gives_the_same_line_and_nothing_is_left(tmp_path):
    threads = torch.get_num_threads()
    document = iris_mlp(epochs=1)
    before = train(document, tmp_path)[-1]
    assert tried(document) == tried(document)
    assert train(document, tmp_path)[-1].test == before.test
    assert torch.get_num_threads() == threads
    assert not one_run.locked()


def test_a_run_that_goes_on_is_not_disturbed():
    with one_run, pytest.raises(UserError, match="A run goes on"):
        tried(iris_mlp())


def test_it_can_be_cancelled_and_tells_what_is_wrong():
    asked = iter([False] * 20)
    with pytest.raises(Cancelled):
        tried(iris_mlp(), lambda: next(asked, True))
    without_loss = edits.remove(iris_mlp(), ["n6"])
    with pytest.raises(UserError, match="no loss"):
        tried(without_loss)
    assert not one_run.locked()


def test_the_steepest_fall_is_suggested_and_none_where_there_is_none():
    rates = [10.0**n for n in range(-6, 1)]
    assert suggested(rates, [2.0, 1.99, 1.9, 1.2, 1.1, 1.0, 5.0]) == 1e-3
    assert suggested(rates, [2.0, 2.0, 2.0, 2.0, 2.1, 2.2, 2.3]) is None
    assert suggested([], []) is None
    assert smoothed([3.0, 3.0]) == pytest.approx([3.0, 3.0])
    assert all(map(math.isfinite, smoothed([1e30, 1e-30])))
