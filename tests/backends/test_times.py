"""Times of blocks add up, by where in the drawing they are."""

from __future__ import annotations

import pytest

from backends.times import NodePath, Time, Times, added_up
from graph.model import NodeId

A, B, C = (NodeId(name) for name in "abc")


def times(blocks: dict[NodePath, float]) -> Times:
    found = {path: Time(seconds, 2 * seconds) for path, seconds in blocks.items()}
    return Times(found, Time(), Time(), 32, 8, "cpu", 1)


def test_blocks_at_the_top_are_those_inside_no_other() -> None:
    found = times({(A,): 3.0, (B,): 2.0, (B, A): 1.5})
    assert found.top() == Time(5.0, 10.0)
    assert found.inside(()) == {A: Time(3.0, 6.0), B: Time(2.0, 4.0)}
    assert found.inside((B,)) == {A: Time(1.5, 3.0)}
    assert found.inside((A,)) == {}


def test_a_block_of_a_definition_is_added_up_over_its_instances() -> None:
    found = times({(A, C): 1.0, (B, C): 2.0, (A,): 1.0, (B,): 2.0})
    assert found.everywhere([C]) == {C: Time(3.0, 6.0)}


def test_no_times_add_up_to_nothing() -> None:
    assert added_up([]).total_s == pytest.approx(0.0)
