"""Leading wires through points, with the pointer and with keys."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app import locks
from app.canvas import points
from app.canvas.geometry import GRID
from app.canvas.mirror import Mirror
from graph import edits, leading
from graph.leading import WirePoint
from graph.model import NodeId
from tests.app.canvas.anew import check
from tests.app.canvas.hand import ALT, CTRL, SHIFT
from tests.drawing import chain

START = (288.0, 216.0)


def via(hand, into="n2"):
    return hand.session.document.graph.inputs_of(NodeId(into))[0].via


def edge(hand, into="n2"):
    return hand.session.document.graph.inputs_of(NodeId(into))[0]


@pytest.fixture
def plain(hand_on):
    document = chain("input relu gelu")
    places = {NodeId(f"n{k}"): (0.0, 200.0 * k - 200) for k in (1, 2, 3)}
    return hand_on(edits.move(document, places))


@pytest.fixture
def led(plain):
    """The first wire is led through a point at the right."""
    wire = edge(plain)
    plain.session.apply("", lambda document: leading.lead(document, {wire: [START]}))
    return plain


def test_a_double_click_on_a_wire_adds_a_point_there_and_selects_it(plain):
    at = plain.wire("n2")
    plain.double_click(at)
    ((x, y),) = via(plain)
    assert abs(plain.view(x, y).x() - at.x()) <= 2
    assert abs(plain.view(x, y).y() - at.y()) <= 2
    assert plain.canvas.editor.chosen_points == {WirePoint(edge(plain), 0)}
    assert plain.session.history.undo_label == "Add point to wire"
    check(plain.canvas)
    plain.canvas.undo()
    assert via(plain) == ()
    assert not plain.canvas.editor.chosen_points


def test_a_double_click_on_a_point_removes_it(led):
    led.double_click(led.view(*START))
    assert via(led) == ()
    assert led.edges() == ["n1.y n2.x", "n2.y n3.x"]
    check(led.canvas)


def test_a_point_is_moved_onto_the_grid_in_one_step(led):
    start = led.view(*START)
    led.drag(start, start + QPoint(51, 22))
    ((x, y),) = via(led)
    assert (x, y) == (336.0, 240.0)
    assert (x % GRID, y % GRID) == (0, 0)
    assert led.session.history.undo_label == "Move point"
    check(led.canvas)
    led.canvas.undo()
    assert via(led) == (START,)


def test_with_ctrl_a_point_goes_anywhere(led):
    start = led.view(*START)
    led.press(start)
    led.move(start + QPoint(5, 3), CTRL)
    led.move(start + QPoint(51, 22), CTRL)
    led.release(start + QPoint(51, 22), CTRL)
    assert via(led) == ((START[0] + 51, START[1] + 22),)


def test_a_point_comes_to_rest_below_the_port_before_it(led):
    port = led.canvas.mirror.line[0, 0]
    start = led.view(*START)
    led.drag(start, start + QPoint(round(port - START[0]) + 4, 0))
    assert via(led)[0][0] == port


def test_points_that_move_together_do_not_snap_to_each_other(led):
    wire = edge(led)
    led.session.apply("", lambda d: leading.lead(d, {wire: [START, (START[0] + 2, 264.0)]}))
    led.canvas.editor.choose(frozenset(), points=frozenset(WirePoint(wire, k) for k in (0, 1)))
    start = led.view(*START)
    led.drag(start, start + QPoint(5, 0))
    assert via(led) == (START, (START[0] + 2, 264.0)), "the grid is nearest"
    led.click(led.view(500, 500))
    led.drag(start, start + QPoint(5, 0))
    assert via(led)[0] == (START[0] + 2, START[1]), "the other point is nearest"


def test_escape_puts_a_point_back(led):
    start = led.view(*START)
    led.pull(start, start + QPoint(60, 60))
    led.key(Qt.Key.Key_Escape)
    led.release(start + QPoint(60, 60))
    assert via(led) == (START,)
    check(led.canvas)


def test_while_it_moves_the_wire_follows_and_the_document_does_not(led):
    start = led.view(*START)
    led.pull(start, start + QPoint(48, 48))
    mirror = led.canvas.mirror
    assert mirror.points.at.tolist() == [[START[0] + 48, START[1] + 48]]
    assert mirror.points.moving().tolist() == [mirror.edge_row(edge(led))]
    assert via(led) == (START,)
    led.release(start + QPoint(48, 48))


def test_delete_removes_the_selected_point_and_keeps_the_wire(led):
    led.click(led.view(*START))
    led.canvas.delete_selection()
    assert via(led) == ()
    assert led.session.history.undo_label == "Delete point"
    assert led.edges() == ["n1.y n2.x", "n2.y n3.x"]


def test_arrow_keys_move_the_selected_point(led):
    led.click(led.view(*START))
    led.key(Qt.Key.Key_Right)
    led.key(Qt.Key.Key_Down)
    assert via(led) == ((START[0] + GRID, START[1] + GRID),)
    led.canvas.undo()
    assert via(led) == (START,)


def test_alt_drag_leads_a_wire_through_a_new_point_in_one_step(plain):
    at = plain.wire("n2")
    plain.drag(at, at + QPoint(150, 0), ALT)
    ((x, _),) = via(plain)
    assert x > 200
    assert plain.canvas.editor.chosen_points == {WirePoint(edge(plain), 0)}
    check(plain.canvas)
    plain.canvas.undo()
    assert via(plain) == ()


def test_alt_drag_that_is_escaped_adds_nothing(plain):
    at = plain.wire("n2")
    plain.pull(at, at + QPoint(150, 0), ALT)
    assert plain.canvas.highlights.hidden
    plain.key(Qt.Key.Key_Escape)
    plain.release(at)
    assert via(plain) == ()
    assert not plain.canvas.highlights.hidden


def test_points_go_along_with_both_blocks_and_stay_with_one(led):
    led.session.select([NodeId("n1"), NodeId("n2")])
    start = led.block("n1")
    led.pull(start, start + QPoint(48, 24))
    assert led.canvas.mirror.points.at.tolist() == [[START[0] + 48, START[1] + 24]]
    led.release(start + QPoint(48, 24))
    assert via(led) == ((START[0] + 48, START[1] + 24),)
    check(led.canvas)
    led.session.select([NodeId("n1")])
    start = led.block("n1")
    led.drag(start, start + QPoint(-48, 0))
    assert via(led) == ((START[0] + 48, START[1] + 24),)
    check(led.canvas)


def test_a_selected_point_goes_along_with_a_block(led):
    led.click(led.view(*START))
    led.click(led.block("n3"), SHIFT)
    assert led.session.selection == {"n3"}
    start = led.block("n3")
    led.drag(start, start + QPoint(48, 0))
    assert via(led) == ((START[0] + 48, START[1]),)
    assert led.at("n3") == (48.0, 400.0)
    led.canvas.undo()
    assert (via(led), led.at("n3")) == ((START,), (0.0, 400.0))


def test_dragging_a_selected_point_takes_the_selected_blocks_along(led):
    led.click(led.block("n3"))
    led.click(led.view(*START), SHIFT)
    start = led.view(*START)
    led.drag(start, start + QPoint(48, 24))
    assert via(led) == ((START[0] + 48, START[1] + 24),)
    assert led.at("n3") == (48.0, 424.0)


def test_a_box_and_a_lasso_catch_points(led):
    corner = led.view(START[0] + 30, START[1] + 30)
    led.drag(corner, led.view(START[0] - 30, START[1] - 30))
    assert led.canvas.editor.chosen_points == {WirePoint(edge(led), 0)}
    assert not led.session.selection
    led.click(led.view(500, 500))
    assert not led.canvas.editor.chosen_points
    x, y = START
    led.press(led.view(x - 30, y - 30), ALT)
    for dx, dy in ((30, -30), (30, 30), (-30, 30), (-30, -20)):
        led.move(led.view(x + dx, y + dy), ALT)
    led.release(led.view(x - 30, y - 20), ALT)
    assert led.canvas.editor.chosen_points == {WirePoint(edge(led), 0)}


def test_shift_adds_points_and_ctrl_turns_one_over(led):
    second = (312.0, 264.0)
    wire = edge(led)
    led.session.apply("", lambda document: leading.lead(document, {wire: [START, second]}))
    led.click(led.view(*START))
    led.click(led.view(*second), SHIFT)
    assert len(led.canvas.editor.chosen_points) == 2
    led.click(led.view(*START), CTRL)
    assert {point.place for point in led.canvas.editor.chosen_points} == {1}


def test_an_end_taken_to_another_port_keeps_the_points(led):
    document = edits.add(led.session.document, "dropout", (300.0, 400.0))
    led.session.load(document, None)
    led.drag(led.port("n2", "x"), led.port("n4", "x"))
    assert via(led, "n4") == (START,)


def test_keys_lead_the_wires_of_a_block_and_step_through_them(led):
    canvas = led.canvas
    led.session.select([NodeId("n3")])
    points.add_to_wires(canvas)
    assert len(via(led, "n3")) == 1
    assert canvas.editor.chosen_points == {WirePoint(edge(led, "n3"), 0)}
    led.key(Qt.Key.Key_Right)
    points.next_point(canvas)
    assert canvas.editor.chosen_points == {WirePoint(edge(led), 0)}
    points.next_point(canvas)
    assert canvas.editor.chosen_points == {WirePoint(edge(led, "n3"), 0)}
    points.remove_from_wires(canvas)
    assert (via(led, "n3"), via(led)) == ((), (START,))


def test_a_key_steps_through_the_wires_of_a_block_and_round(led):
    canvas = led.canvas
    led.session.select([NodeId("n2")])
    seen = []
    for _ in range(3):
        points.next_wire(canvas)
        (chosen,) = canvas.editor.chosen_edges
        seen.append(chosen.target)
    assert seen == ["n2", "n3", "n2"]


def test_what_is_stepped_to_can_be_said(led):
    mirror, wire = led.canvas.mirror, edge(led)
    said = points.spoken_wire(mirror, wire)
    assert said == "inputs.y → relu.x, N×1×28×28  float32"
    assert points.spoken_wire(mirror, wire, WirePoint(wire, 0)) == f"Point 1 of {said}"


def test_auto_layout_lets_the_points_go(led):
    led.canvas.auto_layout()
    assert via(led) == ()
    check(led.canvas)
    led.canvas.undo()
    assert via(led) == (START,)


def test_a_read_only_drawing_keeps_its_wires_as_they_are(hand_on):
    hand = hand_on(chain("input relu"), read_only="This file is newer.")
    hand.double_click(hand.wire("n2"))
    hand.drag(hand.wire("n2"), hand.wire("n2") + QPoint(99, 0), ALT)
    assert via(hand) == ()
    assert "This file is newer." in hand.messages


def test_the_mirror_follows_points_as_if_built_anew(led):
    session, mirror = led.session, led.canvas.mirror
    for edit in (
        lambda d: leading.lead(d, {edge(led, "n3"): [(1.0, 2.0), (3.0, 4.0)]}),
        lambda d: edits.remove(d, [NodeId("n1")]),
        lambda d: edits.add(d, "input"),
        lambda d: leading.let_go(d, list(d.graph.edges())),
    ):
        session.apply("", edit)
        check(led.canvas)
        fresh = Mirror(session.registry)
        fresh.rebuild(session.document, session.typing, session.problems)
        by_edge = {e: mirror.box[row].tolist() for row, e in enumerate(mirror.edges)}
        assert by_edge == {e: fresh.box[row].tolist() for row, e in enumerate(fresh.edges)}
        assert [e.via for e in mirror.edges] == [
            next(f.via for f in fresh.edges if f == e) for e in mirror.edges
        ]
    while session.history.undo_label:
        led.canvas.undo()
        check(led.canvas)


@pytest.fixture
def held(led):
    """The block that the led wire begins at is locked, and the point is selected."""
    point = WirePoint(edge(led), 0)
    led.session.select([NodeId("n1")])
    locks.toggle_locked(led.session)
    led.session.select([])
    led.canvas.mirror.points.choose([point])
    return led


@pytest.mark.parametrize(
    "act",
    [
        lambda hand: hand.drag(hand.view(*START), hand.view(START[0] + 96, START[1])),
        lambda hand: hand.double_click(hand.view(*START)),
        lambda hand: hand.key(Qt.Key.Key_Right),
        lambda hand: hand.canvas.delete_selection(),
        lambda hand: points.add_to_wires(hand.canvas),
        lambda hand: points.remove_from_wires(hand.canvas),
        lambda hand: points.add_at(hand.canvas.editor, hand.session, edge(hand), QPoint(300, 200)),
    ],
)
def test_the_points_of_a_wire_at_a_locked_block_stay_and_that_is_told(held, act):
    before = held.session.document
    act(held)
    assert held.session.document == before
    assert any("locked" in text for text in held.messages)
    check(held.canvas)


def test_a_drag_of_other_blocks_leaves_the_points_of_a_held_wire(held):
    held.session.select([NodeId("n3")])
    held.canvas.mirror.points.choose([WirePoint(edge(held), 0)])
    held.drag(held.block("n3"), held.block("n3") + QPoint(96, 0))
    assert via(held) == (START,)
    assert held.at("n3")[0] > 0


@pytest.mark.parametrize(("locked", "stays"), [(["n1"], False), (["n1", "n2"], True)])
def test_auto_layout_keeps_the_points_of_a_wire_between_locked_blocks(led, locked, stays):
    led.session.select(list(map(NodeId, locked)))
    locks.toggle_locked(led.session)
    led.session.select([])
    led.session.apply("Move", lambda d: edits.move(d, {NodeId("n3"): (900.0, 0.0)}))
    led.canvas.auto_layout()
    assert bool(via(led)) is stays
    check(led.canvas)
