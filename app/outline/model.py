"""The outline as Qt's model. Below a block nothing exists before it is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon

from app.i18n import tr
from app.outline import words
from app.outline.rows import (
    BlockRow,
    InsideRow,
    Row,
    View,
    by_block,
    inside,
    rows_below,
    told_anew,
    top_rows,
)
from app.session import Session
from app.theme import THEMES, Theme, category_icon
from graph.edits import rename
from graph.kinds import kinds_of
from graph.model import Document

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
OPENED = {BlockRow, InsideRow}
Role = Qt.ItemDataRole
CHOSEN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
RENAMED = CHOSEN | Qt.ItemFlag.ItemIsEditable
SHAPE = int(Role.UserRole)
ICON_PX = 18
MOST_TOLD = 500


@dataclass
class Branch:
    """The rows below one row.

    Attributes:
        key: what Qt's indexes hold to find it.
        above: the branch in which that row is; None for the rows that hang on nothing.
        below: the branches of its rows, as far as they were opened.
    """

    key: int
    view: View
    row: Row | None
    above: Branch | None
    rows: list[Row]
    places: dict[Row, int] = field(init=False)
    below: dict[Row, Branch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.take(self.rows)

    def take(self, rows: list[Row]) -> None:
        """Holds other rows."""
        self.rows = rows
        self.places = {row: place for place, row in enumerate(rows)}


class OutlineModel(QAbstractItemModel):
    """What a session's drawing holds, as rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._theme = THEMES["dark"]
        self._branches: dict[int, Branch] = {}
        self._next_key = 0
        self._root: Branch | None = None

    # what it shows

    def show(self, session: Session) -> None:
        """Shows what is looked at in a session, all rows closed."""
        self.beginResetModel()
        self._session = session
        self._branches.clear()
        view = _view(session)
        self._root = self._grow(view, None, None, top_rows(view))
        self.endResetModel()

    def follow(self) -> None:
        """Takes on what changed since; rows that are still there stay open."""
        if self._session is None or self._root is None:
            return
        self._update(self._root, _view(self._session))

    @property
    def document(self) -> Document | None:
        """The document whose rows these are."""
        return self._root.view.document if self._root else None

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        if self._root is not None and self._root.rows:
            first = self.index(0, 0)
            last = self.index(len(self._root.rows) - 1, 0)
            self.dataChanged.emit(first, last, [Role.DecorationRole, Role.ForegroundRole])

    # from rows to indexes and back

    def row_at(self, index: Index) -> Row | None:
        """The row of an index."""
        branch = self._branch_of(index)
        return branch.rows[index.row()] if branch else None

    def view_at(self, index: Index) -> View | None:
        """The drawing in which the row of an index is."""
        branch = self._branch_of(index)
        return branch.view if branch else None

    def is_here(self, index: Index) -> bool:
        """Whether a row is of the drawing that is looked at, and not of what a block holds."""
        view = self.view_at(index)
        return view is not None and not view.way

    def index_of(self, row: Row) -> QModelIndex:
        """The index of a row that hangs on nothing; an invalid one where it is not there."""
        root = self._root
        place = root.places.get(row) if root else None
        if root is None or place is None:
            return QModelIndex()
        return self.createIndex(place, 0, root.key)

    # Qt's questions

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        branch = self._below(parent) if parent.isValid() else self._root
        if branch is None or not (0 <= row < len(branch.rows)) or column != 0:
            return QModelIndex()
        return self.createIndex(row, column, branch.key)

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]  # Qt has two of them, by what they are given
        branch = self._branch_of(index)
        if branch is None or branch.above is None or branch.row is None:
            return QModelIndex()
        return self.createIndex(branch.above.places[branch.row], 0, branch.above.key)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        branch = self._below(parent)
        return len(branch.rows) if branch else 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 1

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        branch = self._branches.get(parent.internalId()) if parent.isValid() else None
        if branch is None:
            return bool(self._root and self._root.rows)
        return type(branch.rows[parent.row()]) in OPENED

    def flags(self, index: Index) -> Qt.ItemFlag:
        # asked twice for every row when the tree is shown
        branch = self._branches.get(index.internalId()) if index.isValid() else None
        if branch is None:
            return Qt.ItemFlag.NoItemFlags
        is_renamed = branch.row is None and type(branch.rows[index.row()]) is BlockRow
        return RENAMED if is_renamed else CHOSEN

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:
        row = self.row_at(index)
        if role != Role.EditRole or not isinstance(row, BlockRow) or self._session is None:
            return False
        name = str(value).strip()
        if name == self._session.document.node(row.id).name:
            return True
        return self._session.apply(tr("Rename block"), partial(rename, id=row.id, name=name))

    def data(self, index: Index, role: int = Role.DisplayRole) -> str | QIcon | QColor | None:
        branch = self._branch_of(index)
        if branch is None:
            return None
        view, row = branch.view, branch.rows[index.row()]
        match role:
            case Role.DisplayRole:
                return words.title(view, row)
            case _ if role == SHAPE:
                return words.shape(view, row)
            case Role.AccessibleTextRole:
                return words.said(view, row)
            case Role.ToolTipRole:
                return words.hint(view, row) or None
            case Role.EditRole if isinstance(row, BlockRow):
                return view.document.graph.nodes[row.id].name
            case Role.DecorationRole if isinstance(row, BlockRow):
                return self._icon(view, row)
            case Role.ForegroundRole:
                return self._colour(view, row)
            case _:
                return None

    # how it grows

    def _icon(self, view: View, row: BlockRow) -> QIcon | None:
        found = view.registry.of(view.document.graph.nodes[row.id])
        if found is None:
            return None
        kind = found.kind
        return category_icon(self._theme, kind.category.colour, kind.glyph, ICON_PX)

    def _colour(self, view: View, row: Row) -> QColor | None:
        if isinstance(row, BlockRow):
            return QColor(self._theme.error) if view.problems.get(row.id) else None
        return QColor(self._theme.dim)

    def _branch_of(self, index: Index) -> Branch | None:
        return self._branches.get(index.internalId()) if index.isValid() else None

    def _below(self, parent: Index) -> Branch | None:
        """The rows below an index; made where they are asked for first."""
        if not parent.isValid():
            return self._root
        branch = self._branch_of(parent)
        if branch is None:
            return None
        row = branch.rows[parent.row()]
        if row in branch.below:
            return branch.below[row]
        if not isinstance(row, BlockRow | InsideRow):
            return None
        view = inside(branch.view, row) if isinstance(row, InsideRow) else branch.view
        rows = top_rows(view) if isinstance(row, InsideRow) else rows_below(view, row)
        made = branch.below[row] = self._grow(view, row, branch, rows)
        return made

    def _grow(self, view: View, row: Row | None, above: Branch | None, rows: list[Row]) -> Branch:
        self._next_key += 1
        made = self._branches[self._next_key] = Branch(self._next_key, view, row, above, rows)
        return made

    def _update(self, branch: Branch, view: View) -> None:
        if isinstance(branch.row, InsideRow):
            view = inside(view, branch.row)
            rows = top_rows(view)
        else:
            rows = rows_below(view, branch.row) if branch.row else _top(view, branch)
        known, before = branch.rows, branch.view
        self._exchange(branch, view, rows)
        if not branch.rows:
            return
        ids = told_anew(before, view) if rows is known else None
        if ids is None or len(ids) > MOST_TOLD:
            self._tell(branch, 0, len(branch.rows) - 1)
        else:
            for id in ids:
                place = branch.places.get(BlockRow(id))
                if place is not None:
                    self._tell(branch, place, place)
        for below in list(branch.below.values()):
            self._update(below, view)

    def _tell(self, branch: Branch, first: int, last: int) -> None:
        """Tells the views that rows may say something else; each is asked again, so few are."""
        self.dataChanged.emit(
            self.createIndex(first, 0, branch.key), self.createIndex(last, 0, branch.key)
        )

    def _exchange(self, branch: Branch, view: View, rows: list[Row]) -> None:
        """Turns the rows of a branch into others; what begins and ends alike stays."""
        old = branch.rows
        if rows is old:
            branch.view = view
            return
        most = min(len(old), len(rows))
        start = next((i for i in range(most) if old[i] != rows[i]), most)
        end = 0
        while end < most - start and old[-1 - end] == rows[-1 - end]:
            end += 1
        parent = self._index_of(branch)
        gone, fresh = old[start : len(old) - end], rows[start : len(rows) - end]
        if gone:
            self.beginRemoveRows(parent, start, start + len(gone) - 1)
            for row in gone:
                self._cut(branch.below.pop(row, None))
            branch.take([*old[:start], *old[len(old) - end :]])
            self.endRemoveRows()
        branch.view = view
        if fresh:
            self.beginInsertRows(parent, start, start + len(fresh) - 1)
            branch.take(rows)
            self.endInsertRows()

    def _index_of(self, branch: Branch) -> QModelIndex:
        if branch.above is None or branch.row is None:
            return QModelIndex()
        return self.createIndex(branch.above.places[branch.row], 0, branch.above.key)

    def _cut(self, branch: Branch | None) -> None:
        if branch is not None:
            self._branches.pop(branch.key, None)
            for below in branch.below.values():
                self._cut(below)


def _view(session: Session) -> View:
    registry = kinds_of(session.document, session.registry)
    return View(session.document, session.typing, registry, problems=by_block(session.problems))


def _top(view: View, known: Branch) -> list[Row]:
    """The rows that hang on nothing; those that are known where the order is the same."""
    old, new = known.view.document.graph, view.document.graph
    is_same = (
        known.view.typing.order is view.typing.order
        and old.remarks is new.remarks
        and not (old.is_switched or new.is_switched or view.typing.order.cyclic)
    )
    return known.rows if is_same else top_rows(view)
