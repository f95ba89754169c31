"""What is written on blocks and edges, and what tooltips tell."""

from app.canvas.labels import block_texts, pill_text, shape_text
from app.canvas.tips import edge_tip, tip_at
from graph import edits
from graph.model import NodeId
from graph.tensor import T
from tests.app.canvas.drawings import mirror_of
from tests.drawing import chain, draw, set_params

N1, N2, N3 = NodeId("n1"), NodeId("n2"), NodeId("n3")


def images(kinds: str):
    return set_params(chain(f"input {kinds}"), "n1", shape="3, 32, 32")


def test_a_shape_leaves_the_batch_out():
    assert shape_text(T("N", 64, 56, 56)) == "64×56×56"
    assert shape_text(T("N")) == "N"
    assert shape_text(T(3, 4)) == "3×4"
    assert shape_text(T()) == "scalar"


def test_a_block_tells_its_title_name_and_parameter_count():
    texts = block_texts(mirror_of(images("conv2d")), N2)
    assert (texts.title, texts.name, texts.count) == ("Conv 2D", "conv", "896")
    assert "3×3" in texts.summary


def test_an_unknown_block_shows_its_kind_as_it_is_written():
    texts = block_texts(mirror_of(edits.add(draw(""), "from_the_future")), N1)
    assert texts.title == "from_the_future"
    assert "not installed" in texts.summary


def test_a_block_with_a_wrong_value_shows_it():
    document = edits.add(draw(""), "dense", params={"features": -3})
    assert "-3" in block_texts(mirror_of(document), N1).summary


def test_pills_tell_shapes_refusals_and_waiting():
    assert pill_text(mirror_of(images("conv2d")), 0) == "3×32×32"
    wrong = mirror_of(set_params(images("conv2d relu output"), "n2", kernel_size=(99, 99)))
    texts = [pill_text(wrong, row) for row in range(3)]
    assert texts[0] == "99 > 32"
    assert texts[1:] == ["?", "?"]


def test_of_many_edges_only_the_last_tells_what_is_wrong():
    document = images("conv2d")
    document = edits.add(document, "add")
    document = edits.connect(document, N1, "y", N3, "xs")
    document = edits.connect(document, N2, "y", N3, "xs")
    mirror = mirror_of(document)
    into = [row for row, edge in enumerate(mirror.edges) if edge.target == N3]
    assert mirror.edge_state[into].all()
    assert pill_text(mirror, into[0]) == "3×32×32"
    assert pill_text(mirror, into[1]) not in ("3×32×32", "32×30×30", "?")


def test_an_edge_tells_its_full_type():
    mirror = mirror_of(images("conv2d"))
    assert edge_tip(mirror, mirror.edges[0]) == "inputs.y → conv.x\nN×3×32×32  float32"


def test_tips_tell_ports_badges_and_nothing_over_plain_blocks():
    mirror = mirror_of(set_params(images("conv2d"), "n2", kernel_size=(99, 99)))
    assert "Conv 2D “conv”" in tip_at(mirror, 186, 104)
    assert tip_at(mirror, 95, 66).startswith("Output y\n")
    assert "N×3×32×32  float32" in tip_at(mirror, 95, 100)
    assert tip_at(mirror, 60, 30) == ""
    assert tip_at(mirror, 900, 900) == ""


def test_a_port_that_takes_many_wires_says_so():
    tip = tip_at(mirror_of(draw("add")), 95, 0)
    assert tip.startswith("Input xs (takes any number of wires)")
