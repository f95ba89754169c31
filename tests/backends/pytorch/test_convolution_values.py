"""What convolutions compute beyond shapes: who sees whom, and equality with torch's own."""

import torch
from torch.nn import functional

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.causal_convolution import CausalConv1d
from graph.blocks.separable_convolution import SeparableConv2d
from graph.blocks.standardised_convolution import WeightStandardisedConv2d
from graph.blocks.unfolding import Fold, Unfold
from graph.tensor import T


def made(block, x):
    return model_of(source_of(Trial(block, {"x": T(*x.shape)}))).eval()


def answer(block, x):
    return run(made(block, x), [x])[0]


def test_a_causal_conv_sees_itself_and_what_came_before():
    x = torch.randn(1, 1, 12, requires_grad=True)
    answered = answer(CausalConv1d(kernel_size=3, dilation=2, out_channels=1), x)[0, 0]
    for place in range(12):
        (gradient,) = torch.autograd.grad(answered[place], x, retain_graph=True)
        seen = gradient[0, 0].nonzero().flatten().tolist()
        assert seen == [p for p in (place - 4, place - 2, place) if p >= 0]


def test_dilations_that_double_reach_as_far_as_wavenet_says():
    reach = 1 + sum(CausalConv1d(dilation=2**i).before() for i in range(10))
    assert reach == 1024


def test_a_separable_conv_is_the_conv_whose_filters_are_products():
    x = torch.randn(2, 3, 7, 6)
    block = SeparableConv2d(out_channels=4, padding=(1, 1), stride=(2, 1))
    model = made(block, x)
    depthwise, pointwise = model.tried_depthwise.weight, model.tried_pointwise.weight
    full = pointwise * depthwise[:, 0]
    expected = functional.conv2d(x, full, model.tried_pointwise.bias, stride=(2, 1), padding=1)
    assert torch.allclose(run(model, [x])[0], expected, atol=1e-5)


def test_a_separable_conv_has_the_weights_of_mobilenet():
    block = SeparableConv2d(out_channels=128, same=True, bias=False)
    x = T(1, 64, 112, 112)
    assert block.parameters(x) == 9 * 64 + 64 * 128
    assert block.multiply_adds(x) == 112 * 112 * (9 * 64 + 64 * 128)


def test_standardised_filters_do_not_depend_on_their_mean_and_scale():
    x = torch.randn(2, 3, 6, 6)
    model = made(WeightStandardisedConv2d(out_channels=4), x)
    first = run(model, [x])[0]
    with torch.no_grad():
        model.tried.weight.mul_(3).add_(0.5)
    # the number added to the variance weighs less in larger filters
    assert torch.allclose(run(model, [x])[0], first, rtol=2e-3)


def test_a_conv_is_unfold_a_product_and_a_reshape():
    x = torch.randn(2, 3, 7, 8)
    filters = torch.randn(5, 3, 3, 2)
    columns = answer(Unfold(kernel_size=(3, 2), stride=(2, 1), padding=(1, 0)), x)
    expected = functional.conv2d(x, filters, stride=(2, 1), padding=(1, 0))
    assert torch.allclose((filters.flatten(1) @ columns).view_as(expected), expected, atol=1e-4)


def test_fold_undoes_unfold_where_windows_do_not_overlap():
    x = torch.randn(2, 3, 8, 6)
    columns = answer(Unfold(kernel_size=(4, 3), stride=(4, 3)), x)
    block = Fold(output_size=(8, 6), kernel_size=(4, 3), stride=(4, 3))
    assert torch.equal(answer(block, columns), x)
