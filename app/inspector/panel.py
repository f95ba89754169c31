"""The inspector: shows the page that fits the selection."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from app.forms.parts import column, scrolled
from app.i18n import tr
from app.inspector.block_page import BlockPage
from app.inspector.definition_page import DefinitionPage
from app.inspector.document_page import DocumentPage
from app.inspector.several_page import SeveralPage
from app.measured import measured_of
from app.session import Session
from app.theme import Theme
from graph.change import Change
from graph.model import NodeId


class Inspector(QWidget):
    """What is selected: one block, several of one kind, several, or the drawing itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session: Session | None = None
        self.block_page = BlockPage()
        self.document_page = DocumentPage()
        self.definition_page = DefinitionPage()
        self.several_page = SeveralPage()
        self._stack = QStackedWidget(self)
        self._areas: dict[QWidget, QScrollArea] = {}
        for page in self._pages():
            area = self._areas[page] = scrolled(page, self, tr("Inspector"))
            # a dock can be made narrower than any form fits
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            self._stack.addWidget(area)
        column(self).addWidget(self._stack)

    def _pages(self) -> tuple[DocumentPage | DefinitionPage | BlockPage | SeveralPage, ...]:
        return (self.document_page, self.definition_page, self.block_page, self.several_page)

    def set_session(self, session: Session) -> None:
        """Shows what is selected in another document."""
        if self._session is not None:
            self._leave()
            self._session.leaving.disconnect(self._leave)
            self._session.changed.disconnect(self._on_changed)
            self._session.selection_changed.disconnect(self._on_selection)
            self._session.problems_changed.disconnect(self._on_problems)
            measured_of(self._session).changed.disconnect(self._on_measured)
        self._session = session
        for page in self._pages():
            page.set_session(session)
        session.leaving.connect(self._leave)
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._on_selection)
        session.problems_changed.connect(self._on_problems)
        measured_of(session).changed.connect(self._on_measured)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.block_page.set_theme(theme)

    def page(self) -> QWidget:
        """The page that is shown."""
        shown = self._stack.currentWidget()
        return next(page for page, area in self._areas.items() if area is shown)

    def _leave(self) -> None:
        """Lets the page that is shown hand over what was typed."""
        shown = self.page()
        if shown is self.block_page:
            self.block_page.leave()
        elif shown is self.document_page:
            self.document_page.leave()
        elif shown is self.definition_page:
            self.definition_page.leave()

    def _on_changed(self, change: Change) -> None:
        if change.structure or change.settings:
            self._show()

    def _on_selection(self) -> None:
        self._leave()
        self._show()
        self._areas[self.page()].verticalScrollBar().setValue(0)

    def _on_problems(self) -> None:
        if self.page() is self.block_page:
            self.block_page.refresh()

    def _on_measured(self) -> None:
        if self._session is not None and not measured_of(self._session).is_running:
            self._show()

    def _show(self) -> None:
        session = self._session
        if session is None:
            return
        ids = _in_order(session)
        kinds = {session.document.node(id).kind for id in ids}
        if not ids and session.place:
            self.definition_page.refresh()
            self._turn_to(self.definition_page)
        elif not ids:
            self.document_page.refresh()
            self._turn_to(self.document_page)
        elif len(kinds) == 1:
            self.block_page.show_blocks(ids)
            self._turn_to(self.block_page)
        else:
            self.several_page.show_blocks(ids)
            self._turn_to(self.several_page)

    def _turn_to(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(self._areas[page])


def _in_order(session: Session) -> list[NodeId]:
    """The selected blocks that exist, in the order of the document."""
    nodes, chosen = session.document.graph.nodes, session.selection
    if len(chosen) < 2:
        return [id for id in chosen if id in nodes]
    return [id for id in nodes if id in chosen]
