"""What comparisons, masks and sums of products compute."""

import math

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, source_of
from graph.blocks.logic import Compare, LogicalAnd, LogicalNot, LogicalOr, MaskedFill, Where
from graph.blocks.products import CosineSimilarity, Einsum, OuterProduct
from graph.problems import Refusal
from graph.tensor import T


def of(block, **tensors):
    def type_of(x):
        return T(*x.shape, dtype=str(x.dtype).removeprefix("torch."))

    given = {
        port: [type_of(x) for x in value] if isinstance(value, list) else type_of(value)
        for port, value in tensors.items()
    }
    flat = [x for v in tensors.values() for x in (v if isinstance(v, list) else [v])]
    return model_of(source_of(Trial(block, given)))(*flat)


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("greater", [False, False, True]),
        ("greater or equal", [False, True, True]),
        ("less", [True, False, False]),
        ("less or equal", [True, True, False]),
        ("equal", [False, True, False]),
        ("not equal", [True, False, True]),
    ],
)
def test_relations(relation, expected):
    numbers = torch.tensor([1, 2, 3])
    assert of(Compare(relation=relation, value=2.0), a=numbers).tolist() == expected
    assert of(Compare(relation=relation), a=numbers, b=torch.tensor(2.0)).tolist() == expected


def test_a_byte_can_be_compared_with_what_no_byte_is():
    numbers = torch.tensor([0, 200], dtype=torch.uint8)
    assert of(Compare(relation="greater", value=-1.0), a=numbers).tolist() == [True, True]
    assert of(Compare(relation="less", value=300.0), a=numbers).tolist() == [True, True]


def test_connectives_of_three():
    truths = [torch.tensor(row, dtype=torch.bool) for row in ([1, 1, 0], [1, 0, 0], [1, 1, 0])]
    assert of(LogicalAnd(), xs=truths).tolist() == [True, False, False]
    assert of(LogicalOr(), xs=truths).tolist() == [True, True, False]
    assert of(LogicalNot(), x=truths[1]).tolist() == [False, True, True]


def test_hidden_scores_get_no_weight():
    scores, mask = torch.zeros(1, 3), torch.tensor([True, True, False])
    found = of(MaskedFill(fill="-infinity", where_false=True), x=scores, mask=mask)
    assert torch.softmax(found, dim=-1).tolist() == [[0.5, 0.5, 0.0]]


def test_a_condition_chooses():
    condition = torch.tensor([True, False])
    answer = of(Where(), condition=condition, a=torch.tensor([1.0, 2.0]), b=torch.tensor([3, 4]))
    assert answer.tolist() == [1.0, 4.0]


def test_an_equation_of_three_is_a_bilinear_form():
    a, weight, b = torch.randn(2, 4), torch.randn(3, 4, 5), torch.randn(2, 5)
    found = of(Einsum(equation="bi, oij, bj -> bo"), xs=[a, weight, b])
    assert torch.allclose(found, torch.nn.functional.bilinear(a, b, weight), atol=1e-5)


def test_products_of_an_equation_are_counted():
    block = Einsum(equation="bqhd,bkhd->bhqk")
    assert block.multiply_adds(T(2, 7, 4, 8), T(2, 9, 4, 8)) == 2 * 4 * 7 * 9 * 8
    assert Einsum(equation="bi,bj->bij").multiply_adds(T(2, 4), T(2, 5)) == 0


@pytest.mark.parametrize(
    "equation",
    ["->", "ij->ij)", "i j;k->k", '"i"->i', "ij,jk->ik" * 50, "ïj->ïj", "i->->i", "{x}->"],
)
def test_hostile_equations_are_refused(equation):
    with pytest.raises(Refusal):
        Einsum(equation=equation).infer(T(2, 3))


def test_pairs_and_angles():
    a, b = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]])
    assert of(OuterProduct(), a=a, b=b).tolist() == [[[3.0, 4.0], [6.0, 8.0]]]
    angle = of(CosineSimilarity(), a=a, b=b).item()
    assert angle == pytest.approx(11 / (math.sqrt(5) * 5), abs=1e-6)
