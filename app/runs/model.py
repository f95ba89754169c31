"""The runs as a table model: rows are entries, columns are declared in `columns`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPixmap

from app.i18n import tr
from app.runs.columns import Column, columns_of, status_text
from app.theme import THEMES, Theme
from backends.runs.entry import Entry

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ENTRY_ROLE = Role.UserRole
NO_INDEX = QModelIndex()
DOT_PX = 9


class RunsModel(QAbstractTableModel):
    """A row for each run.

    Signals:
        written: an entry, what of its notes was written, and the new value.
    """

    written = Signal(object, str, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.columns: tuple[Column, ...] = columns_of(())
        self._theme = THEMES["dark"]
        self._dots: dict[str, QPixmap] = {}

    def show(self, entries: Sequence[Entry]) -> None:
        """Shows these runs; rows that stay keep their place, so that a selection stays, too."""
        columns = columns_of(entries)
        if [column.id for column in columns] != [column.id for column in self.columns]:
            self.beginResetModel()
            self.columns, self.entries = columns, list(entries)
            self.endResetModel()
            return
        self.columns = columns
        there = {entry.path for entry in entries}
        for row in range(len(self.entries) - 1, -1, -1):
            if self.entries[row].path not in there:
                self.beginRemoveRows(NO_INDEX, row, row)
                del self.entries[row]
                self.endRemoveRows()
        rows = {entry.path: row for row, entry in enumerate(self.entries)}
        for entry in entries:
            row = rows.get(entry.path, -1)
            if row >= 0 and self.entries[row] != entry:
                self.entries[row] = entry
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(columns) - 1))
        new = [entry for entry in entries if entry.path not in rows]
        if new:
            self.beginInsertRows(NO_INDEX, len(rows), len(rows) + len(new) - 1)
            self.entries += new
            self.endInsertRows()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme, self._dots = theme, {}
        if self.entries:
            last = self.index(len(self.entries) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Vertical:
            return self._name_of(section, role)
        if section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Role.DisplayRole:
            return column.title
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        return None

    def _name_of(self, row: int, role: int) -> object:
        """What a row is called, for where the column of names is out of sight."""
        match role:
            case Role.DisplayRole if row < len(self.entries):
                return self.entries[row].name
            case Role.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry, column = self.entries[index.row()], self.columns[index.column()]
        match role:
            case Role.DisplayRole:
                return column.text(entry)
            case Role.EditRole:
                return entry.notes if column.id == "notes" else column.text(entry)
            case Role.ToolTipRole:
                return (column.whole or column.text)(entry)
            case Role.TextAlignmentRole:
                return _alignment(column)
            case Role.DecorationRole if column.id == "name":
                return self._dot(entry.status)
            case Role.ForegroundRole if column.id == "status":
                return QColor(self.colour_of(entry.status))
            case Role.AccessibleTextRole:
                said = column.text(entry)
                return f"{said}, {status_text(entry.status)}" if column.id == "name" else said
        return entry if role == ENTRY_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self.columns[index.column()].edits:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:
        if role != Role.EditRole or not index.isValid():
            return False
        entry, column = self.entries[index.row()], self.columns[index.column()]
        text = str(value).strip()
        if not column.edits or text == self.data(index, Role.EditRole):
            return False
        said: object = text
        if column.edits == "tags":
            said = list(dict.fromkeys(tag.strip() for tag in text.split(",") if tag.strip()))
        self.written.emit(entry, column.edits, said)
        return True

    def colour_of(self, status: str) -> str:
        """The colour of a status; the word stands beside it."""
        theme = self._theme
        colours = {
            "running": theme.accent, "finished": theme.ok, "failed": theme.error,
            "interrupted": theme.warn,
        }  # fmt: skip
        return colours.get(status, theme.dim)

    def _dot(self, status: str) -> QPixmap:
        if status not in self._dots:
            pixmap = QPixmap(2 * DOT_PX, 2 * DOT_PX)
            pixmap.setDevicePixelRatio(2)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(self.colour_of(status)))
                painter.drawEllipse(1, 1, DOT_PX - 2, DOT_PX - 2)
            self._dots[status] = pixmap  # an icon would be tinted in a chosen row
        return self._dots[status]


class Found(QSortFilterProxyModel):
    """The rows that a search finds, sorted.

    Every word of the search must stand somewhere in a run: in its name, tags, notes, data, device
    or status; `tag:good` and `status:failed` look there alone.
    """

    def __init__(self, model: RunsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self._status = ""
        self.setSourceModel(model)
        self.setDynamicSortFilter(True)

    def search(self, text: str, status: str = "") -> None:
        """Shows the runs that match, of one status or of any."""
        words = tuple(text.lower().split())
        if (words, status) != (self._words, self._status):
            self._words, self._status = words, status
            self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, RunsModel)
        entry = model.entries[row]
        if self._status and entry.status != self._status:
            return False
        return all(_matches(entry, word) for word in self._words)

    def lessThan(self, left: Index, right: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, RunsModel)
        key = model.columns[left.column()].key  # not by way of Qt: it is asked very often
        one, other = key(model.entries[left.row()]), key(model.entries[right.row()])
        if one is None or other is None:  # those without a value are the last, either way
            is_first = one is not None and other is None
            is_last = one is None and other is not None
            return is_first if self.sortOrder() is Qt.SortOrder.AscendingOrder else is_last
        return one < other  # type: ignore[operator]  # keys of one column are of one kind


def _matches(entry: Entry, word: str) -> bool:
    if word.startswith("tag:"):
        return any(tag.lower().startswith(word[4:]) for tag in entry.tags)
    if word.startswith("status:"):
        return entry.status.startswith(word[7:])
    texts = (entry.name, entry.drawing, entry.status, status_text(entry.status), entry.dataset,
             entry.device, entry.notes, entry.started, entry.path.name, *entry.tags)  # fmt: skip
    return any(word in text.lower() for text in texts)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def none_found(text: str) -> str:
    """What is said where a search finds nothing."""
    return tr("No run matches “{asked}”.", asked=text)
