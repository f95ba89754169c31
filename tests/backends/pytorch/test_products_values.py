"""What sums of products compute: known numbers."""

import torch

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.products import Einsum
from graph.tensor import T


def test_an_average_einsum_is_the_mean_of_what_would_be_added_up():
    a, b = torch.randn(2, 7, 3, 4), torch.randn(2, 7, 5, 6)
    block = Einsum(equation="bsic,bsjd->bijcd", average=True)
    types = {"xs": [T(*a.shape), T(*b.shape)]}
    (found,) = run(model_of(source_of(Trial(block, types))), [a, b])
    products = a[:, :, :, None, :, None] * b[:, :, None, :, None, :]
    assert torch.allclose(found, products.mean(1), atol=1e-6)


def test_an_average_over_two_axes_is_divided_by_both_lengths():
    a, b = torch.randn(2, 7), torch.randn(2, 5)
    block = Einsum(equation="bi,bj->b", average=True)
    (found,) = run(model_of(source_of(Trial(block, {"xs": [T(2, 7), T(2, 5)]}))), [a, b])
    assert torch.allclose(found, a.mean(1) * b.mean(1), atol=1e-6)
