"""The palette: a search box above the tree of blocks."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app import library
from app.block_search import best_matches, blocks_here
from app.i18n import tr
from app.line_edit import LineEdit
from app.palette.tree import BlockTree
from app.session import Session
from app.theme import THEMES, Theme
from graph.block import Block
from graph.change import Change
from graph.registry import default_registry

FIRST_AT_HAND = ("input", "conv2d", "dense", "relu", "cross_entropy")


class Palette(QWidget):
    """Every block there is, the composites of the document and of the library among them.

    Signals:
        add_requested: the kind of a block to add, chosen by Enter or double click.
        menu_requested: the kind of a composite, and a place of the screen: what can be done
            with it is wanted.
    """

    add_requested = Signal(str)
    menu_requested = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session: Session | None = None
        self._at_hand = list(FIRST_AT_HAND)
        self._by_use = list(reversed(FIRST_AT_HAND))
        self.search = LineEdit(self)
        self.search.setPlaceholderText(tr("Search blocks   /"))
        self.search.setAccessibleName(tr("Search blocks"))
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._show)
        self.tree = BlockTree(THEMES["dark"], self)
        self.tree.add_requested.connect(self._add)
        self.tree.menu_requested.connect(self.menu_requested)
        self._blocks: list[type[Block]] = []
        library.news.changed.connect(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 6, 6)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)

    def set_session(self, session: Session) -> None:
        """Shows the blocks that this document can use."""
        if self._session is not None:
            self._session.changed.disconnect(self._on_changed)
        self._session = session
        session.changed.connect(self._on_changed)
        self._blocks = blocks_here(session)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.tree.set_theme(theme)
        self._show()

    def focus_search(self) -> None:
        """Puts the cursor into the search box, what is in it selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def at_hand(self) -> list[str]:
        """The kinds that stand on top, from top to bottom."""
        return list(self._at_hand)

    def recall(self, kinds: Iterable[str]) -> None:
        """Puts these kinds on top, as if they had been added in this order."""
        known = {block.kind.name for block in default_registry().blocks()}
        for kind in kinds:
            if kind in known:
                self._put_at_hand(kind)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.search and pressed:
            assert isinstance(event, QKeyEvent)
            return self._steer(event.key())
        return super().eventFilter(watched, event)

    def _steer(self, key: int) -> bool:
        """Keys in the search box that steer the tree; answers whether it was one."""
        match key:
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self.tree.step(1 if key == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if self.tree.current_kind():
                    self._add(self.tree.current_kind())
            case Qt.Key.Key_Escape if self.search.text():
                self.search.clear()
            case _:
                return False
        return True

    def _add(self, kind: str) -> None:
        self.add_requested.emit(kind)

    def _on_changed(self, change: Change) -> None:
        if self._session is None:
            return
        if change.settings:
            blocks = blocks_here(self._session)
            if blocks != self._blocks:
                self._blocks = blocks
                self._show()
        if len(change.added) != 1:
            return
        (id,) = change.added
        block = self._session.registry.find(self._session.document.node(id).kind)
        if block is not None:
            self._put_at_hand(block.kind.name)

    def _put_at_hand(self, kind: str) -> None:
        """Takes the place of the kind that was not used for longest; nothing else moves."""
        if kind in self._by_use:
            self._by_use.remove(kind)
        else:
            self._at_hand[self._at_hand.index(self._by_use.pop(0))] = kind
            self._show()
        self._by_use.append(kind)

    def _show(self) -> None:
        if self._session is None:
            return
        blocks = self._blocks
        shelf = library.blocks()
        query = self.search.text().strip()
        scrolled = self.tree.verticalScrollBar().value()
        if query:
            self.tree.show_found(best_matches(query, [*blocks, *shelf]), query)
            return
        by_kind: dict[str, type[Block]] = {block.kind.name: block for block in blocks}
        at_hand = [by_kind[kind] for kind in self._at_hand if kind in by_kind]
        current = self.tree.current_kind()
        self.tree.show_groups(blocks, at_hand, shelf)
        self.tree.select_kind(current)
        self.tree.verticalScrollBar().setValue(scrolled)
