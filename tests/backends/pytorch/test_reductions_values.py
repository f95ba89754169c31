"""What reductions and rankings compute, against known numbers."""

import math

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.ranking import Argmax, CumulativeSum, Sort, TopK
from graph.blocks.reductions import (
    All,
    Any,
    LogSumExp,
    Min,
    Norm,
    Product,
    StandardDeviation,
    Variance,
)
from graph.tensor import T

ROWS = torch.tensor([[3.0, 4.0, 0.0], [1.0, -2.0, 2.0]])


def of(block, x):
    type_ = T(*x.shape, dtype=str(x.dtype).removeprefix("torch."))
    return run(model_of(source_of(Trial(block, {"x": type_}))), [x])


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Min(), [0.0, -2.0]),
        (Product(), [0.0, -4.0]),
        (Norm(), [5.0, 3.0]),
        (Norm(order="1"), [7.0, 5.0]),
        (Norm(order="infinity"), [4.0, 2.0]),
        (Variance(), [13 / 3, 13 / 3]),
        (Variance(unbiased=False), [26 / 9, 26 / 9]),
        (StandardDeviation(), [math.sqrt(13 / 3)] * 2),
        (LogSumExp(), [math.log(sum(map(math.exp, row))) for row in ROWS.tolist()]),
        (Norm(axes=(), keep_axes=True), [[math.sqrt(34)]]),
        (CumulativeSum(), [[3.0, 7.0, 7.0], [1.0, -1.0, 1.0]]),
    ],
    ids=lambda value: str(value)[:50],
)
def test_known_numbers(block, expected):
    (found,) = of(block, ROWS)
    assert torch.allclose(found, torch.tensor(expected))


def test_places_of_extremes():
    assert of(Argmax(), ROWS)[0].tolist() == [1, 2]
    assert of(Argmax(axis=0, smallest=True, keep_axis=True), ROWS)[0].tolist() == [[1, 1, 0]]


def test_the_best_come_in_order():
    values, indices = of(TopK(k=2), ROWS)
    assert values.tolist() == [[4.0, 3.0], [2.0, 1.0]]
    assert indices.tolist() == [[1, 0], [2, 0]]
    assert of(TopK(k=1, smallest=True), ROWS)[0].tolist() == [[0.0], [-2.0]]


def test_sorting_says_where_numbers_stood():
    values, indices = of(Sort(descending=True), ROWS)
    assert torch.equal(values, ROWS.gather(1, indices))
    assert values.tolist() == [[4.0, 3.0, 0.0], [2.0, 1.0, -2.0]]


def test_some_and_every():
    truths = ROWS > 0
    assert of(Any(), truths)[0].tolist() == [True, True]
    assert of(All(), truths)[0].tolist() == [False, False]
    assert of(All(axes=(), keep_axes=True), truths)[0].tolist() == [[False]]
