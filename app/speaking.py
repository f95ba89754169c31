"""Tells screen readers what is selected on the canvas, and names the tab bars of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QTabBar

from app import spoken
from app.canvas import Canvas
from app.i18n import tr

if TYPE_CHECKING:
    from app.window import Window


class Speaker(QObject):
    """Follows the canvases of a window.

    The canvas is one widget to a screen reader; its description says what is selected, and a
    change is announced while the canvas has the keys. The outline tells the drawing as a tree.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
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
        if canvas.hasFocus() and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(canvas, said))

    def _name_tabs(self) -> None:
        """Names the bars that Qt makes where panels share a place."""
        for bar in self._window.findChildren(QTabBar):
            if not bar.accessibleName():
                bar.setAccessibleName(tr("Panels"))
