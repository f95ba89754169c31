"""What is drawn in which detail, and in front of what, without a display."""

import numpy as np

from app.canvas.edges import parts_in_view
from app.canvas.frame import Detail, detail_at
from app.canvas.marks import labelled_spots
from app.canvas.painter import covering
from app.canvas.pills import covered
from app.canvas.ports import layout_of
from graph.block import Port


def test_detail_falls_with_the_scale_and_with_many_blocks():
    assert detail_at(1.0, 50) is Detail.NEAR
    assert detail_at(0.4, 50) is Detail.MID
    assert detail_at(0.2, 50) is Detail.FAR
    assert detail_at(1.0, 901) is Detail.FAR


def test_blocks_over_earlier_ones_are_drawn_later():
    rect = np.array([[0, 0, 190, 66], [300, 0, 190, 66], [100, 30, 190, 66.0]])
    assert covering(rect).tolist() == [False, False, True]


def test_parts_of_an_edge_out_of_view_are_left_out():
    course = np.array([[[0.0, -500.0], [0, -100], [0, 100], [0, 700], [0, 900]]])
    assert parts_in_view(course, 800, 600).tolist() == [[0, -100, 0, 100], [0, 100, 0, 700]]


def test_a_pill_behind_a_block_is_not_drawn():
    blocks = np.array([[0, 0, 190, 66.0]])
    assert covered(blocks, np.array([[95, 30], [95, 90], [300, 30.0]])).tolist() == [
        True, False, False,
    ]  # fmt: skip


def test_names_of_ports_leave_room_for_the_next_and_for_the_badge():
    layout = layout_of([Port("query"), Port("key"), Port("mask")], ["y"], 0)
    spots = labelled_spots(layout, 176)
    assert [spot.name for spot, _ in spots] == ["query", "key", "mask"]
    assert all(spot.x + room < 180 for spot, room in spots)
