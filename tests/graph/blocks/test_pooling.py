"""Pools: known sizes."""

import pytest

from graph.blocks.adaptive_pooling import GlobalAvgPool
from graph.blocks.pooling import AvgPool2d, MaxPool1d, MaxPool2d
from graph.problems import Refusal, SetParam
from graph.tensor import T


def test_the_stride_is_the_window_unless_it_is_given():
    assert MaxPool2d(kernel_size=(3, 2)).infer(T("N", 8, 9, 9)) == T("N", 8, 3, 4)
    assert MaxPool2d(kernel_size=(3, 3), stride=(2, 0)).infer(T("N", 8, 9, 9)) == T("N", 8, 4, 3)


def test_the_pool_of_resnet_halves_the_image():
    pool = MaxPool2d(kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
    assert pool.infer(T("N", 64, 112, 112)) == T("N", 64, 56, 56)


def test_padding_is_at_most_half_of_the_window():
    with pytest.raises(Refusal, match="more than half") as caught:
        AvgPool2d(kernel_size=(4, 2), padding=(2, 2)).infer(T("N", 1, 9, 9))
    assert caught.value.hints == (SetParam("padding", (2, 1)),)


def test_a_window_too_large_is_offered_to_shrink():
    with pytest.raises(Refusal) as caught:
        MaxPool1d(kernel_size=9).infer(T("N", 1, 5))
    assert caught.value.hints == (SetParam("kernel_size", 5),)


def test_a_global_pool_takes_any_size():
    assert GlobalAvgPool().infer(T("N", 512, "H", "W")) == T("N", 512)


def test_code_names_only_what_differs_from_the_defaults():
    assert MaxPool2d().emit(T("N", 1, 4, 4)).values == {"value0": 2}
    assert MaxPool2d(stride=(1, 1)).emit(T("N", 1, 4, 4)).values == {"value0": 2, "stride": 1}
