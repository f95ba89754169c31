"""Measuring the time of blocks from the window: what is told, kept, and shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.canvas.heat import COLD, time_rows
from app.canvas.options import Heat
from app.measured import Shown, measured_of, takes_as_long, times_at
from app.session import Session
from backends.times import Time, Times
from graph import edits
from graph.composites.making import make
from graph.composites.places import Step
from graph.fileio import load
from graph.model import Document, NodeId
from tests.drawing import chain, set_params

if TYPE_CHECKING:
    from app.window import Window

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
A, B, C = (NodeId(name) for name in "abc")


def moons() -> Document:
    document = load(EXAMPLES / "moons-mlp.loom").document
    return edits.set_recipe(edits.set_recipe(document, "device", "cpu"), "threads", 1)


def first_dense(document: Document) -> NodeId:
    return next(id for id, node in document.graph.nodes.items() if node.kind == "dense")


def times(blocks: dict[tuple[NodeId, ...], float]) -> Times:
    found = {path: Time(seconds) for path, seconds in blocks.items()}
    return Times(found, Time(1.0), Time(1.0), 32, 8, "cpu", 1)


def test_warm_blocks_are_those_that_took_long() -> None:
    measured = times({(A,): 0.001, (B,): 0.1})
    rows = time_rows(Shown(measured.inside(()), measured, is_stale=False), [A, B, C])
    assert rows.level.tolist() == [0, 9, COLD]
    assert [rows.text(row) for row in range(3)] == ["1.00 ms  1 %", "100 ms  99 %", ""]


def test_nothing_measured_leaves_all_cold() -> None:
    assert time_rows(None, [A, B]).level.tolist() == [COLD, COLD]


def test_inside_an_instance_its_own_times_are_shown() -> None:
    document = make(set_params(chain("input dense relu output"), "n1", shape="4"),
                    [NodeId("n2"), NodeId("n3")], "Part")  # fmt: skip
    (part,) = (id for id, node in document.graph.nodes.items() if node.definition)
    inner = document.definitions["Part"].graph
    relu = next(id for id, node in inner.nodes.items() if node.kind == "relu")
    measured = times({(part,): 3.0, (part, relu): 1.0, (B, relu): 5.0})
    assert times_at(measured, (Step("Part", part),), inner)[relu] == Time(1.0)
    assert times_at(measured, (Step("Part"),), inner)[relu] == Time(6.0)
    assert times_at(measured, (), document.graph)[part] == Time(3.0)


def test_places_and_names_do_not_make_a_measurement_old() -> None:
    before = moons()
    dense = first_dense(before)
    assert takes_as_long(before, edits.move(before, {dense: (5.0, 5.0)}))
    assert takes_as_long(before, edits.set_recipe(before, "epochs", 99))
    assert not takes_as_long(before, set_params(before, dense, features=7))
    assert not takes_as_long(before, edits.set_recipe(before, "batch_size", 7))


def test_a_session_keeps_what_was_measured_and_knows_when_it_is_old(qtbot) -> None:
    session = Session(moons())
    measured = measured_of(session)
    assert measured is measured_of(session)
    assert measured.shown() is None
    told: list[float | None] = []
    measured.changed.connect(lambda: told.append(measured.share))
    with qtbot.waitSignal(measured.changed, check_params_cb=lambda: not measured.is_running,
                          timeout=60_000):  # fmt: skip
        measured.start()
        assert measured.is_running
    dense = first_dense(session.root)
    shown = measured.shown()
    assert shown is not None
    assert shown.blocks[dense].total_s > 0
    assert not shown.is_stale
    assert shown is measured.shown()
    assert any(share for share in told)
    session.apply("Widen", lambda document: set_params(document, dense, features=9))
    assert measured.shown().is_stale
    session.undo()
    assert not measured.shown().is_stale


def test_measuring_can_be_cancelled(qtbot) -> None:
    session = Session(moons())
    measured = measured_of(session)
    measured.start()
    measured.cancel()
    qtbot.waitUntil(lambda: not measured.is_running, timeout=60_000)
    assert measured.shown() is None


def test_what_cannot_run_is_refused_with_a_reason(qtbot) -> None:
    session = Session(Document())
    measured = measured_of(session)
    with qtbot.waitSignal(measured.refused, timeout=60_000) as refused:
        measured.start()
    assert "empty" in str(refused.args[0])
    assert not measured.is_running


@pytest.fixture
def shown_window(window: Window, qtbot) -> Window:
    from app.window import Session as WindowSession

    session = WindowSession(moons())
    window.show_session(session)
    qtbot.waitUntil(lambda: session.data_info is not None)
    return window


def test_the_heat_map_says_that_nothing_is_measured_and_its_button_measures(
    shown_window: Window, qtbot
) -> None:
    window = shown_window
    window.menus.actions["heat-time"].trigger()
    row = window.canvas.heat_legend.row
    assert row.isVisible()
    assert row.label.text() == "Not measured yet"
    assert "Not measured yet" in window.canvas.heat_legend.accessibleDescription()
    qtbot.mouseClick(row.button, Qt.MouseButton.LeftButton)
    measured = measured_of(window.session)
    assert row.button.text() == "Cancel"
    qtbot.waitUntil(lambda: not measured.is_running, timeout=60_000)
    assert row.label.text().endswith("rows at a time on cpu")
    assert row.button.text() == "Again"
    rows = window.canvas.mirror.heat.rows(Heat.TIME, window.canvas.mirror.ids)
    assert rows is not None
    assert rows.high > 0
    dense = first_dense(window.session.root)
    window.session.select([dense])
    facts = dict(window.inspector.block_page.costs.facts())
    assert {"measured forward", "measured backward"} <= set(facts)
    window.session.apply("Widen", lambda document: set_params(document, dense, features=9))
    assert row.label.text() == "The drawing has changed since"
    facts = dict(window.inspector.block_page.costs.facts())
    assert facts["measured forward"].endswith("(before the change)")


def test_measure_time_turns_on_its_heat_map(shown_window: Window, qtbot) -> None:
    window = shown_window
    window.menus.actions["measure-time"].trigger()
    assert window.settings.heat == "time"
    assert measured_of(window.session).is_running
    assert not window.menus.actions["measure-time"].isEnabled()
    window.menus.actions["cancel-measuring"].trigger()
    qtbot.waitUntil(lambda: not measured_of(window.session).is_running, timeout=60_000)


def test_a_drawing_with_errors_is_not_measured(shown_window: Window) -> None:
    window = shown_window
    given = next(id for id, n in window.session.root.graph.nodes.items() if n.kind == "input")
    window.session.apply("Break", lambda document: set_params(document, given, shape="7"))
    window.menus.actions["measure-time"].trigger()
    assert not measured_of(window.session).is_running
