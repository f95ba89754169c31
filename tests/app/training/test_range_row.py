"""A learning rate is looked for, shown and used."""

from graph import edits

__import__("backends.pytorch.range_test")  # torch is there before anyone waits for a step


def row_of(panel, session):
    panel.set_session(session)
    panel.parts.settings.setCurrentIndex(1)
    return panel.parts.recipe_page.range


def test_a_found_rate_can_be_used_and_undone(qtbot, panel, open_example):
    session = open_example("iris-mlp")
    row = row_of(panel, session)
    assert row.seek.text() == "Find a learning rate"
    assert not row.plot.isVisible()
    row.seek.click()
    assert row.is_running
    qtbot.waitUntil(lambda: not row.is_running, timeout=20_000)
    assert row.plot.isVisible()
    assert len(row.plot.xs) > 20
    row.use.click()
    assert session.document.recipe["learning_rate"] == row.plot.mark
    session.undo()
    assert session.document.recipe["learning_rate"] != row.plot.mark


def test_a_test_can_be_stopped_and_ends_with_another_document(qtbot, panel, open_example):
    first, second = open_example("iris-mlp"), open_example("wine-mlp")
    row = row_of(panel, first)
    row.seek.click()
    row.seek.click()
    assert not row.is_running
    assert row.seek.text() == "Find a learning rate"
    row.seek.click()
    panel.set_session(second)
    assert not row.is_running


def test_what_is_wrong_is_told(qtbot, panel, open_example):
    session = open_example("iris-mlp")
    row = row_of(panel, session)
    losses = [n.id for n in session.document.graph.nodes.values() if n.kind == "cross_entropy"]
    session.apply("Remove", lambda document: edits.remove(document, losses))
    row.seek.click()
    qtbot.waitUntil(lambda: not row.is_running, timeout=20_000)
    assert "no loss" in row.told.text()
    assert row.told.isVisible()
