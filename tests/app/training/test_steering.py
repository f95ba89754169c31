"""A run that goes on follows its recipe where a person wants that."""

from pathlib import Path

import pytest

from app.session import Session
from app.training import words
from app.training.drawing import Drawing
from app.training.steering import following, knobs_of, turned
from backends.protocol import Turned
from backends.runs.metrics import changes_of
from graph import edits
from graph.freezing import can_freeze, set_frozen
from graph.model import Document
from tests.app.training.events import falling, rivals
from tests.backends.pytorch.drawings import iris_mlp

__import__("backends.pytorch.train")  # torch is there before anyone waits for a step


def with_recipe(document, **values):
    for name, value in values.items():
        document = edits.set_recipe(document, name, value)
    return document


def test_only_some_values_may_change():
    before = with_recipe(Document(), epochs=5)
    now = with_recipe(before, epochs=7, batch_size=8, learning_rate=0.1)
    assert turned(before, now) == {"epochs": 7, "learning_rate": 0.1}
    assert following(before, now) == with_recipe(before, epochs=7, learning_rate=0.1)


def test_each_drawn_optimizer_has_its_learning_rate():
    before = rivals()
    now = edits.set_param(before, ["n6"], "learning_rate", 0.1)
    assert turned(before, now) == {"one.learning_rate": 0.1}
    assert "learning_rate" not in knobs_of(before)
    assert turned(before, following(before, now)) == {"one.learning_rate": 0.1}
    moved = edits.set_param(now, ["n2"], "features", 3)
    assert following(before, moved) == now


def test_a_refused_value_changes_nothing():
    broken = Document(recipe={"learning_rate": "fast"})
    assert turned(Document(), broken) == {}


def test_what_was_changed_is_said_in_words():
    assert words.turned_text(Turned(3, "learning_rate", 0.01, 0.1)) == "learning rate 0.01"
    assert words.turned_text(Turned(3, "early_stopping", True, False)) == "early stopping on"
    assert words.turned_text(Turned(3, "one.learning_rate", 0.5, 0.1)) == "one learning rate 0.5"


def test_what_was_frozen_and_freed_is_said_in_words():
    assert words.turned_text(Turned(3, "frozen", "a, b", "")) == "a, b frozen"
    assert words.turned_text(Turned(3, "frozen", "", "a, b, c")) == "a, b +1 learns"
    assert words.turned_text(Turned(3, "frozen", "b", "a")) == "b frozen, a learns"


def test_frozen_blocks_follow_unless_nothing_would_learn():
    before = iris_mlp()
    now = set_frozen(before, ["n2"], True)
    assert turned(before, now) == {"frozen": "dense"}
    assert following(before, now) == now
    weighty = [id for id, node in before.graph.nodes.items() if can_freeze(before, node)]
    nothing = set_frozen(before, weighty, True)
    assert turned(before, nothing) == {}
    assert following(before, nothing) == before


def test_a_block_is_frozen_in_a_run_where_a_person_says_so(qtbot, panel, open_example):
    session = open_example("iris-mlp", epochs=100_000)
    told = []
    session.message.connect(told.append)
    panel.set_session(session)
    panel.train()
    qtbot.waitUntil(lambda: panel.runner.record.step > 0, timeout=20_000)
    first = next(n.id for n in session.root.graph.nodes.values() if can_freeze(session.root, n))
    session.apply("Freeze", lambda d: set_frozen(d, [first], True))
    assert [choice.label for choice in told[-1].choices] == ["Change the run, too"]
    told[-1].choices[0].run()
    qtbot.waitUntil(lambda: bool(panel.runner.record.turned), timeout=20_000)
    assert panel.runner.record.turned[0].name == "frozen"
    session.apply("Free", lambda d: set_frozen(d, [first], False))
    qtbot.waitUntil(lambda: len(panel.runner.record.turned) == 2, timeout=20_000)
    panel.stop()
    qtbot.waitUntil(lambda: not panel.runner.is_running, timeout=20_000)
    assert panel.runner.can_resume(session)


