"""Several wires drawn at once."""

import pytest
from PySide6.QtCore import QPoint, Qt

from graph import edits
from graph.model import NodeId
from tests.app.canvas.anew import check
from tests.app.canvas.hand import ALT, CTRL, PLAIN, SHIFT
from tests.drawing import draw

N = [NodeId(f"n{k}") for k in range(10)]


def placed(document, **places):
    return edits.move(document, {NodeId(id): at for id, at in places.items()})


@pytest.fixture
def fanned(hand_on):
    """Input 1 feeds two blocks; input 4 feeds nothing."""
    document = placed(
        draw("input relu gelu input"), n1=(0, 0), n2=(-100, 200), n3=(200, 300), n4=(320, 0)
    )
    for target in (2, 3):
        document = edits.connect(document, N[1], "y", N[target], "x")
    return hand_on(document)


@pytest.fixture
def three(hand_on):
    """Three inputs side by side, an Add below them and a Dense."""
    document = placed(
        draw("input input input add dense"),
        n1=(220, 0), n2=(-20, 0), n3=(440, 0), n4=(100, 250), n5=(400, 250),
    )  # fmt: skip
    return hand_on(document)


@pytest.mark.parametrize("held", [SHIFT, CTRL], ids=["shift", "ctrl"])
def test_all_wires_of_an_output_go_to_another_in_one_step(fanned, held):
    fanned.drag(fanned.port("n1", "y", out=True), fanned.port("n4", "y", out=True), held)
    assert fanned.edges() == ["n4.y n2.x", "n4.y n3.x"]
    assert fanned.session.history.undo_label == "Re-route 2 wires"
    check(fanned.canvas)
    fanned.canvas.undo()
    assert fanned.edges() == ["n1.y n2.x", "n1.y n3.x"]


def test_without_a_key_one_more_wire_is_drawn(fanned):
    fanned.pull(fanned.port("n1", "y", out=True), fanned.view(500, 500), PLAIN)
    assert not fanned.canvas.highlights.hidden
    fanned.key(Qt.Key.Key_Escape)


def test_dropped_on_a_block_they_begin_at_its_output(fanned):
    fanned.drag(fanned.port("n1", "y", out=True), fanned.block("n4"), SHIFT)
    assert fanned.edges() == ["n4.y n2.x", "n4.y n3.x"]


def test_wires_that_are_refused_stay_and_a_sentence_tells_so(fanned):
    fanned.drag(fanned.port("n1", "y", out=True), fanned.port("n2", "y", out=True), SHIFT)
    assert fanned.edges() == ["n1.y n2.x", "n2.y n3.x"]
    assert fanned.messages[-1] == "1 of 2 wires are drawn. ReLU “relu” cannot feed itself."


def test_escape_leaves_them_where_they_were(fanned):
    before = fanned.session.document
    fanned.pull(fanned.port("n1", "y", out=True), fanned.port("n4", "y", out=True), SHIFT)
    assert len(fanned.canvas.highlights.hidden) == 2
    fanned.key(Qt.Key.Key_Escape)
    fanned.release(fanned.port("n4", "y", out=True), SHIFT)
    assert fanned.session.document is before
    check(fanned.canvas)


def test_dropped_on_empty_canvas_they_are_removed_together(fanned):
    fanned.drag(fanned.port("n1", "y", out=True), fanned.view(500, 500), SHIFT)
    assert fanned.edges() == []
    fanned.canvas.undo()
    assert len(fanned.edges()) == 2


def test_with_shift_a_port_without_wires_draws_one(fanned):
    fanned.session.apply("", lambda d: edits.disconnect(d, d.graph.inputs_of(N[3])))
    fanned.drag(fanned.port("n4", "y", out=True), fanned.port("n3", "x"), SHIFT)
    assert fanned.edges() == ["n1.y n2.x", "n4.y n3.x"]


def test_all_wires_of_a_many_port_go_to_another_block(three):
    for source in (1, 2, 3):
        three.session.apply("", lambda d, s=source: edits.connect(d, N[s], "y", N[4], "xs"))
    three.session.apply("", lambda d: edits.add(d, "concat", (100.0, 420.0)))
    three.drag(three.port("n4", "xs", 1), three.block("n6"), SHIFT)
    assert three.edges() == ["n1.y n6.xs", "n2.y n6.xs[1]", "n3.y n6.xs[2]"]
    three.canvas.undo()
    three.drag(three.port("n4", "xs", 1), three.port("n5", "x"), SHIFT)
    assert three.edges() == ["n1.y n5.x", "n2.y n4.xs", "n3.y n4.xs[1]"]
    assert three.messages[-1].startswith("1 of 3 wires are drawn. All inputs of Dense")


def test_alt_wires_all_selected_blocks_to_one_from_left_to_right(three):
    three.session.select(N[1:4])
    three.drag(three.port("n1", "y", out=True), three.block("n4"), ALT)
    assert three.edges() == ["n1.y n4.xs[1]", "n2.y n4.xs", "n3.y n4.xs[2]"]
    assert three.session.history.undo_label == "Connect 3 wires"
    check(three.canvas)
    three.canvas.undo()
    assert three.edges() == []


def test_what_finds_no_port_is_told(three):
    three.session.select(N[1:4])
    three.drag(three.port("n1", "y", out=True), three.block("n5"), ALT)
    assert three.edges() == ["n2.y n5.x"]
    assert three.messages[-1].startswith("1 of 3 wires are drawn.")


def test_alt_from_an_input_feeds_all_selected_blocks_from_one(three):
    three.session.select(N[4:6])
    three.drag(three.port("n5", "x"), three.port("n2", "y", out=True), ALT)
    assert three.edges() == ["n2.y n4.xs", "n2.y n5.x"]


def test_alt_from_a_block_that_is_not_selected_draws_one(three):
    three.session.select([N[2], N[3]])
    three.drag(three.port("n1", "y", out=True), three.port("n5", "x"), ALT)
    assert three.edges() == ["n1.y n5.x"]


def test_new_wires_dropped_on_empty_canvas_do_nothing(three):
    three.session.select(N[1:4])
    before = three.session.document
    three.drag(three.port("n1", "y", out=True), three.view(300, 550), ALT)
    assert three.session.document is before


def test_a_read_only_drawing_says_so(hand_on):
    document = edits.connect(draw("input relu"), N[1], "y", N[2], "x")
    document = edits.move(document, {N[2]: (0.0, 200.0)})
    hand = hand_on(document, read_only="This file is newer.")
    hand.drag(hand.port("n1", "y", out=True), hand.port("n1", "y", out=True) + QPoint(9, 90), SHIFT)
    assert hand.messages == ["This file is newer."]


def test_a_key_wires_all_selected_blocks_to_the_lowest(three):
    three.session.select(N[1:5])
    three.canvas.connect_selected()
    assert three.edges() == ["n1.y n4.xs[1]", "n2.y n4.xs", "n3.y n4.xs[2]"]
