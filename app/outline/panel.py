"""The outline: a tree that tells and does what the canvas shows and does."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.forms.parts import column, label
from app.i18n import tr
from app.outline.model import OutlineModel
from app.outline.rows import BlockRow, InsideRow, PortRow, RemarkRow, Row
from app.outline.tree import OutlineTree
from app.session import Session
from app.theme import Theme
from graph.model import Edge

Flag = QItemSelectionModel.SelectionFlag


class OutlinePanel(QWidget):
    """Shows what a session looks at, as far as it can be seen; hidden, it does nothing.

    Signals:
        chosen: the blocks, wires, frames and notes of the rows that a person selected.
        edit_wanted: the parameters of the selected block are to be edited.
        write_wanted: the selected frame or note is to be written on.
    """

    chosen = Signal(object, object, object)
    edit_wanted = Signal()
    write_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session: Session | None = None
        self._is_stale = True
        self._is_other = True
        self._is_choosing = False
        self.model = OutlineModel(self)
        self.tree = OutlineTree(self.model, self)
        self.empty = label(tr("The blocks of the drawing are listed here."), "dim", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = column(self, spacing=0)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.addWidget(self.tree)
        layout.addWidget(self.empty)
        self.tree.entered.connect(self._enter)
        self.tree.rename_wanted.connect(self._rename)
        self.tree.selectionModel().selectionChanged.connect(self._on_rows_selected)

    def set_session(self, session: Session) -> None:
        """Shows another document."""
        if self._session is not None:
            self._session.changed.disconnect(self._on_changed)
            self._session.problems_changed.disconnect(self._on_problems)
            self._session.selection_changed.disconnect(self._on_selection)
            self._session.place_changed.disconnect(self._on_place)
        self._session = session
        session.changed.connect(self._on_changed)
        session.problems_changed.connect(self._on_problems)
        session.selection_changed.connect(self._on_selection)
        session.place_changed.connect(self._on_place)
        self._on_place()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.model.set_theme(theme)
        self.tree.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """Catches up with what changed while nothing was to be seen."""
        super().showEvent(event)
        if self._is_stale:
            self._catch_up()

    # what the session tells

    def _on_place(self) -> None:
        self._is_other = True
        self._note()

    def _on_changed(self, _change: object) -> None:
        self._note()

    def _on_problems(self) -> None:
        self._note()

    def _on_selection(self) -> None:
        is_behind = self._session is not None and self.model.document is not self._session.document
        if self.isVisible() and not is_behind and not self._is_stale and not self._is_choosing:
            self._select_rows()

    def _note(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._catch_up()

    def _catch_up(self) -> None:
        session = self._session
        if session is None:
            return
        self._is_stale = False
        is_other, self._is_other = self._is_other, False
        if is_other:
            self.model.show(session)
        else:
            self._follow(session)
        has_rows = self.model.rowCount() > 0
        self.tree.setVisible(has_rows)
        self.empty.setVisible(not has_rows)
        self._select_rows()

    def _follow(self, session: Session) -> None:
        """Takes on what changed; where the selected rows went away, selects what took their place.

        Whoever removes blocks here by keys would have to find their way anew otherwise.
        """
        had = self._are_blocks_selected()
        self._is_choosing = True  # rows that go away are no choice of the person
        self.model.follow()
        self._is_choosing = False
        graph, current = session.document.graph, self.tree.currentIndex()
        is_left = session.selection & graph.nodes.keys() or (
            session.chosen_remarks & graph.remarks.keys()
        )
        if had and not is_left and current.isValid() and self.tree.hasFocus():
            self.tree.selectionModel().select(current, Flag.ClearAndSelect)

    def _select_rows(self) -> None:
        """Selects the rows of what is selected, and goes to the first."""
        session = self._session
        assert session is not None
        rows: list[Row] = [BlockRow(id) for id in session.selection]
        rows += [RemarkRow(id) for id in session.chosen_remarks]
        indexes = [index for row in rows if (index := self.model.index_of(row)).isValid()]
        places = sorted(index.row() for index in indexes)
        wanted = QItemSelection()
        for first, last in _runs(places):
            wanted.select(self.model.index(first, 0), self.model.index(last, 0))
        chosen = self.tree.selectionModel()
        if not places and not self._are_blocks_selected():
            return  # a wire may be selected here, which the session does not know of
        self._is_choosing = True
        now = self.tree.currentIndex()
        if places and (now.parent().isValid() or now.row() not in places):
            current = self.model.index(places[0], 0)
            chosen.setCurrentIndex(current, Flag.NoUpdate)
            self.tree.scrollTo(current)
        chosen.select(wanted, Flag.ClearAndSelect)
        self._is_choosing = False

    def _are_blocks_selected(self) -> bool:
        rows = map(self.model.row_at, self.tree.selectionModel().selectedRows())
        return any(isinstance(row, BlockRow | RemarkRow) for row in rows)

    # what the person does

    def _on_rows_selected(self, *_: object) -> None:
        if self._is_choosing or self._session is None:
            return
        nodes, edges, remarks = set(), set(), set()
        for index in self.tree.selectionModel().selectedRows():
            row = self.model.row_at(index)
            if not self.model.is_here(index):
                continue
            if isinstance(row, BlockRow):
                nodes.add(row.id)
            elif isinstance(row, RemarkRow):
                remarks.add(row.id)
            elif isinstance(row, PortRow) and (edge := _edge_of(row)) is not None:
                edges.add(edge)
        self._is_choosing = True
        self.chosen.emit(frozenset(nodes), frozenset(edges), frozenset(remarks))
        self._is_choosing = False

    def _enter(self) -> None:
        """Goes into a composite or to the other end of a wire; edits any other row."""
        index = self.tree.currentIndex()
        row, session = self.model.row_at(index), self._session
        if row is None or session is None:
            return
        if not self.model.is_here(index):
            self._go_there(index, row)
        elif isinstance(row, RemarkRow):
            self.write_wanted.emit()
        elif isinstance(row, PortRow):
            if row.other is not None:
                self._walk_to(self.model.index_of(BlockRow(row.other[0])))
        elif not session.enter(row.id):
            self.edit_wanted.emit()

    def _go_there(self, index: QModelIndex, row: Row) -> None:
        view, session = self.model.view_at(index), self._session
        assert view is not None and session is not None
        step = (view.step_into(row),) if isinstance(row, InsideRow) else ()
        session.go_to((*session.place, *view.way, *step))
        if isinstance(row, BlockRow | PortRow):
            session.select([row.id])
        elif isinstance(row, RemarkRow):
            session.select((), [row.id])

    def _walk_to(self, index: QModelIndex) -> None:
        if index.isValid():
            self.tree.selectionModel().setCurrentIndex(index, Flag.ClearAndSelect)

    def _rename(self) -> None:
        index = self.tree.currentIndex()
        row = self.model.row_at(index)
        if isinstance(row, RemarkRow) and self.model.is_here(index):
            self.write_wanted.emit()
        elif index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.tree.edit(index)


def _runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Sorted numbers as runs of first and last."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def _edge_of(row: PortRow) -> Edge | None:
    """The wire of a row."""
    if row.other is None:
        return None
    if row.is_input:
        return Edge(*row.other, row.id, row.port, row.slot)
    return Edge(row.id, row.port, *row.other, row.slot)
