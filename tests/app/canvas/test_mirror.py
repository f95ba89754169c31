"""The mirror shows what the document holds, whether built at once or followed change by change."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.canvas.looks import COLOURS, UNKNOWN_COLOUR
from app.canvas.mirror import REFUSED, Mirror
from app.canvas.ports import PortRef
from app.canvas.traits import ACTIVE, ERROR, SELECTED, UNKNOWN, WARNING
from graph import clipboard, edits
from graph.change import diff
from graph.check import check
from graph.infer import infer
from graph.model import Document, Edge, NodeId, Wires
from tests.app.canvas.drawings import mirror_of
from tests.drawing import chain, draw, set_params
from tests.graph.test_infer import random_edit

N1, N2, N3 = NodeId("n1"), NodeId("n2"), NodeId("n3")


def facts(mirror: Mirror) -> tuple[object, ...]:
    """All that a mirror shows, the order of edges left out."""
    edges = {
        edge: (
            mirror.line[row].tolist(), repr(mirror.lane[row]), mirror.box[row].tolist(),
            int(mirror.edge_state[row]), mirror.source[row], mirror.target[row],
        )
        for row, edge in enumerate(mirror.edges)
    }  # fmt: skip
    nodes = [
        (id, mirror.row[id], mirror.rect[row].tolist(), mirror.category[row], mirror.state[row])
        for row, id in enumerate(mirror.ids)
    ]
    unknown = (mirror.traits & UNKNOWN).tolist()
    return nodes, edges, mirror.layouts, mirror.badges, mirror.refusals, unknown


def wild_edit(document: Document, chance: random.Random) -> Document:
    """An edit of any kind, those of unknown blocks and pasted ones too."""
    ids = list(document.graph.nodes)
    choice = chance.random()
    if choice < 0.08:
        return edits.add(document, "from_the_future", (chance.random() * 500, 50))
    if choice < 0.2 and ids:
        some = [id for id in ids if chance.random() < 0.4]
        return clipboard.paste(document, clipboard.copy(document, some))[0]
    if choice < 0.3 and ids:
        return edits.move(document, {id: (chance.random() * 800, chance.random() * 800)
                                     for id in ids if chance.random() < 0.5})  # fmt: skip
    return random_edit(document, chance)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.sampled_from("eeeeubp"), max_size=30))
def test_following_changes_gives_the_same_as_building_anew(seed, steps):
    chance = random.Random(seed)
    document = chain("input conv2d flatten dense")
    past = [document]
    typing = infer(document)
    mirror = mirror_of(document)
    for step in steps:
        if step == "e":
            document = wild_edit(document, chance)
        elif step == "u":
            document = chance.choice(past)
        elif step == "b" and document.graph.nodes:
            mirror.preview_move([next(iter(document.graph.nodes))], 30, 40)
        else:
            document = edits.remove(document, list(document.graph.nodes)[:2], heal=True)
        change = diff(past[-1], document)
        typing = infer(document, typing)
        mirror.update(change, document, typing, check(document, typing))
        past.append(document)
        assert facts(mirror) == facts(mirror_of(document))


def test_removing_a_block_removes_its_edges():
    document = chain("input dense relu")
    mirror = mirror_of(document)
    smaller = edits.remove(document, [N2])
    mirror.update(diff(document, smaller), smaller, infer(smaller), [])
    assert mirror.ids == [N1, N3]
    assert mirror.edges == []


def test_an_edge_ends_at_the_ports_of_its_blocks():
    document = edits.move(chain("input dense"), {N2: (300, 200)})
    assert mirror_of(document).line.tolist() == [[95, 66, 395, 200]]


def test_a_preview_moves_blocks_and_their_edges_until_it_ends():
    mirror = mirror_of(chain("input dense relu"))
    before = facts(mirror)
    mirror.preview_move([N2], 50, -20)
    assert mirror.rect[1].tolist() == [50, 80, 190, 66]
    assert mirror.line[0].tolist() == [95, 66, 145, 80]
    mirror.preview_move([N2], 10, 0)
    assert mirror.rect[1, 0] == 10
    mirror.end_preview()
    assert facts(mirror) == before


def test_blocks_of_unknown_kinds_are_grey_and_keep_the_ports_of_their_wires():
    document = edits.add(chain("input"), "from_the_future", (0, 200))
    into = {N2: (Edge(N1, "y", N2, "left"), Edge(N1, "y", N2, "right"))}
    mirror = mirror_of(document.with_graph(wires=Wires(into)))
    assert mirror.category[1] == UNKNOWN_COLOUR
    assert mirror.state[1] & UNKNOWN
    assert [spot.name for spot in mirror.layouts[1].spots] == ["left", "right"]
    assert len(set(mirror.line[:, 2])) == 2


def test_wires_to_blocks_that_are_not_there_are_left_out():
    document = draw("dense")
    stray = Edge(NodeId("n9"), "y", N1, "x")
    mirror = mirror_of(document.with_graph(wires=Wires({N1: (stray,)})))
    assert mirror.edges == []


def test_a_refused_edge_is_marked_with_its_block():
    document = set_params(chain("input conv2d output"), "n2", kernel_size=(99, 99))
    mirror = mirror_of(document)
    refused = [edge.target for row, edge in enumerate(mirror.edges)
               if mirror.edge_state[row] & REFUSED]  # fmt: skip
    assert refused == [N2]
    assert mirror.state[1] & ERROR
    assert not mirror.state[2] & (ERROR | WARNING)


def test_selection_and_active_block_are_marks():
    mirror = mirror_of(draw("dense relu"))
    mirror.select(frozenset({N2}))
    mirror.set_active(N1)
    assert mirror.state[1] & SELECTED
    assert mirror.state[0] & ACTIVE
    mirror.select(frozenset())
    assert not (mirror.state & SELECTED).any()


def test_every_category_has_a_colour_of_its_own():
    mirror = mirror_of(draw("input dense conv2d relu"))
    assert [COLOURS[place] for place in mirror.category] == ["io", "linear", "conv", "act"]


def test_places_of_ports_follow_the_block():
    mirror = mirror_of(edits.move(draw("add"), {N1: (100, 50)}))
    assert mirror.place_of(PortRef(N1, "y", False)) == (195, 116)
    assert mirror.place_of(PortRef(NodeId("n7"), "y", False)) is None


def test_what_is_outside_a_box_is_culled():
    mirror = mirror_of(chain(" ".join(["input"] + ["dense"] * 20)))
    assert mirror.nodes_in((0, 150, 10, 240)).tolist() == [1, 2]
    assert np.isin(mirror.edges_in((90, 170, 100, 190)), [1]).all()


def test_bounds_are_those_of_the_named_blocks():
    mirror = mirror_of(draw("dense relu"))
    assert mirror.bounds() == (0, 0, 190, 166)
    assert mirror.bounds([N2]) == (0, 100, 190, 166)
    assert mirror.bounds([NodeId("n9")]) is None


def test_an_edge_is_found_by_what_it_joins():
    document = chain("input dense relu")
    mirror = mirror_of(document)
    for edge in document.graph.edges():
        assert mirror.edges[mirror.edge_row(edge)] == edge
    assert mirror.edge_row(Edge(N1, "y", N3, "x")) is None
    assert mirror.edge_row(Edge(N1, "y", NodeId("n9"), "x")) is None
