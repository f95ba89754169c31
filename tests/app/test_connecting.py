"""Wires by typing: what is offered, and that C, a name and Enter draw one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.command_palette import CommandPalette
from app.connecting import judged, offers, text_of
from app.session import Session
from graph import edits
from graph.model import Edge, NodeId
from graph.registry import default_registry
from tests.drawing import chain, draw

if TYPE_CHECKING:
    from app.window import Window

FIRST, SECOND, THIRD = (NodeId(f"n{number}") for number in (1, 2, 3))


def offered(document, id: NodeId) -> list[str]:
    return [text_of(document, id, offer) for offer in offers(document, id, default_registry())]


def test_free_ports_come_first_and_a_wire_in_the_way_is_told():
    document = chain("input relu gelu")
    texts = offered(document, FIRST)
    assert texts == ["y to gelu.x   (instead of relu)"]


def test_nothing_that_closes_a_circle_is_offered():
    assert offered(chain("input relu"), SECOND) == []


def test_both_ways_are_offered_nearest_first():
    assert offered(draw("input relu gelu"), SECOND) == [
        "x from inputs.y", "y to gelu.x", "x from gelu.y",
    ]  # fmt: skip


def test_what_fits_comes_first_with_the_shape_that_it_carries(qtbot):
    document = edits.set_param(chain("input conv2d relu"), [FIRST], "shape", "3, 8, 8")
    session = Session(edits.add(document, "concat"))
    (concat,) = set(session.document.graph.nodes) - set(document.graph.nodes)
    source = edits.connect(session.document, FIRST, "y", concat, "xs")
    session.load(source, None)
    found = judged(session, offers(session.document, concat, session.registry))
    told = [(text_of(session.document, concat, offer), shape) for offer, shape in found]
    assert told[-2:] == [("xs from conv.y", "≠ 32×6×6"), ("xs from relu.y", "≠ 32×6×6")]
    assert not told[0][1].startswith("≠")


def test_c_a_name_and_enter_draw_a_wire(window: Window, qtbot) -> None:
    window.session.apply("Draw", lambda _: draw("input relu gelu"))
    window.session.select([FIRST])
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_C)
    (palette,) = [p for p in window.findChildren(CommandPalette) if p.isVisible()]
    qtbot.keyClicks(palette.field, "gelu")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    edge = Edge(FIRST, "y", THIRD, "x")
    assert window.session.document.graph.inputs_of(THIRD) == (edge,)
