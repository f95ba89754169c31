"""The samples as small pictures in lines, each with its class and its part below it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.browsing.captions import caption_of, is_wrong
from app.browsing.looks import paint_made, part_colour, part_name
from app.browsing.thumbs import Thumbs
from app.i18n import tr
from app.theme import Theme, sans
from backends.data.browsing.answers import WRONG, verdicts_of
from backends.data.browsing.samples import TRAIN, Samples

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
SIDE_PX, PAD_PX, CAPTION_PX = 84, 6, 18
CELL_PX = SIDE_PX + 2 * PAD_PX
LINE_PX = SIDE_PX + 2 * PAD_PX + CAPTION_PX
ROW_ROLE = Qt.ItemDataRole.UserRole
Action = QTableView.CursorAction


class GridModel(QAbstractTableModel):
    """The chosen rows in lines of so many."""

    def __init__(self, samples: Samples, rows: np.ndarray, parent: QWidget) -> None:
        super().__init__(parent)
        self.samples, self.rows, self.per_line = samples, rows, 1

    def show_rows(self, samples: Samples, rows: np.ndarray) -> None:
        """Shows other rows, or the same in another order."""
        self.beginResetModel()
        self.samples, self.rows = samples, rows
        self.endResetModel()

    def set_per_line(self, count: int) -> None:
        """Puts so many samples in a line."""
        self.beginResetModel()
        self.per_line = count
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else -(-len(self.rows) // self.per_line)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self.per_line

    def place(self, index: Index) -> int | None:
        """The place among the rows that are shown; None where the last line has ended."""
        place = index.row() * self.per_line + index.column()
        return place if index.isValid() and place < len(self.rows) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        place = self.place(index)
        if place is None:
            return None
        row = int(self.rows[place])
        if role == ROW_ROLE:
            return row
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        label = caption_of(self.samples, row)
        if role == Qt.ItemDataRole.DisplayRole:
            return label
        part = part_name(int(self.samples.parts[row]))
        if is_wrong(self.samples, row) and self.samples.label is not None:
            label = tr("{right}, but the model answers {answer}",
                       right=self.samples.label.text(row),
                       answer=self.samples.columns[0].text(row))  # fmt: skip
        return "\n".join(filter(None, (label, tr("row {row} · {part}", row=row, part=part))))

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.place(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class Cells(QStyledItemDelegate):
    """Paints one small picture with its caption."""

    def __init__(self, thumbs: Thumbs, samples: Samples, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbs, self._theme = thumbs, theme
        self.samples = samples
        self._verdicts = verdicts_of(samples)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if row is None:
            return
        theme, cell = self._theme, QRectF(option.rect)
        state = option.state
        area = QRectF(cell.left() + PAD_PX, cell.top() + PAD_PX, SIDE_PX, SIDE_PX)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.setBrush(QColor(theme.row))
            painter.drawRoundedRect(cell.adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(area, 4, 4)
        is_there, made = self._thumbs.of(row)
        painter.setFont(sans(20))
        if is_there:
            paint_made(painter, area, made, theme)
        verdict = int(self._verdicts[row])
        if verdict == WRONG:
            painter.setPen(QPen(QColor(theme.error), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 4, 4)
        self._caption(painter, cell, index.data(), int(self.samples.parts[row]))
        painter.restore()

    def _caption(self, painter: QPainter, cell: QRectF, text: str, part: int) -> None:
        line = QRectF(cell.left() + PAD_PX, cell.top() + PAD_PX + SIDE_PX + 1, SIDE_PX, CAPTION_PX)
        painter.setFont(sans(10.5))
        metrics, flags = painter.fontMetrics(), Qt.AlignmentFlag
        side = part_name(part) if part != TRAIN else ""
        if side and metrics.horizontalAdvance(side) > SIDE_PX / 2:
            side = side[:3] + "."
        painter.setPen(QColor(part_colour(part, self._theme)))
        painter.drawText(line, flags.AlignRight | flags.AlignVCenter, side)
        room = SIDE_PX - (metrics.horizontalAdvance(side) + 4 if side else 0)
        painter.setPen(QColor(self._theme.text))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(line, flags.AlignLeft | flags.AlignVCenter, shown)


class SamplesGrid(QTableView):
    """Shows samples in as many columns as there is room for; arrows go on at ends of lines.

    Signals:
        looked_at: a row of the data that the cursor is on.
        opened: a row that is to be looked at closely.
    """

    looked_at = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Samples of the data"))
        self.setStyleSheet("QTableView::item:selected { background: transparent; }")
        self.setShowGrid(False)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setTabKeyNavigation(False)
        for header, size in ((self.horizontalHeader(), CELL_PX), (self.verticalHeader(), LINE_PX)):
            header.hide()
            header.setMinimumSectionSize(size)
            header.setDefaultSectionSize(size)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda _index: self._open())

    def show_model(self, model: GridModel, cells: Cells, thumbs: Thumbs) -> None:
        """Shows the samples of a model, painted by these cells."""
        self.setItemDelegate(cells)
        self.setModel(model)
        self.selectionModel().currentChanged.connect(self._tell)
        thumbs.arrived.connect(lambda _row: self.viewport().update())
        self._fit_lines()

    def go_to(self, place: int) -> None:
        """Puts the cursor on a place among the rows that are shown."""
        model = self.model()
        assert isinstance(model, GridModel)
        index = model.index(*divmod(place, model.per_line))
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_lines()

    def _fit_lines(self) -> None:
        model = self.model()
        count = max(1, self.viewport().width() // CELL_PX)
        if isinstance(model, GridModel) and count != model.per_line:
            place = model.place(self.currentIndex())
            model.set_per_line(count)
            if place is not None:
                self.go_to(place)

    def moveCursor(
        self, action: QTableView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        model, index = self.model(), self.currentIndex()
        step = {Action.MoveLeft: -1, Action.MovePrevious: -1, Action.MoveRight: 1,
                Action.MoveNext: 1}.get(action)  # fmt: skip
        if not isinstance(model, GridModel) or not len(model.rows):
            return super().moveCursor(action, modifiers)
        place, last = model.place(index), len(model.rows) - 1
        if place is None:
            place = 0
        elif step is not None:
            place = min(max(place + step, 0), last)
        elif action == Action.MoveHome:
            place = 0
        elif action == Action.MoveEnd:
            place = last
        else:
            found = model.place(super().moveCursor(action, modifiers))
            place = last if found is None else found
        return model.index(*divmod(place, model.per_line))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _tell(self, *_: object) -> None:
        row = self.currentIndex().data(ROW_ROLE)
        if row is not None:
            self.looked_at.emit(row)

    def _open(self) -> None:
        row = self.currentIndex().data(ROW_ROLE)
        if row is not None:
            self.opened.emit(row)
