"""The search in the window: fields, trials, stopping, and values put into the drawing."""

import sys

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from app.actions import BY_ID
from app.searching.dialog import SearchDialog
from app.session import Session
from app.theme import DARK
from backends.runs.entry import read_entry
from backends.searching.trial import FINISHED, PRUNED, REFUSED, STOPPED
from graph import edits
from graph.model import NodeId
from tests.backends.pytorch.drawings import iris_mlp

LONG_MS = 60_000


@pytest.fixture
def shown(qtbot, tmp_path):
    """Opens the dialog on a document, and ends its search."""
    made, parents = [], []

    def show(session):
        parent = QWidget()
        parents.append(parent)
        qtbot.addWidget(parent)
        dialog = SearchDialog(session, lambda: DARK, tmp_path / "runs", parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        with qtbot.waitActive(dialog):
            dialog.show()
        made.append(dialog)
        return dialog

    yield show
    for dialog in made:
        dialog.close()
        qtbot.waitUntil(lambda d=dialog: not d.runner.is_running, timeout=LONG_MS)


@pytest.fixture
def session(qtbot):
    session = Session(iris_mlp(epochs=2))
    session.select([NodeId("n2")])
    return session


def finished(dialog):
    return [trial for trial in dialog._trials if trial.state == FINISHED]


def test_fields_of_the_selected_block_come_first_and_are_added_by_keys(shown, session, qtbot):
    dialog = shown(session)
    assert dialog.form.add.itemText(0) == "dense.features"
    assert not dialog.go.isEnabled() and not dialog.use.isEnabled()
    assert dialog.form.empty.isVisible() and not dialog.table.isVisible()
    field = dialog.form.add.lineEdit()
    qtbot.keyClicks(field, "dense.features")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    (line,) = dialog.form.lines
    assert line.choices.text() == "{8, 16, 32}" and line.choices.hasFocus()
    assert dialog.go.isEnabled() and not dialog.form.empty.isVisible()
    assert "3 choices" in dialog.status.text()
    qtbot.keyClicks(line.choices, "{8, many}")
    assert dialog.status.property("role") == "warning"
    qtbot.mouseClick(line.away, Qt.MouseButton.LeftButton)
    assert dialog.form.lines == [] and not dialog.go.isEnabled()


def test_a_field_that_is_not_there_is_said(shown, session, qtbot):
    dialog = shown(session)
    field = dialog.form.add.lineEdit()
    qtbot.keyClicks(field, "dense.units")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "no parameter called units" in dialog.status.text()
    assert dialog.form.lines == []
    qtbot.keyClicks(field, "dense.features")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [line.name for line in dialog.form.lines] == ["dense.features"]


def test_a_search_shows_its_trials_and_the_best_goes_into_the_drawing(shown, session, qtbot):
    pytest.importorskip("optuna")
    dialog = shown(session)
    dialog.form.add_fields(["dense.features", "dense2.features"])
    dialog.form.lines[0].choices.setText("{8, 32}")
    dialog.form.lines[1].choices.setText("{2, 3}")
    dialog.form.trials.setValue(3)
    with qtbot.waitSignal(dialog.runner.ended, timeout=LONG_MS):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(finished(dialog)) == 2
    assert sum(trial.state == REFUSED for trial in dialog._trials) == 2
    assert "All choices have been tried" in dialog.status.text()
    best = min(finished(dialog), key=lambda trial: trial.value)
    assert dialog.plot.told().startswith("best: ")

    before = session.root
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    features = session.root.graph.nodes["n2"].params.get("features")
    assert features == best.values[0]
    session.undo()
    assert session.root == before

    other = next(trial for trial in finished(dialog) if trial != best)
    ends = dialog.plot.line_of(other)
    middle = (ends[-2] + ends[-1]) / 2
    qtbot.mouseClick(
        dialog.plot, Qt.MouseButton.LeftButton, pos=QPoint(*map(round, middle.toTuple()))
    )
    assert dialog.table.number() == other.number
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert session.root.graph.nodes["n2"].params.get("features") == other.values[0]


def test_a_stopped_search_goes_on_also_in_a_new_dialog(shown, session, qtbot):
    pytest.importorskip("optuna")
    session.apply("Epochs", lambda document: edits.set_recipe(document, "epochs", 3000))
    dialog = shown(session)
    dialog.form.add_fields(["dense.features"])
    dialog.form.trials.setValue(2)
    dialog.go.click()
    qtbot.waitUntil(lambda: bool(dialog.runner.trials) and dialog.runner.share > 0, timeout=LONG_MS)
    assert dialog.go.text() == "Stop" and not dialog.form.isEnabled()
    assert dialog.dismiss.text() == "Stop and close"
    with qtbot.waitSignal(dialog.runner.ended, timeout=LONG_MS):
        dialog.go.click()
    assert [trial.state for trial in dialog._trials] == [STOPPED]
    assert dialog.go.text() == "Go on" and dialog.dismiss.text() == "Close"
    dialog.close()

    again = shown(session)
    qtbot.waitUntil(lambda: bool(again.form.lines), timeout=LONG_MS)
    assert again._trials[0].values == dialog._trials[0].values
    assert again.form.lines[0].text() == "dense.features={8, 16, 32}"
    assert again.go.text() == "Go on"
    again.form.lines[0].choices.setText("{8, 16}")
    assert again.go.text() == "Search"


def test_what_is_cut_short_shows_in_table_curves_and_coordinates(shown, session, qtbot):
    pytest.importorskip("optuna")
    session.apply("Epochs", lambda document: edits.set_recipe(document, "epochs", 4))
    dialog = shown(session)
    dialog.want("learning_rate={1e-7, 1e-6, 0.02, 0.05}")
    dialog.form.pruner.setCurrentIndex(dialog.form.pruner.findData("halving"))
    dialog.form.trials.setValue(4)
    with qtbot.waitSignal(dialog.runner.ended, timeout=LONG_MS):
        dialog.go.click()
    pruned = [trial for trial in dialog._trials if trial.state == PRUNED]
    assert pruned and finished(dialog)
    dialog.view.pictures.setCurrentIndex(1)
    for trial in (*pruned, *finished(dialog)):
        line = dialog.view.curves.line_of(trial)
        assert len(line) == len(trial.curve) == read_entry(trial.run).epochs
        assert len(dialog.plot.line_of(trial)) == 2
        assert dialog.view.curves.rect().contains(line[-1].toPoint())
    last = dialog.view.curves.line_of(finished(dialog)[0])[-1]
    qtbot.mouseMove(dialog.view.curves, QPoint(5, 5))
    qtbot.mouseClick(dialog.view.curves, Qt.MouseButton.LeftButton, pos=last.toPoint())
    assert dialog.table.number() in [trial.number for trial in dialog._trials]
    dialog.table.choose(pruned[0].number)
    assert "Cut short after epoch" in dialog.view.curves.told()
    model = dialog.table.trials
    row = dialog._trials.index(pruned[0])
    assert "Cut short" in model.data(model.index(row, model.columnCount() - 1))


def test_a_missing_optuna_is_said(shown, session, qtbot, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    dialog = shown(session)
    dialog.form.add_fields(["learning_rate"])
    with qtbot.waitSignal(dialog.runner.refused, timeout=LONG_MS):
        dialog.go.click()
    assert "torchloom[search]" in dialog.status.text()
    assert not dialog.runner.is_running and dialog.form.isEnabled()


def test_the_menu_opens_one_dialog_for_a_drawing(window, qtbot):
    window.session.apply("Draw", lambda _: iris_mlp())
    for _ in range(2):
        BY_ID["search"].run(window)
    (dialog,) = window.findChildren(SearchDialog)
    assert dialog.isVisible() and dialog.session is window.session
    dialog.close()


def test_the_dialog_takes_on_another_theme(window, qtbot):
    window.session.apply("Draw", lambda _: iris_mlp())
    BY_ID["search"].run(window)
    (dialog,) = window.findChildren(SearchDialog)
    window.choose_theme("light")
    assert dialog.plot.theme.name == "light"
    dialog.close()


@pytest.mark.parametrize("way", ["button", "key", "frame"])
def test_the_dialog_can_be_closed(shown, session, qtbot, way):
    dialog = shown(session)
    match way:
        case "button":
            dialog.dismiss.click()
        case "key":
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        case "frame":
            assert dialog.close()
    assert not dialog.isVisible()


def test_a_part_of_a_name_and_enter_take_the_first_suggestion(shown, session, qtbot):
    dialog = shown(session)
    field = dialog.form.add.lineEdit()
    qtbot.keyClicks(field, "learning")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [line.name for line in dialog.form.lines] == ["learning_rate"]
    assert field.text() == ""
    qtbot.keyClicks(field, "feat")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [line.name for line in dialog.form.lines] == ["learning_rate", "dense.features"]
    assert field.text() == "" and dialog.form.lines[1].choices.hasFocus()
    qtbot.keyClick(dialog.form.lines[1].choices, Qt.Key.Key_Return)
    assert dialog.form.add.hasFocus() and not dialog.runner.is_running


def test_a_field_may_be_typed_with_its_choices(shown, session, qtbot):
    dialog = shown(session)
    field = dialog.form.add.lineEdit()
    qtbot.keyClicks(field, "learning_rate=1e-4..1e-1 log")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    (line,) = dialog.form.lines
    assert line.text() == "learning_rate=1e-4..1e-1 log" and field.text() == ""


def test_tab_goes_from_field_to_field(shown, session, qtbot):
    dialog = shown(session)
    dialog.form.add_fields(["dense.features", "learning_rate"])
    first, second = dialog.form.lines
    order, widget = [], dialog.form.add
    for _ in range(40):
        widget = widget.nextInFocusChain()
        order.append(widget)
    wanted = [first.choices, first.away, second.choices, second.away, dialog.form.trials]
    assert [each for each in order if each in wanted][:5] == wanted


def test_numbers_begin_where_other_fields_do(shown, session):
    form = shown(session).form
    for spin in (form.trials, form.seed, form.parallel):
        assert spin.lineEdit().textMargins().left() > 0


def test_the_suggestion_that_enter_takes_is_marked_and_taken_once(shown, session, qtbot):
    dialog = shown(session)
    field, popup = dialog.form.add.lineEdit(), dialog.form.add.completer().popup()
    qtbot.keyClicks(field, "feat")
    qtbot.waitUntil(lambda: popup.currentIndex().data() == "dense.features")
    assert field.text() == "feat"
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    assert field.text() == "dense2.features"
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert [line.name for line in dialog.form.lines] == ["dense2.features"]
    assert field.text() == "" and not popup.isVisible()
    qtbot.keyClicks(field, "learning")
    qtbot.waitUntil(lambda: popup.currentIndex().isValid())
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert [line.name for line in dialog.form.lines] == ["dense2.features", "learning_rate"]
    assert field.text() == ""
    qtbot.keyClicks(field, "epo")
    qtbot.waitUntil(lambda: popup.currentIndex().isValid())
    at = popup.visualRect(popup.currentIndex()).center()
    qtbot.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [line.name for line in dialog.form.lines][2:] == ["epochs"]
    qtbot.waitUntil(lambda: field.text() == "")
