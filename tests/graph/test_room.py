"""Free ground for new blocks."""

from graph import edits, surgery
from graph.locking import set_locked
from graph.model import NodeId
from graph.room import free_place, place_below
from tests.drawing import chain, draw


def at(document, id):
    node = document.node(NodeId(id))
    return (node.x, node.y)


def test_a_free_place_is_kept():
    assert free_place(draw("relu"), (300.0, 0.0)) == (300.0, 0.0)


def test_a_taken_place_gives_way_to_the_right():
    document = edits.move(draw("relu relu"), {NodeId("n2"): (240.0, 10.0)})
    assert free_place(document, (24.0, 0.0)) == (480.0, 0.0)


def test_blocks_that_move_away_do_not_count():
    assert free_place(draw("relu"), (0.0, 0.0), [NodeId("n1")]) == (0.0, 0.0)


def test_below_a_block_is_the_next_row():
    assert place_below(draw("relu"), NodeId("n1")) == (0.0, 100.0)
    assert place_below(draw("relu relu"), NodeId("n1")) == (240.0, 100.0)


def test_an_inserted_block_pushes_down_what_comes_after_it():
    document = chain("input relu relu output")
    (edge,) = document.graph.inputs_of(NodeId("n3"))
    inserted = surgery.insert(document, edge, "dropout")
    assert at(inserted, "n5") == (0.0, 200.0)
    assert [at(inserted, id)[1] for id in ("n1", "n2", "n3", "n4")] == [0, 100, 300, 400]


def test_an_inserted_block_stands_half_way_where_there_is_room():
    document = edits.move(chain("relu relu"), {NodeId("n2"): (0.0, 400.0)})
    (edge,) = document.graph.inputs_of(NodeId("n2"))
    inserted = surgery.insert(document, edge, "dropout")
    assert at(inserted, "n3") == (0.0, 200.0)
    assert at(inserted, "n2") == (0.0, 400.0)


def test_a_target_comes_along_with_what_it_stands_beside():
    document = edits.add(chain("input relu dense cross_entropy"), "target", (240, 200))
    document = edits.connect(document, "n5", "y", "n4", "target")
    (edge,) = document.graph.inputs_of(NodeId("n3"))
    inserted = surgery.insert(document, edge, "dropout")
    assert at(inserted, "n3") == (0.0, 300.0)
    assert at(inserted, "n5") == (240.0, 300.0)


def test_into_a_wire_that_leads_up_a_block_goes_below_where_it_begins():
    document = edits.move(chain("relu relu relu"), {NodeId("n3"): (300.0, -200.0)})
    (edge,) = document.graph.inputs_of(NodeId("n3"))
    inserted = surgery.insert(document, edge, "dropout")
    assert at(inserted, "n4") == (0.0, 200.0)
    assert at(inserted, "n3") == (300.0, -200.0)


def test_an_inserted_block_covers_no_other():
    document = edits.add(chain("relu relu"), "gelu", (100, 100))
    (edge,) = document.graph.inputs_of(NodeId("n2"))
    assert at(surgery.insert(document, edge, "dropout"), "n4") == (340.0, 100.0)


def test_what_makes_room_goes_beside_a_locked_block():
    document = chain("input dense relu output")
    document = set_locked(document, [NodeId("n4")], (), True)
    edge = document.graph.inputs_of(NodeId("n2"))[0]
    after = surgery.insert(document, edge, "gelu")
    assert at(after, "n4") == (0.0, 300.0)
    assert at(after, "n2") == (0.0, 200.0)
    assert at(after, "n3") == (240.0, 300.0)


def test_before_a_locked_block_a_new_one_stands_beside_it():
    document = chain("input dense")
    document = set_locked(document, [NodeId("n2")], (), True)
    after = surgery.insert(document, document.graph.inputs_of(NodeId("n2"))[0], "gelu")
    assert at(after, "n2") == (0.0, 100.0)
    assert at(after, "n3") == (240.0, 100.0)
