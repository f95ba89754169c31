"""The Evoformer against a reference that adds up every sum of its algorithms by hand."""

from __future__ import annotations

import re

import pytest
import torch
from torch import Tensor, nn

from graph.cost import costs
from graph.gallery import find
from graph.infer import infer
from graph.model import Document
from tests.graph.gallery.parity import (
    SEED,
    Drawn,
    Tensors,
    assert_equal_gradients,
    copy_weights,
    drawn,
)
from tests.references.evoformer import Evoformer, HiddenPixels

SIZES = {"heads": 3, "pair_heads": 2, "head_channels": 4, "outer_channels": 3}
PARTS = (
    "row_attention", "column_attention", "msa_transition", "outer_product_mean", "outgoing",
    "incoming", "starting_node", "ending_node", "pair_transition",
)  # fmt: skip
NAME = re.compile(rf"blocks\[(\d+)\]_({'|'.join(PARTS)})_(\w+)")
IN_ATTENTION = ("query", "key", "value", "gate", "out")


def rename(tensors: Tensors) -> dict[str, Tensor]:
    """`blocks[0]_outgoing_left_gate.dense.weight` is `blocks.0.outgoing.left_gate.weight`."""
    found = {}
    for old, value in tensors.items():
        path, *_, kind = old.split(".")
        match = NAME.fullmatch(path)
        if match:
            number, part, layer = match.groups()
            attends = part.endswith(("attention", "node")) and layer in IN_ATTENTION
            path = ".".join(["blocks", number, part, *["attention"] * attends, layer])
        found[f"{path}.{kind}"] = value
    return found


@pytest.fixture
def pair() -> tuple[Drawn, nn.Module]:
    document = find("evoformer").build(
        blocks=2, msa_channels=10, pair_channels=6, single_channels=5, **SIZES
    )
    own = drawn(document)
    reference = Evoformer(
        2, 10, 6, 5, heads=3, pair_heads=2, size=4, outer=3, msa_drop=0.15, pair_drop=0.25
    )
    copy_weights(own, reference, rename)
    return own, reference


def inputs(n: int) -> tuple[Tensor, Tensor]:
    torch.manual_seed(n)
    return torch.randn(n, 4, 5, 10), torch.randn(n, 5, 5, 6)


def test_it_answers_what_the_algorithms_say(pair: tuple[Drawn, nn.Module]) -> None:
    own, reference = pair
    with torch.no_grad():
        found = own.model.eval()(*inputs(2))
        expected = reference.eval()(*inputs(2))
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("n", [1, 3])
def test_its_weights_are_pulled_the_same_way(pair: tuple[Drawn, nn.Module], n: int) -> None:
    own, reference = pair
    totals = []
    for model in (own.model, reference):
        torch.manual_seed(SEED)
        answers = model.train()(*inputs(n))
        totals.append(sum(answer.square().mean() for answer in answers))
        totals[-1].backward()
    torch.testing.assert_close(*totals, rtol=1e-5, atol=1e-5)
    assert_equal_gradients(own, reference, rename)


def hidden_pixels(**sizes: int) -> tuple[Document, HiddenPixels]:
    """The drawing that learns from digits, and its reference."""
    document = find("evoformer").build(
        data="digits", msa_channels=10, pair_channels=6, **SIZES, **sizes
    )
    trunk = Evoformer(
        sizes["blocks"], 10, 6, 5, heads=3, pair_heads=2, size=4, outer=3, msa_drop=0.15,
        pair_drop=0.25,
    )  # fmt: skip
    return document, HiddenPixels(8, 10, 6, trunk)


def rename_all(tensors: Tensors) -> dict[str, Tensor]:
    """The same, where a parameter has the name of its block."""
    short = {f"{name}.weight": name for name in ("places", "apart")}
    return {short.get(name, name): value for name, value in rename(tensors).items()}


@pytest.mark.parametrize("n", [2, 5])
def test_guessing_hidden_pixels_it_has_the_same_losses_and_gradients(n: int) -> None:
    document, reference = hidden_pixels(blocks=2)
    own = drawn(document)
    copy_weights(own, reference, rename_all)
    assert own.objective is not None
    rows = torch.rand(n, 8, 8)
    torch.manual_seed(SEED)
    loss, _ = own.objective(own.model.train(), {"rows": rows})
    torch.manual_seed(SEED)
    expected = reference.train()(rows)
    torch.testing.assert_close(loss, expected, rtol=1e-5, atol=1e-5)
    loss.backward()
    expected.backward()
    assert_equal_gradients(own, reference, rename_all)


def test_48_blocks_of_the_published_size_have_88_million_weights() -> None:
    document = find("evoformer").build()
    total = costs(document, infer(document)).total.parameters
    with torch.device("meta"):
        reference = Evoformer(
            48, 256, 128, 384, heads=8, pair_heads=4, size=32, outer=32, msa_drop=0.15,
            pair_drop=0.25,
        )  # fmt: skip
    assert total == sum(weight.numel() for weight in reference.parameters()) == 87_936_384
