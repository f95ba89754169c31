"""A block is turned into another kind, by its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.canvas.search import BlockSearch
from graph import edits
from graph.model import NodeId
from tests.drawing import chain, set_params

if TYPE_CHECKING:
    from app.window import Window


def replace(window: Window, qtbot: QtBot, text: str) -> None:
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_R)
    (search,) = (s for s in window.canvas.findChildren(BlockSearch) if s.isVisible())
    qtbot.keyClicks(search.field, text)
    qtbot.keyClick(search.field, Qt.Key.Key_Return)


def test_a_key_replaces_the_selected_block_in_one_step(window: Window, qtbot: QtBot) -> None:
    document = set_params(chain("input conv2d relu"), "n2", out_channels=48, kernel_size=(5, 5))
    document = edits.rename(document, NodeId("n2"), "stem")
    window.session.apply("Draw", lambda _: document)
    window.session.select([NodeId("n2")])
    replace(window, qtbot, "transposed conv 2d s3")
    node = window.session.document.node(NodeId("n2"))
    assert node.kind == "transposed_conv2d"
    assert node.name == "stem", "a name that a person chose stays"
    assert node.params["out_channels"] == 48
    assert node.params["kernel_size"] == (5, 5)
    assert node.params["stride"] == (3, 3)
    assert len(list(window.session.document.graph.edges())) == 2
    window.canvas.undo()
    assert window.session.document.graph == document.graph


def test_only_one_selected_block_can_be_replaced(window: Window) -> None:
    window.session.apply("Draw", lambda _: chain("input conv2d relu"))
    action = window.menus.actions["replace"]
    window.session.select([NodeId("n1"), NodeId("n2")])
    assert not action.isEnabled()
    window.session.select([NodeId("n1")])
    assert action.isEnabled()
