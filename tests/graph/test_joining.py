"""Wires drawn between others, all of a port taken to another, and those of many blocks at once."""

import pytest

from graph import edits, joining, leading
from graph.joining import Place
from graph.model import Edge, NodeId
from tests.drawing import chain, draw

N = [NodeId(f"n{k}") for k in range(10)]


def wires(document):
    return sorted(
        f"{e.source} {e.target}.{e.into}" + (f"[{e.slot}]" if e.slot else "")
        for e in document.graph.edges()
    )


def wired(document, *ends):
    for source, target, port in ends:
        document = edits.connect(document, N[source], "y", N[target], port)
    return document


@pytest.fixture
def summed():
    """Inputs 1 to 3, of which the first two are added by 4."""
    return wired(draw("input input input add"), (1, 4, "xs"), (2, 4, "xs"))


@pytest.mark.parametrize(
    ("slot", "order"), [(0, "312"), (1, "132"), (2, "123"), (7, "123")], ids=str
)  # fmt: skip
def test_a_wire_into_a_taken_slot_moves_the_others_on(summed, slot, order):
    made = joining.join(summed, Edge(N[3], "y", N[4], "xs", slot))
    there = made.graph.edges_into(N[4], "xs")
    assert "".join(edge.source[1:] for edge in there) == order
    assert [edge.slot for edge in there] == [0, 1, 2]


def test_a_wire_into_a_taken_single_port_takes_its_place():
    document = wired(draw("input input relu"), (1, 3, "x"))
    made = joining.join(document, Edge(N[2], "y", N[3], "x"))
    assert wires(made) == ["n2 n3.x"]


def test_all_wires_of_an_output_begin_at_another():
    document = wired(draw("input relu gelu input"), (1, 2, "x"), (1, 3, "x"))
    document = leading.lead(document, {document.graph.inputs_of(N[3])[0]: [(1.0, 2.0)]})
    done = joining.move_starts(document, document.graph.consumers_of(N[1]), (N[4], "y"))
    assert wires(done.document) == ["n4 n2.x", "n4 n3.x"]
    assert done.drawn == 2
    assert done.document.graph.inputs_of(N[3])[0].via == ((1.0, 2.0),)


def test_a_wire_that_would_close_a_circle_stays_and_says_why():
    document = wired(draw("input relu gelu"), (1, 2, "x"), (1, 3, "x"))
    done = joining.move_starts(document, document.graph.consumers_of(N[1]), (N[2], "y"))
    assert wires(done.document) == ["n1 n2.x", "n2 n3.x"]
    assert done.refused == ("ReLU “relu” cannot feed itself.",)
    document = chain("input relu gelu")
    done = joining.move_starts(document, document.graph.consumers_of(N[1]), (N[3], "y"))
    assert wires(done.document) == wires(document)
    assert "circle" in done.refused[0]


def test_all_wires_of_a_many_port_lead_into_another_in_their_order(summed):
    document = edits.add(summed, "concat")
    document = wired(document, (3, 5, "xs"))
    done = joining.move_ends(document, document.graph.edges_into(N[4], "xs"), N[5])
    assert wires(done.document) == ["n1 n5.xs[1]", "n2 n5.xs[2]", "n3 n5.xs"]
    first = Place("xs", 0)
    done = joining.move_ends(document, document.graph.edges_into(N[4], "xs"), N[5], first)
    assert wires(done.document) == ["n1 n5.xs", "n2 n5.xs[1]", "n3 n5.xs[2]"]


def test_wires_that_find_no_port_stay_where_they_were(summed):
    document = edits.add(summed, "relu")
    done = joining.move_ends(document, document.graph.edges_into(N[4], "xs"), N[5])
    assert wires(done.document) == ["n1 n5.x", "n2 n4.xs"]
    assert (done.drawn, done.refused) == (1, ("All inputs of ReLU “relu” are taken.",))


def test_a_bundle_put_back_where_it_was_changes_nothing(summed):
    there = summed.graph.edges_into(N[4], "xs")
    assert joining.move_ends(summed, there, N[4], Place("xs", 0)).document == summed


def test_many_outputs_go_to_a_many_port_in_order(summed):
    document = edits.add(summed, "input")
    done = joining.fan_in(document, [(N[3], "y"), (N[5], "y")], N[4])
    assert wires(done.document) == ["n1 n4.xs", "n2 n4.xs[1]", "n3 n4.xs[2]", "n5 n4.xs[3]"]
    done = joining.fan_in(document, [(N[3], "y"), (N[5], "y")], N[4], Place("xs", 1))
    assert wires(done.document) == ["n1 n4.xs", "n2 n4.xs[3]", "n3 n4.xs[1]", "n5 n4.xs[2]"]


def test_many_outputs_go_to_the_ports_of_a_block_in_order():
    document = wired(draw("input input input input matmul"), (4, 5, "a"))
    starts = [(N[1], "y"), (N[2], "y")]
    done = joining.fan_in(document, starts, N[5])
    assert wires(done.document) == ["n1 n5.b", "n4 n5.a"]
    assert (done.drawn, len(done.refused)) == (1, 1)
    done = joining.fan_in(document, starts, N[5], Place("a"))
    assert wires(done.document) == ["n1 n5.a", "n2 n5.b"]


def test_blocks_that_the_target_feeds_are_refused_and_the_others_wired():
    document = wired(draw("input add relu"), (2, 3, "x"))
    done = joining.fan_in(document, [(N[1], "y"), (N[3], "y"), (N[2], "y")], N[2])
    assert wires(done.document) == ["n1 n2.xs", "n2 n3.x"]
    assert ["circle" in done.refused[0], "itself" in done.refused[1]] == [True, True]


def test_one_output_feeds_many_blocks():
    document = draw("input relu add input")
    done = joining.fan_out(document, (N[1], "y"), [N[2], N[3], N[4]])
    assert wires(done.document) == ["n1 n2.x", "n1 n3.xs"]
    assert done.refused == ("Input “inputs2” has no input.",)
