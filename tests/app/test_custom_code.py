"""Custom code in the window: read before it is trusted, written in the editor, tried meanwhile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app import trusted
from app.code_dialog import CodeDialog
from app.forms.problem_card import ProblemCard
from app.trust_dialog import TrustDialog
from app.window import Window
from graph import trust
from graph.custom_code import read
from graph.fileio import save
from graph.model import Document, NodeId
from tests.custom import GATE, drawn, forward, source_of

CUSTOM = NodeId("n2")
LONG_MS = 60_000


@pytest.fixture
def opened(window: Window, qtbot: QtBot, tmp_path: Path) -> Window:
    """A window with a file whose code would leave a mark, and the block selected."""
    body = f"open({str(tmp_path / 'marker')!r}, 'w').close()\nreturn x * 2"
    save(drawn(forward(body)), tmp_path / "stranger.loom")
    window.files.open(tmp_path / "stranger.loom")
    window.session.select([CUSTOM])
    return window


def dialog(window: Window, kind: type) -> Any:  # Any: a dialog of that kind
    """The open dialog of that kind."""
    (found,) = (each for each in window.findChildren(kind) if each.isVisible())
    return found


def write(window: Window, code: str, qtbot: QtBot) -> CodeDialog:
    """Puts a text into the editor of the selected block."""
    window.inspector.block_page.form.field("code").button.click()
    made = dialog(window, CodeDialog)
    made.editor.setPlainText(code)
    return made


def cards(window: Window) -> list[ProblemCard]:
    page = window.inspector.block_page
    return [card for card in page.findChildren(ProblemCard) if card.isVisible()]


def test_opening_a_file_runs_nothing_of_it(opened: Window, qtbot: QtBot, tmp_path: Path) -> None:
    (card,) = cards(opened)
    assert "you have not trusted yet" in card.problem.text
    assert opened.session.has_errors
    assert [button.text() for button in card.buttons] == ["Read the code…"]
    assert not (tmp_path / "marker").exists()


def test_code_is_read_before_it_is_trusted_and_runs_after_it(
    opened: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    (card,) = cards(opened)
    qtbot.mouseClick(card.buttons[0], Qt.MouseButton.LeftButton)
    asking = dialog(opened, TrustDialog)
    assert "stranger.loom" in asking.windowTitle()
    assert str(tmp_path / "marker") in asking.code.toPlainText()
    assert asking.code.isReadOnly()
    qtbot.keyClick(asking, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not asking.isVisible())
    assert not (tmp_path / "marker").exists(), "Enter does not mean yes"
    (card,) = cards(opened)
    qtbot.mouseClick(card.buttons[0], Qt.MouseButton.LeftButton)
    dialog(opened, TrustDialog).trust.click()
    qtbot.waitUntil(lambda: CUSTOM in opened.session.typing.types, timeout=LONG_MS)
    assert (tmp_path / "marker").exists()
    assert cards(opened) == []


def test_trust_is_kept_by_hash_for_the_next_start(home: Path) -> None:
    kept = GATE.replace("Gate", "Kept")
    trusted.remember([read(kept)])
    digest = trust.digest(source_of(kept))
    assert json.loads((home / "trusted.json").read_text()) == {digest: "Kept"}
    trust.withdraw([digest])
    trusted.load()
    assert trust.is_trusted(source_of(kept))
    assert not trust.is_trusted(source_of(kept.replace("sigmoid", "tanh")))


@pytest.mark.parametrize("text", ["{", "[1]", '{"x": 1}', "\udc80"])
def test_a_damaged_file_of_trust_trusts_nothing(home: Path, text: str) -> None:
    home.mkdir()
    (home / "trusted.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    before = set(trust._agreed)
    trusted.load()
    assert trust._agreed == before


def test_written_code_is_one_step_of_undo(window: Window, qtbot: QtBot) -> None:
    window.session.apply("Draw", lambda _: drawn(GATE))
    window.session.select([CUSTOM])
    code = GATE.replace("x: Tensor", "image: Tensor").replace("x * opened", "image * opened")
    made = write(window, code.replace("gate(x)", "gate(image)"), qtbot)
    made.trust.setChecked(True)
    made.apply.click()
    session = window.session
    assert [edge.into for edge in session.document.graph.inputs_of(CUSTOM)] == ["image"]
    qtbot.waitUntil(lambda: CUSTOM in session.typing.types, timeout=LONG_MS)
    session.undo()
    assert session.document == drawn(GATE)
    session.undo()
    assert session.document == Document()


def test_a_mistake_is_marked_at_its_line_and_is_not_applied(window: Window, qtbot: QtBot) -> None:
    window.session.apply("Draw", lambda _: drawn(GATE))
    window.session.select([CUSTOM])
    made = write(window, GATE.replace("x * opened", "x * * opened"), qtbot)
    qtbot.waitUntil(lambda: made.editor.wrong_line == 10)
    assert made.state.text().startswith("Line 10: ")
    assert not made.apply.isEnabled()
    qtbot.keyClick(made.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert made.isVisible()
    assert made.editor.current_line() == 9
    assert window.session.document == drawn(GATE)
    made.editor.setPlainText(GATE)
    made.reject()
    assert not made.isVisible()


def test_what_was_written_is_not_lost_by_escape(window: Window, qtbot: QtBot) -> None:
    window.session.apply("Draw", lambda _: drawn(GATE))
    window.session.select([CUSTOM])
    made = write(window, GATE + "\n", qtbot)
    made.reject()
    asking = made.findChild(QMessageBox)
    assert made.isVisible()
    asking.button(QMessageBox.StandardButton.Discard).click()
    qtbot.waitUntil(lambda: not made.isVisible())


def test_applied_without_trust_the_code_stays_and_does_not_run(
    window: Window, qtbot: QtBot
) -> None:
    window.session.apply("Draw", lambda _: drawn(GATE))
    window.session.select([CUSTOM])
    made = write(window, GATE.replace("sigmoid", "tanh"), qtbot)
    assert not made.trust.isChecked(), "what came from elsewhere is not trusted by being opened"
    made.apply.click()
    assert "tanh" in window.session.document.node(CUSTOM).params["code"]
    assert window.session.typing.problems[CUSTOM].code == "untrusted"


def test_the_form_grows_a_field_for_each_parameter_of_the_class(
    window: Window, qtbot: QtBot
) -> None:
    window.session.apply("Draw", lambda _: drawn(GATE))
    window.session.select([CUSTOM])
    form = window.inspector.block_page.form
    assert form.names() == ["code", "features"]
    line = form.field("features").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "8")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert window.session.document.node(CUSTOM).params["features"] == 8


def test_the_canvas_has_the_ports_of_the_code(window: Window) -> None:
    window.session.apply("Draw", lambda _: drawn(GATE))
    layout = window.canvas.mirror.layouts[window.canvas.mirror.row[CUSTOM]]
    assert [spot.name for spot in layout.spots] == ["x", "mask", "kept", "opened"]
