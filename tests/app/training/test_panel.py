"""The training dock with the real engine: runs from Train to the last message."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog

from app.session import Session
from app.theme import LIGHT
from backends.protocol import Failed, Finished, Stopped
from graph import edits
from graph.model import Document, NodeId
from tests.app.training.events import rivals

ENOUGH_MS = 60_000


def wait_end(qtbot, panel):
    qtbot.waitUntil(lambda: not panel.runner.is_running, timeout=ENOUGH_MS)
    return panel.runner.record


def wait_steps(qtbot, panel, steps=1):
    def has_steps():
        record = panel.runner.record
        assert record is not None
        assert record.step >= steps

    qtbot.waitUntil(has_steps, timeout=ENOUGH_MS)


def test_a_run_ends_with_its_test_result_and_its_folder(qtbot, panel, open_example):
    session = open_example("iris-mlp", epochs=30)
    panel.set_session(session)
    assert panel.last_run is None
    statuses, states = [], []
    panel.status.connect(statuses.append)
    panel.running_changed.connect(states.append)
    qtbot.mouseClick(panel.header.train, Qt.MouseButton.LeftButton)
    assert not panel.header.train.isEnabled()
    record = wait_end(qtbot, panel)
    assert isinstance(record.end, Finished)
    assert states == [True, False]
    assert panel.last_run == record.end.run
    assert (panel.last_run / "model.py").exists()
    assert "accuracy" in session.messages[-1].text
    (choice,) = session.messages[-1].choices
    assert choice.label == "Open folder"
    assert choice.tip == str(panel.last_run)
    assert statuses[-1].startswith("epoch 30 / 30")
    losses = record.epochs["train", "loss"].y
    assert len(losses) == 30
    assert losses[-1] < losses[0]
    assert "test accuracy" in panel.header.facts.text()
    assert panel.parts.plots.plots["loss"].area.isVisible()


def test_a_run_is_paused_and_goes_on(qtbot, panel, open_example):
    panel.set_session(open_example("moons-mlp", epochs=100_000))
    panel.train()
    wait_steps(qtbot, panel)
    panel.pause_or_resume()
    assert panel.header.pause.text() == "Continue"
    assert "paused" in panel.header.text.text()
    at = panel.runner.record.step
    panel.pause_or_resume()
    wait_steps(qtbot, panel, at + 200)
    panel.stop()
    assert isinstance(wait_end(qtbot, panel).end, Stopped)


def test_the_end_is_shown_at_once_however_long_curves_wait(qtbot, panel, open_example):
    panel.set_session(open_example("moons-mlp", epochs=100_000))
    panel.train()
    wait_steps(qtbot, panel)
    qtbot.waitUntil(lambda: panel._draw_at > 0, timeout=ENOUGH_MS)
    panel._draw_at = float("inf")
    panel.stop()
    assert isinstance(wait_end(qtbot, panel).end, Stopped)


def test_a_stopped_run_is_resumed_where_it_stopped(qtbot, panel, open_example):
    session = open_example("moons-mlp", epochs=60)
    panel.set_session(session)
    panel.train()
    wait_steps(qtbot, panel, 200)
    panel.stop()
    record = wait_end(qtbot, panel)
    assert isinstance(record.end, Stopped)
    stopped_at = record.end.step
    assert "can be resumed" in session.messages[-1].text
    assert panel.header.resume.isVisible()
    session.apply("Move", lambda document: edits.move(document, {NodeId("n1"): (5, 5)}))
    assert panel.header.resume.isVisible()
    qtbot.mouseClick(panel.header.resume, Qt.MouseButton.LeftButton)
    record = wait_end(qtbot, panel)
    assert isinstance(record.end, Finished)
    assert record.end.epochs == 60
    assert record.steps.x.tolist() == list(range(1, record.step + 1))
    assert record.step > stopped_at


def test_a_changed_drawing_cannot_resume(qtbot, panel, open_example):
    session = open_example("moons-mlp", epochs=100_000)
    panel.set_session(session)
    panel.train()
    wait_steps(qtbot, panel)
    panel.stop()
    wait_end(qtbot, panel)
    session.apply("Set epochs", lambda document: edits.set_recipe(document, "epochs", 7))
    assert not panel.header.resume.isVisible()
    session.undo()
    assert panel.header.resume.isVisible()


def test_a_run_starts_from_the_weights_of_the_last(qtbot, panel, open_example):
    panel.set_session(open_example("iris-mlp", epochs=40))
    panel.train()
    first = wait_end(qtbot, panel)
    assert panel.header.from_last.isEnabled()
    panel.header.from_last.trigger()
    second = wait_end(qtbot, panel)
    assert second is not first
    assert second.job.start_from == first.end.run
    assert second.epochs["train", "loss"].y[0] < first.epochs["train", "loss"].y[0]


def test_a_drawing_with_errors_says_the_first_and_does_not_start(qtbot, panel, open_example):
    session = open_example("iris-mlp")
    node = next(n for n in session.document.graph.nodes.values() if n.kind == "input")
    session.apply("Set", lambda d: edits.set_param(d, [node.id], "shape", "9"))
    panel.set_session(session)
    panel.train()
    assert not panel.runner.is_running
    message = session.messages[-1]
    assert message.kind == "error"
    assert session.problems[0].text in message.text
    assert message.fix is not None
    assert session.selection == {session.problems[0].nodes[0]}
    with qtbot.waitSignal(panel.problems_wanted):
        message.choices[0].run()


def test_an_empty_drawing_says_what_to_do(panel):
    session = Session(Document())
    messages = []
    session.message.connect(messages.append)
    panel.set_session(session)
    panel.train()
    assert "drawing is empty" in messages[-1].text
    assert "drawing is empty" in panel.parts.plots.hint.text()


def test_a_run_that_diverges_ends_with_a_text(qtbot, panel, open_example):
    session = open_example("sunspots-gru", epochs=50, optimizer="sgd", learning_rate=100)
    panel.set_session(session)
    panel.train()
    record = wait_end(qtbot, panel)
    assert isinstance(record.end, Failed)
    assert session.messages[-1].kind == "error"
    assert "learning rate" in session.messages[-1].text
    assert panel.header.text.text().startswith("Failed: The loss became")
    assert len(record.steps) > 2
    assert panel.header.train.isEnabled()


def test_a_run_goes_on_behind_another_document(qtbot, panel, open_example):
    first = open_example("moons-mlp", epochs=100_000)
    second = open_example("iris-mlp", epochs=3)
    panel.set_session(first)
    panel.train()
    wait_steps(qtbot, panel)
    record = panel.runner.record
    panel.set_session(second)
    assert panel.elsewhere.isVisible()
    assert first.title in panel.elsewhere.text()
    assert not panel.header.train.isEnabled()
    assert panel.parts.plots.currentIndex() == 0
    at = record.step
    wait_steps(qtbot, panel, at + 50)
    panel.set_session(first)
    assert not panel.elsewhere.isVisible()
    assert panel.parts.plots.currentIndex() == 1
    panel.set_session(second)
    panel.stop()
    wait_end(qtbot, panel)
    assert "Stopped" in first.messages[-1].text
    assert not second.messages
    panel.train()
    wait_end(qtbot, panel)
    assert panel.last_run is not None
    panel.set_session(first)
    assert panel.runner.runs_of(first).last is record


def test_a_run_goes_on_when_its_document_is_closed(qtbot, panel, open_example):
    first = open_example("moons-mlp", epochs=100_000)
    second = open_example("iris-mlp")
    panel.set_session(first)
    panel.train()
    wait_steps(qtbot, panel)
    panel.set_session(second)
    with qtbot.waitSignal(first.destroyed):
        first.deleteLater()
    assert panel.runner.is_running
    panel.stop()
    record = wait_end(qtbot, panel)
    assert isinstance(record.end, Stopped)
    assert "Stopped" in second.messages[-1].text


def test_recipe_values_are_edits_that_undo(qtbot, panel, open_example):
    session = open_example("iris-mlp")
    panel.set_session(session)
    panel.parts.settings.setCurrentIndex(1)
    before = session.document
    line = panel.parts.recipe_page.form.field("epochs").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "12")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert session.document.recipe["epochs"] == 12
    session.undo()
    assert session.document == before


def test_the_recipe_leaves_to_drawn_optimizers_what_is_theirs(panel):
    session = Session(rivals())
    panel.set_session(session)
    page = panel.parts.recipe_page
    assert "“one”, “two”" in page.drawn.text()
    assert "learning_rate" not in page.form.names()
    assert {"epochs", "schedule"} <= set(page.form.names())
    session.apply("Remove", lambda document: edits.remove(document, ["n6", "n7"]))
    assert page.drawn.isHidden()
    assert "learning_rate" in page.form.names()


def test_what_was_typed_counts_when_train_is_pressed(qtbot, panel, open_example):
    session = open_example("iris-mlp", epochs=50)
    panel.set_session(session)
    panel.parts.settings.setCurrentIndex(1)
    line = panel.parts.recipe_page.form.field("epochs").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "2")
    panel.train()
    record = wait_end(qtbot, panel)
    assert record.end.epochs == 2


@pytest.mark.parametrize("width", [280, 420, 800, 1600])
def test_nothing_is_wider_than_the_dock(qtbot, panel, open_example, width):
    panel.set_session(open_example("iris-mlp"))
    panel.set_theme(LIGHT)
    panel.window().resize(width, 600)
    qtbot.waitUntil(lambda: panel.width() == width)
    qtbot.waitUntil(lambda: panel.parts.width() <= width)
    for part in (panel.header, panel.parts, panel.parts.pages):
        right = part.mapTo(panel, part.rect().bottomRight()).x()
        assert right <= width


def test_a_narrow_low_dock_shows_one_part_at_a_time(qtbot, panel, open_example):
    panel.set_session(open_example("iris-mlp"))
    parts, window = panel.parts, panel.window()
    window.resize(480, 260)
    qtbot.waitUntil(lambda: parts.views.count() == 3)
    assert not parts.settings.isVisible()
    parts.views.setCurrentIndex(2)
    assert parts.settings.isVisible()
    assert not parts.plots.isVisible()
    window.resize(480, 800)
    qtbot.waitUntil(lambda: parts.views.count() == 2)
    assert parts.settings.isVisible()
    assert parts.pages.isVisible()
    assert parts.settings.geometry().bottom() <= parts.widget(1).geometry().top()
    window.resize(1200, 300)
    qtbot.waitUntil(lambda: parts.settings.geometry().right() <= parts.widget(1).geometry().left())


def test_beside_the_buttons_every_tab_can_be_read(qtbot, panel, open_example):
    panel.set_session(open_example("iris-mlp"))
    panel.window().resize(1000, 300)
    tabs = panel.parts.settings.tabBar()
    qtbot.waitUntil(lambda: panel.width() == 1000)
    qtbot.waitUntil(lambda: tabs.width() >= tabs.sizeHint().width())


def test_a_block_that_fails_is_selected_and_shown(qtbot, panel, open_example, tmp_path):
    session = open_example("iris-mlp", epochs=3)
    panel.set_session(session)
    panel.train()
    wait_end(qtbot, panel)
    # the engine found no fault with it, so one is put where its last event would be
    runner = panel.runner
    runner.train(session)
    node = next(iter(session.document.graph.nodes))
    runner.record.take(Failed("Dense “hidden” does not fit.", node, None, "Traceback"))
    with qtbot.waitSignal(panel.go_to) as shown:
        qtbot.waitUntil(lambda: not runner.is_running)
    assert shown.args == [(node,)]
    assert session.selection == {node}
    choices = {choice.label: choice for choice in session.messages[-1].choices}
    assert list(choices) == ["Show the block", "Details"]
    choices["Details"].run()
    dialog = next(w for w in panel.window().findChildren(QDialog) if w.isVisible())
    assert dialog.windowTitle() == "Details of the failure"
    dialog.reject()


def test_a_refused_value_keeps_training_from_starting_and_is_shown(qtbot, panel, open_example):
    session = open_example("iris-mlp", epochs=1)
    panel.set_session(session)
    form = panel.parts.recipe_page.form
    panel.parts.settings.setCurrentIndex(1)
    line = form.field("learning_rate").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "-1")
    panel.parts.settings.setCurrentIndex(0)
    panel.train()
    assert not panel.runner.is_running
    assert line.isVisible()
    assert line.hasFocus()
    assert line.text() == "-1"
    reason = form.error("learning_rate")
    assert "more than 0" in reason
    assert session.messages[-1].text == f"Training cannot start. {reason}"
    qtbot.keyClicks(line, "0.01")
    panel.train()
    assert panel.runner.is_running
    wait_end(qtbot, panel)
    assert panel.runner.record.job.document.recipe["learning_rate"] == 0.01


def test_a_refused_setting_is_shown_where_settings_and_curves_take_turns(
    qtbot, panel, open_example
):
    session = open_example("iris-mlp", epochs=1)
    panel.set_session(session)
    panel.window().resize(400, 300)
    line = panel.parts.recipe_page.form.field("epochs").line
    line.textEdited.emit(line.text())
    line.setText("many")
    panel.train()
    assert not panel.runner.is_running
    assert line.isVisible()
    assert "Epochs: “many” uses many" in session.messages[-1].text


def test_where_there_is_room_buttons_and_progress_take_no_row_of_their_own(
    qtbot, panel, open_example
):
    panel.set_session(open_example("iris-mlp", epochs=1))
    parts, header = panel.parts, panel.header
    panel.train()
    wait_end(qtbot, panel)

    def top(part):
        return part.mapTo(panel, QPoint()).y()

    assert parts.settings.isAncestorOf(header.train)
    assert abs(top(header.train) - top(parts.views)) < 8
    assert top(parts.views) < top(header.text) < top(parts.plots)
    assert top(header.text) == top(header.facts)
    panel.window().resize(500, 600)
    qtbot.waitUntil(lambda: header.isVisible())
    assert not parts.isAncestorOf(header.train)
    assert top(header.train) < top(header.text) < top(header.facts) < top(parts.settings)
    panel.window().resize(1200, 320)
    qtbot.waitUntil(lambda: not header.isVisible())
    assert parts.settings.isAncestorOf(header.train)
    assert header.train.isVisible()


def test_all_buttons_have_room_beside_the_tabs(qtbot, panel, open_example):
    panel.set_session(open_example("moons-mlp", epochs=100_000))
    panel.train()
    wait_steps(qtbot, panel)
    panel.pause_or_resume()
    tabs, header = panel.parts.settings.tabBar(), panel.header
    for button in (header.pause, header.stop):
        qtbot.waitUntil(lambda button=button: button.width() >= button.sizeHint().width())
        assert button.mapTo(panel.parts.settings, QPoint()).x() >= tabs.tabRect(1).right()
    panel.stop()
    wait_end(qtbot, panel)
    assert header.resume.isVisible()
    assert panel.parts.isAncestorOf(header.resume)
