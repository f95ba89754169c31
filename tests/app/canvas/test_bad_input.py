"""Drawings that nobody meant to make are shown and edited all the same."""

import json
import time

import pytest
from PySide6.QtCore import QPoint, Qt

from app.canvas.camera import LARGEST, SMALLEST
from graph import edits, fileio, remark_edits
from graph.model import NodeId
from graph.remarks import LONGEST_TITLE
from tests.app.canvas.anew import check
from tests.app.canvas.hand import CTRL
from tests.drawing import chain, draw

WIRES = 10_000
LONG_S = 20.0
LONG = "W" * 10_000
STRANGE = (
    LONG,
    "שלום עולם",
    "مرحبا 123",
    "e\u0301" * 300,
    "\u202eevil\u202c",
    "层归一化" * 50,
    "👩‍👩‍👧‍👦" * 20,
)


def loaded(nodes, edges=()):
    text = json.dumps({"torchloom": 2, "nodes": nodes, "edges": list(edges)})
    return fileio.loads(text).document


def crowded():
    nodes = [
        {"id": "a", "kind": "input", "at": [0, 0]},
        {"id": "c", "kind": "concat", "at": [0, 200]},
        {"id": "o", "kind": "output", "at": [0, 400]},
    ]
    into = [["a.y", f"c.xs[{slot}]"] for slot in range(WIRES)]
    return loaded(nodes, [*into, ["c.y", "o.x"]])


def test_ten_thousand_wires_into_one_block_are_shown_and_edited(hand_on):
    begun = time.perf_counter()
    document = crowded()
    hand = hand_on(document)
    hand.canvas.grab()
    at = hand.block("c")
    hand.drag(at, at + QPoint(60, 48))
    hand.canvas.grab()
    hand.drag(hand.port("a", "y", out=True), hand.block("c"))
    assert len(list(hand.session.document.graph.edges())) == WIRES + 2
    check(hand.canvas)
    hand.session.select([NodeId("c")])
    hand.canvas.delete_selection()
    assert hand.kinds() == ["input", "output"]
    while hand.session.history.undo_label:
        hand.canvas.undo()
    assert hand.session.root == document
    check(hand.canvas)
    assert time.perf_counter() - begun < LONG_S


@pytest.mark.parametrize("text", STRANGE)
def test_strange_texts_are_shown_wherever_they_stand(hand_on, text):
    nodes = [
        {"id": "a", "kind": text, "name": text, "at": [0, 0]},
        {"id": "b", "kind": "dense", "name": "b", "at": [0, 150], "params": {"features": text}},
    ]
    document = loaded(nodes, [["a.y", "b.x"]])
    document = remark_edits.add_frame(document, (-60, -60, 300, 320), text[:LONGEST_TITLE])
    document = remark_edits.add_note(document, (320, 0))
    (note,) = (id for id in document.graph.remarks if id != next(iter(document.graph.remarks)))
    document = remark_edits.set_text(document, note, text)
    hand = hand_on(edits.rename_document(document, text))
    for scale in (0.1, 0.5, 1.0, 2.0):
        hand.canvas.zoom_to(scale)
        hand.canvas.grab()
    hand.move(hand.block("a"), buttons=Qt.MouseButton.NoButton)
    hand.canvas.editor.find()
    hand.canvas.editor.find_bar.field.setText(text)
    hand.canvas.grab()
    hand.key(Qt.Key.Key_Escape)
    check(hand.canvas)
    assert len(hand.kinds()) == 2


@pytest.mark.parametrize("text", STRANGE)
def test_a_strange_name_is_refused_with_one_that_would_do(hand_on, text):
    hand = hand_on(chain("input relu output"))
    hand.session.select([NodeId("n2")])
    hand.canvas.rename_selected()
    field = hand.canvas.focusWidget()
    field.setText(text)
    hand.key(Qt.Key.Key_Return)
    hand.key(Qt.Key.Key_Escape)
    assert hand.session.root.node(NodeId("n2")).name == "relu"
    hand.canvas.grab()


@pytest.mark.parametrize("far", [1e9, -1e9, 1e300, 10**400, float("nan"), float("inf")])
def test_a_block_that_is_endlessly_far_away_is_brought_within_reach(hand_on, far):
    nodes = [
        {"id": "a", "kind": "input", "at": [far, far]},
        {"id": "b", "kind": "output", "at": [0, 0]},
    ]
    hand = hand_on(loaded(nodes, [["a.y", "b.x"]]))
    node = hand.session.document.node(NodeId("a"))
    assert max(abs(node.x), abs(node.y)) <= edits.FARTHEST
    hand.canvas.grab()
    hand.canvas.fit()
    hand.canvas.grab()
    hand.canvas.center_on([NodeId("a")])
    hand.canvas.grab()
    at = hand.block("a")
    assert hand.canvas.rect().contains(at)
    hand.drag(at, at + QPoint(60, 30))
    check(hand.canvas)
    hand.canvas.auto_layout()
    hand.canvas.editor.placing.cancel()
    check(hand.canvas)
    hand.canvas.fit()
    assert hand.canvas.camera.scale == 1.0


def test_blocks_at_one_place_are_taken_apart_one_by_one(hand_on):
    document = draw("dense " * 5)
    document = edits.move(document, dict.fromkeys(document.graph.nodes, (0.0, 0.0)))
    hand = hand_on(document)
    hand.canvas.grab()
    start = hand.block("n1")
    for number in range(5):
        hand.drag(start, start + QPoint(250, 130 * number))
        hand.click(QPoint(20, 740))
    places = {hand.at(id) for id in hand.session.document.graph.nodes}
    assert len(places) == 5
    check(hand.canvas)


@pytest.mark.parametrize("step", ["zoom_in", "zoom_out"])
def test_gestures_work_at_the_limits_of_the_zoom(hand_on, step):
    hand = hand_on(chain("input relu output"))
    before = hand.session.root
    key = Qt.Key.Key_Plus if step == "zoom_in" else Qt.Key.Key_Minus
    for _ in range(60):
        hand.key(key)
    assert hand.canvas.camera.scale == (LARGEST if step == "zoom_in" else SMALLEST)
    hand.canvas.center_on([NodeId("n2")]) if step == "zoom_in" else None
    at = hand.block("n2")
    hand.drag(at, at + QPoint(60, 40))
    hand.drag(at + QPoint(5, 5), at + QPoint(40, 80), CTRL)
    hand.drag(QPoint(40, 40), QPoint(400, 400))
    hand.canvas.grab()
    check(hand.canvas)
    while hand.session.history.undo_label:
        hand.canvas.undo()
    assert hand.session.root == before
