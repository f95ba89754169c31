"""Drawing wires with the pointer."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app.canvas.geometry import LANE_DROP
from graph import edits
from graph.model import NodeId
from tests.app.canvas.hand import PLAIN
from tests.drawing import chain, draw

AWAY = QPoint(330, 20)


def spread(document, step=200):
    """The blocks below each other, with room between."""
    ids = list(document.graph.nodes)
    return edits.move(document, {id: (0.0, float(step * i)) for i, id in enumerate(ids)})


@pytest.fixture
def loose(hand_on):
    return hand_on(spread(draw("input dense add"), 180))


def test_a_wire_is_drawn_from_an_output_to_an_input(loose):
    loose.drag(loose.port("n1", "y", out=True), loose.port("n2", "x"))
    assert loose.edges() == ["n1.y n2.x"]
    assert loose.session.history.undo_label == "Connect"


def test_a_wire_is_drawn_from_an_input_to_an_output(loose):
    loose.drag(loose.port("n2", "x"), loose.port("n1", "y", out=True))
    assert loose.edges() == ["n1.y n2.x"]


def test_near_a_port_the_wire_snaps_to_it(loose):
    loose.drag(loose.port("n1", "y", out=True), loose.port("n2", "x") + QPoint(6, -20))
    assert loose.edges() == ["n1.y n2.x"]


def test_dropped_on_a_block_it_picks_the_first_free_port(loose):
    loose.drag(loose.port("n1", "y", out=True), loose.block("n2", 40, 10))
    assert loose.edges() == ["n1.y n2.x"]
    loose.drag(loose.port("n2", "y", out=True), loose.block("n3", 60, 12))
    loose.drag(loose.port("n1", "y", out=True), loose.block("n3", 60, 12))
    assert loose.edges() == ["n1.y n2.x", "n1.y n3.xs[1]", "n2.y n3.xs"]


def test_seen_from_afar_a_block_takes_the_wire_that_is_dropped_on_it(hand_on):
    hand = hand_on(spread(chain("input relu add relu"), 100))
    hand.canvas.look(hand.canvas.camera.scaled(0.43, 0, 0))
    hand.drag(hand.port("n1", "y", out=True), hand.block("n3", 4, -10))
    assert hand.edges() == ["n1.y n2.x", "n1.y n3.xs[1]", "n2.y n3.xs", "n3.y n4.x"]
    hand.session.undo()
    hand.drag(hand.port("n1", "y", out=True), hand.block("n3", 0, 28))
    assert "n1.y n3.xs[1]" in hand.edges()


def test_seen_from_afar_a_port_is_as_easy_to_take(hand_on):
    hand = hand_on(spread(draw("input relu"), 200))
    hand.canvas.look(hand.canvas.camera.scaled(0.43, 0, 0))
    hand.drag(hand.port("n1", "y", out=True) + QPoint(5, 4), hand.port("n2", "x"))
    assert hand.edges() == ["n1.y n2.x"]


def test_a_block_that_has_no_free_port_says_so(hand_on):
    hand = hand_on(spread(chain("input relu relu")))
    hand.drag(hand.port("n1", "y", out=True), hand.block("n3", 60, 12))
    assert hand.edges() == ["n1.y n2.x", "n2.y n3.x"]
    assert "taken" in hand.messages[-1]


def test_two_outputs_are_told_apart_from_the_ground(loose):
    end = loose.port("n2", "y", out=True) + QPoint(0, 4)
    loose.drag(loose.port("n1", "y", out=True), end)
    assert loose.edges() == []
    assert "Both ends are outputs" in loose.messages[-1]


def test_escape_takes_a_wire_back_and_nothing_happens_on_release(loose):
    loose.pull(loose.port("n1", "y", out=True), loose.port("n2", "x"))
    loose.key(Qt.Key.Key_Escape)
    assert loose.canvas.gesture is None
    loose.release(loose.port("n2", "x"))
    assert loose.edges() == []
    assert not loose.session.history.undo_label


def test_a_circle_is_refused_with_its_reason(hand_on):
    hand = hand_on(spread(chain("input relu relu")))
    before = hand.session.document
    hand.drag(hand.port("n3", "y", out=True), hand.port("n2", "x"))
    assert hand.session.document is before
    assert "circle" in hand.messages[-1]


def test_ports_that_would_refuse_are_faded_while_wiring(hand_on):
    document = draw("input conv2d dense relu")
    document = edits.connect(document, NodeId("n1"), "y", NodeId("n4"), "x")
    document = edits.set_param(document, [NodeId("n1")], "shape", "8")
    hand = hand_on(spread(document, 150))
    hand.pull(hand.port("n1", "y", out=True), hand.view(400, 300))
    refusing = {(port.node, port.name) for port in hand.canvas.highlights.refusing}
    assert ("n2", "x") in refusing, "a Conv 2D needs an image"
    assert ("n3", "x") not in refusing
    assert ("n2", "y") in refusing, "outputs do not join outputs"
    hand.release(hand.port("n1", "y", out=True))
    assert not hand.canvas.highlights.refusing


def test_a_wire_that_types_refuse_can_be_drawn_so_that_its_fix_is_offered(hand_on):
    document = edits.set_param(draw("input conv2d"), [NodeId("n1")], "shape", "8")
    hand = hand_on(spread(document))
    hand.drag(hand.port("n1", "y", out=True), hand.port("n2", "x"))
    assert hand.edges() == ["n1.y n2.x"]
    assert hand.session.has_errors


def test_an_end_taken_off_its_input_goes_to_another(hand_on):
    document = spread(draw("input relu gelu"), 180)
    hand = hand_on(edits.connect(document, NodeId("n1"), "y", NodeId("n2"), "x"))
    hand.pull(hand.port("n2", "x"), hand.port("n3", "x"))
    assert len(hand.canvas.highlights.hidden) == 1
    hand.release(hand.port("n3", "x"))
    assert hand.edges() == ["n1.y n3.x"]
    assert hand.session.history.undo_label == "Re-route wire"


def test_an_end_put_back_changes_nothing(hand_on):
    hand = hand_on(spread(chain("input relu")))
    before = hand.session.document
    start = hand.port("n2", "x")
    hand.press(start)
    hand.move(start + AWAY)
    hand.move(start)
    hand.release(start)
    assert hand.session.document is before


def test_an_end_dropped_on_empty_canvas_removes_the_wire(hand_on):
    hand = hand_on(spread(chain("input relu")))
    hand.drag(hand.port("n2", "x"), hand.port("n2", "x") + AWAY)
    assert hand.edges() == []
    hand.session.undo()
    assert hand.edges() == ["n1.y n2.x"]


def test_a_wire_pulled_near_its_start_comes_off_the_output(hand_on):
    document = spread(draw("input input relu"), 180)
    document = edits.move(document, {NodeId("n2"): (300.0, 180.0)})
    hand = hand_on(edits.connect(document, NodeId("n1"), "y", NodeId("n3"), "x"))
    near_start = hand.port("n1", "y", out=True) + QPoint(0, 40)
    hand.drag(near_start, hand.port("n2", "y", out=True))
    assert hand.edges() == ["n2.y n3.x"]


def test_wires_of_a_many_port_trade_places(hand_on):
    document = spread(draw("input relu gelu add"), 140)
    for source, slot in (("n1", 0), ("n2", 1), ("n3", 2)):
        document = edits.connect(document, NodeId(source), "y", NodeId("n4"), "xs", slot=slot)
    hand = hand_on(document)
    hand.drag(hand.port("n4", "xs", 0), hand.port("n4", "xs", 3))
    assert hand.edges() == ["n1.y n4.xs[2]", "n2.y n4.xs", "n3.y n4.xs[1]"]


def test_a_source_changed_in_a_many_port_keeps_its_slot(hand_on):
    document = spread(draw("input relu gelu add"), 140)
    document = edits.move(document, {NodeId("n3"): (260.0, 140.0)})
    for source, slot in (("n1", 0), ("n2", 1)):
        document = edits.connect(document, NodeId(source), "y", NodeId("n4"), "xs", slot=slot)
    hand = hand_on(document)
    mirror = hand.canvas.mirror
    row = mirror.edge_row(document.graph.edges_into(NodeId("n4"), "xs")[0])
    x, y = mirror.line[row, :2]
    # n2 stands in the way of this wire, which goes around it
    hand.drag(hand.view((x + mirror.lane[row]) / 2, y + LANE_DROP), hand.port("n3", "y", out=True))
    assert hand.edges() == ["n2.y n4.xs[1]", "n3.y n4.xs"]


@pytest.mark.parametrize(("slot", "order"), [(0, "312"), (1, "132"), (2, "123")])
def test_a_wire_dropped_on_a_slot_of_a_many_port_goes_before_the_one_there(hand_on, slot, order):
    document = spread(draw("input input input concat"), 140)
    for source in ("n1", "n2"):
        document = edits.connect(document, NodeId(source), "y", NodeId("n4"), "xs")
    hand = hand_on(document)
    hand.drag(hand.port("n3", "y", out=True), hand.port("n4", "xs", slot))
    there = hand.session.document.graph.edges_into(NodeId("n4"), "xs")
    assert "".join(edge.source[1:] for edge in there) == order


def test_a_wire_dropped_on_a_taken_single_port_takes_its_place(hand_on):
    document = edits.connect(spread(draw("input input relu")), NodeId("n1"), "y", NodeId("n3"), "x")
    hand = hand_on(document)
    hand.drag(hand.port("n2", "y", out=True), hand.port("n3", "x"))
    assert hand.edges() == ["n2.y n3.x"]


def test_a_wire_dropped_on_an_earlier_slot_moves_the_others_on(hand_on):
    document = spread(draw("input input input add"), 140)
    for source in ("n1", "n2", "n3"):
        document = edits.connect(document, NodeId(source), "y", NodeId("n4"), "xs")
    hand = hand_on(document)
    hand.drag(hand.port("n4", "xs", 2), hand.port("n4", "xs", 0))
    assert hand.edges() == ["n1.y n4.xs[1]", "n2.y n4.xs[2]", "n3.y n4.xs"]


def test_a_wire_dropped_on_empty_canvas_offers_what_fits_and_connects_it(hand_on):
    hand = hand_on(draw("input"))
    end = hand.port("n1", "y", out=True) + AWAY
    hand.drag(hand.port("n1", "y", out=True), end)
    hand.type("relu")
    hand.key(Qt.Key.Key_Return)
    assert hand.edges() == ["n1.y n2.x"]
    assert hand.kinds() == ["input", "relu"]
    assert hand.session.selection == {"n2"}
    assert abs(hand.port("n2", "x").x() - end.x()) < 24
    hand.session.undo()
    assert hand.kinds() == ["input"]


def test_a_wire_from_an_input_offers_what_feeds_it(hand_on):
    hand = hand_on(spread(draw("relu")))
    start = hand.port("n1", "x")
    hand.drag(start, QPoint(600, 300))
    hand.type("input")
    hand.key(Qt.Key.Key_Return)
    assert hand.edges() == ["n2.y n1.x"]


def test_escape_in_the_search_lets_go_of_the_wire(hand_on):
    hand = hand_on(draw("input"))
    hand.drag(hand.port("n1", "y", out=True), hand.port("n1", "y", out=True) + AWAY)
    hand.key(Qt.Key.Key_Escape)
    assert hand.kinds() == ["input"]
    assert hand.canvas.hasFocus()


def test_a_read_only_drawing_says_so_and_no_wire_starts(hand_on):
    hand = hand_on(spread(draw("input relu")), read_only="This file is newer.")
    hand.pull(hand.port("n1", "y", out=True), hand.port("n2", "x"))
    assert hand.messages == ["This file is newer."]
    hand.release(hand.port("n2", "x"))
    assert hand.edges() == []


def test_a_mere_click_on_a_port_does_nothing(loose):
    loose.click(loose.port("n1", "y", out=True), PLAIN)
    assert loose.edges() == []
    assert loose.canvas.gesture is None
