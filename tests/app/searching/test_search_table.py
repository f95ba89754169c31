"""The table of the trials of a search: how wide its columns are."""

from app.searching.table import NARROW_PX, TrialsTable, fitted
from app.theme import DARK
from backends.searching.trial import FINISHED, Trial
from graph.searching import make_search
from tests.backends.pytorch.drawings import iris_mlp

FIELDS = (
    "learning_rate=1e-4..1e-1 log", "dense.features={8, 16}", "dense2.weight_decay=0..1",
    "weight_decay=0..1", "batch_size={8, 16}", "epochs={1, 2}", "seed={1, 2}",
)  # fmt: skip


def test_columns_that_fit_are_as_wide_as_their_titles():
    assert fitted([40, 100, 80, 60, 60], 1000) == [NARROW_PX, 100, 80, 72, 72]


def test_the_widest_fields_become_narrower_first():
    assert fitted([40, 140, 80, 60, 60], 380) == [NARROW_PX, 100, 80, 72, 72]


def test_no_column_is_narrower_than_a_number():
    assert fitted([40, 140, 140, 60, 60], 10) == [NARROW_PX, NARROW_PX, NARROW_PX, 72, 72]


def test_the_state_is_seen_beside_many_fields(qtbot):
    table = TrialsTable(DARK)
    qtbot.addWidget(table)
    table.resize(680, 200)
    table.show()
    document = iris_mlp()
    search = make_search(document, FIELDS, source={}, trials=4, objective="loss", goal="lowest")
    values = (0.01, 8, 0.5, 0.5, 8, 1, 1)
    table.show_trials(search, [Trial(1, values, FINISHED, 0.5)])
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    last = table.trials.columnCount() - 1
    assert table.columnViewportPosition(last) <= 680 - NARROW_PX
    table.resize(1200, 200)
    assert table.columnWidth(1) > NARROW_PX


def test_other_trials_are_not_marked(qtbot):
    table = TrialsTable(DARK)
    qtbot.addWidget(table)
    search = make_search(iris_mlp(), FIELDS[:1], source={}, trials=4, objective="loss",
                         goal="lowest")  # fmt: skip
    table.show_trials(search, [Trial(1, (0.01,), FINISHED, 0.5)])
    marked = []
    table.marked.connect(marked.append)
    table.choose(1)
    table.show_trials(search, [])
    assert marked == [1, 0]
