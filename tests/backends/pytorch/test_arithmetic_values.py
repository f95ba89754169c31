"""What functions and arithmetic compute, against known numbers."""

import math

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, source_of
from graph.blocks.operations import Divide, Maximum, Minimum, Power, ScaleShift
from graph.blocks.single_functions import Clamp, Log, Round, Rsqrt
from graph.tensor import T

NUMBERS = torch.tensor([0.5, 1.5, 2.5, -1.5])


def of(block, *tensors):
    many = block.inputs[0].many
    types = [T(*x.shape, dtype=str(x.dtype).removeprefix("torch.")) for x in tensors]
    ports = [port.name for port in block.inputs]
    given = {ports[0]: types} if many else dict(zip(ports, types, strict=True))
    return model_of(source_of(Trial(block, given)))(*tensors)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Round(), [0.0, 2.0, 2.0, -2.0]),
        (Round(towards="down"), [0.0, 1.0, 2.0, -2.0]),
        (Round(towards="up"), [1.0, 2.0, 3.0, -1.0]),
        (Round(towards="towards 0"), [0.0, 1.0, 2.0, -1.0]),
        (Clamp(), [0.5, 1.0, 1.0, 0.0]),
        (Clamp(bounds="lower", lower=1.0), [1.0, 1.5, 2.5, 1.0]),
        (Clamp(bounds="upper", upper=1.0), [0.5, 1.0, 1.0, -1.5]),
        (ScaleShift(scale=2.0, shift=-1.0), [0.0, 2.0, 4.0, -4.0]),
        (ScaleShift(scale=-1.0, shift=1.0), [0.5, -0.5, -1.5, 2.5]),
        (ScaleShift(scale=-1.0), [-0.5, -1.5, -2.5, 1.5]),
        (Power(exponent=3.0), [0.125, 3.375, 15.625, -3.375]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_known_numbers(block, expected):
    assert torch.equal(of(block, NUMBERS), torch.tensor(expected))


def test_logarithms_and_roots():
    x = torch.tensor([1.0, math.e])
    assert torch.allclose(of(Log(), x), torch.tensor([0.0, 1.0]))
    assert torch.allclose(of(Log(of_one_more=True), x - 1), torch.tensor([0.0, 1.0]))
    assert torch.allclose(of(Rsqrt(), torch.tensor([4.0, 0.25])), torch.tensor([0.5, 2.0]))


def test_gradients_pass_straight_through_a_rounding():
    x = NUMBERS.clone().requires_grad_()
    answer = of(Round(straight_through=True), x)
    answer.sum().backward()
    assert torch.equal(answer.detach(), torch.tensor([0.0, 2.0, 2.0, -2.0]))
    assert torch.equal(x.grad, torch.ones(4))


def test_whole_numbers_divide_into_floats():
    one, other = torch.tensor([1, 3]), torch.tensor([2])
    assert torch.equal(of(Divide(), one, other), torch.tensor([0.5, 1.5]))


def test_extremes_of_three():
    tensors = torch.tensor([[1.0, 5.0], [2.0, 4.0], [3.0, 3.0]]).unbind()
    assert of(Maximum(), *tensors).tolist() == [3.0, 5.0]
    assert of(Minimum(), *tensors).tolist() == [1.0, 3.0]
