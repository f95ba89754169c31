"""A problem in a narrow panel."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.forms.problem_card import FixButton, ProblemCard
from app.theme import THEMES
from graph.problems import Fix, Problem


def test_a_long_name_does_not_make_a_panel_wider(qtbot: QtBot) -> None:
    name = "_".join(["word"] * 12)
    card = ProblemCard(Problem("unused", f"Dense “{name}” leads nowhere."), THEMES["dark"], None)
    qtbot.addWidget(card)
    assert card.minimumSizeHint().width() < 200


def test_the_words_of_a_button_end_in_dots_where_there_is_no_room(qtbot: QtBot) -> None:
    fix = Fix("Set shape of “a_target_with_a_long_name” to one number", lambda document: document)
    card = ProblemCard(Problem("shape", "Too long.", fixes=(fix,)), THEMES["dark"], None)
    qtbot.addWidget(card)
    card.resize(220, 90)
    with qtbot.waitExposed(card):
        card.show()
    (button,) = card.buttons
    assert isinstance(button, FixButton)
    assert button.shown().endswith("…") and button.text() == fix.label
    card.resize(600, 90)
    qtbot.waitUntil(lambda: button.shown() == fix.label)
