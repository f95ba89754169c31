"""Paths of weights: one for each, whatever row its block stands in."""

from __future__ import annotations

from backends.pytorch.paths import MODEL, Paths, Place
from graph.model import NodeId


def place(node: str, *classes: tuple[int | None, str], is_row: bool = False) -> Place:
    return Place(NodeId(node), "dense", classes, is_row)


def test_a_class_behind_a_row_of_varying_length_is_found_by_what_it_holds() -> None:
    layer = place("n3", (1, ""))
    paths = Paths(
        {
            MODEL: {"outer": place("n1", (1, "Outer"))},
            "Outer": {"part": place("n2", (None, "Chain"), (1, "Last"), is_row=True)},
            "Chain": {"0": layer},
            "Last": {"dense": layer, "norm": place("n4", (1, ""))},
        }
    )
    assert paths.node_key("outer.part.5.0.weight") == "n1/n2[5]/n3.dense.weight"
    assert paths.node_key("outer.part.2.dense.weight") == "n1/n2[2]/n3.dense.weight"
    assert paths.node_key("outer.part.2.norm.weight") == "n1/n2[2]/n4.dense.weight"
