"""Files: what is kept, what is refused, and that writing never loses what was there."""

import json
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import clipboard, edits, fileio
from graph.data import DataSpec
from graph.model import Document, NodeId
from graph.params import Expr
from graph.problems import UserError
from graph.registry import default_registry
from tests.drawing import chain, draw


def sample() -> Document:
    document = chain("input conv2d relu flatten dense output")
    document = edits.set_param(document, [NodeId("n2")], "kernel_size", (5, 3))
    document = edits.set_variable(document, "width", 8)
    document = edits.set_param(document, [NodeId("n5")], "features", Expr("2 * width"))
    document = edits.set_recipe(document, "epochs", 3)
    return edits.set_data(document, DataSpec("digits", {"size": "28"}))


def test_a_document_comes_back_as_it_was(tmp_path):
    path = tmp_path / "sample.loom"
    fileio.save(sample(), path)
    loaded = fileio.load(path)
    assert loaded.document == sample()
    assert loaded.notes == ()
    assert fileio.dumps(loaded.document) == path.read_text()


def test_a_node_and_an_edge_take_a_line():
    lines = fileio.dumps(sample()).splitlines()
    assert sum('"kind":' in line for line in lines) == 6
    assert '["n1.y", "n2.x"],' in lines


def test_unknown_things_are_kept():
    data = json.loads(fileio.dumps(sample()))
    data["lanes"] = [{"title": "Encoder"}]
    data["nodes"][0]["colour"] = "red"
    data["edges"][1].append({"note": "skip"})
    data["data"] |= {"cache": True, "params": {"size": "28", "mirror": [1, "a"]}}
    data["nodes"].append(
        {"id": "n77", "kind": "quantum", "name": "q", "params": {"spin": [1, "a"]}}
    )
    document = fileio.loads(json.dumps(data)).document
    again = json.loads(fileio.dumps(document))
    assert again["lanes"] == data["lanes"]
    assert again["nodes"][0]["colour"] == "red"
    assert again["edges"][1] == ["n2.y", "n3.x", {"note": "skip"}]
    assert again["data"] == data["data"]
    assert again["nodes"][-1]["params"] == {"spin": [1, "a"]}
    assert document.next_id == 78


def test_a_newer_file_opens_for_reading_only():
    data = json.loads(fileio.dumps(sample())) | {"torchloom": 99}
    loaded = fileio.loads(json.dumps(data), "new.loom")
    assert "newer Torchloom" in loaded.read_only
    assert len(loaded.document.graph.nodes) == 6


def test_a_newer_file_that_cannot_be_read_says_that_it_is_newer():
    with pytest.raises(UserError, match=r"new\.loom was written by a newer Torchloom"):
        fileio.loads('{"torchloom": 99, "edges": [{"from": 1}]}', "new.loom")


def test_blocks_and_wires_come_in_the_order_in_which_they_are_saved():
    text = """{"torchloom": 1, "nodes": [
        {"id": "n10", "kind": "output"}, {"id": "n9", "kind": "input"}, {"id": "a", "kind": "relu"}
    ], "edges": [["a.y", "n10.x"], ["n9.y", "a.x"]]}"""
    document = fileio.loads(text).document
    again = fileio.loads(fileio.dumps(document)).document
    assert list(document.graph.nodes) == list(again.graph.nodes) == ["a", "n9", "n10"]
    assert list(document.graph.edges()) == list(again.graph.edges())


