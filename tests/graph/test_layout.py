"""Where auto-layout puts blocks."""

import random
import time
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from graph import edits
from graph.gallery import find
from graph.layout import COLUMN_PX, GRID_PX, ROW_PX, layout
from graph.model import Edge, Graph, Node, NodeId, Wires
from tests.drawing import chain


def graph_of(count, pairs):
    """Blocks n0, n1, … with these wires."""
    nodes = {NodeId(f"n{i}"): Node(NodeId(f"n{i}"), "relu", f"r{i}") for i in range(count)}
    into = {}
    for u, v in pairs:
        edges = into.setdefault(NodeId(f"n{v}"), [])
        edges.append(Edge(NodeId(f"n{u}"), "y", NodeId(f"n{v}"), "xs", len(edges)))
    return Graph(nodes, Wires({id: tuple(edges) for id, edges in into.items()}))


def places(count, pairs):
    """The corners of n0, n1, …"""
    return list(layout(graph_of(count, pairs)).values())


@st.composite
def graphs(draw, *, circles=False):
    count = draw(st.integers(0, 24))
    ends = st.integers(0, max(count - 1, 0))
    pairs = draw(st.sets(st.tuples(ends, ends), max_size=40)) if count else set()
    return graph_of(count, sorted(p for p in pairs if p[0] < p[1] or circles))


@given(graphs(circles=True))
def test_no_two_blocks_overlap(graph):
    found = layout(graph)
    assert found.keys() == graph.nodes.keys()
    for (ax, ay), (bx, by) in combinations(found.values(), 2):
        assert abs(ax - bx) >= COLUMN_PX or abs(ay - by) >= ROW_PX


@given(graphs())
def test_every_wire_leads_down(graph):
    found = layout(graph)
    for edge in graph.edges():
        assert found[edge.target][1] - found[edge.source][1] >= ROW_PX


@given(graphs(circles=True))
def test_the_same_graph_gets_the_same_places_wherever_its_blocks_stand(graph):
    document = edits.Document(graph=graph)
    moved = edits.move(document, layout(graph))
    assert layout(graph) == layout(moved.graph)


@given(graphs(circles=True))
def test_places_lie_on_columns_of_the_grid_and_on_rows(graph):
    for x, y in layout(graph).values():
        assert x % GRID_PX == 0
        assert y % ROW_PX == 0
        assert x >= 0 <= y


def test_a_chain_is_straight():
    found = layout(chain("input conv2d relu flatten dense").graph)
    assert list(found.values()) == [(0, ROW_PX * row) for row in range(5)]


def test_a_target_stands_beside_what_leads_to_the_loss():
    found = places(5, [(0, 1), (1, 2), (2, 3), (4, 3)])
    assert found == [(0, 0), (0, 100), (0, 200), (0, 300), (240, 200)]


def test_a_target_of_a_loss_and_a_metric_does_not_bend_the_chain():
    found = places(6, [(0, 1), (1, 2), (2, 3), (2, 4), (5, 3), (5, 4)])
    assert found[0][0] == found[1][0] == found[2][0]
    assert found[5][1] == found[2][1]


def test_a_skip_is_a_straight_line_that_no_block_stands_on():
    residual = [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4), (4, 5), (5, 6), (3, 6), (6, 7)]
    found = places(8, residual)
    skip = found[0][0]
    assert found[3][0] == found[6][0] == skip
    assert all(abs(found[node][0] - skip) > 95 for node in (1, 2, 4, 5))


def test_branches_stand_beside_each_other_without_crossings():
    found = places(6, [(0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 5)])
    assert found[1][0] == found[3][0] == found[2][0] - COLUMN_PX
    assert found[2][0] == found[4][0]
    assert found[0][0] == found[5][0] == (found[1][0] + found[2][0]) / 2


def test_crossed_wires_are_untangled():
    found = places(6, [(0, 4), (1, 3), (2, 5), (0, 5), (1, 4)])
    order = sorted((0, 1, 2), key=lambda node: found[node][0])
    below = sorted((3, 4, 5), key=lambda node: found[node][0])
    assert (order, below) in (([1, 0, 2], [3, 4, 5]), ([2, 0, 1], [5, 4, 3]))


