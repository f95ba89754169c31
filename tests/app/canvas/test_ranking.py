"""The order in which a search offers blocks."""

from __future__ import annotations

from app.canvas.offers import Offer
from app.canvas.ranking import Order, proposals
from app.following import following
from graph.registry import default_registry

NO_ORDER = Order()
OFFERS = [Offer(block) for block in default_registry().blocks()]


def kinds(query, order=NO_ORDER, offers=OFFERS):
    return [proposal.offer.block.kind.name for proposal in proposals(query, offers, order)]


def test_nothing_typed_offers_usual_blocks_then_those_used_last():
    order = Order(("target",), ("relu", "batch_norm"), ("tanh", "relu"))
    assert kinds("", order)[:4] == ["target", "relu", "batch_norm", "tanh"]


def test_of_blocks_that_fit_equally_well_those_used_last_come_first():
    assert kinds("conv")[0] == "conv1d"
    assert kinds("conv", Order(recent=("conv3d",)))[0] == "conv3d"
    assert kinds("conv", Order(usual=("conv2d",)))[0] == "conv2d"


def test_what_fits_the_query_better_comes_before_what_was_used_last():
    assert kinds("relu", Order(recent=("leaky_relu",)))[0] == "relu"


def test_blocks_that_understand_what_is_typed_come_first():
    assert kinds("conv 64 3x3")[0] == "conv2d"
    assert kinds("conv 64 3x3x3")[0] == "conv3d"
    assert kinds("dropout 0.5")[0] == "dropout"


def test_blocks_that_do_not_fit_come_last_unless_they_are_meant():
    offers = [Offer(o.block, "no" if o.block.kind.name == "conv2d" else "") for o in OFFERS]
    assert kinds("conv", offers=offers)[0] == "conv1d"
    assert kinds("conv2d", offers=offers)[0] == "conv2d"


def test_a_number_behind_a_name_is_a_parameter_where_the_named_block_does_not_fit():
    offers = [Offer(o.block, "no" if "pool3d" in o.block.kind.name else "") for o in OFFERS]
    usual = Order(usual=("max_pool2d",))
    best = proposals("maxpool 3 s2 p1", offers, usual)[0]
    assert best.offer.block.kind.name == "max_pool2d"
    assert best.reading.summary == "kernel_size 3×3 · stride 2×2 · padding 1×1"
    assert kinds("maxpool 3")[0] == "max_pool3d"


def test_the_gallery_says_what_follows():
    assert following().after["conv2d"][:2] == ("batch_norm", "relu")
    assert following().before["dense"]
