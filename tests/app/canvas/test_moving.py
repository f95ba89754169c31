"""Moving, copying and dropping blocks with the pointer."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from app.canvas.options import Options
from graph import edits
from graph.model import NodeId
from tests.app.canvas.hand import CTRL, LEFT, PLAIN
from tests.drawing import chain, draw


@pytest.fixture
def pair(hand_on):
    return hand_on(edits.move(draw("relu gelu"), {NodeId("n2"): (0.0, 240.0)}))


def test_a_dragged_block_lands_on_the_grid_in_one_step_of_undo(pair):
    pair.drag(pair.block("n1"), pair.block("n1", 350, 7))
    assert pair.at("n1") == (360.0, 0.0)
    pair.session.undo()
    assert pair.at("n1") == (0.0, 0.0)
    assert not pair.session.history.undo_label


def test_a_dragged_block_falls_in_line_with_another(pair):
    pair.drag(pair.block("n1"), pair.block("n1", 6, 337))
    assert pair.at("n1") == (0.0, 340.0), "one row below the other"


def test_ctrl_pressed_on_the_way_lets_it_go_anywhere(pair):
    end = pair.block("n1", 351, 7)
    pair.pull(pair.block("n1"), end)
    pair.move(end, CTRL)
    pair.release(end, CTRL)
    assert pair.at("n1") == (351.0, 7.0)


def test_without_snapping_it_goes_anywhere(pair):
    pair.canvas.options = Options(snaps=False)
    pair.drag(pair.block("n1"), pair.block("n1", 351, 7))
    assert pair.at("n1") == (351.0, 7.0)


def test_a_line_tells_what_a_dragged_block_is_in_line_with(pair):
    end = pair.block("n1", 3, 337)
    pair.pull(pair.block("n1"), end)
    at = pair.view(0.0, 320.0)
    shown = pair.canvas.grab().toImage().pixelColor(at)
    pair.move(end, CTRL)
    assert pair.canvas.grab().toImage().pixelColor(at) != shown
    pair.release(end)


def test_a_drag_moves_only_the_picture_until_it_ends(pair):
    before = pair.session.document
    pair.pull(pair.block("n1"), pair.block("n1", 350, 7))
    assert pair.session.document is before
    assert pair.canvas.mirror.rect[0, 0] == 360.0
    pair.key(Qt.Key.Key_Escape)
    assert pair.canvas.mirror.rect[0, 0] == 0.0
    pair.release(pair.block("n1", 350, 7))
    assert pair.session.document is before


def test_the_whole_selection_moves_along(pair):
    pair.session.select(["n1", "n2"])
    pair.drag(pair.block("n1"), pair.block("n1", 240, 0))
    assert (pair.at("n1"), pair.at("n2")) == ((240.0, 0.0), (240.0, 240.0))
    assert pair.session.history.undo_label == "Move 2 blocks"


def test_a_drag_of_another_block_selects_and_moves_only_that(pair):
    pair.session.select(["n2"])
    pair.drag(pair.block("n1"), pair.block("n1", 240, 0))
    assert pair.session.selection == {"n1"}
    assert pair.at("n2") == (0.0, 240.0)


def test_a_tremble_of_the_hand_is_no_move(pair):
    pair.drag(pair.block("n1"), pair.block("n1") + QPoint(2, 1))
    assert pair.at("n1") == (0.0, 0.0)
    assert not pair.session.history.undo_label


def test_a_loose_block_dropped_on_a_wire_is_put_into_it(hand_on):
    document = edits.add(chain("input relu output"), "gelu", (400.0, 0.0))
    hand = hand_on(document)
    hand.pull(hand.block("n4"), hand.wire("n2"))
    assert hand.canvas.highlights.edge is not None
    hand.release(hand.wire("n2"))
    assert hand.edges() == ["n1.y n4.x", "n2.y n3.x", "n4.y n2.x"]
    assert [hand.at(id)[1] for id in ("n1", "n4", "n2", "n3")] == [0, 100, 200, 300]
    hand.session.undo()
    assert hand.at("n4") == (400.0, 0.0)


def test_a_wired_block_is_moved_over_a_wire_without_harm(hand_on):
    document = edits.add(chain("input relu output"), "gelu", (400.0, 0.0))
    document = edits.connect(document, NodeId("n1"), "y", NodeId("n4"), "x")
    hand = hand_on(document)
    hand.drag(hand.block("n4"), hand.wire("n3"))
    assert hand.edges() == ["n1.y n2.x", "n1.y n4.x", "n2.y n3.x"]


def test_ctrl_drag_leaves_a_copy(pair):
    pair.drag(pair.block("n1"), pair.block("n1", 360, 0), CTRL)
    assert pair.kinds() == ["relu", "gelu", "relu"]
    assert pair.at("n1") == (0.0, 0.0)
    assert pair.at("n3") == (360.0, 0.0)
    assert pair.session.selection == {"n3"}


def test_a_read_only_drawing_stays_put_and_says_so(hand_on):
    hand = hand_on(draw("relu"), read_only="This file is newer.")
    hand.pull(hand.block("n1"), hand.block("n1", 240, 0))
    assert hand.messages == ["This file is newer."]
    assert hand.canvas.mirror.rect[0, 0] == 0.0
    hand.release(hand.block("n1", 240, 0))
    assert len(hand.messages) == 1


def test_a_block_is_dragged_from_the_palette_onto_the_grid(hand_on):
    hand = hand_on(draw("input"))
    event = hand.drop("relu", hand.view(500, 400))
    assert event.isAccepted()
    assert hand.kinds() == ["input", "relu"]
    x, y = hand.at("n2")
    assert x % 24 == y % 24 == 0
    assert abs(x + 95 - 500) <= 12
    assert hand.session.selection == {"n2"}
    assert hand.session.history.undo_label == "Add ReLU"


def test_a_block_dragged_from_the_palette_onto_a_wire_is_put_into_it(hand_on):
    hand = hand_on(chain("input relu output"))
    hand.carry("dropout", hand.wire("n3"))
    assert hand.canvas.highlights.edge is not None
    hand.drop("dropout", hand.wire("n3"))
    assert hand.edges() == ["n1.y n2.x", "n2.y n4.x", "n4.y n3.x"]
    assert len(set(map(hand.at, ("n1", "n2", "n3", "n4")))) == 4


def test_a_loss_is_put_into_no_wire(hand_on):
    hand = hand_on(edits.add(chain("input relu output"), "mse", (400.0, 0.0)))
    hand.carry("mse", hand.wire("n3"))
    assert hand.canvas.highlights.edge is None
    hand.leave()
    hand.drag(hand.block("n4"), hand.wire("n2"))
    assert hand.edges() == ["n1.y n2.x", "n2.y n3.x"]


def test_a_block_dropped_over_another_stands_beside_it(hand_on):
    hand = hand_on(draw("relu"))
    hand.drop("gelu", hand.block("n1"))
    assert hand.at("n2") == (240.0, 0.0)


def test_a_block_carried_away_again_leaves_nothing(hand_on):
    hand = hand_on(draw("input"))
    hand.carry("relu", hand.view(500, 400))
    assert hand.canvas.gesture is not None
    hand.leave()
    assert hand.canvas.gesture is None
    assert hand.kinds() == ["input"]


def test_files_are_left_to_the_window(hand_on):
    hand = hand_on(draw("input"))
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/tmp/a.loom")])
    copies = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(50, 50), copies, files, LEFT, PLAIN)
    QApplication.sendEvent(hand.canvas, enter)
    drop = QDropEvent(QPointF(50, 50), copies, files, LEFT, PLAIN)
    QApplication.sendEvent(hand.canvas, drop)
    assert not enter.isAccepted()
    assert not drop.isAccepted()


def test_a_read_only_drawing_takes_no_blocks(hand_on):
    hand = hand_on(draw("input"), read_only="This file is newer.")
    event = hand.carry("relu", hand.view(500, 400))
    assert not event.isAccepted()
    assert hand.messages == ["This file is newer."]


def test_undo_in_the_middle_of_a_drag_ends_the_drag(pair):
    pair.canvas.add_block("tanh")
    pair.pull(pair.block("n3"), pair.block("n3", 240, 0))
    pair.session.undo()
    assert pair.canvas.gesture is None
    pair.release(pair.block("n1"))
    assert pair.kinds() == ["relu", "gelu"]


def test_the_view_moves_on_while_a_block_is_held_at_the_border(qtbot, pair):
    edge = QPoint(pair.canvas.width() - 2, 200)
    pair.pull(pair.block("n1"), edge)
    dx = pair.canvas.camera.dx
    qtbot.waitUntil(lambda: pair.canvas.camera.dx < dx - 30)
    pair.release(edge)
    assert abs(pair.block("n1").x() - edge.x()) <= 12, "it stays under the pointer"
    assert pair.at("n1")[0] > 600
