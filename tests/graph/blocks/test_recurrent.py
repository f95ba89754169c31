"""Recurrent layers: known counts, and what is offered where they refuse."""

import pytest

from graph.blocks.recurrent import Gru, Lstm, Rnn
from graph.problems import Insert, Refusal
from graph.tensor import T


def test_weights_are_counted_for_each_gate():
    x = T("N", "T", 10)
    assert Rnn(units=20).parameters(x) == 20 * (10 + 20) + 40
    assert Gru(units=20).parameters(x) == 3 * (20 * (10 + 20) + 40)
    assert Lstm(units=20).parameters(x) == 4 * (20 * (10 + 20) + 40)


def test_a_layer_above_two_directions_reads_both():
    x = T("N", "T", 10)
    below = 2 * 4 * (20 * (10 + 20) + 40)
    above = 2 * 4 * (20 * (40 + 20) + 40)
    assert Lstm(units=20, layers=2, bidirectional=True).parameters(x) == below + above


def test_both_directions_are_joined_in_sequence_and_last_but_not_in_the_state():
    types = Lstm(units=5, layers=3, bidirectional=True).output_types(T("N", "T", 8))
    assert types == {
        "sequence": T("N", "T", 10),
        "last": T("N", 10),
        "state": T(6, "N", 5),
        "cell": T(6, "N", 5),
    }


def test_dropout_needs_layers_to_stand_between():
    x = T("N", 4, 8)
    assert "dropout" not in Gru(dropout=0.5).emit(x).modules["cells"].kwargs
    assert Gru(dropout=0.5, layers=2).emit(x).modules["cells"].kwargs["dropout"] == 0.5
    assert "dropout" not in [p.name for p in Gru().shown()]


@pytest.mark.parametrize(
    ("x", "shape"),
    [(T("N", 24), "-1, 1"), (T("N", 1, 28, 28), "-1, 28"), (T("N", 3, "H", 8), "-1, 8")],
)
def test_rows_and_images_are_offered_to_become_sequences(x, shape):
    with pytest.raises(Refusal) as caught:
        Gru().infer(x)
    assert caught.value.hints == (Insert("reshape", "x", (("shape", shape),)),)


def test_tokens_are_offered_an_embedding():
    with pytest.raises(Refusal) as caught:
        Lstm().infer(T("N", "T", dtype="int64"))
    assert caught.value.hints[0] == Insert("embedding", "x")


def test_an_lstm_starts_from_state_and_cell_or_from_neither():
    x, start = T("N", "T", 3), T(1, "N", 64)
    assert Lstm().output_types(x, start, start)
    with pytest.raises(Refusal, match="needs both") as caught:
        Lstm().infer(x, None, start)
    assert caught.value.port == "start"
