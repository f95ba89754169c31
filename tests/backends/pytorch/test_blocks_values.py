"""What sequences and attention compute, beyond shapes: who sees whom, and known numbers."""

import math

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.attention import Attention, MultiheadAttention
from graph.blocks.losses import BceWithLogits
from graph.blocks.metrics import Accuracy
from graph.blocks.positions import PositionalEncoding
from graph.blocks.recurrent import Gru, Lstm, Rnn
from graph.blocks.transformer import TransformerEncoderLayer
from graph.tensor import T


def model(block, **inputs):
    return model_of(source_of(Trial(block, inputs))).eval()


def outputs(block, made, *tensors):
    return dict(zip(block.outputs, run(made, tensors), strict=True))


@pytest.mark.parametrize("kind", [Rnn, Gru, Lstm])
def test_the_last_answer_of_one_direction_is_that_of_the_last_place(kind):
    block = kind(units=5, layers=2)
    found = outputs(block, model(block, x=T("N", "T", 3)), torch.randn(4, 6, 3))
    assert torch.equal(found["last"], found["sequence"][:, -1])
    assert torch.equal(found["last"], found["state"][-1])


@pytest.mark.parametrize("kind", [Rnn, Gru, Lstm])
def test_the_last_answer_of_both_directions_has_read_all_in_each(kind):
    block = kind(units=5, bidirectional=True)
    found = outputs(block, model(block, x=T("N", "T", 3)), torch.randn(4, 6, 3))
    forward, backward = found["sequence"][:, -1, :5], found["sequence"][:, 0, 5:]
    assert torch.equal(found["last"], torch.cat([forward, backward], dim=1))


def test_a_sequence_cut_in_two_goes_on_from_the_state():
    block = Lstm(units=5)
    whole = model(block, x=T("N", "T", 3))
    start = {"start": T(1, "N", 5), "start_cell": T(1, "N", 5)}
    going_on = model(block, x=T("N", "T", 3), **start)
    going_on.load_state_dict(whole.state_dict())
    x = torch.randn(4, 6, 3)
    first = outputs(block, whole, x[:, :2])
    second = outputs(block, going_on, x[:, 2:], first["state"], first["cell"])
    assert torch.allclose(second["last"], outputs(block, whole, x)["last"], atol=1e-6)


def visible(forward, x):
    """Which places of x each place of the answer depends on: (queries, keys)."""
    x = x.clone().requires_grad_()
    rows = []
    for place in forward(x)[0]:
        (gradient,) = torch.autograd.grad(place.sum(), x, retain_graph=True)
        rows.append(gradient[0].abs().sum(dim=1) > 0)
    return torch.stack(rows)


SELF = [
    pytest.param(MultiheadAttention(heads=2), "query", id="multihead"),
    pytest.param(MultiheadAttention(heads=1), "query", id="one head"),
    pytest.param(TransformerEncoderLayer(heads=2, feed_forward=6), "x", id="encoder"),
]


# Encoder layers take truth values only.
MASKED = [
    pytest.param(*case.values, numbers, id=f"{case.id}-{'numbers' if numbers else 'truth'}")
    for case in SELF
    for numbers in ([False] if case.id == "encoder" else [False, True])
]


def causal(block):
    return type(block).build({**block.values(), "causal": True})


@pytest.mark.parametrize(("block", "port"), SELF)
def test_causal_attention_sees_itself_and_what_came_before(block, port):
    made = model(causal(block), **{port: T("N", "T", 8)})
    seen = visible(made, torch.randn(1, 5, 8))
    assert torch.equal(seen, torch.ones(5, 5).tril().bool())


