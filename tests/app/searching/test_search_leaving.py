"""Leaving the program while a search runs."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.actions import BY_ID
from app.searching.dialog import SearchDialog
from backends.launch.where import THREAD
from backends.runs import lock
from backends.searching import apart, folder
from backends.searching.trial import STOPPED
from graph import edits
from tests.backends.pytorch.drawings import iris_mlp

pytest.importorskip("optuna")

LONG_MS = 60_000


@pytest.fixture
def searching(window, qtbot, tmp_path):
    """A window with a search that would take long."""
    session = window.session
    session.apply("Draw", lambda _: edits.set_recipe(iris_mlp(), "epochs", 100_000))
    window.files.save_to(session, tmp_path / "iris.loom")
    BY_ID["search"].run(window)
    (dialog,) = window.findChildren(SearchDialog)
    dialog._runs = tmp_path / "runs"
    dialog.form.add_fields(["dense.features"])
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.runner.share > 0, timeout=LONG_MS)
    yield window
    for dialog in window.findChildren(SearchDialog):
        dialog.close()
        qtbot.waitUntil(lambda d=dialog: not d.runner.is_running, timeout=LONG_MS)


def box_of(window):
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    return box


def press(qtbot, window, label):
    (button,) = [b for b in box_of(window).buttons() if b.text().replace("&", "") == label]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_question_names_the_search_which_stops_and_is_kept(searching, qtbot, tmp_path):
    assert not searching.close()
    assert box_of(searching).text() == "A search for good values is running."
    press(qtbot, searching, "Cancel")
    (dialog,) = searching.findChildren(SearchDialog)
    assert searching.isVisible() and dialog.runner.is_running
    searching.close()
    press(qtbot, searching, "Stop and quit")
    qtbot.waitUntil(lambda: not searching.isVisible(), timeout=LONG_MS)
    assert not dialog.runner.is_running
    assert [trial.state for trial in dialog._trials] == [STOPPED]
    (found,) = folder.searches_in(tmp_path / "runs")
    assert lock.owner_of(found) is None


def test_with_a_training_both_are_named_and_both_stop(searching, qtbot):
    session = searching.session
    qtbot.waitUntil(lambda: session.data_info is not None)
    searching.menus.actions["train"].trigger()
    qtbot.waitUntil(lambda: searching.is_training, timeout=LONG_MS)
    searching.close()
    assert box_of(searching).text() == "Training and a search for good values are running."
    press(qtbot, searching, "Stop and quit")
    qtbot.waitUntil(lambda: not searching.isVisible(), timeout=LONG_MS)
    assert not searching.is_training


@pytest.mark.slow
def test_in_the_background_it_goes_on_and_a_new_dialog_follows_it(searching, qtbot, tmp_path):
    searching.close()
    press(qtbot, searching, "Go on in the background")
    qtbot.waitUntil(lambda: not searching.isVisible(), timeout=LONG_MS)
    (old,) = searching.findChildren(SearchDialog)
    (found,) = folder.searches_in(tmp_path / "runs")
    qtbot.waitUntil(lambda: lock.owner_of(found) is not None, timeout=LONG_MS)
    session = searching.session
    dialog = SearchDialog(session, lambda: searching.theme, tmp_path / "runs", searching)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.runner.is_apart, timeout=LONG_MS)
    qtbot.waitUntil(lambda: "in a process of its own" in dialog.status.text(), timeout=LONG_MS)
    assert dialog.go.text() == "Stop" and old.runner.result is not None
    dialog.close()
    qtbot.waitUntil(lambda: not dialog.runner.is_running, timeout=LONG_MS)
    assert lock.owner_of(found) is not None, "to look away does not stop it"
    again = SearchDialog(session, lambda: searching.theme, tmp_path / "runs", searching)
    again.show()
    qtbot.waitUntil(lambda: again.runner.is_apart, timeout=LONG_MS)
    with qtbot.waitSignal(again.runner.over, timeout=LONG_MS):
        again.go.click()
    assert lock.owner_of(found) is None and again.go.text() == "Go on"
    assert (found / apart.LAUNCH).is_file() and again.form.where.currentData() == THREAD
