"""What Rearrange, Parameter and Constant compute, against the same written by hand."""

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, source_of
from graph.blocks.constants import Constant, Parameter
from graph.blocks.rearranging import Rearrange
from graph.problems import Refusal
from graph.tensor import T, symbol


def rearranged(pattern: str, x: torch.Tensor, sizes: str = "") -> torch.Tensor:
    block = Rearrange(pattern=pattern, sizes=sizes)
    made = model_of(source_of(Trial(block, {"x": T(*x.shape)})))
    return made(x)


def test_heads_are_split_and_joined_again():
    x = torch.randn(2, 5, 12)
    heads = rearranged("b t (h d) -> b h t d", x, "h=3")
    assert torch.equal(heads, x.reshape(2, 5, 3, 4).permute(0, 2, 1, 3))
    assert torch.equal(rearranged("b h t d -> b t (h d)", heads), x)


def test_patches_are_those_of_a_convolution_with_as_long_strides():
    x = torch.randn(2, 3, 8, 12)
    found = rearranged("b c (h p) (w q) -> b (h w) (c p q)", x, "p=4, q=4")
    assert torch.equal(found, torch.nn.functional.unfold(x, 4, stride=4).transpose(1, 2))


def test_channels_become_pixels():
    x = torch.randn(2, 12, 3, 5)
    found = rearranged("b (c p q) h w -> b c (h p) (w q)", x, "p=2, q=2")
    assert torch.equal(found, torch.nn.functional.pixel_shuffle(x, 2))


@pytest.mark.parametrize("dots", ["...", "…"])
def test_dots_stand_for_what_is_not_named(dots):
    x = torch.randn(2, 3, 4, 5)
    assert torch.equal(rearranged(f"b {dots} c -> b c {dots}", x), x.permute(0, 3, 1, 2))


def test_axes_of_one_come_and_go_anywhere():
    x = torch.randn(2, 1, 6)
    assert torch.equal(rearranged("b 1 (h w) -> 1 h b w 1", x, "h=2"),
                       x.reshape(2, 2, 3).transpose(0, 1)[None, ..., None])  # fmt: skip


def test_open_sizes_stay_open():
    block = Rearrange(pattern="b t (h d) -> (b h) t d", sizes="h=4")
    assert block.infer(T("N", "T", 32)) == T(symbol("N") * 4, "T", 8)


@pytest.mark.parametrize(
    "pattern",
    [
        "b c -> b c) or print(1", "b __import__ -> __import__ b", "b (c) (d -> b", "-> ->", "(((",
        "b c -> ((b c))", "b 2 -> b 2", "1 -> 1 1 1 -> 1", "(b ...) -> b", "… … -> …", "𝒷 c -> c 𝒷",
        "b" * 300,
    ],
)  # fmt: skip
def test_hostile_patterns_are_refused(pattern):
    with pytest.raises(Refusal):
        Rearrange(pattern=pattern).infer(T("N", 4))


def test_a_parameter_learns_and_each_row_shares_it():
    block = Parameter(shape=(1, 4), start="value", value=0.5)
    model = model_of(source_of(Trial(block, {"batch": T("N", "T", 8)})))
    answer = model(torch.randn(3, 5, 8))
    assert torch.equal(answer, torch.full((3, 1, 4), 0.5))
    answer.sum().backward()
    (weight,) = model.parameters()
    assert torch.equal(weight.grad, torch.full((1, 4), 3.0))


def test_a_parameter_starts_as_spread_as_it_says():
    model = model_of(source_of(Trial(Parameter(shape=(200, 200), spread=0.5), {})))
    assert model().std().item() == pytest.approx(0.5, rel=0.02)


def test_a_constant_is_no_weight_and_is_not_stored():
    block = Constant(numbers="0.25, 0.5", shape=(2, 1))
    model = model_of(source_of(Trial(block, {})))
    assert torch.equal(model(), torch.tensor([[0.25], [0.5]]))
    assert not list(model.parameters())
    assert not model.state_dict()
    assert model.to(torch.float64)().dtype == torch.float64
