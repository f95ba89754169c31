"""The training by hand is the drawn one, and rounds compare their steps."""

from dataclasses import replace

import pytest

from backends.pytorch.loop import Progress, fit
from backends.pytorch.prepare import build_model, load_columns
from benchmarks.training.by_hand import ByHand, Trained
from benchmarks.training.rounds import HAND, Rounds
from benchmarks.training.tasks import TASKS


class Losses(Progress):
    def __init__(self) -> None:
        self.found: list[float] = []

    def stepped(self, step, losses):
        self.found.append(losses[0])

    def epoch_ended(self, epoch, run):
        pass


@pytest.mark.parametrize(
    "name",
    [
        "mlp",
        "lstm",
        "classic-cnn",
        pytest.param("gpt", marks=pytest.mark.slow),
        pytest.param("resnet-18", marks=pytest.mark.slow),
    ],
)
def test_losses_by_hand_are_those_of_the_drawing(name):
    task = TASKS[name]
    hand = ByHand(replace(task, recipe={**task.recipe, "epochs": 2}))
    built, progress = build_model(hand.prepared), Losses()
    columns = load_columns(hand.prepared).train
    fit(built.model, built.objective, columns, hand.prepared.recipe, progress)
    assert hand.train().losses == progress.found


def test_ratios_are_medians_of_neighbours_without_the_first_epoch():
    seconds = {HAND: iter([1.0, 2.0, 1.0]), "ours": iter([1.5, 2.2, 1.1])}

    def train(name: str) -> Trained:
        return Trained([0.5, 0.25, 0.125, 0.1], [9.0, next(seconds[name])])

    rounds = Rounds({name: lambda name=name: train(name) for name in seconds})
    rounds.go(fewest=3, longest_s=0.0)
    assert rounds.ratio("ours") == pytest.approx(1.1)
    assert rounds.ms[HAND] == [500.0, 1000.0, 500.0]
    assert not rounds.is_settled
    known = {"median_of_ratios": 1.1, "ratio_of_fastest": 1.1}
    assert rounds.detail()["to_hand"] == {"ours": known}  # nobody knows the CPU time


def test_rounds_whose_losses_differ_compare_nothing():
    trains = {HAND: lambda: Trained([1.0], [1.0, 1.0]), "ours": lambda: Trained([2.0], [1.0, 1.0])}
    with pytest.raises(AssertionError, match="not equal"):
        Rounds(trains).go(fewest=1, longest_s=0.0)
