"""How long blocks take: measured at the statements that they became, there and back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from backends.data.source import Cancelled
from backends.pytorch.measuring import measure
from backends.pytorch.train import one_run
from backends.times import Time, Times
from graph import edits
from graph.composites.making import make
from graph.composites.repeating import set_repeat
from graph.fileio import load
from graph.model import Document, NodeId, Repeat
from graph.problems import UserError
from tests.drawing import set_params

EXAMPLES = Path(__file__).parents[3] / "assets" / "examples"
EXTRA_FORWARD = 0.6
"""Of the whole at least so much is found again in the blocks; Python between them is the rest."""


def example(name: str) -> Document:
    document = load(EXAMPLES / f"{name}.loom").document
    return edits.set_recipe(edits.set_recipe(document, "device", "cpu"), "threads", 1)


def named(document: Document, name: str) -> NodeId:
    return next(id for id, node in document.graph.nodes.items() if node.name == name)


def time_of(times: Times, *path: NodeId) -> Time:
    return times.blocks[path]


@pytest.fixture(scope="module")
def digits() -> tuple[Document, Times]:
    document = edits.set_recipe(example("digits-cnn"), "batch_size", 128)
    return document, measure(document)


def test_every_block_that_runs_has_a_time(digits: tuple[Document, Times]) -> None:
    document, times = digits
    measured = {path[0] for path in times.blocks}
    ends = {"input", "output"}
    assert measured == {id for id, n in document.graph.nodes.items() if n.kind not in ends}
    assert all(time.forward_s > 0 for time in times.blocks.values())
    assert (times.rows, times.device) == (128, "cpu")


def test_blocks_that_are_functions_have_a_time_on_both_ways(
    digits: tuple[Document, Times],
) -> None:
    document, times = digits
    for name in ("relu1", "pool1", "flatten", "cross_entropy"):
        assert time_of(times, named(document, name)).backward_s > 0, name
    assert time_of(times, named(document, "accuracy")).backward_s == 0


def test_the_blocks_add_up_to_the_whole(digits: tuple[Document, Times]) -> None:
    _, times = digits
    assert EXTRA_FORWARD * times.whole.forward_s <= times.top().forward_s
    assert times.top().forward_s <= times.whole.forward_s
    assert 0.4 * times.whole.backward_s <= times.top().backward_s <= times.whole.backward_s


def test_a_larger_layer_takes_longer() -> None:
    document = example("moons-mlp")
    wide, reads_wide, *others = (
        id for id, node in document.graph.nodes.items() if node.kind == "dense"
    )
    document = set_params(document, wide, features=4096)
    times = measure(edits.set_recipe(document, "batch_size", 256))
    longest = max((wide, reads_wide, *others), key=lambda id: time_of(times, id).total_s)
    assert longest in (wide, reads_wide)


def in_a_composite(mode: str | None) -> tuple[Document, NodeId, list[NodeId]]:
    """The part of a transformer that looks at each place by itself, as a composite."""
    document = example("digits-attention")
    inner = [named(document, name) for name in ("wide", "gelu", "dropout", "narrow")]
    document = make(document, inner, "Feed")
    (whole,) = (id for id, node in document.graph.nodes.items() if node.definition)
    return set_repeat(document, [whole], Repeat(3, mode) if mode else None), whole, inner


@pytest.mark.parametrize("mode", [None, "chain", "shared"])
def test_a_composite_takes_as_long_as_all_inside_it_in_all_its_turns(mode: str | None) -> None:
    document, whole, inner = in_a_composite(mode)
    times = measure(document)
    inside = times.inside((whole,))
    assert set(inside) == set(inner)
    parts = sum(time.forward_s for time in inside.values())
    assert 0.4 * time_of(times, whole).forward_s < parts <= time_of(times, whole).forward_s
    back = sum(time.backward_s for time in inside.values())
    assert back == pytest.approx(time_of(times, whole).backward_s, rel=0.5)


def test_a_drawing_without_a_loss_is_measured_too() -> None:
    document = example("moons-mlp")
    goals = [id for id, n in document.graph.nodes.items()
             if n.kind in ("target", "cross_entropy", "accuracy", "bce_with_logits")]  # fmt: skip
    times = measure(edits.remove(document, goals))
    assert times.top().backward_s > 0


def test_progress_is_told() -> None:
    told: list[float] = []
    measure(example("moons-mlp"), lambda share, _: told.append(share))
    assert told == sorted(told)
    assert told[-1] > 0.5


@pytest.mark.parametrize("times_asked", [1, 10, 15, 20, 40, 100])
def test_measuring_can_be_cancelled_at_any_time_also_on_the_way_back(times_asked: int) -> None:
    asked = iter([False] * times_asked)
    with pytest.raises(Cancelled):
        measure(example("moons-mlp"), None, lambda: next(asked, True))


def test_threads_are_as_before() -> None:
    threads = torch.get_num_threads()
    measure(example("moons-mlp"))
    assert torch.get_num_threads() == threads


def test_nothing_is_measured_while_a_run_goes_on() -> None:
    with one_run, pytest.raises(UserError, match="A run goes on"):
        measure(example("moons-mlp"))
    measure(example("moons-mlp"))


def test_a_drawing_that_cannot_run_says_why() -> None:
    with pytest.raises(UserError, match="empty"):
        measure(Document())
