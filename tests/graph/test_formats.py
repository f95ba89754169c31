"""A stored file of each released format, which must load for ever."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph import fileio
from graph.migrations import VERSION
from graph.model import NodeId, Repeat
from graph.params import Expr
from graph.remarks import Frame, Note

SAMPLES = sorted((Path(__file__).parent / "samples").glob("format-*.loom"))
NEXT_IDS = {"format-1": 6, "format-2": 12}


def test_each_format_has_a_sample():
    numbers = [int(re.sub(r"\D", "", path.stem)) for path in SAMPLES]
    assert numbers == list(range(1, VERSION + 1))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_loads_with_all_that_it_holds(path):
    loaded = fileio.load(path)
    document = loaded.document
    assert not loaded.read_only
    assert document.name.startswith("Every part of format")
    assert document.variables == {"width": 32, "share": 0.25}
    assert document.sizes == {"N": 8, "T": 128}
    assert document.data.params["target"] == "species"
    assert document.recipe["learning_rate"] == Expr("0.1 * share")
    assert document.node(NodeId("n2")).params["kernel_size"] == (5, 3)
    assert document.node(NodeId("n2")).params["out_channels"] == Expr("2 * width")
    assert [edge.slot for edge in document.graph.edges_into(NodeId("n3"), "xs")] == [0, 1]
    assert document.next_id == NEXT_IDS[path.stem]


def test_a_sample_loads_with_its_definitions():
    document = fileio.load(SAMPLES[1]).document
    definition = document.definitions["Residual"]
    assert [p.kind for p in definition.parameters.values()] == ["int", "float", "size2"]
    assert definition.parameters["width"].le == 512
    first, second = (node for node in document.graph.nodes.values() if node.definition)
    assert first.repeat == Repeat(Expr("width // 8"), "shared")
    assert second.shares == first.id
    assert second.params == {"width": Expr("width")}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_a_sample_holds_beyond_this_version_is_kept(path):
    document = fileio.load(path).document
    unknown = document.node(NodeId("n5"))
    assert unknown.kind == "hologram"
    assert unknown.extra == {"colour": "teal"}
    assert document.extra == {"made_with": {"program": "a later one"}}
    assert fileio.loads(fileio.dumps(document)).document == document


def test_the_present_format_is_written_as_it_was_stored():
    path = SAMPLES[-1]
    assert fileio.dumps(fileio.load(path).document) == path.read_text("utf-8")


def test_frames_and_notes_of_a_sample_load_for_ever():
    path = SAMPLES[0].with_name("remarks-2.loom")
    document = fileio.load(path).document
    frame, note = document.graph.remarks.values()
    assert isinstance(frame, Frame) and isinstance(note, Note)
    assert (frame.title, frame.color, frame.box) == ("Encoder", "blue", (-20, -24, 210, 376))
    assert note.text.endswith("- <b>no HTML</b>")
    assert (note.color, note.extra) == ("ultraviolet", {"pinned": True})
    (inside,) = document.definitions["Head"].graph.remarks.values()
    assert isinstance(inside, Note) and inside.text == "*inside*"
    assert fileio.dumps(document) == path.read_text()