@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize("each", [False, True], ids=["padding", "each query"])
@pytest.mark.parametrize(("block", "port", "numbers"), MASKED)
def test_a_mask_hides_what_it_says(block, port, each, numbers, is_causal):
    allowed = torch.rand(5, 5) < 0.5 if each else (torch.arange(5) < 3).repeat(5, 1)
    allowed = allowed | torch.eye(5).bool() if each else allowed
    mask = allowed if each else allowed[0]
    given = torch.zeros(mask.shape).masked_fill(~mask, -math.inf) if numbers else mask
    type_ = T("N", *(["T", "T"] if each else ["T"]), dtype="float32" if numbers else "bool")
    made = model(causal(block) if is_causal else block, **{port: T("N", "T", 8), "mask": type_})
    seen = visible(lambda x: made(x, given[None]), torch.randn(1, 5, 8))
    expected = allowed & torch.ones(5, 5).tril().bool() if is_causal else allowed
    asks = torch.eye(5).bool()  # A place that is hidden still asks for itself.
    assert torch.equal(seen, expected | asks)


@pytest.mark.parametrize(("block", "port"), SELF)
def test_masks_of_a_batch_stay_with_their_rows(block, port):
    made = model(block, **{port: T("N", "T", 8), "mask": T("N", "T", "T", dtype="bool")})
    x = torch.randn(3, 5, 8)
    masks = (torch.rand(3, 5, 5) < 0.5) | torch.eye(5).bool()
    together = made(x, masks)
    for row in range(3):
        alone = made(x[row : row + 1], masks[row : row + 1])
        assert torch.allclose(together[row], alone[0], atol=1e-5)


def test_dot_product_attention_is_softmax_of_scores_times_values():
    block = Attention(causal=True)
    query, key, value = torch.randn(2, 3, 4, 8), torch.randn(2, 3, 6, 8), torch.randn(2, 3, 6, 5)
    mask = torch.ones(2, 6, dtype=torch.bool)
    mask[1, 1:] = False
    keys, values = T("N", 3, 6, 8), T("N", 3, 6, 5)
    made = model(block, query=T("N", 3, 4, 8), key=keys, value=values, mask=T("N", 6, dtype="bool"))
    scores = query @ key.transpose(-1, -2) / math.sqrt(8)
    hidden = ~mask[:, None, None] | torch.ones(4, 6).triu(1).bool()
    expected = torch.softmax(scores.masked_fill(hidden, -math.inf), dim=-1) @ value
    assert torch.allclose(made(query, key, value, mask), expected, atol=1e-5)


@pytest.mark.parametrize("features", [6, 7])
def test_sinusoids_are_those_of_the_paper(features):
    block = PositionalEncoding(max_length=50)
    found = model(block, x=T("N", "T", features))(torch.zeros(1, 40, features))[0]
    for place in (0, 1, 39):
        for feature in range(features):
            angle = place / 10_000 ** (2 * (feature // 2) / features)
            wave = math.cos(angle) if feature % 2 else math.sin(angle)
            assert found[place, feature].item() == pytest.approx(wave, abs=1e-4)


def test_the_sinusoid_table_is_no_weight():
    block = PositionalEncoding(max_length=50)
    assert not model(block, x=T("N", "T", 6)).state_dict()


def test_accuracy_leaves_out_what_is_padding():
    block = Accuracy(classes_last=True, ignore_index=0)
    made = model(block, prediction=T("N", "T", 4), target=T("N", "T", dtype="int64"))
    answers = torch.eye(4)[torch.tensor([[1, 2, 3, 1], [2, 0, 0, 0]])]
    right = torch.tensor([[1, 2, 2, 0], [2, 0, 0, 0]])
    assert made(answers, right).item() == pytest.approx(3 / 4)


def test_a_rare_yes_may_count_more():
    block = BceWithLogits(positive_weight=3.0)
    made = model(block, prediction=T("N"), target=T("N"))
    logits, target = torch.tensor([0.5, -1.0]), torch.tensor([1.0, 0.0])
    yes, no = -torch.log(torch.sigmoid(logits[0])), -torch.log(1 - torch.sigmoid(logits[1]))
    assert made(logits, target).item() == pytest.approx(((3 * yes + no) / 2).item())
