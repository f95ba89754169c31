"""What kinds of attention and positions compute, against the papers' formulas."""

import math

import pytest
import torch
from torch.nn import functional

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.attention import Attention, MultiheadAttention
from graph.blocks.linear_attention import LinearAttention
from graph.blocks.rotary import GroupedQueryAttention, RotaryEncoding
from graph.blocks.score_biases import Alibi, RelativePositionBias
from graph.blocks.tokens import ClassToken, PatchEmbedding, TimeEmbedding
from graph.tensor import T


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def model(block, **types):
    return model_of(source_of(Trial(block, types))).eval()


def answer(made, *tensors):
    return run(made, tensors)[0]


@pytest.mark.parametrize("pairs", ["neighbours", "halves"])
def test_rotary_products_depend_on_the_distance_alone(pairs):
    made = model(RotaryEncoding(pairs=pairs), x=T("N", "T", 8))
    query, key = torch.randn(2, 8).unbind()
    queries, keys = answer(made, query.expand(1, 6, 8)), answer(made, key.expand(1, 6, 8))
    scores = (queries @ keys.transpose(1, 2))[0]
    for gap in range(-5, 6):
        along = scores.diagonal(gap)
        assert torch.allclose(along, along[:1].expand_as(along), atol=1e-4)
    assert torch.allclose(queries[0, 0], query)


def test_rotary_turns_the_first_pair_by_one_radian_a_place():
    made = model(RotaryEncoding(), x=T("N", "T", 4))
    x = torch.tensor([1.0, 0, 1, 0]).expand(1, 3, 4)
    place = answer(made, x)[0, 2]
    slow = 2 / math.sqrt(10_000)
    expected = [math.cos(2), math.sin(2), math.cos(slow), math.sin(slow)]
    assert torch.allclose(place, torch.tensor(expected))


def attention_by_hand(made, x, heads, groups):
    """Each head with the keys of its group, one after the other."""
    inner = dict(made.named_children())["tried"]
    size = x.shape[-1] // heads
    query, key, value = inner.query(x), inner.key(x), inner.value(x)
    mixed = []
    for head in range(heads):
        group = head // (heads // groups)
        own, shared = (slice(n * size, (n + 1) * size) for n in (head, group))
        scores = query[..., own] @ key[..., shared].transpose(-1, -2) / math.sqrt(size)
        mixed.append(scores.softmax(-1) @ value[..., shared])
    return inner.out(torch.cat(mixed, dim=-1))


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_heads_of_a_group_share_keys_and_values(groups):
    made = model(GroupedQueryAttention(heads=4, groups=groups, bias=True), x=T("N", "T", 8))
    x = torch.randn(2, 5, 8)
    assert torch.allclose(answer(made, x), attention_by_hand(made, x, 4, groups), atol=1e-5)


def test_rotary_attention_does_not_mind_where_a_sequence_starts():
    block = GroupedQueryAttention(heads=2, groups=1, rotary=True)
    made = model(block, x=T("N", "T", 8), mask=T("N", "T", dtype="bool"))
    x = torch.randn(1, 6, 8)
    late = torch.tensor([[False, False, True, True, True, True]])
    shifted = answer(made, x, late)[:, 2:]
    early = answer(made, x[:, 2:], torch.ones(1, 4, dtype=torch.bool))
    assert torch.allclose(shifted, early, atol=1e-5)


def test_causal_grouped_attention_ignores_what_comes_after():
    made = model(GroupedQueryAttention(causal=True), x=T("N", "T", 8))
    x = torch.randn(2, 6, 8)
    assert torch.allclose(answer(made, x)[:, :3], answer(made, x[:, :3]), atol=1e-5)


def test_alibi_has_the_slopes_of_the_paper():
    made = model(Alibi(), scores=T("N", 8, "T", "T"))
    found = answer(made, torch.zeros(1, 8, 4, 4))[0]
    slopes = -found[:, 3, 2]
    assert torch.allclose(slopes, torch.tensor([2.0**-n for n in range(1, 9)]))
    assert torch.allclose(found[0, 3], -slopes[0] * torch.tensor([3.0, 2, 1, 0]))


