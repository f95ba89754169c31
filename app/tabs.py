"""The open documents: a tab each, with its canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from app.canvas import Canvas
from app.canvas.options import Options
from app.i18n import tr
from app.session import Session
from app.theme import Theme


class DocumentTabs(QTabWidget):
    """A canvas for each session; a single one shows no tab bar.

    Signals:
        session_changed: another session is in front.
        canvas_added: a new canvas, to be wired up.
        close_requested: a person wants to close a session.
    """

    session_changed = Signal(object)
    canvas_added = Signal(object)
    close_requested = Signal(object)

    def __init__(self, theme: Theme, options: Options, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._options = options
        self._sessions: dict[Canvas, Session] = {}
        self._running: Session | None = None
        self.setDocumentMode(True)
        self.setTabsClosable(True)
        self.setMovable(True)
        self.setTabBarAutoHide(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.tabBar().installEventFilter(self)
        self.tabBar().setAccessibleName(tr("Open documents"))
        self.tabCloseRequested.connect(self._request_close)
        self.currentChanged.connect(lambda _: self._announce())

    @property
    def session(self) -> Session | None:
        """The session in front."""
        canvas = self.canvas
        return self._sessions.get(canvas) if canvas else None

    @property
    def canvas(self) -> Canvas | None:
        """The canvas in front."""
        widget = self.currentWidget()
        return widget if isinstance(widget, Canvas) else None

    def bar_height(self) -> int:
        """How much of the top the tabs take, in px."""
        return self.tabBar().height() if self.tabBar().isVisible() else 0

    def covered_height(self) -> int:
        """How much of the top the tabs and the bar over the canvas take, in px."""
        return self.bar_height() + (self.canvas.crumbs.height_taken() if self.canvas else 0)

    def sessions(self) -> list[Session]:
        """All open sessions, in the order of their tabs."""
        found = [self.widget(index) for index in range(self.count())]
        return [self._sessions[page] for page in found if isinstance(page, Canvas)]

    def canvas_of(self, session: Session) -> Canvas:
        """The canvas of a session."""
        return next(canvas for canvas, shown in self._sessions.items() if shown is session)

    def add(self, session: Session) -> Canvas:
        """Opens a tab for a session and brings it to the front."""
        canvas = Canvas(self)
        canvas.set_theme(self._theme)
        canvas.set_options(self._options)
        canvas.set_session(session)
        session.setParent(canvas)
        self._sessions[canvas] = session
        session.state_changed.connect(self._updater(session))
        self.canvas_added.emit(canvas)
        index = self.addTab(canvas, session.title)
        self._update(session)
        self.setCurrentIndex(index)
        return canvas

    def show_session(self, session: Session) -> None:
        """Brings a session to the front."""
        self.setCurrentWidget(self.canvas_of(session))

    def remove(self, session: Session) -> None:
        """Closes the tab of a session without asking."""
        canvas = self.canvas_of(session)
        self.removeTab(self.indexOf(canvas))
        del self._sessions[canvas]
        canvas.deleteLater()

    def mark_running(self, session: Session | None) -> None:
        """Marks the tab of the document that trains, and no other."""
        was, self._running = self._running, session
        for changed in (was, session):
            if changed is not None:
                self._update(changed)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        for canvas in self._sessions:
            canvas.set_theme(theme)

    def set_options(self, options: Options) -> None:
        """Takes on how drawings look and feel."""
        self._options = options
        for canvas in self._sessions:
            canvas.set_options(options)

    def step(self, by: int) -> None:
        """Goes to the next tab, or the one before."""
        if self.count():
            self.setCurrentIndex((self.currentIndex() + by) % self.count())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Closes a tab on a middle click."""
        if (
            watched is self.tabBar()
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.MiddleButton
        ):
            index = self.tabBar().tabAt(event.position().toPoint())
            if index >= 0:
                self._request_close(index)
                return True
        return super().eventFilter(watched, event)

    def _updater(self, session: Session) -> Callable[[], None]:
        return lambda: self._update(session)

    def _update(self, session: Session) -> None:
        if session not in self._sessions.values():
            return
        index = self.indexOf(self.canvas_of(session))
        is_running = session is self._running
        mark = "▶  " if is_running else ""
        self.setTabText(index, mark + session.title + ("" if session.is_clean else "  ●"))
        place = str(session.path) if session.path else tr("Not saved yet")
        self.setTabToolTip(index, tr("{place}, training", place=place) if is_running else place)

    def _request_close(self, index: int) -> None:
        page = self.widget(index)
        if isinstance(page, Canvas):
            self.close_requested.emit(self._sessions[page])

    def _announce(self) -> None:
        if self.session is not None:
            self.session_changed.emit(self.session)
