"""The first rows of a table, each column headed by its name and what it holds."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.i18n import tr
from app.theme import Theme
from app.training.preview import TablePreview

Index = QModelIndex | QPersistentModelIndex
WIDEST_COLUMN_PX = 220
ROOT = QModelIndex()


class PreviewTable(QTableView):
    """Rows to look at.

    Signals:
        target_asked: the name of a column that is to become the target.
        menu_asked: the name of a column, and where on the screen its menu is to be.
    """

    target_asked = Signal(str)
    menu_asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("First rows of the data"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(22)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setWordWrap(False)  # cells would be cut at a blank, and not where the room ends
        self.setCornerButtonEnabled(False)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sectionDoubleClicked.connect(self._ask_target)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._ask_menu)
        self._found: TablePreview | None = None

    def show_rows(self, found: TablePreview, theme: Theme) -> None:
        """Shows the rows of another table."""
        self._found = found
        old = self.model()
        self.setModel(_Rows(found, theme, self))
        if old is not None:
            old.deleteLater()
        header = self.horizontalHeader()
        self.resizeColumnsToContents()
        for place in range(header.count()):
            header.resizeSection(place, min(header.sectionSize(place) + 8, WIDEST_COLUMN_PX))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def _ask_target(self, place: int) -> None:
        if self._found is not None and self._found.can_choose:
            self.target_asked.emit(self._found.headings[place].name)

    def _ask_menu(self, at: QPoint) -> None:
        header = self.horizontalHeader()
        place = header.logicalIndexAt(at)
        if self._found is not None and self._found.can_choose and place >= 0:
            self.menu_asked.emit(self._found.headings[place].name, header.mapToGlobal(at))


class _Rows(QAbstractTableModel):
    """The first rows; headers say what each column holds."""

    def __init__(self, found: TablePreview, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._found = found
        self._theme = theme

    def rowCount(self, _parent: Index = ROOT) -> int:
        return len(self._found.rows)

    def columnCount(self, _parent: Index = ROOT) -> int:
        return len(self._found.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        text = self._found.rows[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text or "–"
            case Qt.ItemDataRole.ToolTipRole:
                return text
            case Qt.ItemDataRole.ForegroundRole if not text:
                return QColor(self._theme.dim2)
            case Qt.ItemDataRole.ForegroundRole if self._found.headings[index.column()].is_target:
                return QColor(self._theme.accent)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        heading = self._found.headings[section]
        details = " · ".join(filter(None, (heading.kind, heading.gaps)))
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{heading.name}\n{details}"
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (heading.name, details, self._hint(section))))
            case Qt.ItemDataRole.FontRole if heading.is_target:
                font = QFont()
                font.setBold(True)
                return font
        return None

    def _hint(self, section: int) -> str:
        if self._found.headings[section].is_target:
            return tr("The target, which the model is to predict.")
        return (
            tr("Double-click to make it the target; a right click offers more.")
            if self._found.can_choose
            else ""
        )
