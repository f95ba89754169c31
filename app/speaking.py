"""Tells screen readers what is selected on the canvas, and names the tab bars of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QTabBar

from app import spoken
from app.canvas import Canvas
from app.i18n import tr
from graph.model import NodeId

if TYPE_CHECKING:
    from app.window import Window


class Speaker(QObject):
    """Follows the canvases of a window.

    A block that is selected alone has the focus within the canvas; how many others are selected
    is announced while the canvas has the keys, and always stands in the canvas' description.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._single: NodeId | None = None
        window.tabs.canvas_added.connect(self._follow)
        window.tabs.session_changed.connect(lambda _: self._describe())
        window.tabs.setAccessibleName(tr("Documents"))
        window.painted.connect(self._name_tabs)

    def _follow(self, canvas: Canvas) -> None:
        canvas.setAccessibleName(tr("Drawing"))
        session = canvas.session
        assert session is not None
        for signal in (session.selection_changed, session.problems_changed, session.changed):
            signal.connect(lambda *_: self._describe())

    def _describe(self) -> None:
        canvas = self._window.tabs.canvas
        if canvas is None or canvas.session is None:
            return
        said = spoken.selection(canvas.session)
        if said == canvas.accessibleDescription():
            return
        canvas.setAccessibleDescription(said)
        if not QAccessible.isActive():
            return
        canvas.access.tell_selection()
        single, before = canvas.access.single(), self._single
        self._single = single
        is_told = single != before and canvas.access.tell_focus()
        if canvas.hasFocus() and not is_told:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(canvas, said))

    def _name_tabs(self) -> None:
        """Names the bars that Qt makes where panels share a place."""
        for bar in self._window.findChildren(QTabBar):
            if not bar.accessibleName():
                bar.setAccessibleName(tr("Panels"))
