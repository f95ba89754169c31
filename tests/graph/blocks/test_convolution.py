"""Convolutions: known sizes and counts."""

import pytest

from graph.blocks.convolution import Conv1d, Conv2d
from graph.blocks.linear import Dense
from graph.blocks.transposed_convolution import TransposedConv2d
from graph.problems import Insert, Refusal, SetParam
from graph.tensor import T


def test_the_classic_cnn_has_93322_parameters():
    layers = [
        (Conv2d(out_channels=32), T("N", 1, 28, 28)),
        (Conv2d(out_channels=64), T("N", 32, 13, 13)),
        (Conv2d(out_channels=64), T("N", 64, 5, 5)),
        (Dense(features=64), T("N", 576)),
        (Dense(features=10), T("N", 64)),
    ]
    counts = [layer.parameters(x) for layer, x in layers]
    assert counts == [320, 18496, 36928, 36928, 650]
    assert sum(counts) == 93_322


def test_the_first_layer_of_resnet_halves_the_image():
    conv = Conv2d(out_channels=64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)
    x = T("N", 3, 224, 224)
    assert conv.infer(x) == T("N", 64, 112, 112)
    assert conv.parameters(x) == 9408
    assert conv.multiply_adds(T(1, 3, 224, 224)) == 118_013_952


def test_a_stride_may_leave_the_last_places_out():
    assert Conv1d(kernel_size=3, stride=2).infer(T("N", 1, 8)) == T("N", 32, 3)


def test_same_keeps_the_size_of_even_kernels_and_open_sizes():
    conv = Conv1d(kernel_size=4, same=True, dilation=3)
    assert conv.infer(T("N", 2, "T")) == T("N", 32, "T")


def test_depthwise_filters_see_one_channel_each():
    conv = Conv2d(out_channels=32, groups=32, same=True, bias=False)
    x = T(1, 32, 10, 10)
    assert conv.parameters(x) == 32 * 9
    assert conv.multiply_adds(x) == 32 * 9 * 100


def test_a_transposed_conv_undoes_the_size_of_a_conv():
    x = T("N", 3, 64, 32)
    conv = Conv2d(kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
    back = TransposedConv2d(out_channels=3, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
    assert conv.infer(x) == T("N", 32, 32, 16)
    assert back.infer(conv.infer(x)) == x


def test_a_kernel_too_large_may_shrink_or_the_image_be_padded():
    x = T("N", 1, 4, 20)
    conv = Conv2d(kernel_size=(9, 3), dilation=(1, 2))
    with pytest.raises(Refusal, match="does not fit 4×20") as caught:
        conv.infer(x)
    assert caught.value.short == "9 > 4"
    for hint in caught.value.hints:
        assert isinstance(hint, SetParam)
        Conv2d.build(conv.values() | {hint.name: hint.value}).infer(x)


def test_an_image_without_channels_gets_one():
    with pytest.raises(Refusal) as caught:
        Conv2d().infer(T("N", "H", 28))
    assert caught.value.hints == (Insert("reshape", "x", (("shape", "1, -1, 28"),)),)


@pytest.mark.parametrize("groups", [2, 4, 5, 7])
def test_groups_that_leave_a_rest_are_mended_by_what_is_offered(groups):
    x = T("N", 6, 9, 9)
    conv = Conv2d(out_channels=15, groups=groups)
    with pytest.raises(Refusal) as caught:
        conv.infer(x)
    first = caught.value.hints[0]
    assert isinstance(first, SetParam)
    assert Conv2d.build(conv.values() | {first.name: first.value}).infer(x)
