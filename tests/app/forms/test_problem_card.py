"""A problem in a narrow panel."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.forms.problem_card import ProblemCard
from app.theme import THEMES
from graph.problems import Problem


def test_a_long_name_does_not_make_a_panel_wider(qtbot: QtBot) -> None:
    name = "_".join(["word"] * 12)
    card = ProblemCard(Problem("unused", f"Dense “{name}” leads nowhere."), THEMES["dark"], None)
    qtbot.addWidget(card)
    assert card.minimumSizeHint().width() < 200
