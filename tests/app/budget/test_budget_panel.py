"""The budget: live numbers of memory, by the plan and the sizes, wherever the panel is."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from app.budget import BudgetPanel
from app.session import Session
from app.settings import load_settings
from graph import edits
from graph.gallery import find
from graph.model import NodeId
from tests.drawing import chain, set_params

if TYPE_CHECKING:
    from app.window import Window

PARAMETERS = 8 * 64 + 64
DENSE = NodeId("n2")


@pytest.fixture
def session() -> Session:
    return Session(set_params(chain("input dense relu output"), "n1", shape="8"))


@pytest.fixture
def panel(qtbot, session) -> BudgetPanel:
    made = BudgetPanel()
    qtbot.addWidget(made)
    made.set_session(session)
    made.resize(1000, 260)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_it_tells_the_memory_of_each_part(panel):
    assert dict(panel.training.facts())["weights"] == "2.2 KiB"
    assert panel.budget.weights == panel.budget.gradients == 4 * PARAMETERS
    assert panel.budget.activations == 4 * (8 + 64)
    assert "80.0 GiB" in panel.verdict.text()


def test_an_edit_of_the_drawing_changes_it_at_once(panel, session, qtbot):
    session.apply("", lambda document: edits.set_param(document, [DENSE], "features", 10))
    qtbot.waitUntil(lambda: panel.budget.weights == 4 * (8 * 10 + 10))
    session.undo()
    qtbot.waitUntil(lambda: panel.budget.weights == 4 * PARAMETERS)


def test_precision_and_devices_of_the_plan_count(panel, qtbot):
    panel.form.field("precision").committed.emit("mixed", False)
    panel.form.field("devices").committed.emit(2, False)
    qtbot.waitUntil(lambda: panel.budget.weights == PARAMETERS)
    assert panel.budget.master_weights == 2 * PARAMETERS
    assert "on all devices" in dict(panel.training_facts.facts())


def test_the_batch_that_is_typed_is_that_of_the_document(panel, session, qtbot):
    panel.sizes.rows["N"].field.committed.emit(32, False)
    assert session.document.sizes["N"] == 32
    qtbot.waitUntil(lambda: panel.budget.activations == 32 * 4 * (8 + 64))


def test_it_tells_what_the_batch_of_the_recipe_takes(panel, session, qtbot):
    session.apply("", partial(edits.set_recipe, name="batch_size", value=1000))
    wanted = "1\u202f000: 290.2 KiB"
    qtbot.waitUntil(lambda: dict(panel.training_facts.facts())["batch of the recipe"] == wanted)


def test_what_does_not_fit_is_said(panel, qtbot):
    panel.form.field("memory").committed.emit(1e-6, False)
    qtbot.waitUntil(lambda: "does not fit" in panel.verdict.text())
    assert dict(panel.training_facts.facts())["largest batch"] == "not even 1"


def test_a_speed_gives_the_time_of_a_step(panel, qtbot):
    panel.form.field("speed").committed.emit(1.0, False)
    qtbot.waitUntil(lambda: "time of a step, at least" in dict(panel.training_facts.facts()))


def test_a_refused_value_is_told_and_leaves_the_numbers(panel):
    before = panel.budget
    line = panel.form.field("memory").focus_widget()
    line.setFocus()
    line.selectAll()
    line.insert("-3")
    panel.form.commit()
    assert panel.budget is before


def test_blocks_that_are_not_finished_are_named(panel, session, qtbot):
    session.apply("", lambda document: edits.add(document, "dense", (0, 0)))
    qtbot.waitUntil(lambda: "1 block is not counted" in panel.missing.text())


def test_nothing_is_counted_while_it_is_hidden(panel, session, qtbot):
    panel.hide()
    before = panel.budget
    session.apply("", lambda document: edits.set_param(document, [DENSE], "features", 10))
    assert panel.budget is before
    panel.show()
    assert panel.budget.weights == 4 * (8 * 10 + 10)


@pytest.mark.parametrize("width", [340, 600, 1000])
def test_its_parts_lie_within_it_at_any_width(panel, qtbot, width):
    panel.resize(width, 260)
    parts = (panel.form, panel.sizes, panel.training, panel.inference)

    def is_within() -> bool:
        return all(part.mapTo(panel, part.rect().topRight()).x() < width for part in parts)

    qtbot.waitUntil(is_within)


def test_the_plan_is_kept_until_the_next_start(window: Window):
    window.budget.form.field("precision").committed.emit("mixed", False)
    window.budget.form.field("memory").committed.emit(24.0, False)
    window.close()
    kept, _ = load_settings()
    other = BudgetPanel()
    other.set_plan(kept.budget)
    assert other.plan == window.budget.plan
    assert json.loads(other.plan)["memory"] == 24.0


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"memory": -1}', "[" * 100_000])
def test_a_plan_that_tells_nothing_is_the_usual_one(panel, text):
    panel.set_plan(text)
    assert json.loads(panel.plan)["memory"] == 80.0


def test_it_is_in_the_window_by_menu_and_key(window: Window, qtbot):
    window.menus.actions["budget"].trigger()
    assert window.docks.budget.isVisible()
    assert window.budget.isVisible()
    assert any("Budget" in action.text() for action in window.menus.commands())


def test_an_edit_of_gpt3_takes_less_than_fifty_milliseconds(qtbot):
    session = Session(find("gpt-3").build())
    panel = BudgetPanel()
    qtbot.addWidget(panel)
    panel.set_session(session)
    with qtbot.waitExposed(panel):
        panel.show()
    old = panel.budget
    times = []
    for size in (512, 513, 514):
        started = time.perf_counter()
        session.apply("", partial(edits.set_size, name="T", size=size))
        panel._refresh()
        times.append(time.perf_counter() - started)
    assert min(times) < 0.05
    assert panel.budget != old


def test_bars_are_painted_in_both_themes(panel: QWidget):
    from app.theme import THEMES

    for theme in THEMES.values():
        panel.set_theme(theme)
        assert not panel.grab().isNull()
