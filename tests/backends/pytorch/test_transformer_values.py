"""Which places parts of a Transformer see, and that several layers are one after the other."""

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, source_of
from graph.blocks.transformer_decoder import TransformerDecoder, TransformerDecoderLayer
from graph.blocks.transformer_stacks import Transformer, TransformerEncoder
from graph.tensor import T

TRUTH = {"dtype": "bool"}


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def model(block, **types):
    return model_of(source_of(Trial(block, types))).eval()


def visible(forward, x):
    """Which places of x each place of the answer depends on: (queries, keys)."""
    x = x.clone().requires_grad_()
    rows = []
    weights = torch.arange(1.0, 9.0)  # The plain sum behind a Layer norm is always 0.
    for place in forward(x)[0]:
        (gradient,) = torch.autograd.grad(place @ weights, x, retain_graph=True)
        rows.append(gradient[0].abs().sum(dim=1) > 0)
    return torch.stack(rows)


DECODERS = [
    TransformerDecoderLayer(heads=2, feed_forward=6),
    TransformerDecoder(heads=2, feed_forward=6),
    TransformerDecoder(heads=1, feed_forward=6, norm_first=False),
]


@pytest.mark.parametrize("block", DECODERS)
def test_a_decoder_sees_what_came_before_and_all_of_the_memory(block):
    made = model(block, x=T("N", "T", 8), memory=T("N", "S", 8))
    x, memory = torch.randn(1, 5, 8), torch.randn(1, 3, 8)
    assert torch.equal(visible(lambda x: made(x, memory), x), torch.ones(5, 5).tril().bool())
    assert visible(lambda memory: made(x, memory), memory).all()


@pytest.mark.parametrize("block", DECODERS)
@pytest.mark.parametrize("each", [False, True], ids=["padding", "each query"])
def test_a_decoder_overlooks_what_the_memory_mask_hides(block, each):
    allowed = torch.tensor([True, False, True])
    allowed = allowed.repeat(5, 1) if each else allowed
    type_ = T("N", "T", "S", **TRUTH) if each else T("N", "S", **TRUTH)
    made = model(block, x=T("N", "T", 8), memory=T("N", "S", 8), memory_mask=type_)
    x = torch.randn(1, 5, 8)
    seen = visible(lambda memory: made(x, memory, allowed[None]), torch.randn(1, 3, 8))
    assert torch.equal(seen, torch.tensor([True, False, True]).repeat(5, 1))


@pytest.mark.parametrize("norm_first", [True, False])
def test_an_encoder_is_its_layers_one_after_the_other(norm_first):
    block = TransformerEncoder(layers=3, norm_first=norm_first, heads=2, feed_forward=6)
    made = model(block, x=T("N", "T", 8))
    inner = dict(made.named_children())["tried"]
    x = torch.randn(2, 5, 8)
    expected = x
    for layer in inner.layers:
        expected = layer(expected)
    expected = inner.norm(expected) if norm_first else expected
    assert torch.allclose(made(x), expected, atol=1e-5)


def test_a_causal_encoder_with_a_mask_of_its_own_sees_less():
    block = TransformerEncoder(causal=True, heads=2)
    made = model(block, x=T("N", "T", 8), mask=T("N", "T", **TRUTH))
    allowed = torch.tensor([[True, False, True, True]])
    seen = visible(lambda x: made(x, allowed), torch.randn(1, 4, 8))
    expected = torch.ones(4, 4).tril().bool()
    expected[:, 1] = False
    assert torch.equal(seen, expected | torch.eye(4).bool())


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_transformer_writes_by_what_it_has_read_and_written(norm_first):
    block = Transformer(heads=2, feed_forward=6, norm_first=norm_first)
    masks = {"source_mask": T("N", "S", **TRUTH), "target_mask": T("N", "T", **TRUTH)}
    made = model(block, source=T("N", "S", 8), target=T("N", "T", 8), **masks)
    source, target = torch.randn(1, 4, 8), torch.randn(1, 3, 8)
    counts = torch.tensor([[True, True, False, True]]), torch.ones(1, 3, dtype=torch.bool)
    read = visible(lambda source: made(source, target, *counts), source)
    assert torch.equal(read, counts[0].repeat(3, 1))
    written = visible(lambda target: made(source, target, *counts), target)
    assert torch.equal(written, torch.ones(3, 3).tril().bool())


def test_the_base_transformer_has_the_weights_of_torchs():
    given = T("N", "S", 512), T("N", "T", 512)
    block = Transformer(encoder_layers=6, decoder_layers=6, heads=8, feed_forward=2048)
    with torch.device("meta"):
        count = sum(
            weight.numel() for weight in torch.nn.Transformer(batch_first=True).parameters()
        )
    assert block.parameters(*given) == count == 44_140_544
