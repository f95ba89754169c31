"""Choosing data in the dock."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.training.preview import PicturesPreview, TablePreview, preview
from graph import edits
from graph.data import DataSpec


@pytest.fixture
def page(panel, open_example, qtbot):
    panel.set_session(open_example("iris-mlp"))
    found = panel.parts.data_page
    qtbot.waitUntil(lambda: found.form.isVisible())
    return found


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    rows = [f"{20 + n},{n / 7:.2f},{'yes' if n % 2 else 'no'}" for n in range(80)]
    path.write_text("age,height,member\n" + "\n".join(rows) + "\n")
    return path


def choose(qtbot, page, kind):
    box = page.chooser
    box.setFocus()
    place = box.findData(kind, Qt.ItemDataRole.UserRole)
    while box.currentIndex() != place:
        key = Qt.Key.Key_Down if box.currentIndex() < place else Qt.Key.Key_Up
        qtbot.keyClick(box, key)


def test_sources_stand_under_their_category(page):
    box = page.chooser
    texts = [box.itemText(place) for place in range(box.count())]
    for heading in ("BUILT IN", "GENERATED", "YOUR FILES"):
        assert heading in texts
    assert texts.index("BUILT IN") < texts.index("Iris flowers") < texts.index("YOUR FILES")
    assert box.currentText() == "Iris flowers"


def test_categories_of_sources_can_be_read(page):
    box = page.chooser
    tone = box.itemData(box.findText("BUILT IN"), Qt.ItemDataRole.ForegroundRole)
    assert tone == QGuiApplication.palette().brush(QPalette.ColorRole.PlaceholderText)
    assert box.itemData(box.findText("Iris flowers"), Qt.ItemDataRole.ForegroundRole) is None


def test_origin_and_licence_are_named(page):
    assert "Fisher" in page.origin.text()
    assert "Licence" in page.origin.text()


def test_rows_columns_and_classes_are_shown(page):
    facts = dict(page.facts.facts())
    assert facts["rows to train on"] == "120"
    assert "setosa" in facts["classes of y"]


def test_a_source_is_chosen_by_keys_and_undone(qtbot, page, panel):
    session = panel._session
    choose(qtbot, page, "wine")
    assert session.document.data.source == "wine"
    qtbot.waitUntil(lambda: session.data_info is not None)
    session.undo()
    while session.document.data.source != "iris":
        session.undo()
    assert page.chooser.currentText() == "Iris flowers"


def test_input_and_target_are_made_to_fit(qtbot, page, panel):
    session = panel._session
    assert not page.fit.isVisible()
    session.apply("Use moons", lambda document: edits.set_data(document, DataSpec("moons")))
    qtbot.waitUntil(lambda: page.fit.isVisible())
    before = session.document
    qtbot.mouseClick(page.fit, Qt.MouseButton.LeftButton)
    assert not page.fit.isVisible()
    input_ = next(n for n in session.document.graph.nodes.values() if n.kind == "input")
    assert input_.params["shape"] == "2"
    session.undo()
    assert session.document == before


def test_the_target_of_a_csv_is_chosen_from_its_columns(qtbot, page, panel, people):
    session = panel._session
    spec = DataSpec("csv", {"path": str(people)})
    session.apply("Use a CSV", lambda document: edits.set_data(document, spec))
    qtbot.waitUntil(lambda: page.error.isVisible())
    assert "Choose the target column" in page.error.text()
    combo = page.form.field("target").combo
    qtbot.waitUntil(lambda: combo.findData("member") >= 0)
    combo.setFocus()
    while combo.currentData() != "member":
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert session.document.data.params["target"] == "member"
    qtbot.waitUntil(lambda: session.data_info is not None)
    assert not page.error.isVisible()
    assert dict(page.facts.facts())["classes of y"] == "no, yes"


def test_a_double_click_on_a_column_makes_it_the_target(qtbot, page, panel, people):
    panel.parts.views.setCurrentIndex(1)
    spec = DataSpec("csv", {"path": str(people)})
    panel._session.apply("Use a CSV", lambda document: edits.set_data(document, spec))
    table = panel.parts.preview.table
    qtbot.waitUntil(lambda: table.isVisible() and table.model().columnCount() == 3)
    header = table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(2) + 10, 8)
    QTest.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel._session.document.data.params["target"] == "member"


def test_a_dropped_file_becomes_the_data(qtbot, page, panel, people):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(people))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    at, action = QPointF(50, 50), Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at.toPoint(), action, data, buttons, keys)
    panel.dragEnterEvent(enter)
    assert enter.isAccepted()
    panel.dropEvent(QDropEvent(at, action, data, buttons, keys))
    assert panel._session.document.data == DataSpec("csv", {"path": str(people)})
    assert panel.parts.views.currentIndex() == 1
    qtbot.waitUntil(lambda: isinstance(panel.parts.preview.shown, TablePreview))


def test_a_folder_becomes_the_source_of_what_it_holds(tmp_path):
    from app.training.dropped import kind_of

    for name, inner in (("a", "images"), ("b", "dogs")):
        (tmp_path / name / inner).mkdir(parents=True)
    (tmp_path / "a" / "masks").mkdir()
    assert kind_of(tmp_path / "a") == ("masks", "folder")
    assert kind_of(tmp_path / "b") == ("images", "folder")
    (tmp_path / "b" / "dogs" / "1.wav").touch()
    assert kind_of(tmp_path / "b") == ("sounds", "folder")


def test_a_drawing_is_left_to_the_window(panel, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "digits.loom"))])
    enter = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    panel.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_a_missing_file_is_told_in_words(qtbot, page, panel):
    spec = DataSpec("csv", {"path": "/nowhere.csv", "target": "y"})
    panel._session.apply("Use a CSV", lambda document: edits.set_data(document, spec))
    qtbot.waitUntil(lambda: page.error.isVisible())
    assert "/nowhere.csv" in page.error.text()


def test_the_preview_shows_rows_and_pictures(qtbot, panel, page, people):
    shown = panel.parts.preview
    panel.parts.views.setCurrentIndex(1)
    qtbot.waitUntil(lambda: isinstance(shown.shown, TablePreview))
    assert shown.table.model().rowCount() == 50
    digits = DataSpec("digits")
    panel._session.apply("Use digits", lambda document: edits.set_data(document, digits))
    qtbot.waitUntil(lambda: isinstance(shown.shown, PicturesPreview))
    assert shown.pictures.count() == 48
    assert not shown.is_busy


def test_the_preview_of_a_broken_file_says_why(qtbot, panel, page):
    panel.parts.views.setCurrentIndex(1)
    spec = DataSpec("csv", {"path": "/nowhere.csv"})
    panel._session.apply("Use a CSV", lambda document: edits.set_data(document, spec))
    qtbot.waitUntil(lambda: "/nowhere.csv" in panel.parts.preview.text.text())


def test_reading_for_the_preview_can_be_cancelled(qtbot, panel, page):
    shown = panel.parts.preview
    spec = DataSpec("moons", {"rows": 10_000_000})
    panel._session.apply("Use moons", lambda document: edits.set_data(document, spec))
    panel.parts.views.setCurrentIndex(1)
    assert shown.is_busy
    qtbot.mouseClick(shown.work.cancel, Qt.MouseButton.LeftButton)
    assert not shown.is_busy
    assert "cancelled" in shown.text.text()


def test_rows_in_both_parts_are_told_with_their_number(qtbot, page):
    qtbot.waitUntil(lambda: "1 of 30 test rows" in page.warnings.text())
    assert page.warnings.isVisible()
    choose(qtbot, page, "wine")
    qtbot.waitUntil(lambda: not page.warnings.isVisible())


def test_code_of_the_data_runs_once_it_is_read_and_trusted(qtbot, page, panel, tmp_path):
    from app.trust_dialog import TrustDialog
    from graph import trust

    code = "class Ones:\n    __len__ = lambda _: 9\n    __getitem__ = lambda _, row: ([1.0], 0)\n"
    path = tmp_path / "ones.py"
    path.write_text(code, "utf-8")
    session = panel._session
    spec = DataSpec("own_dataset", {"path": str(path)})
    session.apply("Use it", lambda document: edits.set_data(document, spec))
    qtbot.waitUntil(page.trust.isVisible)
    assert "not trusted" in page.error.text()
    page.trust.click()
    dialog = page.window().findChild(TrustDialog)
    assert "class Ones" in dialog.code.toPlainText()
    dialog.trust.click()
    try:
        qtbot.waitUntil(lambda: dict(page.facts.facts()).get("rows to train on") == "7")
        assert not page.trust.isVisible()
    finally:
        trust.withdraw([trust.digest(code)])


def test_classes_are_weighed_in_the_loss_and_that_is_undone(qtbot, page, panel, people):
    session = panel._session
    before = session.root
    qtbot.waitUntil(page.weigh.isVisible)
    page.weigh.click()
    qtbot.waitUntil(lambda: session.root is not before)
    constant = next(n for n in session.document.graph.nodes.values() if n.kind == "constant")
    assert constant.params == {"numbers": "1, 1, 1", "shape": (3,)}
    assert not [problem for problem in session.problems if problem.severity.value == "error"]
    blocks = len(session.document.graph.nodes)
    page.weigh.click()
    qtbot.waitUntil(lambda: page.weigh.isVisible())
    assert len(session.document.graph.nodes) == blocks
    session.undo()
    assert session.root == before


def test_the_menu_of_a_column_says_what_it_is_for(page, people):
    assert page.take_file(people)

    def menu(column):
        page.show_column_menu(column, QPoint(0, 0))
        (shown,) = [each for each in page.findChildren(QMenu) if each.isVisible()]
        return shown, {action.text(): action for action in shown.actions() if action.text()}

    shown, actions = menu("member")
    assert not actions["Predict it, too"].isEnabled()
    actions["Predict it"].trigger()
    shown.close()
    shown, actions = menu("age")
    assert actions["It holds what it looks like"].isChecked()
    actions["Leave it out"].trigger()
    shown.close()
    shown, actions = menu("height")
    actions["Predict it, too"].trigger()
    shown.close()
    params = page._session.document.data.params
    assert params["target"] == "member"
    assert (params["kinds"], params["more_targets"]) == ("age: ignore", "height")
    found = preview(page._session.document.data, lambda share: None, lambda: False)
    assert [each.is_target for each in found.headings] == [False, True, True]
    assert found.headings[0].kind == "left out"


def test_the_data_of_another_document_is_shown_from_its_top(qtbot, page, panel, open_example):
    area = panel.parts.settings.currentWidget()
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    panel.set_session(open_example("digits-cnn"))
    assert bar.value() == 0


def test_data_without_its_file_is_not_browsed(qtbot, page, panel, people):
    assert page.browse.isEnabled()
    choose(qtbot, page, "csv")
    qtbot.waitUntil(lambda: not page.browse.isEnabled())
    page.take_file(people)
    qtbot.waitUntil(page.browse.isEnabled)
    assert page.browse.y() > page.form.y()
