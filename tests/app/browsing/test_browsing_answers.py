"""Asking the trained model for its answers, from the window itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.browsing.dialog import BrowserDialog
from assets import path as asset
from graph import edits

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def browser(window, qtbot):
    """The window of samples of an example, opened by the button on the form of the data."""
    window.files.open(asset("examples", "penguins-mlp.loom"))
    window.training.parts.data_page.browse.click()
    (dialog,) = window.findChildren(BrowserDialog)
    qtbot.waitUntil(lambda: dialog.is_settled, timeout=20_000)
    return dialog


def test_a_drawing_that_is_not_trained_says_so(browser):
    assert not browser.try_it.isEnabled()
    assert "Once a run of the drawing has ended" in browser.try_it.toolTip()


def test_one_window_is_enough(browser, window):
    window.menus.actions["browse-data"].trigger()
    assert window.findChildren(BrowserDialog) == [browser]


def test_it_goes_with_its_document(browser, window, qtbot):
    qtbot.waitUntil(lambda: browser.is_settled, timeout=20_000)
    window.close_session(window.session)
    qtbot.waitUntil(browser.isHidden)


def test_answers_are_seen_beside_the_data_and_wrong_ones_are_found(browser, window, qtbot):
    window.session.apply("Short", lambda d: edits.set_recipe(d, "epochs", 2))
    window.train()
    qtbot.waitUntil(
        lambda: not window.is_training and window.training.last_run is not None, timeout=60_000
    )
    qtbot.waitUntil(lambda: browser.is_settled and browser.try_it.isEnabled(), timeout=20_000)
    qtbot.mouseClick(browser.try_it, LEFT)
    qtbot.waitUntil(lambda: browser.samples.answers is not None, timeout=20_000)
    qtbot.waitUntil(lambda: browser.is_settled)
    assert browser.overview.answers.text().startswith("The model answers right: train ")
    assert not browser.sample.answer.isHidden()
    answers = browser.samples.answers
    qtbot.keyClicks(browser.filters.verdict, "wrong")
    qtbot.waitUntil(lambda: browser.is_settled)
    wrong = int((~answers.right()).sum())
    assert len(browser.rows.shown) == wrong > 0
    qtbot.keyClick(browser.rows.table, Qt.Key.Key_Return)
    assert "but it is" in browser.sample.answer.verdict.text()
    shares = [share for _, share, _ in browser.sample.answer.bars.lines]
    assert len(shares) == 3 and sum(shares) == pytest.approx(1, abs=1e-5)
