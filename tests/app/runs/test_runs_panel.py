"""The panel of runs in the window."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.runs import RunsPanel
from backends.runs import lock
from backends.runs.entry import read_notes
from backends.runs.index import list_runs


@pytest.fixture
def panel(home, qtbot):
    """Shows a panel and waits for so many runs."""
    made = RunsPanel(home / "runs")
    qtbot.addWidget(made)
    made.resize(1100, 300)

    def show(count):
        with qtbot.waitActive(made):
            made.show()
        qtbot.waitUntil(lambda: len(made.model.entries) == count and not made._is_looking)
        return made

    return show


def texts(panel, id):
    place = [column.id for column in panel.model.columns].index(id)
    found = panel.found
    return [found.index(row, place).data() for row in range(found.rowCount())]


def choose(panel, *names):
    paths = [entry.path for entry in panel.model.entries if entry.name in names]
    panel.table.choose(paths)


def test_an_empty_panel_says_what_to_do(panel):
    shown = panel(0)
    assert shown.empty.isVisible() and not shown.table.isVisible()
    assert "Press Train" in shown.empty.text()


def test_the_newest_run_is_on_top_and_columns_tell_its_numbers(panel, make_run):
    make_run("older")
    make_run("newer", losses=(0.5, 0.125), test={"loss": 0.0625})
    shown = panel(2)
    assert texts(shown, "name") == ["Newer", "Older"]
    assert texts(shown, "epochs") == ["1 / 2", "1 / 2"]
    assert texts(shown, "loss") == ["0.25", "0.25"]
    assert texts(shown, "test loss") == ["0.0625", ""]


@pytest.mark.parametrize(
    ("search", "found"),
    [("ALPHA", ["Alpha"]), ("status:fail", ["Beta"]), ("tag:go", ["Gamma"]), ("old", ["Gamma"]),
     ("no such", []), ("", ["Gamma", "Beta", "Alpha"]), ("a finished", ["Gamma", "Alpha"])],
)  # fmt: skip
def test_a_search_finds_runs_by_all_its_words(panel, make_run, search, found):
    make_run("alpha")
    make_run("beta", status="failed")
    gamma = make_run("gamma")
    (gamma / "notes.json").write_text('{"tags": ["good"], "notes": "an old one"}')
    shown = panel(3)
    shown.search.setText(search)
    assert texts(shown, "name") == found
    assert shown.table.isVisible() == bool(found)


def test_a_status_filters_runs(panel, make_run):
    make_run("alpha")
    make_run("beta", status="running")  # its process is gone
    shown = panel(2)
    shown.show_status("interrupted")
    assert texts(shown, "name") == ["Beta"]


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_runs_without_a_number_are_sorted_behind_the_others(panel, make_run, order):
    make_run("none")
    make_run("small", test={"accuracy": 0.1})
    make_run("large", test={"accuracy": 0.9})
    shown = panel(3)
    place = [column.id for column in shown.model.columns].index("test accuracy")
    shown.table.sortByColumn(place, order)
    names = ["Small", "Large"] if order is Qt.SortOrder.AscendingOrder else ["Large", "Small"]
    assert texts(shown, "name") == [*names, "None"]


def test_names_tags_and_notes_are_written_into_the_run(panel, make_run, qtbot):
    run = make_run("alpha")
    shown = panel(1)
    for id, text in (("name", "Mine"), ("tags", "b, a,, b "), ("notes", "as it\nwas")):
        place = [column.id for column in shown.model.columns].index(id)
        assert shown.model.setData(shown.model.index(0, place), text)
        qtbot.waitUntil(lambda: not shown._is_looking)
    assert read_notes(run) == {"name": "Mine", "tags": ["b", "a"], "notes": "as it\nwas"}
    shown.refresh()
    qtbot.waitUntil(lambda: texts(shown, "notes") == ["as it was"])
    assert texts(shown, "tags") == ["b, a"]


def test_f2_renames_a_run_by_keys(panel, make_run, qtbot):
    run = make_run("alpha")
    shown = panel(1)
    shown.table.setFocus()
    shown.table.setCurrentIndex(shown.found.index(0, 0))
    qtbot.keyClick(shown.table, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    qtbot.keyClicks(editor, "Other")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts(shown, "name") == ["Other"])
    assert read_notes(run)["name"] == "Other"


def test_a_removed_run_can_be_put_back(panel, make_run, qtbot):
    run = make_run("alpha")
    shown = panel(1)
    choose(shown, "Alpha")
    messages = []
    shown.told.connect(messages.append)
    shown.table.setFocus()
    qtbot.keyClick(shown.table, Qt.Key.Key_Delete)
    assert not run.exists()
    qtbot.waitUntil(lambda: shown.model.entries == [])
    (undo,) = messages[0].choices
    undo.run()
    qtbot.waitUntil(lambda: texts(shown, "name") == ["Alpha"])


def test_a_run_that_goes_on_is_not_removed(panel, make_run, qtbot):
    run = make_run("alpha", status="running")
    lock.take(run)
    shown = panel(1)
    choose(shown, "Alpha")
    shown.table.setFocus()
    qtbot.keyClick(shown.table, Qt.Key.Key_Delete)
    assert run.exists()


def test_a_selection_outlives_new_runs(panel, make_run, qtbot):
    make_run("alpha")
    make_run("beta")
    shown = panel(2)
    choose(shown, "Alpha")
    make_run("gamma")
    shown.refresh()
    qtbot.waitUntil(lambda: len(shown.model.entries) == 3)
    assert [entry.name for entry in shown.chosen()] == ["Alpha"]


def test_the_list_of_the_window_is_that_of_the_folders(panel, make_run, home):
    make_run("alpha")
    run = make_run("beta")
    shown = panel(2)
    assert sorted(shown.model.entries, key=lambda e: e.started, reverse=True) == list_runs(
        home / "runs"
    )
    shutil.rmtree(run)


def test_names_stay_in_sight_while_other_columns_are_scrolled_to(panel, make_run, qtbot):
    make_run("older")
    make_run("newer")
    shown = panel(2)
    shown.resize(620, 300)
    table, names = shown.table, shown.table.verticalHeader()
    assert names.isHidden()
    bar = table.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > table.columnWidth(0))
    bar.setValue(bar.maximum())
    assert names.isVisible() and names.width() < table.columnWidth(0)
    told = [table.model().headerData(row, Qt.Orientation.Vertical) for row in (0, 1)]
    assert told == ["Newer", "Older"]
    bar.setValue(0)
    assert names.isHidden()


def test_chosen_runs_are_copied_as_a_table_with_all_digits(panel, make_run, qtbot):
    make_run("older", test={"loss": 1 / 3})
    make_run("newer")
    shown = panel(2)
    shown.table.hide_columns(("notes", "tags", "device", "document", "started", "seconds"))
    choose(shown, "Older")
    qtbot.keyClick(shown.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, row = (line.split("\t") for line in QApplication.clipboard().text().splitlines())
    QApplication.clipboard().clear()
    assert head[:4] == ["Name", "Status", "Epochs", "Loss"] and "Tags" not in head
    assert dict(zip(head, row, strict=True))["Test loss"] == repr(1 / 3)
