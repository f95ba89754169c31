"""The main job as a person does it: draw, mend, train, watch, export, undo, with mouse and keys."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.export_dialog import ExportDialog
from app.recovery import Journal
from app.settings import Settings
from app.training.record import TRAIN
from app.window import Window
from tests.journeys.person import Person

DRAWN = ("input", "conv2d", "relu", "max_pool2d", "flatten", "dense", "cross_entropy")


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window(Settings(theme="dark"), Journal())
    qtbot.addWidget(made, before_close_func=_forget_changes)
    made.resize(1500, 1000)
    with qtbot.waitActive(made):
        made.show()
    return made


def _forget_changes(window: Window) -> None:
    for session in window.tabs.sessions():
        session.mark_saved(Path("journey.loom"))


def test_a_newcomer_draws_mends_trains_exports_and_undoes_everything(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    person = Person(window, qtbot)
    draw(person)
    mend(person)
    train(person)
    export(person, tmp_path / "exported")
    undo_everything(person)


def draw(person: Person) -> None:
    """A small CNN: blocks dragged from the palette, wired from port to port."""
    person.wait(lambda: person.window.session.data_info is not None, timeout=10_000)
    person.window.canvas.zoom_to(0.6)
    chain = [person.drag_from_palette(kind, (0, 110 * row - 380)) for row, kind in enumerate(DRAWN)]
    target = person.drag_from_palette("target", (300, 160))
    accuracy = person.drag_from_palette("accuracy", (300, 280))
    for source, goal in pairwise(chain[:6]):
        person.wire(source, "y", goal, "x")
    dense, loss = chain[5:]
    for goal in (loss, accuracy):
        person.wire(dense, "y", goal, "prediction")
        person.wire(target, "y", goal, "target")
    graph = person.window.session.document.graph
    assert len(graph.nodes) == 9
    assert graph.wires.count == 9


def mend(person: Person) -> None:
    """The drawing does not fit its data; the offered fix is taken by its button."""
    window = person.window
    person.click(window.top_bar.counts)
    (card,) = (card for card in window.problems.cards if card.problem.code == "class-count")
    person.click(card.buttons[0])
    assert not window.session.has_errors
    assert person.node("input").params["shape"] == "1, 8, 8"
    assert person.node("dense").params["features"] == 10


def train(person: Person) -> None:
    """Eight epochs typed into the recipe; the curve of the loss falls on real digits."""
    window = person.window
    window.docks.bring_up(window.docks.training)
    parts = window.training.parts
    parts.settings.setCurrentIndex(1)
    epochs = parts.recipe_page.form.field("epochs").focus_widget()
    person.click(epochs)
    epochs.selectAll()
    QTest.keyClicks(epochs, "8")
    QTest.keyClick(epochs, Qt.Key.Key_Return)
    assert window.session.document.recipe == {"epochs": 8}
    person.press("F5")
    person.wait(lambda: window.is_training, timeout=5_000)
    person.wait(lambda: not window.is_training, timeout=90_000)
    record = window.training.runner.runs_of(window.session).last
    assert record is not None
    losses = record.epochs[(TRAIN, "loss")].y
    assert len(losses) == 8
    assert losses[-1] < 0.5 * losses[0]
    assert window.training.last_run is not None


def export(person: Person, folder: Path) -> None:
    """The trained network becomes a folder."""
    window = person.window
    person.press("Ctrl+E")
    person.wait(lambda: bool(window.findChildren(ExportDialog)))
    (dialog,) = window.findChildren(ExportDialog)
    dialog.folder.selectAll()
    QTest.keyClicks(dialog.folder, str(folder))
    person.click(dialog.export)
    person.wait(lambda: dialog.show_folder.isVisible(), timeout=30_000)
    assert {"model.py", "train.py", "weights.safetensors"} <= {p.name for p in folder.iterdir()}
    person.click(dialog.dismiss)


def undo_everything(person: Person) -> None:
    """Ctrl+Z until the canvas is empty again; then redo brings everything back."""
    window = person.window
    drawn = window.session.document
    window.canvas.setFocus()
    for _ in range(60):
        if window.session.history.undo_label is None:
            break
        person.press("Ctrl+Z")
    assert not window.session.document.graph.nodes
    assert window.session.is_clean
    for _ in range(60):
        if window.session.history.redo_label is None:
            break
        person.press("Ctrl+Shift+Z")
    assert window.session.document == drawn
