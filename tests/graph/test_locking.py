"""What is locked keeps its place, its size and its wires, and is not deleted."""

from __future__ import annotations

import pytest

from graph import clipboard as clips
from graph import collapsing, edits, locking, remark_edits, surgery
from graph.change import diff
from graph.composites.making import make
from graph.fileio import clip_from_text, clip_to_text, dumps, loads
from graph.layout import layout
from graph.layout.around import around_locked
from graph.model import Document, Edge, NodeId
from graph.problems import UserError
from graph.remarks import RemarkId
from tests.drawing import chain

N1, N2, N3, N4 = (NodeId(f"n{number}") for number in (1, 2, 3, 4))


def locked(*ids: NodeId) -> Document:
    """Four blocks in a chain, some of them locked."""
    return locking.set_locked(chain("input dense relu output"), ids, (), True)


def refused(before: Document, after: Document) -> str:
    with pytest.raises(UserError) as caught:
        locking.refuse_locked(before, after)
    return str(caught.value)


def test_moving_deleting_replacing_and_rewiring_a_locked_block_is_refused() -> None:
    before = locked(N2)
    assert refused(before, edits.move(before, {N2: (500.0, 5.0)})) == (
        "Dense “dense” is locked, so it stays where it is. Unlock it first."
    )
    assert "is not deleted" in refused(before, edits.remove(before, [N2]))
    replaced = surgery.replace_kind(before, N2, "relu")
    assert "is not replaced" in refused(before, replaced)
    for gone in (before.graph.inputs_of(N2), before.graph.consumers_of(N2)):
        assert "its wires stay" in refused(before, edits.disconnect(before, gone))
    more = edits.with_edge(before, Edge(N2, "y", N4, "x"))
    assert "its wires stay" in refused(before, more)
    assert "is not deleted" in refused(before, make(before, [N2, N3], "Part"))


def test_all_else_may_change() -> None:
    before = locked(N2)
    for after in (
        edits.set_param(before, [N2], "features", 7),
        edits.rename(before, N2, "other"),
        edits.move(before, {N3: (500.0, 5.0)}),
        edits.disconnect(before, before.graph.inputs_of(N4)),
        locking.set_locked(before, [N2], (), False),
        edits.remove(before, [N3]),
        edits.remove(before, [N3], heal=True),
        make(before, [N3], "Part"),
        edits.add(before, "relu"),
    ):
        locking.refuse_locked(before, after)


def test_a_locked_frame_keeps_its_box_and_may_be_renamed() -> None:
    drawn = remark_edits.add_frame(chain("input"), (0.0, 0.0, 300.0, 200.0), "Stem")
    (id,) = drawn.graph.remarks
    before = locking.set_locked(drawn, (), [id], True)
    assert refused(before, remark_edits.move(before, [id], (5.0, 0.0))) == (
        "The frame “Stem” is locked, so it keeps its place and size. Unlock it first."
    )
    assert "is not deleted" in refused(before, remark_edits.remove(before, [id]))
    locking.refuse_locked(before, remark_edits.set_title(before, id, "Other"))
    assert locking.locked_of(before.graph) == (frozenset(), frozenset({RemarkId(id)}))


def test_files_keep_what_is_locked_and_collapsed() -> None:
    drawn = collapsing.set_collapsed(locked(N2), [N2, N3], True)
    drawn = remark_edits.add_note(drawn, (0.0, 0.0), "text")
    drawn = locking.set_locked(drawn, (), list(drawn.graph.remarks), True)
    assert loads(dumps(drawn)).document == drawn
    assert '"collapsed": true' in dumps(drawn)
    assert "collapsed" not in dumps(chain("input dense"))


def test_a_copy_is_collapsed_as_well_and_free() -> None:
    drawn = collapsing.set_collapsed(locked(N2), [N2], True)
    clip = clip_from_text(clip_to_text(clips.copy(drawn, [N2])))
    pasted, (fresh,) = clips.paste(drawn, clip)
    assert pasted.node(fresh).collapsed and not pasted.node(fresh).locked


def test_collapsing_and_locking_change_neither_types_nor_code() -> None:
    before = chain("input dense relu output")
    after = locking.set_locked(collapsing.set_collapsed(before, [N2], True), [N3], (), True)
    change = diff(before, after)
    assert change.moved == {N2, N3}
    assert not change.structure


def test_a_layout_leaves_locked_blocks_and_covers_none() -> None:
    before = edits.move(locked(N2, N4), {N2: (-960.0, 480.0), N4: (-960.0, 600.0)})
    places = around_locked(before.graph, layout(before.graph))
    assert (places[N2], places[N4]) == ((-960.0, 480.0), (-960.0, 600.0))
    all_ = list(places.values())
    for number, (x, y) in enumerate(all_):
        for a, b in all_[:number]:
            assert abs(a - x) >= 190 or abs(b - y) >= 66
    assert all(abs(x + 960) <= 480 for x, _ in places.values()), "they stay together"


def test_a_layout_without_locked_blocks_is_as_it_was() -> None:
    graph = chain("input dense relu output").graph
    assert around_locked(graph, layout(graph)) == layout(graph)
