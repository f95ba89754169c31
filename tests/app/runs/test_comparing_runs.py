"""Runs beside each other."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from app.runs.beside import value_rows
from app.runs.compare import CompareDialog, told_apart
from app.runs.text_diff import unified
from app.theme import THEMES
from backends.protocol import EpochEnded
from backends.runs.entry import read_entry
from backends.runs.folder import write_text
from backends.runs.metrics import MetricsFile
from graph import edits
from tests.backends.pytorch.drawings import iris_mlp, with_recipe
from tests.drawing import set_params


@pytest.fixture
def parent(qtbot):
    """What stands for the window."""
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def dialog(make_run, parent, qtbot):
    """Two runs that differ in everything, compared."""
    before = iris_mlp()
    after = with_recipe(set_params(before, "n2", features=32), learning_rate=0.5)
    runs = [
        make_run("alpha", before, losses=(1.0, 0.5, 0.25)),
        make_run("beta", after, losses=(2.0, 1.0)),
    ]
    for run, text in zip(runs, ("a\nb\n", "a\nc\n"), strict=True):
        write_text(run / "model.py", text)
    made = CompareDialog([read_entry(run) for run in runs], THEMES["dark"], parent)
    made.show()
    qtbot.waitUntil(lambda: made.pages.currentWidget() is made.tabs)
    return made


def test_curves_are_those_of_the_store(dialog):
    shown = dialog.curves.plot.shown
    assert [each.name for each in shown] == ["Alpha", "Beta"]
    assert [each.line.y.tolist() for each in shown] == [[1.0, 0.5, 0.25], [2.0, 1.0]]
    assert [label.text() for label in dialog.curves._values] == ["0.25", "1"]
    dialog.curves._read(1.2)
    assert [label.text() for label in dialog.curves._values] == ["1", "2"]


def test_a_line_that_is_not_ticked_is_left_out_and_its_values_are_still_read(dialog):
    boxes = {box.accessibleName(): box for box in dialog.curves.findChildren(QCheckBox)}
    boxes["Beta"].click()
    assert [each.name for each in dialog.curves.plot.shown] == ["Alpha"]
    assert [label.text() for label in dialog.curves._values] == ["0.25", "1"]
    dialog.curves.measure.setCurrentIndex(0)
    boxes["Beta"].click()
    assert [each.name for each in dialog.curves.plot.shown] == ["Alpha", "Beta"]


def test_the_pair_goes_from_the_earliest_to_the_latest_run(make_run, parent):
    runs = [read_entry(make_run(name, iris_mlp())) for name in ("one", "two", "three")]
    made = CompareDialog(list(reversed(runs)), THEMES["dark"], parent)
    assert (made.first.currentText(), made.second.currentText()) == ("One", "Three")


def test_recipes_and_drawings_are_told_apart(dialog):
    (row,) = dialog.recipes.model.rows
    assert (row.name, row.before, row.after) == ("Learning rate", "0.001", "0.5")
    (row,) = dialog.drawings.model.rows
    assert (row.name, row.before, row.after) == ("Features", "16", "32")
    assert "-b" in dialog.code.toPlainText() and "+c" in dialog.code.toPlainText()


def test_a_run_does_not_differ_from_itself(dialog):
    dialog.second.setCurrentIndex(0)
    assert dialog.drawings.currentWidget() is dialog.drawings.said
    assert dialog.code.toPlainText() == "The code is the same."


def test_a_missing_drawing_is_told_and_the_curves_are_there(dialog, make_run, parent, qtbot):
    entries = [read_entry(make_run("gamma")), dialog.compared[0].entry]
    other = CompareDialog(entries, THEMES["light"], parent)
    qtbot.waitUntil(lambda: other.compared != ())
    assert "“Gamma” cannot be read" in other.drawings.said.text()
    assert len(other.curves.plot.shown) == 2


def test_epochs_are_shown_where_there_are_some(make_run, parent, qtbot):
    run = make_run("alpha")
    metrics = MetricsFile(run / "metrics.jsonl")
    metrics.add_epoch(EpochEnded(1, 2, {"loss": 0.5}, {}, 1e-3, 0.1, True))
    metrics.close()
    entries = [read_entry(run), read_entry(make_run("beta"))]
    made = CompareDialog(entries, THEMES["dark"], parent)
    qtbot.waitUntil(lambda: made.compared != ())
    assert not made.curves.steps.isChecked()
    assert "Alpha · train" in [each.name for each in made.curves.plot.shown]


def test_runs_of_one_name_are_told_apart(make_run):
    began = ("2026-01-02T10:00:00", "2026-01-02T10:00:00", "2026-01-03T11:30:05", "")
    runs = [read_entry(make_run(f"run{n}", name="Twin", started=at)) for n, at in enumerate(began)]
    names = [entry.name for entry in told_apart([*runs, read_entry(make_run("other"))])]
    twins = ["Twin · run0", "Twin · run1", "Twin · 01-03 11:30:05", "Twin · run3"]
    assert names == [*twins, "Other"]


def test_texts_are_compared_as_diff_does():
    assert unified("a\n", "a\n", "x", "y") == ()
    assert unified("a\n", "b\n", "x", "y") == ("--- x", "+++ y", "@@ -1 +1 @@", "-a", "+b")


def test_values_in_which_runs_differ_stand_beside_each_other(make_run, parent, qtbot):
    base = iris_mlp()
    drawings = [base, with_recipe(base, learning_rate=0.5), set_params(base, "n2", features=32)]
    names = ("one", "two", "three")
    runs = [make_run(name, drawing) for name, drawing in zip(names, drawings, strict=True)]
    made = CompareDialog([read_entry(run) for run in reversed(runs)], THEMES["dark"], parent)
    qtbot.waitUntil(lambda: made.pages.currentWidget() is made.tabs)
    rows = {row.name: row.values for row in made.beside.rows}
    assert rows["Learning rate"] == ("0.001", "0.5", "0.001")
    assert rows["Features"] == ("16", "16", "32")
    assert rows["Best loss"] == ("0.25", "0.25", "0.25")
    titles = [
        made.beside.model().headerData(place, Qt.Orientation.Horizontal) for place in range(5)
    ]
    assert titles == ["", "Value", "One", "Two", "Three"]


def test_blocks_that_only_some_runs_have_and_drawings_that_are_gone_are_told():
    base = iris_mlp()
    more = edits.add(base, "relu", (500, 500), name="extra")
    rows = {(row.what, row.name): row.values for row in value_rows([base, None, more, base])}
    assert set(rows.values()) == {("–", "?", "there", "–")}


def test_of_many_runs_the_curves_keep_their_room(make_run, parent, qtbot):
    runs = [make_run(f"run {number}", losses=(1.0, 1 / (number + 1))) for number in range(30)]
    made = CompareDialog([read_entry(run) for run in runs], THEMES["dark"], parent)
    made.show()
    qtbot.waitUntil(lambda: made.pages.currentWidget() is made.tabs)
    size = made.size()
    qtbot.waitUntil(lambda: made.curves.plot.height() > made.curves.height() / 3)
    assert made.size() == size
    assert len(made.curves._values) == 30
