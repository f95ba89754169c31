"""The publication figure: what stands in it, how large, and where."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from graph.figure import figure_of, svg_text
from graph.figure.boxes import placed, scales_of
from graph.figure.parts import MOST_PARTS, Part, parts_of
from graph.figure.places import columns_of, lanes_of
from graph.figure.scales import scale_for
from graph.figure.shapes import Disc, Figure, Line, Words
from graph.gallery import find
from graph.model import Document, Edge, NodeId, Wires
from graph.problems import UserError
from tests.drawing import chain, set_params
from tests.graph.figure.networks import U_NET, wired

NETWORKS = ("lenet-5", "alexnet", "vgg-16", "resnet-18", "googlenet", "lstm", "seq2seq", "vae")
SVG = "{http://www.w3.org/2000/svg}"


DRAWINGS = {**{name: find(name).build() for name in NETWORKS}, "u-net": U_NET}


def kinds(document: Document) -> list[str]:
    return [document.graph.nodes[part.id].kind for part in parts_of(document)]


def test_only_what_makes_something_new_stands_in_a_figure() -> None:
    assert kinds(DRAWINGS["lenet-5"]) == [
        "input", "conv2d", "max_pool2d", "conv2d", "max_pool2d", "dense", "dense", "dense"
    ]  # fmt: skip


def test_each_form_has_the_sizes_that_it_is_drawn_by() -> None:
    image, first, *_, last = parts_of(DRAWINGS["lenet-5"])
    assert (image.form, image.size) == ("volume", (1, 32, 32))
    assert (first.size, first.kernel) == ((6, 28, 28), (5, 5))
    assert first.labels == ("Conv 2D", "5×5", "6×28×28")
    assert (last.form, last.size, last.labels) == ("bar", (10,), ("Dense", "10"))
    rows, lstm, _ = parts_of(DRAWINGS["lstm"])
    assert (rows.form, rows.size, lstm.size) == ("strip", (8, 8), (8, 64))


def test_joins_are_told_by_their_sign() -> None:
    joins = [part for part in parts_of(U_NET) if part.form == "join"]
    assert [part.sign for part in joins] == ["||", "||"]
    assert [len(part.sources) for part in joins] == [2, 2]


def test_a_repeated_composite_is_one_volume_with_its_count() -> None:
    layer = next(part for part in parts_of(DRAWINGS["resnet-18"]) if "×2" in part.labels[0])
    assert layer.labels == ("BasicBlock ×2", "64×56×56")


def test_what_is_not_known_yet_is_a_question_mark() -> None:
    document = set_params(chain("input conv2d conv2d"), "n2", kernel_size=(99, 99))
    forms = [part.form for part in parts_of(document)]
    assert forms == ["volume", "unknown", "unknown"]
    assert any(isinstance(s, Words) and s.text == "?" for s in figure_of(document).shapes)


@pytest.mark.parametrize("document", [Document(), chain("target"), chain("relu dense")])
def test_a_drawing_without_layers_on_an_input_is_refused(document: Document) -> None:
    with pytest.raises(UserError, match="nothing to draw"):
        figure_of(document)


def test_more_layers_than_can_be_seen_are_refused() -> None:
    document = chain("input" + " dense" * (MOST_PARTS + 1))
    with pytest.raises(UserError, match="composite"):
        figure_of(document)


def test_a_cycle_leaves_the_rest_to_be_drawn() -> None:
    document = chain("input dense dense dense")
    back = Edge(NodeId("n4"), "y", NodeId("n3"), "x")
    round_ = document.with_graph(wires=Wires({**document.graph.wires.into, back.target: (back,)}))
    assert kinds(round_) == ["input", "dense"]


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_part_covers_another(name: str) -> None:
    parts = parts_of(DRAWINGS[name])
    column = columns_of(parts)
    lane = lanes_of(parts, column)
    boxes = list(placed(parts, scales_of(parts), column, lane).boxes.values())
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            beside = one.end < other.x or other.end < one.x
            assert beside or one.y + one.height < other.top or other.y + other.height < one.top


@pytest.mark.parametrize("name", DRAWINGS)
def test_everything_lies_on_the_page_and_the_flow_runs_to_the_right(name: str) -> None:
    figure, parts = figure_of(DRAWINGS[name]), parts_of(DRAWINGS[name])
    for x, y in points_of(figure):
        assert 0 <= x <= figure.width
        assert 0 <= y <= figure.height
    column = columns_of(parts)
    assert all(column[source] < column[part.id] for part in parts for source in part.sources)


def points_of(figure: Figure) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for shape in figure.shapes:
        if isinstance(shape, Words):
            found.append(shape.at)
        elif isinstance(shape, Disc):
            found.append(shape.centre)
        else:
            found += shape.points
    return found


def test_a_larger_feature_map_is_a_larger_box() -> None:
    parts = parts_of(DRAWINGS["alexnet"])
    column = columns_of(parts)
    there = placed(parts, scales_of(parts), column, lanes_of(parts, column))
    volumes = [there.boxes[part.id] for part in parts if part.form == "volume"]
    for one in volumes:
        for other in volumes:
            if one.part.size[1] > other.part.size[1]:
                assert one.height > other.height
            if one.part.size[0] > other.part.size[0]:
                assert one.width > other.width


def test_sizes_in_proportion_stay_in_proportion() -> None:
    scale = scale_for([32, 28, 14, 10, 5], 150.0, 4.0)
    assert scale.rule == "linear"
    assert scale(16) == 75.0
    assert scale_for([3, 512], 60.0, 3.0).rule == "root"
    assert scale_for([10, 50_000], 60.0, 3.0).rule == "log"
    assert scale_for([], 60.0, 3.0)(0) >= 3.0


def test_branches_leave_the_main_lane_free() -> None:
    parts = parts_of(DRAWINGS["resnet-18"].inside("ProjectedBasicBlock"))
    column = columns_of(parts)
    lane = lanes_of(parts, column)
    assert sorted(lane.values()).count(0) == len(parts) - 1
    places = [(lane[part.id], column[part.id]) for part in parts]
    assert len(set(places)) == len(places)


def test_many_branches_of_one_source_find_lanes_of_their_own() -> None:
    steps = [("input", (), {"shape": "8"}), *(("dense", (0,), {"features": 4}) for _ in range(30))]
    document = wired(*steps, ("concat", tuple(range(1, 31)), {"axis": 1}))
    parts = parts_of(document)
    lane = lanes_of(parts, columns_of(parts))
    assert len({lane[part.id] for part in parts if part.form == "bar" and part.sources}) == 30
    assert figure_of(document).height < 4000


def test_what_skips_parts_runs_above_them_without_touching_another() -> None:
    figure, (top, *_rest) = figure_of(U_NET), sorted(y for _, y in points_of(figure_of(U_NET)))
    over = [s for s in figure.shapes if isinstance(s, Line) and len(s.points) == 4]
    heights = sorted(min(y for _, y in line.points) for line in over)
    assert len(heights) == 2
    assert heights[0] < heights[1]
    assert heights[0] == top


def test_the_same_drawing_gives_the_same_text() -> None:
    again = find("resnet-18").build()
    assert svg_text(figure_of(again)) == svg_text(figure_of(DRAWINGS["resnet-18"]))


def test_an_svg_is_well_formed_whatever_blocks_are_called() -> None:
    hostile = '</text><script>alert(1)</script>&"\x00\x1b\ufffe 中文'
    named = replace(U_NET, name=hostile)
    nodes = dict(named.graph.nodes)
    nodes[NodeId("n2")] = replace(nodes[NodeId("n2")], kind=hostile)
    root = ElementTree.fromstring(svg_text(figure_of(named.with_graph(nodes))))
    assert root.find(f"{SVG}title") is not None
    assert not list(root.iter(f"{SVG}script"))
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert any("</text><script>" in text for text in texts)


def test_a_caption_tells_how_sizes_are_drawn() -> None:
    texts = [s.text for s in figure_of(DRAWINGS["lenet-5"]).shapes if isinstance(s, Words)]
    assert "height and width in proportion" in texts[-1]


def test_an_axis_that_is_not_known_has_a_middling_size() -> None:
    document = wired(("input", (), {"shape": "Q, 4"}), ("dense", (0,), {"features": 8}))
    part: Part = parts_of(document)[0]
    assert part.size == (16, 4)