def test_parts_that_no_wire_joins_stand_side_by_side():
    found = places(4, [(0, 1), (2, 3)])
    assert found[0][1] == found[2][1]
    assert found[2][0] - found[0][0] >= COLUMN_PX


def test_many_loose_blocks_fill_a_field_not_a_line():
    found = places(100, [])
    assert max(x for x, _ in found) < 4000
    assert max(y for _, y in found) < 4000


def test_a_circle_is_laid_out_with_one_wire_upwards():
    found = places(3, [(0, 1), (1, 2), (2, 0)])
    assert sorted(y for _, y in found) == [0, 100, 200]


def test_an_empty_drawing_has_no_places():
    assert layout(Graph()) == {}


def test_ten_thousand_blocks_take_less_than_a_second_of_work():
    pairs = [(k, k + 1) for k in range(9999)] + [(k, k + 3) for k in range(0, 9997, 2)]
    graph = graph_of(10_000, pairs)
    start = time.process_time()
    layout(graph)
    assert time.process_time() - start < 1.5  # 0.27 s alone; other tests load the machine


def test_a_tangle_of_thousands_is_laid_out_too():
    rng = random.Random(1)
    pairs = {(a, min(2999, a + 1 + rng.randrange(60))) for a in rng.choices(range(2999), k=4500)}
    found = layout(graph_of(3000, sorted(pairs)))
    assert len(set(found.values())) == 3000


def test_a_tall_chain_is_folded_to_fill_a_wide_view():
    pairs = [(i, i + 1) for i in range(15)]
    tall, wide = graph_of(16, pairs), layout(graph_of(16, pairs), aspect=1.5)
    columns = {x for x, _ in wide.values()}
    assert len({x for x, _ in layout(tall).values()}) == 1
    assert len(columns) == 3
    assert max(y for _, y in wide.values()) <= 6 * ROW_PX


def test_a_drawing_is_folded_only_where_one_wire_crosses():
    pairs = [(i, i + 2) for i in range(18)] + [(0, 1)]
    places = layout(graph_of(20, pairs), aspect=1.5)
    assert places == layout(graph_of(20, pairs))


def test_one_wire_from_start_to_end_does_not_keep_a_drawing_from_being_folded():
    pairs = [(i, i + 1) for i in range(29)] + [(0, 29)]
    assert len({x for x, _ in layout(graph_of(30, pairs), aspect=1.5).values()}) > 2
    both = [*pairs, (1, 28)]
    assert layout(graph_of(30, both), aspect=1.5) == layout(graph_of(30, both))


@given(graphs(circles=True), st.sampled_from([0.5, 1.0, 2.0]))
def test_folded_blocks_do_not_overlap(graph, aspect):
    found = layout(graph, aspect)
    assert found.keys() == graph.nodes.keys()
    for (ax, ay), (bx, by) in combinations(found.values(), 2):
        assert abs(ax - bx) >= COLUMN_PX or abs(ay - by) >= ROW_PX


def test_a_chain_that_reads_one_source_at_every_step_is_straight_beside_it():
    # an encoder 0 … 3, whose end is read by each of the decoders 5 … 8 that follow 4
    encoder = [(0, 1), (1, 2), (2, 3)]
    decoder = [(4, 5), (5, 6), (6, 7), (7, 8), *((3, number) for number in (5, 6, 7, 8))]
    found = layout(graph_of(9, [*encoder, *decoder]))
    columns = [found[NodeId(f"n{number}")][0] for number in range(9)]
    assert len(set(columns[:4])) == 1
    assert len(set(columns[5:])) == 1
    assert columns[0] != columns[5]


def test_the_transformer_stands_in_two_columns():
    document = find("transformer").build()
    columns = {
        half: {node.x for node in document.graph.nodes.values() if node.name.startswith(half)}
        for half in ("encoder", "decoder")
    }
    assert [len(xs) for xs in columns.values()] == [1, 1]
    assert columns["encoder"] != columns["decoder"]
