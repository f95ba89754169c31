"""What lies in a frame, and frames that follow their blocks."""

import time

from graph import edits, remark_edits
from graph.framing import box_around, carried, contents, refitted
from graph.model import Document, NodeId
from graph.remarks import RemarkId
from tests.drawing import draw

R3, R4, R5 = map(RemarkId, ("r3", "r4", "r5"))


def framed():
    """Two blocks above each other; a frame r3 around the first, in it a note r4."""
    document = draw("relu gelu")
    document = remark_edits.add_frame(document, (-300, -50, 300, 90))
    return remark_edits.add_note(document, (-290, -40))


def test_a_frame_has_blocks_by_their_middle_and_notes_wholly_in_it():
    document = framed()
    assert contents(document.graph, [R3]) == ({"n1"}, frozenset())
    document = remark_edits.resize(document, R3, (-300, -50, 300, 110))
    assert contents(document.graph, [R3]) == ({"n1"}, {R4})


def test_frames_in_a_frame_go_along_with_what_they_have():
    document = remark_edits.add_frame(framed(), (-400, -200, 400, 400))
    nodes, remarks = carried(document.graph, [], [R5])
    assert nodes == {"n1", "n2"}
    assert remarks == {R3, R4, R5}


def test_a_frame_around_blocks_has_them_in_it():
    document = framed()
    box = box_around(document.graph, [NodeId("n1"), NodeId("n2")])
    assert box == (-20, -24, 210, 176)
    document = remark_edits.add_frame(document, box)
    assert contents(document.graph, [R5])[0] == {"n1", "n2"}
    assert box_around(document.graph, []) is None


def test_a_frame_is_refitted_where_its_blocks_have_gone():
    before = remark_edits.resize(framed(), R3, (-300, -50, 300, 110))
    after = edits.move(before, {NodeId("n1"): (1000.0, 500.0), NodeId("n2"): (0.0, 900.0)})
    fitted = refitted(before, after, after.graph.nodes.keys())
    assert contents(fitted.graph, [R3]) == ({"n1"}, {R4})
    note = fitted.graph.remarks[R4]
    assert (note.x, note.y) == (710, 460)


def test_a_frame_stays_where_not_all_of_its_blocks_were_placed_anew():
    before = remark_edits.add_frame(draw("relu gelu"), (-50, -50, 800, 400))
    after = edits.move(before, {NodeId("n1"): (240.0, 0.0)})
    assert refitted(before, after, {NodeId("n1")}) == after


def test_a_frame_without_blocks_stays():
    before = remark_edits.add_frame(Document(), (0, 0, 300, 300))
    assert refitted(before, before, set()) == before


def test_five_hundred_frames_around_ten_thousand_blocks_are_refitted_fast():
    document = draw("relu")
    node = document.node(NodeId("n1"))
    nodes = {}
    for number in range(10_000):
        id = NodeId(f"n{number}")
        place = {"x": 240.0 * (number % 20), "y": 100.0 * (number // 20)}
        nodes[id] = node.__class__(id, "relu", f"b{number}", **place)
    document = document.with_graph(nodes)
    for number in range(500):
        y = 100.0 * number
        document = remark_edits.add_frame(document, (-10, y - 10, 4800, y + 80))
    started = time.process_time()
    refitted(document, document, nodes.keys())
    assert time.process_time() - started < 1.0
