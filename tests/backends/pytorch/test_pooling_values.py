"""What pools compute: known numbers."""

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.adaptive_pooling import AdaptiveMaxPool2d, AdaptiveMaxPool3d, GlobalMaxPool
from graph.blocks.index_pooling import MaxPool1dIndices, MaxPool2dIndices, MaxPool3dIndices
from graph.blocks.lp_pooling import LpPool1d, LpPool2d, LpPool3d
from graph.blocks.unpooling import MaxUnpool1d, MaxUnpool2d, MaxUnpool3d
from graph.tensor import T


def answer(block, x):
    model = model_of(source_of(Trial(block, {"x": T(*x.shape)}))).eval()
    return run(model, [x])[0]


def test_an_lp_pool_of_power_2_gives_the_length_of_each_window():
    x = torch.tensor([[[3.0, -4.0, 0.0, -2.0]]])
    assert torch.allclose(answer(LpPool1d(), x), torch.tensor([[[5.0, 2.0]]]))


def test_an_odd_power_takes_numbers_below_0_by_their_size():
    x = torch.tensor([[[2.0, -1.0, 1.0, -3.0]]])
    pooled = answer(LpPool1d(norm_type=3), x)
    assert torch.allclose(pooled, torch.tensor([[[9 ** (1 / 3), 28 ** (1 / 3)]]]))


def test_a_large_power_comes_near_the_largest_number():
    x = torch.rand(2, 3, 6, 6) + 0.5
    pooled = answer(LpPool2d(norm_type=64), x)
    largest = torch.nn.functional.max_pool2d(x, 2)
    assert torch.allclose(pooled, largest, rtol=0.03)
    assert (pooled >= largest).all()


def test_pools_of_volumes_see_every_place():
    x = torch.randn(2, 3, 4, 5, 6)
    assert torch.equal(answer(AdaptiveMaxPool3d(), x).flatten(1), x.amax((2, 3, 4)))
    lengths = answer(LpPool3d(kernel_size=(4, 5, 6)), x).flatten(1)
    assert torch.allclose(lengths, x.flatten(2).norm(dim=2), atol=1e-5)


def test_a_global_max_pool_is_an_adaptive_one_to_one_place():
    x = torch.randn(2, 3, 5, 4)
    assert torch.equal(answer(GlobalMaxPool(), x), answer(AdaptiveMaxPool2d(), x).flatten(1))


@pytest.mark.parametrize(
    ("sizes", "pool", "unpool"),
    [
        ((7,), MaxPool1dIndices(), MaxUnpool1d(output_size=7)),
        ((5, 6), MaxPool2dIndices(), MaxUnpool2d(output_size=(5, 6))),
        ((5, 4, 7), MaxPool3dIndices(), MaxUnpool3d(output_size=(5, 4, 7))),
    ],
)
def test_an_unpool_puts_the_largest_numbers_back_where_they_stood(sizes, pool, unpool):
    x = torch.rand(2, 3, *sizes) + 0.1
    pooled, indices = run(model_of(source_of(Trial(pool, {"x": T(*x.shape)}))), [x])
    types = {"x": T(*pooled.shape), "indices": T(*pooled.shape, dtype="int64")}
    (back,) = run(model_of(source_of(Trial(unpool, types))), [pooled, indices])
    assert torch.equal(back[back > 0], x[back > 0])
    assert torch.equal(answer(pool, back), pooled)