def test_gaps_between_the_wires_of_a_port_close_so_that_the_next_wire_takes_no_place():
    nodes = [{"id": f"n{n}", "kind": "input"} for n in (1, 2, 3)] + [{"id": "n4", "kind": "add"}]
    edges = [["n1.y", "n4.xs"], ["n2.y", "n4.xs[7]"]]
    text = json.dumps({"torchloom": 1, "nodes": nodes, "edges": edges})
    document = fileio.loads(text).document
    document = edits.connect(document, NodeId("n3"), "y", NodeId("n4"), "xs")
    assert [edge.slot for edge in document.graph.inputs_of(NodeId("n4"))] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("{", "damaged or cut off"),
        ('{"a": 1}', "no drawing"),
        ("[1, 2]", "no drawing"),
        ('{"torchloom": "one"}', "no drawing"),
        ('{"torchloom": true}', "no drawing"),
        ('{"torchloom": 0}', "no drawing"),
        ('{"torchloom": 1, "name": "\\ud83d"}', "half a character"),
        (f'{{"torchloom": 1, "next_id": {10**16}}}', "next_id"),
        (f'{{"torchloom": 1, "edges": [["a.y", "b.x[{"1" * 5000}]"]]}}', "wire 1"),
        ('{"torchloom": 1, "nodes": {}}', "should be list"),
        ('{"torchloom": 1, "nodes": [1]}', "block 1 should be an object"),
        ('{"torchloom": 1, "nodes": [{"kind": "dense"}]}', "“id” of block 1"),
        ('{"torchloom": 1, "nodes": [{"id": "a", "kind": 3}]}', "“kind” of block 1"),
        (
            '{"torchloom": 1, "nodes": [{"id": "a", "kind": "x"}, {"id": "a", "kind": "x"}]}',
            "two blocks",
        ),
        ('{"torchloom": 1, "edges": [["a.y"]]}', "wire 1"),
        ('{"torchloom": 1, "edges": [["a", "b"]]}', "wire 1"),
        ('{"torchloom": 1, "edges": [["a.y", "b.x"], ["c.y", "b.x"]]}', "wire 2"),
        ('{"torchloom": 1, "variables": {"w": "x"}}', "variable w"),
        ('{"torchloom": 1, "sizes": {"N": 0}}', "size N"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_drawing_is_refused_with_the_reason(text, words):
    with pytest.raises(UserError, match=words):
        fileio.loads(text, "bad.loom")


def test_cut_off_files_are_refused(tmp_path):
    text = fileio.dumps(sample())
    path = tmp_path / "cut.loom"
    for length in range(0, len(text) - 2, 37):
        path.write_text(text[:length])
        with pytest.raises(UserError, match=r"cut\.loom"):
            fileio.load(path)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(UserError):
        fileio.loads(text)


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(UserError, match="There is no file"):
        fileio.load(tmp_path / "nothing.loom")
    with pytest.raises(UserError, match="is a folder"):
        fileio.load(tmp_path)
    (tmp_path / "image.loom").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UserError, match="not text"):
        fileio.load(tmp_path / "image.loom")


def test_places_that_are_no_numbers_become_the_origin():
    text = '{"torchloom": 1, "nodes": [{"id": "a", "kind": "dense", "at": [NaN, "x"]}]}'
    node = fileio.loads(text).document.node(NodeId("a"))
    assert (node.x, node.y) == (0, 0)


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "kept.loom"
    fileio.save(sample(), path)
    before = path.read_text()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="No space left"):
        fileio.save(draw("dense"), path)
    assert path.read_text() == before
    assert [p.name for p in tmp_path.iterdir()] == ["kept.loom"]


def test_saving_through_a_link_keeps_the_link(tmp_path):
    (tmp_path / "kept").mkdir()
    file, link = tmp_path / "kept" / "real.loom", tmp_path / "link.loom"
    fileio.save(draw("dense"), file)
    link.symlink_to(file)
    fileio.save(sample(), link)
    assert link.is_symlink()
    assert fileio.load(file).document == sample()


def test_saving_keeps_the_mode_of_the_file(tmp_path):
    path = tmp_path / "mine.loom"
    fileio.save(sample(), path)
    path.chmod(0o600)
    fileio.save(draw("dense"), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_blocks_travel_as_text():
    document = sample()
    clip = clipboard.copy(document, [NodeId("n2"), NodeId("n3")])
    back = fileio.clip_from_text(fileio.clip_to_text(clip))
    assert back == clip
    half = '{"torchloom-clip": 1, "nodes": [{"id": "\\ud800", "kind": "relu"}]}'
    for foreign in (half, "hello", "{}", '{"torchloom-clip": 1, "nodes": 5}', "[" * 99_999):
        with pytest.raises(UserError, match="holds no blocks"):
            fileio.clip_from_text(foreign)


def test_a_renamed_parameter_is_read_under_its_new_name(monkeypatch):
    dense = default_registry().find("dense")
    monkeypatch.setattr(dense, "former", {"units": "features"})
    node = '{"id": "n1", "kind": "dense", "params": {"units": 7}}'
    document = fileio.loads(f'{{"torchloom": 1, "nodes": [{node}]}}').document
    assert document.node(NodeId("n1")).params == {"features": 7}
