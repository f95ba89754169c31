"""Frames and notes in the document, in files and on the clipboard."""

import json
import math

import pytest

from graph import clipboard, fileio, remark_edits
from graph.change import diff
from graph.composites.definitions import make_independent
from graph.composites.making import make
from graph.composites.unpacking import unpack
from graph.infer import infer
from graph.model import NodeId
from graph.problems import UserError
from graph.remarks import LARGEST, LEAST_HEIGHT, LEAST_WIDTH, LONGEST_TEXT, RemarkId
from tests.drawing import chain, draw

R1, R2 = RemarkId("r3"), RemarkId("r4")


@pytest.fixture
def document():
    """Two blocks, a frame r3 and a note r4."""
    made = remark_edits.add_frame(draw("relu gelu"), (0, 0, 400, 300), "Encoder")
    return remark_edits.add_note(made, (500, 20), "**Bold**")


def test_frames_and_notes_have_ids_of_the_document(document):
    assert list(document.graph.remarks) == [R1, R2]
    assert document.next_id == 5


def test_a_frame_or_note_changes_neither_types_nor_structure(document):
    moved = remark_edits.move(document, [R1, R2], (10, 20))
    change = diff(document, moved)
    assert change.remarks == {R1, R2}
    assert not change.structure
    assert not change.settings
    assert moved.graph.nodes is document.graph.nodes
    assert infer(moved).types == infer(document).types


def test_a_file_holds_each_in_a_line(document):
    text = fileio.dumps(document)
    assert fileio.loads(text).document == document
    line = next(line for line in text.splitlines() if "Encoder" in line)
    assert json.loads(line)["size"] == [400, 300]
    assert '"frames"' not in fileio.dumps(draw("relu"))


def test_a_file_keeps_what_it_does_not_know_of_a_note(document):
    data = json.loads(fileio.dumps(document))
    data["notes"][0] |= {"pinned": True, "color": "ultraviolet"}
    again = json.loads(fileio.dumps(fileio.loads(json.dumps(data)).document))
    assert again["notes"] == data["notes"]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("notes", 5, "“notes” of the drawing should be list"),
        ("notes", [5], "note 1 of the drawing should be an object"),
        ("frames", [{"id": "r1", "title": 5}], "“title” of frame 1 of the drawing should be str"),
        ("frames", [{"id": "r1"}, {"id": "r1"}], "two frames or notes of the drawing"),
    ],
)
def test_a_file_with_wrong_frames_tells_what_is_wrong(key, value, told):
    data = json.loads(fileio.dumps(draw("relu"))) | {key: value}
    with pytest.raises(UserError, match=told):
        fileio.loads(json.dumps(data))


def test_ids_that_are_taken_are_given_anew():
    text = fileio.dumps(draw("relu"))
    inside = {"name": "Pair", "nodes": [], "edges": [], "notes": [{"id": "r7"}, {"id": "r8"}]}
    data = json.loads(text) | {"definitions": [inside], "frames": [{"id": "n1"}, {"id": "r7"}]}
    document = fileio.loads(json.dumps(data)).document
    ids = [id for graph in document.graphs() for id in (*graph.nodes, *graph.remarks)]
    assert sorted(ids) == ["n1", "r10", "r7", "r8", "r9"]
    assert document.next_id == 11
    assert fileio.loads(fileio.dumps(document)).document == document


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ([0, -5], (LEAST_WIDTH, LEAST_HEIGHT)),
        ([1e9, 1e300], (LARGEST, LARGEST)),
        ([math.nan, "x"], (240, 144)),
        ([7], (240, 144)),
    ],
)
def test_sizes_that_cannot_be_are_mended(size, expected):
    data = {"torchloom": 1, "notes": [{"id": "r1", "size": size, "at": [math.nan, 1e12]}]}
    note = fileio.loads(json.dumps(data)).document.graph.remarks[RemarkId("r1")]
    assert (note.width, note.height) == expected
    assert (note.x, note.y) == (0, 1e7)


def test_edits_refuse_or_mend_what_cannot_be(document):
    with pytest.raises(UserError, match="100,000 characters at most"):
        remark_edits.set_text(document, R2, "x" * (LONGEST_TEXT + 1))
    with pytest.raises(UserError, match="200 characters at most"):
        remark_edits.set_title(document, R1, "x" * 201)
    small = remark_edits.resize(document, R1, (50, 50, 50, math.nan)).graph.remarks[R1]
    assert (small.width, small.height) == (LEAST_WIDTH, 300)
    far = remark_edits.move(document, [R1], (math.inf, 1e9)).graph.remarks[R1]
    assert (far.x, far.y) == (0, 1e7)


def test_a_title_is_one_line(document):
    titled = remark_edits.set_title(document, R1, "  The\nencoder ")
    assert titled.graph.remarks[R1].title == "The encoder"


def test_removing_a_frame_keeps_the_blocks(document):
    left = remark_edits.remove(document, [R1])
    assert list(left.graph.remarks) == [R2]
    assert left.graph.nodes == document.graph.nodes


def test_copies_travel_as_text_beside_blocks(document):
    clip = clipboard.copy(document, [NodeId("n1")], [R2])
    clip = fileio.clip_from_text(fileio.clip_to_text(clip))
    pasted, ids = clipboard.paste(document, clip, (10.0, 20.0))
    assert ids == ("n5",)
    note = pasted.graph.remarks[RemarkId("r6")]
    assert (note.x, note.y, note.text) == (510, 40, "**Bold**")
    assert pasted.next_id == 7


@pytest.fixture
def composite():
    """Two instances of a composite that has a note inside."""
    document = make(chain("relu gelu"), [NodeId("n1"), NodeId("n2")], "Pair")
    inside = document.inside("Pair")
    document = remark_edits.add_note(inside, (0, 0), "inside").whole()
    clip = clipboard.copy(document, document.graph.nodes)
    return clipboard.paste(document, clip, linked=True)[0]


def test_a_composite_keeps_its_notes_in_the_file(composite):
    assert fileio.loads(fileio.dumps(composite)).document == composite


def test_a_copy_of_a_definition_has_notes_with_ids_of_their_own(composite):
    second = list(composite.graph.nodes)[1]
    apart = make_independent(composite, second)
    ids = [id for graph in apart.graphs() for id in (*graph.nodes, *graph.remarks)]
    assert len(ids) == len(set(ids))
    assert fileio.loads(fileio.dumps(apart)).document == apart


def test_unpacking_brings_the_notes_out(composite):
    first, second = composite.graph.nodes
    once, _ = unpack(composite, second)
    assert [note.text for note in once.graph.remarks.values()] == ["inside"]
    twice, _ = unpack(once, first)
    assert [note.text for note in twice.graph.remarks.values()] == ["inside", "inside"]
    assert fileio.loads(fileio.dumps(twice)).document == twice


def test_frames_stay_where_they_are_when_a_composite_is_made(document):
    made = make(document, [NodeId("n1"), NodeId("n2")], "Pair")
    assert made.graph.remarks == document.graph.remarks