def test_more_epochs_are_shown_at_once():
    record = falling(2)
    record.take(Turned(20, "epochs", 9, 4))
    assert record.total_epochs == 9


def test_curves_mark_what_was_changed(panel, qtbot):
    record = falling(2)
    panel.set_session(Session(record.job.document))
    panel.parts.plots.show_run(record, None)
    plot = panel.parts.plots.plots["loss"]
    record.take(Turned(12, "learning_rate", 0.01, 0.1))
    plot.refresh()
    [mark] = plot.drawing.marks
    assert mark.value() == pytest.approx(1.25)
    assert mark.label.toPlainText() == "learning rate 0.01"
    panel.parts.plots.show_run(falling(2), None)
    assert isinstance(plot.drawing, Drawing)
    assert plot.drawing.marks == []


def test_a_run_takes_over_what_is_typed_only_where_that_is_wanted(qtbot, panel, open_example):
    session = open_example("iris-mlp", epochs=100_000)
    panel.set_session(session)
    page = panel.parts.recipe_page
    panel.parts.settings.setCurrentIndex(1)
    assert not page.steers.isEnabled()
    panel.train()
    qtbot.waitUntil(lambda: panel.runner.record.step > 0, timeout=20_000)
    assert page.steers.isEnabled()
    session.apply("Set", lambda d: edits.set_recipe(d, "learning_rate", 0.02))
    assert panel.runner.record.turned == []
    page.steers.setChecked(True)
    qtbot.waitUntil(lambda: len(panel.runner.record.turned) == 1, timeout=20_000)
    session.apply("Set", lambda d: edits.set_recipe(d, "epochs", 1))
    qtbot.waitUntil(lambda: panel.runner.record.is_over, timeout=20_000)
    qtbot.waitUntil(lambda: not panel.runner.is_running)
    run = Path(panel.runner.runs_of(session).last.run)
    assert [each.name for each in changes_of(run / "metrics.jsonl")] == ["learning_rate", "epochs"]
    assert not page.steers.isEnabled()
    assert not page.steers.isChecked()


def test_a_steered_run_that_was_stopped_can_be_resumed(qtbot, panel, open_example):
    session = open_example("iris-mlp", epochs=100_000)
    panel.set_session(session)
    panel.train()
    qtbot.waitUntil(lambda: panel.runner.record.step > 0, timeout=20_000)
    panel.parts.recipe_page.steers.setChecked(True)
    session.apply("Set", lambda d: edits.set_recipe(d, "learning_rate", 0.02))
    qtbot.waitUntil(lambda: len(panel.runner.record.turned) == 1, timeout=20_000)
    panel.stop()
    qtbot.waitUntil(lambda: not panel.runner.is_running, timeout=20_000)
    assert panel.runner.can_resume(session)
    session.apply("Set", lambda d: edits.set_recipe(d, "batch_size", 7))
    assert not panel.runner.can_resume(session)


def test_a_run_without_checkpoints_offers_to_begin_anew(qtbot, panel, open_example):
    session = open_example("iris-mlp", epochs=100_000)
    told = []
    session.message.connect(told.append)
    panel.set_session(session)
    panel.train()
    qtbot.waitUntil(lambda: panel.runner.record.step > 0, timeout=20_000)
    panel.stop()
    qtbot.waitUntil(lambda: not panel.runner.is_running, timeout=20_000)
    first = panel.runner.record.run
    for path in (first / "checkpoints").iterdir():
        path.unlink()
    panel.resume()
    assert not panel.runner.is_running
    assert [choice.label for choice in told[-1].choices] == ["Start a new run"]
    told[-1].choices[0].run()
    qtbot.waitUntil(lambda: panel.runner.record.step > 0, timeout=20_000)
    assert panel.runner.record.run != first
    panel.stop()
    qtbot.waitUntil(lambda: not panel.runner.is_running, timeout=20_000)
