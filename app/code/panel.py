"""The panel that shows the code of the session in front; its lines and the blocks follow."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.code.feed import Feed, Listing
from app.code.find import FindBar
from app.code.view import CodeView
from app.forms.parts import column, label
from app.i18n import tr, tr_count
from app.session import Session
from app.theme import THEMES, Theme, colour
from graph.model import NodeId

COPIED_MS = 1500
FIND = QKeySequence.StandardKey.Find


class CodePanel(QWidget):
    """Live generated code: what is read here is what trains and what is exported.

    Signals:
        node_under_cursor: the block whose line a person went to; None at a line of no block.
        listed: the code of the drawing as it is now is shown.
    """

    node_under_cursor = Signal(object)
    listed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session: Session | None = None
        self._theme = THEMES["dark"]
        self._listing = Listing(None)
        self._lines_of: Mapping[NodeId, list[int]] = {}
        self._next_gap = 0
        self._wants_reveal = False
        self._feed = Feed(self)
        self._feed.listed.connect(self._show)
        self.view = CodeView(self)
        self.view.line_chosen.connect(self._choose)
        self.find_bar = FindBar(self.view, self)
        self.find_bar.closed.connect(self.view.setFocus)
        self.unfinished = QPushButton()
        self.unfinished.setObjectName("unfinished")
        self.unfinished.setCursor(Qt.CursorShape.PointingHandCursor)
        self.unfinished.setToolTip(tr("Go to the block; click again for the next one"))
        self.unfinished.clicked.connect(self._go_to_gap)
        self.unfinished.hide()
        self.empty = label(
            tr("The PyTorch code of your drawing appears here, line by line as you draw.\n"
               "Drag a first block onto the canvas."), "dim",
        )  # fmt: skip
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tools = QWidget()
        self._arrange()
        self._show_parts()

    def set_session(self, session: Session) -> None:
        """Shows the code of another document."""
        if self._session is not None:
            self._session.selection_changed.disconnect(self._on_selection)
            self._session.place_changed.disconnect(self._show_place)
        self._session = session
        session.selection_changed.connect(self._on_selection)
        session.place_changed.connect(self._show_place)
        self._feed.set_session(session)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.view.set_theme(theme)
        self.find_bar.set_theme(theme)
        soft = colour(theme.warn, 0.14).name(QColor.NameFormat.HexArgb)
        self.unfinished.setStyleSheet(
            f"#unfinished {{ background: {soft}; border: 0;"
            f" border-left: 3px solid {theme.warn}; border-radius: 0; padding: 5px 12px;"
            f" text-align: left; color: {theme.text}; }}"
            f" #unfinished:focus, #unfinished:hover {{ text-decoration: underline; }}"
        )
        self._mark_selection()

    @property
    def text(self) -> str:
        """The code that is shown."""
        return self.view.toPlainText()

    def copy(self) -> None:
        """Puts the selected code on the clipboard, or all of it."""
        selected = self.view.textCursor().selectedText().replace("\u2029", "\n")
        source = self._listing.source
        QGuiApplication.clipboard().setText(selected or (source.text if source else ""))
        self._copy.setText(tr("Copied"))
        self._copied.start()

    def open_find(self) -> None:
        """Opens the line to look for a text."""
        if self._listing.source is not None:
            self.find_bar.open_bar()

    # following the session

    def _show(self, listing: Listing) -> None:
        self._listing = listing
        self._lines_of = listing.lines_of
        was_at_selected = self.view.current_line() in self.view.marks
        if listing.is_first:
            self.view.clear_lines()
        self.view.show_lines(
            listing.lines, listing.changes, listing.starts_in_string, listing.gap_lines
        )
        self.find_bar.refresh()
        self._show_parts()
        self._mark_selection()
        has_left = was_at_selected and self.view.current_line() not in self.view.marks
        if self._wants_reveal or has_left:
            self._on_selection()
        self.listed.emit()

    def _show_parts(self) -> None:
        source = self._listing.source
        self.empty.setVisible(source is None)
        self.view.setVisible(source is not None)
        self.tools.setVisible(source is not None)
        if source is None and not self.find_bar.isHidden():
            self.find_bar.close_bar()
        self.unfinished.setVisible(source is not None and bool(source.gaps))
        one, many = "Unfinished: 1 block is left out", "Unfinished: {n} blocks are left out"
        self.unfinished.setText(tr_count(self._listing.left_out, one, many))
        self.length.setText(tr_count(len(self._listing.lines), "1 line", "{n} lines"))

    def _on_selection(self) -> None:
        if not self.isVisible():
            self._wants_reveal = True
            return
        self._mark_selection()
        self.view.reveal(self.view.marks)
        # a block that was just added has no lines before the text is written anew
        selection = self._session.selection if self._session else frozenset()
        self._wants_reveal = bool(selection) and not self.view.marks

    def _show_place(self) -> None:
        """Scrolls to the class of the composite that is looked at from now on."""
        session = self._session
        if session is None or not (self.isVisible() and session.place):
            return
        nodes = session.document.graph.nodes
        if session.selection & nodes.keys():
            return
        lines = [line for id in nodes for line in self._lines_of.get(id, ())]
        if lines:
            self.view.reveal([min(lines)])

    def _mark_selection(self) -> None:
        if self._session is None:
            return
        marks = {}
        for id in self._session.selection:
            node = self._session.document.graph.nodes.get(id)
            block = self._session.registry.find(node.kind) if node else None
            key = block.kind.category.colour if block else "merge"
            for line in self._lines_of.get(id, ()):
                marks[line] = self._theme.categories[key]
        self.view.mark(marks)

    def _choose(self, line: int) -> None:
        source = self._listing.source
        node = source.lines.get(line + 1) if source else None
        if node is not None and self._session is not None:
            self._session.show([node])
        self.node_under_cursor.emit(node)

    def _go_to_gap(self) -> None:
        source = self._listing.source
        if source is None or not source.gaps or self._session is None:
            return
        node = source.gaps[self._next_gap % len(source.gaps)][0]
        self._next_gap += 1
        self._session.show([node])
        self.node_under_cursor.emit(node)

    # events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._feed.watch(True)
        self._on_selection()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._feed.watch(False)

    def event(self, event: QEvent) -> bool:
        """Keeps the key that finds text for the code while the focus is in the panel."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(FIND)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(FIND):
            self.open_find()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A read-only text keeps most keys to itself; the panel wants this one."""
        if (
            watched is self.view
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.matches(FIND)
        ):
            self.open_find()
            return True
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        self.length = label("", "dim")
        find = _tool(tr("Find"), tr("Find in code  Ctrl+F"))
        find.clicked.connect(self.open_find)
        self.wrap = _tool(tr("Wrap"), tr("Break long lines at the edge"))
        self.wrap.setCheckable(True)
        self.wrap.toggled.connect(self.view.set_wrap)
        self._copy = _tool(tr("Copy"), tr("Copy the selected code, or all of it"))
        self._copy.clicked.connect(self.copy)
        self._copied = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied.timeout.connect(lambda: self._copy.setText(tr("Copy")))
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(14, 2, 8, 2)
        row.setSpacing(2)
        row.addWidget(self.length)
        row.addStretch(1)
        for button in (find, self.wrap, self._copy):
            row.addWidget(button)
        layout = column(self, spacing=0)
        layout.addWidget(self.tools)
        layout.addWidget(self.unfinished)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.empty, 1)
        self.view.installEventFilter(self)


def _tool(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "quiet")
    button.setToolTip(tip)
    return button
