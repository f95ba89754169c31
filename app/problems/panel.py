"""The problems of the document, errors first, each with its fixes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.forms.parts import column, emptied, label, scrolled, section
from app.forms.problem_card import ProblemCard
from app.i18n import tr
from app.session import Session
from app.theme import THEMES, Theme
from app.trust_dialog import ask_trust
from graph.problems import Fix, Problem, Severity

MOST_SHOWN = 100


class ProblemsPanel(QWidget):
    """Shows what `session.problems` holds; applies fixes through the session.

    Signals:
        go_to: the blocks of the problem that was clicked, a tuple of ids.
    """

    go_to = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session: Session | None = None
        self._theme = THEMES["dark"]
        self._shown: list[Problem] = []
        self.cards: list[ProblemCard] = []
        page = QWidget()
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        outer = column(page, margin=12)
        outer.addLayout(self._list)
        outer.addStretch(1)
        self._area: QScrollArea = scrolled(page, self, tr("Problems"))
        self._page = page
        self.empty = label("", "dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = column(self)
        layout.addWidget(self._area)
        layout.addWidget(self.empty)

    def set_session(self, session: Session) -> None:
        """Shows the problems of another document."""
        if self._session is not None:
            self._session.problems_changed.disconnect(self._show)
            self._session.changed.disconnect(self._on_changed)
        self._session = session
        session.problems_changed.connect(self._show)
        session.changed.connect(self._on_changed)
        self._rebuild(session.problems)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        for card in self.cards:
            card.paint(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        place = next((i for i, card in enumerate(self.cards) if card is watched), None)
        if place is not None and isinstance(event, QKeyEvent):
            step = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(event.key(), 0)
            if step and event.type() == QEvent.Type.KeyPress:
                self._focus_card(place + step)
                return True
        return super().eventFilter(watched, event)

    def _focus_card(self, place: int) -> None:
        if 0 <= place < len(self.cards):
            self.cards[place].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(self.cards[place])

    def _on_changed(self, _change: object) -> None:
        self._show()

    def _show(self) -> None:
        if self._session is None or self._session.problems is self._shown:
            return
        problems = self._session.problems
        if problems and problems == self._shown:
            self._shown = problems  # the session knows what their fixes do now
        else:
            self._rebuild(problems)

    def _rebuild(self, problems: list[Problem]) -> None:
        focused = next((i for i, card in enumerate(self.cards) if card.hasFocus()), None)
        self.cards = []
        emptied(self._list)
        self._shown = problems
        errors = [p for p in problems if p.severity is Severity.ERROR]
        warnings = [p for p in problems if p.severity is Severity.WARNING]
        self._add_group(tr("Errors"), errors)
        self._add_group(tr("Warnings"), warnings)
        hidden = len(problems) - len(self.cards)
        if hidden > 0:
            self._list.addWidget(label(tr("… and {count} more", count=hidden), "dim"))
        self.empty.setVisible(not problems)
        is_drawn = self._session is not None and bool(self._session.document.graph.nodes)
        self.empty.setText(
            tr("No problems. The drawing is ready.")
            if is_drawn
            else tr("What is wrong with the drawing is told here, with what would mend it.")
        )
        self._area.setVisible(bool(problems))
        if focused is not None:
            self._focus_card(min(focused, len(self.cards) - 1))

    def _add_group(self, title: str, problems: list[Problem]) -> None:
        if not problems:
            return
        self._list.addWidget(section(f"{title}  {len(problems)}"))
        for problem in problems[: MOST_SHOWN - len(self.cards)]:
            card = ProblemCard(problem, self._theme, self._page)
            card.go_to.connect(self.go_to)
            card.fix_requested.connect(self._fix)
            card.review_requested.connect(self._review)
            card.installEventFilter(self)
            self.cards.append(card)
            self._list.addWidget(card)

    def _review(self) -> None:
        if self._session is not None:
            ask_trust(self._session, self._theme, self)

    def _fix(self, problem: Problem, fix: Fix) -> None:
        if self._session is not None:
            self._session.fix(problem, fix)
