"""The bar above the canvas: the document, its actions, what is wrong, and Train."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QToolBar, QWidget

from app.elided import ElidedLabel
from app.i18n import tr, tr_count
from app.menus import Menus
from app.session import Session
from graph.problems import Severity

WIDEST_TITLE_PX = 300
MARGIN_PX = 1
"""Beside what the style sheet gives, which Qt uses for all four sides."""


class TopBar(QToolBar):
    """Shows the session in front."""

    def __init__(self, menus: Menus, parent: QWidget) -> None:
        super().__init__(tr("Top bar"), parent)
        self.setObjectName("top-bar")
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.toggleViewAction().setEnabled(False)
        self._title = ElidedLabel("heading")
        self._title.setMaximumWidth(WIDEST_TITLE_PX)
        self._state = _label("dim")
        self.addWidget(_space(MARGIN_PX))
        self.addWidget(self._title)
        self.addWidget(self._state)
        self.addWidget(_space(12))
        for id in ("undo", "redo", "layout", "check"):
            self.addWidget(menus.button(id))
        self.addWidget(_stretch())
        self.counts = QPushButton()
        self.counts.setProperty("role", "quiet")
        self.counts.setToolTip(tr("Show the problems"))
        self._counts_action = self.addWidget(self.counts)
        self._export = menus.button("export")
        self._export.setText(tr("Export"))
        self.addWidget(self._export)
        self.pause = menus.button("pause")
        self.stop = menus.button("stop")
        self._pause_action = self.addWidget(self.pause)
        self._stop_action = self.addWidget(self.stop)
        self.train = menus.button("train", "primary")
        menus.actions["train"].setIconText("▶  " + tr("Train"))
        menus.actions["export"].setIconText(tr("Export"))
        self._train_action = self.addWidget(self.train)
        self.addWidget(_space(MARGIN_PX))
        self.show_running(False)

    def show_session(self, session: Session) -> None:
        """Shows the name and the problems of a document."""
        self._title.show_text(session.title)
        if session.read_only:
            self._state.setText(tr("read only"))
        else:
            self._state.setText("" if session.is_clean else "●  " + tr("edited"))
        errors = sum(problem.severity is Severity.ERROR for problem in session.problems)
        warnings = len(session.problems) - errors
        parts = []
        if errors:
            parts.append(tr_count(errors, "1 error", "{n} errors"))
        if warnings:
            parts.append(tr_count(warnings, "1 warning", "{n} warnings"))
        self.counts.setText("   ".join(parts))
        self._counts_action.setVisible(bool(parts))

    def show_running(self, is_running: bool) -> None:
        """Shows what can be done with a run that goes on, or Train."""
        self._train_action.setVisible(not is_running)
        self._pause_action.setVisible(is_running)
        self._stop_action.setVisible(is_running)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    return label


def _space(px: int) -> QWidget:
    space = QWidget()
    space.setFixedWidth(px)
    return space


def _stretch() -> QWidget:
    stretch = QWidget()
    stretch.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return stretch
