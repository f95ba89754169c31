"""What metrics count, by hand."""

import math

import pytest
import torch
from torch.nn import functional

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.class_metrics import F1, Iou, Perplexity, Precision, Recall, TopKAccuracy
from graph.blocks.losses import CrossEntropy
from graph.blocks.metrics import Accuracy
from graph.blocks.regression_metrics import (
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    RSquared,
)
from graph.tensor import TensorType


def metric(block, prediction, target):
    types = {
        port: TensorType(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."))
        for port, tensor in (("prediction", prediction), ("target", target))
    }
    made = model_of(source_of(Trial(block, types))).eval()
    return run(made, [prediction, target])[0].item()


YES = torch.tensor([1.0, 2.0, -1.0, -2.0, 3.0]), torch.tensor([1.0, 0.0, 1.0, 0.0, 1.0])
# Classes 0, 1 and 2 are guessed 2, 2 and 0 times, right 1, 2 and 1 times; 3 does not occur.
GUESSES = 5.0 * functional.one_hot(torch.tensor([0, 1, 0, 1]), 4)
RIGHT = torch.tensor([0, 1, 1, 2])


@pytest.mark.parametrize(
    ("block", "of_yes", "of_classes"),
    [
        (Precision(), 2 / 3, (1 / 2 + 1 / 2 + 0) / 3),
        (Recall(), 2 / 3, (1 + 1 / 2 + 0) / 3),
        (F1(), 2 / 3, (2 / 3 + 2 / 4 + 0) / 3),
        (Iou(), 2 / 4, (1 / 2 + 1 / 3 + 0) / 3),
    ],
    ids=lambda value: value.kind.name if hasattr(value, "kind") else "",
)
def test_scores_of_yes_and_the_mean_of_classes_that_occur(block, of_yes, of_classes):
    assert metric(block, *YES) == pytest.approx(of_yes)
    assert metric(block, GUESSES, RIGHT) == pytest.approx(of_classes)


def test_targets_that_do_not_count_are_left_out_of_scores():
    block = Recall(ignore_index=2)
    assert metric(block, GUESSES, RIGHT) == pytest.approx((1 + 1 / 2) / 2)


@pytest.mark.parametrize(
    "block",
    [Accuracy, TopKAccuracy, Precision, Recall, F1, Iou, Perplexity, CrossEntropy],
    ids=lambda block: block.kind.name,
)
@pytest.mark.parametrize("ignored", [-100, -1, 0, 3])
@pytest.mark.parametrize("classes_last", [False, True])
def test_ignored_targets_change_no_metric(block, ignored, classes_last):
    """As torch's cross-entropy does; -100 is its ignore index, and so the default of all."""
    random = torch.Generator().manual_seed(1)
    given = {} if ignored == -100 else {"ignore_index": ignored}
    logits = torch.randn(2, 9, 7, generator=random)
    target = torch.tensor([1, 2, 4, 5, 6])[torch.randint(0, 5, (2, 9), generator=random)]
    whole = target.clone()
    whole[:, ::2] = ignored
    first = logits if classes_last else logits.mT
    part, kept = logits[:, 1::2].flatten(0, 1), target[:, 1::2].flatten()
    found = metric(block(classes_last=classes_last, **given), first, whole)
    assert found == pytest.approx(metric(block(), part, kept))
    if block is CrossEntropy:
        assert found == pytest.approx(functional.cross_entropy(part, kept).item())


def test_nothing_found_scores_nothing():
    none = torch.full((4,), -1.0)
    assert metric(Precision(), none, torch.ones(4)) == 0


def test_the_best_k_hold_the_right_class_or_not():
    logits = torch.tensor([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0]])
    target = torch.tensor([1, 2])
    assert metric(TopKAccuracy(k=2), logits, target) == 0.5
    assert metric(TopKAccuracy(k=2, ignore_index=2), logits, target) == 1
    assert metric(TopKAccuracy(k=3), logits, target) == 1


def test_the_perplexity_of_knowing_nothing_is_the_number_of_classes():
    found = metric(Perplexity(), torch.zeros(4, 7), torch.tensor([0, 1, 2, 3]))
    assert found == pytest.approx(7)


def test_errors_in_the_unit_of_the_target_and_as_a_share_of_it():
    answers, right = torch.tensor([1.0, 3.0]), torch.tensor([2.0, 2.0])
    assert metric(MeanAbsoluteError(), answers, right) == 1
    assert metric(MeanAbsolutePercentageError(), answers, right) == pytest.approx(0.5)


def test_r_squared_is_one_where_all_is_right_and_nothing_for_the_mean():
    right = torch.tensor([[1.0, 10.0], [3.0, 30.0]])
    assert metric(RSquared(), right, right) == 1
    assert metric(RSquared(), right.mean(0).expand(2, 2), right) == pytest.approx(0)
    assert math.isinf(metric(RSquared(), torch.ones(1, 1), torch.zeros(1, 1)))
