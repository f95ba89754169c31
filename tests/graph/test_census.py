"""The census of a graph: what was taken over from before an edit is what asking anew tells."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from graph import edits
from graph.census import census, differing, exchanged
from graph.change import diff
from graph.freezing import set_frozen
from graph.model import Document, NodeId
from graph.problems import UserError
from tests.drawing import draw as drawn

KINDS = "input conv2d batch_norm2d relu dense dense dropout output"
WIDTHS = st.integers(1, 9)


def _edit(draw: st.DrawFn, document: Document) -> Document:
    ids = list(document.graph.nodes)
    id = draw(st.sampled_from(ids)) if ids else None
    what = draw(st.sampled_from(["add", "remove", "set", "name", "freeze", "move", "drop"]))
    if what == "add" or id is None:
        return edits.add(document, draw(st.sampled_from(KINDS.split())), (0, 0))
    match what:
        case "remove":
            return edits.remove(document, [id])
        case "set":
            return edits.set_param(document, [id], "features", draw(WIDTHS))
        case "drop":
            return edits.set_param(document, [id], "bias", draw(st.booleans()))
        case "name":
            return edits.rename(document, id, draw(st.sampled_from(["a", "b", "deep"])))
        case "freeze":
            return set_frozen(document, [id], draw(st.booleans()))
    return edits.move(document, {id: (draw(WIDTHS), 0)})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_census_that_is_taken_over_equals_a_new_one(data):
    document = drawn(KINDS)
    for _ in range(8):
        before = document
        assert before.graph.census
        try:
            document = _edit(data.draw, document)
        except UserError:
            continue
        found, anew = document.graph.census, census(document.graph.nodes)
        assert found.shapes >= anew.shapes
        assert (found.kinds, found.is_switched, found.is_sharing, found.is_named) == (
            anew.kinds, anew.is_switched, anew.is_sharing, anew.is_named
        )  # fmt: skip
        known = {id for id, node in document.graph.nodes.items()
                 if before.graph.nodes.get(id) is not node}  # fmt: skip
        assert set(differing(before.graph.nodes, document.graph.nodes)) == known
        assert diff(before, document).changed | diff(before, document).added <= known


def test_one_parameter_that_changes_leaves_the_census_as_it_is():
    document = edits.set_param(drawn(KINDS), [NodeId("n5")], "features", 3)
    known = document.graph.census
    edited = edits.set_param(document, [NodeId("n5")], "features", 4)
    assert edited.graph.census is known
    assert exchanged(document.graph.nodes, edited.graph.nodes) == [NodeId("n5")]


def test_a_name_that_comes_to_be_there_twice_is_noticed():
    document = drawn(KINDS)
    assert document.graph.census.is_named
    nodes = dict(document.graph.nodes)
    first, second, *_ = nodes.values()
    nodes[first.id] = replace(first, name=second.name)
    assert not document.with_graph(nodes).graph.census.is_named
