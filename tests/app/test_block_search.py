"""Which blocks a few letters find."""

from app.block_search import best_matches, score
from graph.block import Category, Kind, Role


def block(title, name, *keywords):
    kind = Kind(name, title, Category.LINEAR, "X", keywords, Role.LAYER, (), name)
    return type(title, (), {"kind": kind, "__doc__": f"{title} does something."})


CONV1 = block("Conv 1D", "conv1d", "filter", "kernel")
CONV2 = block("Conv 2D", "conv2d", "filter", "kernel")
TRANSPOSED = block("Transposed conv 2D", "conv_transpose2d", "upsample")
DENSE = block("Dense", "dense", "linear", "fully connected")
ATTENTION = block("Multi-head attention", "multi_head_attention", "transformer")
ALL = [TRANSPOSED, CONV1, CONV2, DENSE, ATTENTION]


def titles(query):
    return [found.kind.title for found in best_matches(query, ALL)]


def test_an_empty_query_finds_everything_in_order():
    assert titles("  ") == [b.kind.title for b in ALL]


def test_the_exact_name_comes_first():
    assert titles("conv2d")[0] == "Conv 2D"
    assert titles("conv 2d")[0] == "Conv 2D"


def test_a_prefix_comes_before_a_part():
    assert titles("conv") == ["Conv 1D", "Conv 2D", "Transposed conv 2D"]


def test_keywords_find():
    assert titles("linear") == ["Dense"]
    assert titles("upsa") == ["Transposed conv 2D"]


def test_words_in_any_order_find():
    assert titles("att multi") == ["Multi-head attention"]


def test_initials_come_before_letters_that_are_strewn_in():
    bernoulli, batch_norm = block("Bernoulli", "bernoulli"), block("Batch norm", "batch_norm")
    assert best_matches("bn", [bernoulli, batch_norm]) == [batch_norm, bernoulli]


def test_letters_in_order_find():
    assert titles("mha") == ["Multi-head attention"]
    assert titles("dns")[0] == "Dense"


def test_what_does_not_fit_is_not_found():
    assert titles("qqq") == []
    assert score("z", DENSE) is None
