"""What is under a place of the canvas."""

from app.canvas import hits
from app.canvas.ports import PortRef
from graph import edits
from graph.model import NodeId
from tests.app.canvas.drawings import mirror_of
from tests.drawing import chain, draw, set_params

N1, N2 = NodeId("n1"), NodeId("n2")


def test_the_block_in_front_is_hit():
    mirror = mirror_of(edits.move(draw("dense relu"), {N2: (20, 20)}))
    assert hits.node_at(mirror, 100, 40) == N2
    assert hits.node_at(mirror, 5, 5) == N1
    assert hits.node_at(mirror, 500, 500) is None


def test_a_selected_block_is_in_front():
    mirror = mirror_of(edits.move(draw("dense relu"), {N2: (20, 20)}))
    mirror.select(frozenset({N1}))
    assert hits.node_at(mirror, 100, 40) == N1


def test_a_port_is_hit_within_reach_and_the_nearest_wins():
    mirror = mirror_of(draw("mse"))
    assert hits.port_at(mirror, 63, -6) == PortRef(N1, "prediction", True)
    assert hits.port_at(mirror, 127, 4) == PortRef(N1, "target", True)
    assert hits.port_at(mirror, 95, 66) == PortRef(N1, "loss", False)
    assert hits.port_at(mirror, 95, 30) is None
    assert hits.port_at(mirror, 63, -30, reach=40) == PortRef(N1, "prediction", True)


def test_an_edge_is_hit_along_its_course():
    document = edits.move(chain("input dense"), {N2: (300, 200)})
    mirror = mirror_of(document)
    edge = next(document.graph.edges())
    assert hits.edge_at(mirror, 245, 133) == edge
    assert hits.edge_at(mirror, 245, 160) is None


def test_an_edge_in_a_lane_is_hit_there():
    document = edits.move(chain("input dense"), {N1: (0, 500), N2: (440, 0)})
    mirror = mirror_of(document)
    assert hits.edge_at(mirror, 238, 250) is not None
    assert hits.edge_at(mirror, 250, 250) is None


def test_a_badge_is_hit_at_the_corner_of_a_block_with_a_problem():
    mirror = mirror_of(set_params(chain("input conv2d"), "n2", kernel_size=(99, 99)))
    assert hits.badge_at(mirror, 186, 104) == N2
    assert hits.badge_at(mirror, 100, 130) is None


def test_a_box_touches_blocks():
    mirror = mirror_of(draw("dense relu"))
    assert hits.caught_by(mirror, (180, 60, 300, 90)) == [N1]
    assert hits.caught_by(mirror, (180, 60, 300, 110)) == [N1, N2]
