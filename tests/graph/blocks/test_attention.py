"""Attention: known counts, masks, and what is offered where it refuses."""

import pytest

from graph.blocks.attention import Attention, MultiheadAttention
from graph.blocks.positions import PositionalEncoding
from graph.blocks.transformer import TransformerEncoderLayer
from graph.problems import Refusal, SetParam, SetUpstream
from graph.tensor import T


def test_the_layer_of_bert_base_has_seven_million_weights():
    layer = TransformerEncoderLayer(heads=12, feed_forward=3072)
    assert layer.parameters(T("N", "T", 768)) == 7_087_872


def test_cross_attention_projects_each_width_to_the_query():
    attention = MultiheadAttention(heads=4)
    query, key = T("N", 5, 8), T("N", 7, 6)
    assert attention.parameters(query) == 4 * 8 * 8 + 4 * 8
    assert attention.parameters(query, key) == 2 * 8 * 8 + 2 * 8 * 6 + 4 * 8


def test_scores_grow_with_queries_times_keys():
    x = T(1, 10, 4)
    assert Attention().multiply_adds(x, T(1, 20, 4), T(1, 20, 6)) == 10 * 20 * (4 + 6)
    assert str(Attention().multiply_adds(T("N", "T", 4), T("N", "T", 4), T("N", "T", 4))) == (
        "8*N*T*T"
    )


@pytest.mark.parametrize(
    ("features", "heads", "nearest"),
    [(16, 3, (2, 4)), (12, 5, (4, 6)), (7, 2, (1, 7)), (4, 9, (4,))],
)
def test_heads_that_leave_a_rest_are_offered_the_nearest_that_do_not(features, heads, nearest):
    x = T("N", "T", features)
    with pytest.raises(Refusal, match="equal shares") as caught:
        MultiheadAttention(heads=heads).infer(x)
    offered = [hint.value for hint in caught.value.hints if isinstance(hint, SetParam)]
    assert set(offered) == set(nearest)
    for count in offered:
        assert MultiheadAttention(heads=count).infer(x) == x
    wider = [hint for hint in caught.value.hints if isinstance(hint, SetUpstream)]
    assert wider[0].value % heads == 0


def test_a_mask_says_it_for_all_queries_or_for_each():
    x = T("N", "T", 8)
    for shape in (("N", "T"), ("N", "T", "T")):
        assert MultiheadAttention().infer(x, mask=T(*shape, dtype="bool")) == x
        assert TransformerEncoderLayer().infer(x, T(*shape, dtype="bool")) == x
    with pytest.raises(Refusal, match="needs a mask N×T") as caught:
        TransformerEncoderLayer().infer(x, T("N", 3, dtype="bool"))
    assert caught.value.hints == (SetUpstream("mask", "shape", "T"),)


def test_an_encoder_takes_no_numbers_to_add_which_torch_mistakes_without_gradients():
    with pytest.raises(Refusal, match="truth values") as caught:
        TransformerEncoderLayer().infer(T("N", 5, 8), T("N", 5, 5))
    assert caught.value.hints == (SetUpstream("mask", "dtype", "bool"),)


def test_a_mask_may_say_it_for_each_head_too():
    x = T("N", 6, 8)
    for shape in (("N", 4, 6, 6), ("N", 1, 6, 6)):
        assert MultiheadAttention(heads=4).infer(x, mask=T(*shape)) == x
        assert TransformerEncoderLayer(heads=4).infer(x, T(*shape, dtype="bool")) == x
    with pytest.raises(Refusal, match="N×4×6×6 for each head"):
        MultiheadAttention(heads=4).infer(x, mask=T("N", 3, 6, 6))
    with pytest.raises(Refusal, match="needs a mask"):
        MultiheadAttention(heads=4).infer(x, mask=T(1, 4, 6, 6))


def test_a_known_length_must_have_a_pattern_for_each_place():
    assert PositionalEncoding(max_length=8).infer(T("N", "T", 4)) == T("N", "T", 4)
    with pytest.raises(Refusal) as caught:
        PositionalEncoding(max_length=8).infer(T("N", 9, 4))
    assert caught.value.hints == (SetParam("max_length", 9),)


def test_only_learned_positions_have_weights():
    x = T("N", "T", 4)
    assert PositionalEncoding(max_length=8).parameters(x) == 0
    assert PositionalEncoding(max_length=8, learned=True).parameters(x) == 32