def t5_bucket(ahead, both_ways, buckets, farthest):
    """The bucket of a distance as in T5's code."""
    start = 0
    if both_ways:
        buckets //= 2
        start = buckets if ahead > 0 else 0
        distance = abs(ahead)
    else:
        distance = max(-ahead, 0)
    exact = buckets // 2
    if distance < exact:
        return start + distance
    share = math.log(distance / exact) / math.log(farthest / exact)
    return start + min(exact + int(share * (buckets - exact)), buckets - 1)


@pytest.mark.parametrize("both_ways", [True, False])
def test_distances_fall_into_the_buckets_of_t5(both_ways):
    block = RelativePositionBias(buckets=32, max_distance=100, both_ways=both_ways)
    made = model(block, scores=T("N", 1, "T", "T"))
    table = dict(made.named_children())["tried"].table
    table.weight.data = torch.arange(32.0)[:, None]
    found = answer(made, torch.zeros(1, 1, 130, 130))[0, 0]
    expected = [
        [t5_bucket(key - query, both_ways, 32, 100) for key in range(130)] for query in (0, 64, 129)
    ]
    assert torch.equal(found[[0, 64, 129]], torch.tensor(expected, dtype=torch.float32))


@pytest.mark.parametrize("causal", [True, False])
def test_linear_attention_is_attention_with_a_product_of_positive_features(causal):
    query, key = torch.randn(2, 2, 3, 5, 4).unbind()
    value = torch.randn(2, 3, 5, 6)
    types = {"query": T("N", 3, "T", 4), "key": T("N", 3, "T", 4), "value": T("N", 3, "T", 6)}
    scores = (functional.elu(query) + 1) @ (functional.elu(key) + 1).transpose(-1, -2)
    scores = scores.tril() if causal else scores
    expected = scores / scores.sum(-1, keepdim=True) @ value
    made = model(LinearAttention(causal=causal), **types)
    assert torch.allclose(answer(made, query, key, value), expected, atol=1e-5)


def test_patches_are_read_row_by_row():
    made = model(PatchEmbedding(patch_size=(2, 2), features=4, bias=False), x=T("N", 1, 4, 6))
    dict(made.named_children())["tried"].weight.data = torch.eye(4).view(4, 1, 2, 2)
    x = torch.arange(24.0).view(1, 1, 4, 6)
    found = answer(made, x)[0]
    assert found[:4].tolist() == [[0, 1, 6, 7], [2, 3, 8, 9], [4, 5, 10, 11], [12, 13, 18, 19]]


def test_the_class_token_comes_first_and_is_the_same_for_all():
    x = torch.randn(3, 4, 5)
    found = answer(model(ClassToken(), x=T("N", "T", 5)), x)
    assert torch.equal(found[:, 1:], x)
    assert torch.equal(found[0, 0], found[2, 0])


def test_time_steps_are_sines_and_cosines():
    block = TimeEmbedding(mlp=False, features=4)
    found = answer(model(block, x=T("N", dtype="int64")), torch.tensor([3]))[0]
    expected = [math.sin(3), math.sin(0.03), math.cos(3), math.cos(0.03)]
    assert found.tolist() == pytest.approx(expected, abs=1e-6)


def test_each_head_adds_the_numbers_of_its_own_mask_to_its_scores():
    made = model(MultiheadAttention(heads=2), query=T("N", 3, 8), mask=T("N", 2, 3, 3))
    inner = dict(made.named_children())["tried"]
    x, mask = torch.randn(2, 3, 8), torch.randn(2, 2, 3, 3)
    projected = functional.linear(x, inner.in_proj_weight, inner.in_proj_bias)
    query, key, value = (
        part.unflatten(-1, (2, 4)).transpose(1, 2) for part in projected.chunk(3, -1)
    )
    weights = (query @ key.transpose(-1, -2) / 2 + mask).softmax(-1)
    expected = inner.out_proj((weights @ value).transpose(1, 2).flatten(2))
    assert torch.allclose(answer(made, x, mask), expected, atol=1e-6)


def test_a_mask_of_one_row_of_heads_is_shared_by_all():
    types = {port: T("N", 3, 2, 5, 4) for port in ("query", "key", "value")}
    made = model(Attention(), **types, mask=T("N", 1, 2, 5, 5))
    query, key, value = torch.randn(3, 2, 3, 2, 5, 4).unbind()
    mask = torch.randn(2, 1, 2, 5, 5)
    weights = (query @ key.transpose(-1, -2) / 2 + mask).softmax(-1)
    assert torch.allclose(answer(made, query, key, value, mask), weights @ value, atol=1e-6)
