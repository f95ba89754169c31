"""Pictures of drawings as PNG, SVG and PDF: what they show, carry and refuse."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.canvas.options import Heat, Options
from app.picturing.raster import TILE_PX, painted
from app.picturing.stamps import Unwanted
from app.picturing.wish import CARRYING, FORMATS, Format, Wish, refuse_unsafe, scene_of, scene_seen
from app.picturing.write import estimated_bytes, format_of, picture_bytes
from app.session import Session
from app.theme import DARK, LIGHT
from graph import collapsing, edits, locking, remark_edits, switching
from graph.fileio import dumps
from graph.model import Document, Edge, Graph, Node, NodeId, Wires
from graph.pictures import loads_picture
from graph.problems import UserError
from tests.drawing import chain, set_params

pytestmark = pytest.mark.usefixtures("qapp")
N1, N2, N3 = NodeId("n1"), NodeId("n2"), NodeId("n3")
DRAWING = chain("input conv2d relu flatten dense output")
HOSTILE = '</text><script>alert("1")</script> & \ue0007\ue001 中文 عربي'


def rendered(svg: bytes) -> QImage:
    """An SVG as Qt shows it, on green."""
    renderer = QSvgRenderer(svg)
    assert renderer.isValid()
    image = QImage(renderer.defaultSize(), QImage.Format.Format_ARGB32)
    image.fill(QColor("#00FF00"))
    with QPainter(image) as painter:
        renderer.render(painter)
    return image


def differing(one: QImage, other: QImage) -> float:
    """The share of sampled pixels that differ clearly."""
    places = [(x, y) for x in range(0, one.width(), 3) for y in range(0, one.height(), 3)]
    count = 0
    for place in places:
        a, b = one.pixelColor(*place), other.pixelColor(*place)
        apart = [abs(p - q) for p, q in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)]
        count += max(apart) > 60
    return count / len(places)


@pytest.mark.parametrize("format", CARRYING)
def test_a_picture_carries_its_drawing_unless_that_is_not_wanted(format: Format) -> None:
    content = picture_bytes(scene_of(DRAWING), Wish(format))
    assert dumps(loads_picture(content, "net").document) == dumps(DRAWING)
    bare = picture_bytes(scene_of(DRAWING), Wish(format, carries=False))
    with pytest.raises(UserError, match="carries no drawing"):
        loads_picture(bare, "net")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_an_svg_looks_like_the_png(theme) -> None:
    document = edits.move(set_params(DRAWING, "n2", kernel_size=(99, 99)), {N3: (400, -200)})
    scene, wish = scene_of(document), Wish("svg", 1.0, theme)
    assert differing(rendered(picture_bytes(scene, wish)), painted(scene, wish)) < 0.02


def test_blocks_that_are_off_collapsed_or_locked_look_so_in_an_svg_as_well() -> None:
    drawn = switching.set_muted(DRAWING, [N2], True)
    drawn = collapsing.set_collapsed(drawn, [N2, N3], True)
    drawn = locking.set_locked(drawn, [N1, N3], (), True)
    scene = scene_of(drawn)
    png = QImage.fromData(picture_bytes(scene, Wish("png", ground="plain")))
    svg = picture_bytes(scene, Wish("svg", ground="plain"))
    assert differing(png, rendered(svg)) < 0.02
    titles = re.findall(r'<g[^>]*fill-opacity="([^"]*)"[^>]*>\s*<text', svg.decode())
    assert set(map(float, titles)) <= {1.0}, "texts are as dark as they should be"


def test_an_svg_has_its_texts_as_text_that_keeps_its_width_in_any_font() -> None:
    root = ElementTree.fromstring(picture_bytes(scene_of(DRAWING), Wish("svg", carries=False)))
    texts = {each.text: each for each in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Conv 2D", "Flatten", "28×28"} & texts.keys() >= {"Conv 2D", "Flatten"}
    assert float(texts["Conv 2D"].attrib["textLength"]) > 20
    assert texts["32  3×3"].attrib["{http://www.w3.org/XML/1998/namespace}space"] == "preserve"
    assert root.attrib["viewBox"].split()[2:] == ["286", "662"]


def test_names_in_an_svg_stay_names() -> None:
    nodes = {**DRAWING.graph.nodes, N2: replace(DRAWING.node(N2), name=HOSTILE)}
    document = DRAWING.with_graph(nodes)
    text = picture_bytes(scene_of(document), Wish("svg", carries=False)).decode()
    root = ElementTree.fromstring(text)
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    ids = set(re.findall(r' id="(s[0-9]+)"', text))
    assert set(re.findall(r'xlink:href="#([^"]*)"', text)) <= ids


def test_each_look_is_written_once_in_an_svg() -> None:
    many = chain("input" + " relu" * 60)
    few = len(picture_bytes(scene_of(chain("input relu")), Wish("svg", carries=False)))
    assert len(picture_bytes(scene_of(many), Wish("svg", carries=False))) < few + 60 * 2600


def test_a_pdf_has_one_page_as_large_as_the_drawing() -> None:
    content = picture_bytes(scene_of(DRAWING), Wish("pdf", 2.0))
    assert content.startswith(b"%PDF-")
    (size,) = re.findall(rb"MediaBox \[0 0 ([0-9.]+) ([0-9.]+)", content)
    assert float(size[0]) == pytest.approx(286 * 1.5, abs=1)
    assert float(size[1]) == pytest.approx(662 * 1.5, abs=1)
    assert b"/FontFile2" in content
    assert b"/Subtype /Image" not in content


def test_a_pdf_of_a_huge_drawing_keeps_to_the_longest_page() -> None:
    wide = edits.move(chain("dense relu"), {N2: (900_000, 0)})
    content = picture_bytes(scene_of(wide), Wish("pdf"))
    width = float(re.findall(rb"MediaBox \[0 0 ([0-9.]+)", content)[0])
    assert width <= 14_400


def test_without_a_ground_a_png_is_clear_where_nothing_is() -> None:
    scene = scene_of(DRAWING)
    assert painted(scene, Wish(ground="none")).pixelColor(2, 2).alpha() == 0
    assert painted(scene, Wish(ground="plain")).pixelColor(2, 2) == QColor(DARK.canvas)
    assert rendered(picture_bytes(scene, Wish("svg", ground="none"))).pixelColor(2, 2) == QColor(
        "#00FF00"
    )


def test_a_picture_painted_in_tiles_has_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, wish = scene_of(DRAWING), Wish(scale=1.37, ground="grid")
    whole = painted(scene, wish)
    assert max(whole.width(), whole.height()) < TILE_PX
    monkeypatch.setattr("app.picturing.raster.TILE_PX", 97)
    assert differing(painted(scene, wish), whole) == 0


def test_a_picture_of_the_selection_shows_and_carries_that_alone() -> None:
    scene = scene_of(DRAWING, frozenset({N2, N3}))
    assert scene.mirror.ids == [N2, N3]
    assert len(scene.mirror.edges) == 1
    carried = loads_picture(picture_bytes(scene, Wish()), "net").document
    assert sorted(node.kind for node in carried.graph.nodes.values()) == ["conv2d", "relu"]
    assert carried.graph.wires.count == 1
    assert scene.size(1.0) == (286, 262)


def test_an_edge_that_swings_out_is_within_the_picture() -> None:
    scene = scene_of(edits.move(DRAWING, {N3: (0, -900)}))
    left, top, right, bottom = scene.box
    box = scene.mirror.box
    assert left < box[:, 0].min() and top < box[:, 1].min()
    assert right > box[:, 2].max() and bottom > box[:, 3].max()


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_drawing_is_an_empty_picture(format: Format) -> None:
    assert picture_bytes(scene_of(Document()), Wish(format))


@pytest.mark.parametrize("scale", [0.49, 8.01, float("nan"), float("inf"), -1])
def test_a_scale_out_of_range_is_refused(scale: float) -> None:
    with pytest.raises(UserError, match=r"goes from 0\.5 to 8"):
        picture_bytes(scene_of(DRAWING), Wish(scale=scale))


def test_a_png_too_large_for_the_memory_names_the_scale_that_fits() -> None:
    wide = scene_of(edits.move(DRAWING, {N2: (20_000, 9_000)}))
    with pytest.raises(UserError, match=r"A scale of 0\.7 fits"):
        refuse_unsafe(wide, Wish(scale=2.0))
    refuse_unsafe(wide, Wish(scale=0.7))
    refuse_unsafe(wide, Wish("svg", scale=8.0))
    far = scene_of(edits.move(DRAWING, {N2: (900_000, 0)}))
    with pytest.raises(UserError, match="as SVG or PDF"):
        refuse_unsafe(far, Wish(scale=0.5))


@pytest.mark.parametrize("format", FORMATS)
def test_a_picture_that_is_not_wanted_any_more_ends(format: Format) -> None:
    def watch() -> None:
        raise Unwanted

    with pytest.raises(Unwanted):
        picture_bytes(scene_of(DRAWING), Wish(format), watch=watch)


@pytest.mark.parametrize("format", FORMATS)
def test_the_estimated_size_is_of_the_right_order(format: Format) -> None:
    for document, scale in ((DRAWING, 1.0), (DRAWING, 4.0), (chain("input" + " dense" * 60), 1.0)):
        scene, wish = scene_of(document), Wish(format, scale)
        assert 0.3 < estimated_bytes(scene, wish) / len(picture_bytes(scene, wish)) < 3


def test_a_file_of_no_known_format_is_refused(tmp_path) -> None:
    assert format_of(tmp_path / "a.SVG") == "svg"
    with pytest.raises(UserError, match=r"one of \.png, \.svg, \.pdf"):
        format_of(tmp_path / "a.gif")


def test_how_far_it_is_only_grows() -> None:
    told: list[float] = []
    picture_bytes(scene_of(DRAWING), Wish(scale=8.0), told.append)
    assert len(told) > 3
    assert told == sorted(told)


def test_a_drawing_too_large_to_carry_is_refused_before_it_is_painted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("graph.pictures.payload.LARGEST_JSON", 10)
    with pytest.raises(UserError, match="without the drawing"):
        picture_bytes(scene_of(DRAWING), Wish())
    assert picture_bytes(scene_of(DRAWING), Wish(carries=False))


def test_wires_are_as_straight_as_on_the_canvas() -> None:
    apart = edits.move(chain("input relu"), {NodeId("n2"): (400.0, 300.0)})
    curved, straight = (
        picture_bytes(
            scene_of(apart, options=Options(straight=straight)), Wish("svg", carries=False)
        )
        for straight in (False, True)
    )
    assert curved != straight
    assert curved.count(b"C") > straight.count(b"C")


NOTE = "Some *slanted*, **bold** and `plain` <words> & 中文"


def with_remarks() -> Document:
    document = remark_edits.add_note(DRAWING, (400, 0), NOTE)
    return remark_edits.add_frame(document, (-60.0, -60.0, 260.0, 160.0), "Stem & <head>")


@pytest.mark.parametrize("format", FORMATS)
def test_frames_and_notes_are_in_the_picture(format: Format) -> None:
    scene = scene_of(with_remarks())
    assert scene.size(1.0) > scene_of(DRAWING).size(1.0)
    content = picture_bytes(scene, Wish(format))
    if format == "svg":
        root = ElementTree.fromstring(content)
        texts = {each.text: each for each in root.iter("{http://www.w3.org/2000/svg}text")}
        assert {"Stem & <head>", "slanted", "bold"} <= texts.keys()
        assert texts["slanted"].attrib["font-style"] == "italic"
    if format in CARRYING:
        assert len(loads_picture(content, "net").document.graph.remarks) == 2


def test_a_picture_of_chosen_remarks_leaves_the_others_out() -> None:
    document = with_remarks()
    note, frame = document.graph.remarks
    scene = scene_of(document, frozenset({N2}), frozenset({note}))
    assert [each.id for each in scene.mirror.remarks.remarks] == [note]
    carried = loads_picture(picture_bytes(scene, Wish()), "net").document
    assert len(carried.graph.remarks) == len(carried.graph.nodes) == 1
    assert frame not in carried.graph.remarks


@pytest.mark.parametrize("format", FORMATS)
def test_a_heat_map_is_in_the_picture_where_it_is_on_the_canvas(format: Format) -> None:
    session = Session(DRAWING)
    hot = scene_seen(session, Options(heat=Heat.PARAMETERS), only_chosen=False)
    plain = scene_seen(session, Options(), only_chosen=False)
    assert picture_bytes(hot, Wish(format)) != picture_bytes(plain, Wish(format))


def giant(count: int) -> Document:
    """A chain of so many blocks in rows of a hundred."""
    nodes, into = {}, {}
    for number in range(count):
        id, kind = NodeId(f"n{number + 1}"), ("dense", "relu")[number % 2] if number else "input"
        at = 240.0 * (number % 100), 100.0 * (number // 100)
        nodes[id] = Node(id, kind, f"block_{number}", {}, *at)
        if number:
            into[id] = (Edge(NodeId(f"n{number}"), "y", id, "x"),)
    return Document(graph=Graph(nodes, Wires(into)), next_id=count + 1)


@pytest.mark.slow
@pytest.mark.parametrize("format", FORMATS)
def test_ten_thousand_blocks_are_drawn(format: Format) -> None:
    document = giant(10_000)
    content = picture_bytes(scene_of(document), Wish(format, 0.5 if format == "png" else 1.0))
    assert 1_000_000 < len(content) < 40_000_000
    if format in CARRYING:
        assert dumps(loads_picture(content, "net").document) == dumps(document)
