"""Costs: known numbers, and sizes at which nothing is left."""

from graph import edits
from graph.cost import Cost, costs
from graph.infer import infer
from graph.model import Document, NodeId
from tests.drawing import chain, set_params

CONV = NodeId("n2")


def row(kernel: int) -> Document:
    """A convolution over a row of T numbers."""
    document = set_params(chain("input conv1d"), "n1", shape="4, T")
    return set_params(document, "n2", out_channels=8, kernel_size=kernel, bias=False)


def cost_of(document: Document) -> Cost:
    return costs(document, infer(document)).blocks[CONV]


def test_a_convolution_costs_what_the_sizes_say():
    found = cost_of(edits.set_size(edits.set_size(row(5), "T", 12), "N", 2))
    assert found == Cost(8 * 4 * 5, 2 * 8 * 8 * 4 * 5, 0)


def test_nothing_is_left_of_a_row_that_is_shorter_than_the_kernel():
    found = cost_of(edits.set_size(row(5), "T", 2))
    assert found == Cost(8 * 4 * 5, 0, 0)
