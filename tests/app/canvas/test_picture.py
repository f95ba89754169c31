"""Drawings as pictures: every detail can be painted, whatever the drawing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas import render_document
from app.canvas.camera import Camera
from app.canvas.highlights import Highlights
from app.canvas.painter import ScenePainter
from app.canvas.picture import LARGEST_SIDE, render_mirror
from app.canvas.ports import PortRef
from app.theme import DARK, LIGHT
from graph import edits, leading
from graph.model import Document, Edge, NodeId, Wires
from tests.app.canvas.drawings import mirror_of
from tests.drawing import chain, draw, set_params

pytestmark = pytest.mark.usefixtures("qapp")
N1, N2 = NodeId("n1"), NodeId("n2")


def everything() -> Document:
    """Upward and refused edges, unknown blocks, blocks on top of others, many ports."""
    document = chain("input conv2d relu flatten dense output")
    document = set_params(document, "n2", kernel_size=(99, 99))
    document = edits.move(document, {NodeId("n3"): (500, -300), NodeId("n5"): (10, 110)})
    document = edits.add(document, "from_the_future", (700, 0), name="x" * 60)
    unknown = edits.next_node_id(document)
    document = edits.add(document, "multihead_attention", (700, 200))
    document = edits.connect(document, N1, "y", unknown, "query")
    stray = Edge(N1, "y", NodeId("n7"), "left")
    return document.with_graph(wires=Wires({**document.graph.wires.into, NodeId("n7"): (stray,)}))


def test_a_picture_is_as_large_as_the_drawing_needs():
    image = render_document(draw("dense relu"), DARK, None)
    assert (image.width(), image.height()) == (190 + 96, 166 + 96)


def test_a_picture_has_the_size_that_was_asked_for():
    image = render_document(everything(), LIGHT, (640, 480))
    assert (image.width(), image.height()) == (640, 480)


def led_aside(x: float) -> Document:
    """Two blocks below each other, the wire between them led far to the right."""
    document = edits.move(chain("input relu"), {N2: (0, 300)})
    wire = document.graph.inputs_of(N2)[0]
    return leading.lead(document, {wire: [(x, 150.0), (x, 250.0)]})


def test_a_picture_holds_wires_wherever_they_are_led():
    plain = render_document(led_aside(95.0), DARK, None)
    wide = render_document(led_aside(500.0), DARK, None)
    assert wide.width() == plain.width() + 500 - 190


def test_a_wire_in_a_picture_has_no_points_to_take_hold_of():
    mirror = mirror_of(led_aside(500.0))
    scene, shown = ScenePainter(mirror, DARK), []
    for points in (True, False):
        image = QImage(700, 500, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            scene.paint(painter, Camera(1.0, 50, 50), (700, 500), 1.0, points=points)
        shown.append([image.pixelColor(550 + dx, 250) for dx in (0, 4)])
        shown[-1] += [image.pixelColor(550 + dx, 300) for dx in (0, 1)]
    (line, beside, *_), _ = shown
    assert line == QColor(DARK.edge) and beside == QColor(DARK.canvas), "a leg is a line"
    assert shown[0][3] == QColor(DARK.edge), "a dot is wider than the line"
    assert shown[1][3] != QColor(DARK.edge)


def test_an_empty_drawing_is_an_empty_picture():
    image = render_document(Document(), DARK, (200, 100))
    assert (image.width(), image.height()) == (200, 100)
    assert not render_document(Document(), DARK, None).isNull()


def test_a_picture_never_grows_beyond_what_can_be_saved():
    wide = edits.move(draw("dense relu"), {N2: (1_000_000, 0)})
    image = render_mirror(mirror_of(wide), DARK, 2.0)
    assert max(image.width(), image.height()) <= LARGEST_SIDE
    assert not image.isNull()


def test_a_block_shows_the_colour_of_its_category():
    image = render_document(draw("conv2d"), DARK, None)
    assert image.pixelColor(48 + 2, 48 + 33) == QColor(DARK.categories["conv"])


def test_ports_sit_on_the_edge_of_the_block():
    image = render_document(draw("dense"), DARK, None)
    assert image.pixelColor(48 + 95, 48) == QColor(DARK.port)
    assert image.pixelColor(48 + 95, 48 + 66) == QColor(DARK.port)


def painted(document: Document, camera: Camera, ratio: float = 1.0, highlights=None) -> QImage:
    image = QImage(800, 600, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    mirror = mirror_of(document)
    mirror.select(frozenset({N1}))
    mirror.set_active(N2)
    with QPainter(image) as painter:
        size = (800 / ratio, 600 / ratio)
        scene = ScenePainter(mirror, DARK)
        scene.paint(painter, camera, size, ratio, highlights or Highlights())
    return image


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0.02, 4.0), st.floats(-800, 800), st.floats(-800, 800),
    st.sampled_from([1.0, 1.25, 1.5, 2.0]),
)  # fmt: skip
def test_any_view_at_any_resolution_can_be_painted(scale, dx, dy, ratio):
    assert not painted(everything(), Camera(scale, dx, dy), ratio).isNull()


@pytest.mark.parametrize("scale", [0.1, 0.4, 1.0])
def test_highlights_change_the_picture(scale):
    document = chain("input dense")
    camera = Camera(scale, 100, 100)
    edge = next(document.graph.edges())
    plain = painted(document, camera)
    assert painted(document, camera, highlights=Highlights(hidden=frozenset({edge}))) != plain
    if scale == 1.0:
        port = PortRef(N2, "x", True)
        assert painted(document, camera, highlights=Highlights(port=port)) != plain
        assert painted(document, camera, highlights=Highlights(edge=edge)) != plain
        assert painted(document, camera, highlights=Highlights(target=N2)) != plain
        refusing = Highlights(refusing=frozenset({port}))
        assert painted(document, camera, highlights=refusing) != plain


def test_twice_the_resolution_shows_the_same_in_more_detail():
    sharp = painted(draw("dense"), Camera(1.0, 60, 60), 2.0)
    assert sharp.pixelColor(2 * 62, 2 * 93) == QColor(DARK.categories["linear"])
