"""Cells, state spaces and experts compute what their papers say."""

import math

import pytest
import torch
from torch.nn import functional

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.experts import MixtureOfExperts
from graph.blocks.recurrent import Gru, Lstm, Rnn
from graph.blocks.recurrent_cells import GruCell, LstmCell, RnnCell
from graph.blocks.state_space import SelectiveStateSpace
from graph.tensor import T


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def model(block, **types):
    return model_of(source_of(Trial(block, types))).eval()


def inner(made):
    return dict(made.named_children())["tried"]


@pytest.mark.parametrize(
    ("cell", "layer", "count"),
    [(RnnCell, Rnn, 1), (GruCell, Gru, 1), (LstmCell, Lstm, 2)],
    ids=["rnn", "gru", "lstm"],
)
def test_a_cell_step_by_step_is_the_layer(cell, layer, count):
    names = ("state", "cell")[:count]
    step = model(cell(units=5), x=T("N", 3), **{name: T("N", 5) for name in names})
    whole = model(layer(units=5), x=T("N", "T", 3))
    weights = inner(whole).state_dict()
    inner(step).load_state_dict({name[: -len("_l0")]: weights[name] for name in weights})
    x = torch.randn(4, 6, 3)
    states = [torch.zeros(4, 5)] * count
    for place in range(6):
        states = list(run(step, [x[:, place], *states]))
    assert torch.allclose(states[0], run(whole, [x])[1], atol=1e-6)


def test_a_cell_without_a_wire_starts_from_zeros():
    alone = model(GruCell(units=5), x=T("N", 3))
    wired = model(GruCell(units=5), x=T("N", 3), state=T("N", 5))
    wired.load_state_dict(alone.state_dict())
    x = torch.randn(4, 3)
    assert torch.equal(alone(x), wired(x, torch.zeros(4, 5)))


@torch.no_grad()
def test_a_selective_state_space_is_the_recurrence_of_each_feature():
    made = model(SelectiveStateSpace(states=3, rank=2), x=T("N", "T", 4))
    layer = inner(made)
    x = torch.randn(1, 5, 4)
    expected = torch.zeros(5, 4)
    state = [[0.0] * 3 for _ in range(4)]
    for place in range(5):
        now = x[0, place]
        steered = layer.steer.weight @ now
        rank, write, read = steered[:2], steered[2:5], steered[5:]
        step = functional.softplus(layer.pace.weight @ rank + layer.usual_pace)
        for feature in range(4):
            for number in range(3):
                fade = math.exp(-float(step[feature]) * (number + 1))
                entering = float(step[feature] * write[number] * now[feature])
                state[feature][number] = fade * state[feature][number] + entering
            answer = sum(float(read[n]) * state[feature][n] for n in range(3))
            expected[place, feature] = answer + now[feature]
    assert torch.allclose(made(x)[0], expected, atol=1e-5)


def test_the_pace_of_a_new_state_space_is_that_of_the_paper():
    usual = inner(model(SelectiveStateSpace(), x=T("N", "T", 64))).usual_pace
    pace = functional.softplus(usual)
    assert 0.0009 < pace.min() < pace.max() < 0.101


@pytest.mark.parametrize("chosen", [1, 2, 3])
@torch.no_grad()
def test_each_place_mixes_the_experts_that_its_gate_chooses(chosen):
    made = model(MixtureOfExperts(experts=3, chosen=chosen, hidden=6), x=T("N", "T", 4))
    layer = inner(made)
    x = torch.randn(2, 3, 4)
    found, balance = made(x)
    chances = layer.gate(x).softmax(-1)
    used = torch.zeros(3)
    for row in range(2):
        for place in range(3):
            best = chances[row, place].argsort(descending=True)[:chosen]
            shares = chances[row, place, best]
            shares = shares / shares.sum() if chosen > 1 else shares
            answers = [layer.experts[int(expert)](x[row, place]) for expert in best]
            expected = sum(share * y for share, y in zip(shares, answers, strict=True))
            assert torch.allclose(found[row, place], expected, atol=1e-5)
            used[best] += 1 / chosen / 6
    assert balance.item() == pytest.approx(3 * float(used @ chances.mean((0, 1))), rel=1e-5)


def test_experts_that_share_the_work_equally_have_a_balance_of_one():
    made = model(MixtureOfExperts(experts=2, chosen=1, hidden=3), x=T("N", 2))
    inner(made).gate.weight.data = 3 * torch.eye(2)
    assert made(torch.eye(2))[1].item() == pytest.approx(1)
    assert made(torch.eye(2)[:1].repeat(2, 1))[1].item() > 1.5


@pytest.mark.parametrize("layer", [Rnn, Gru, Lstm])
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
def test_a_layer_that_knows_lengths_reads_each_sequence_as_if_it_were_alone(layer, bidirectional):
    block = layer(units=5, layers=2, bidirectional=bidirectional)
    made = model(block, x=T("N", "T", 3), lengths=T("N", dtype="int64"))
    alone = model(block, x=T("N", "T", 3))
    alone.load_state_dict(made.state_dict())
    x, lengths = torch.randn(4, 6, 3), torch.tensor([2, 6, 1, 4])
    sequence, last, state, *_ = run(made, [x, lengths])
    assert sequence.shape[1] == 6
    for row, length in enumerate(lengths.tolist()):
        own, own_last, own_state, *_ = run(alone, [x[row : row + 1, :length]])
        assert torch.allclose(sequence[row, :length], own[0], atol=1e-6)
        assert not sequence[row, length:].any()
        assert torch.allclose(last[row], own_last[0], atol=1e-6)
        assert torch.allclose(state[:, row], own_state[:, 0], atol=1e-6)
