"""The blocks that were found, a row each: what they are, what of them fits, and where they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.canvas.finder import Result
from app.theme import Theme, colour, mono, sans

ROW_PX = 28
MOST_ROWS = 8
RESULT = Qt.ItemDataRole.UserRole
GAP_PX = 8
INSET_PX = 9
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class Results(QAbstractListModel):
    """The results in the order in which they are gone through."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._results: Sequence[Result] = ()

    def show_results(self, results: Sequence[Result]) -> None:
        """Lists these, and no others."""
        self.beginResetModel()
        self._results = results
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._results)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        result = self._results[index.row()]
        if role == RESULT:
            return result
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(filter(None, (result.title, result.name, result.why, result.place)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (result.why, result.place)))
        return None


class FindList(QListView):
    """Shows as many rows as there are, up to a few."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = Results(self)
        self.setModel(self.rows)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.setItemDelegate(_Row(theme, self))
        self.setStyleSheet(
            f"QListView {{ background: {theme.panel}; }} QListView::item {{ min-height: {ROW_PX}px;"
            " padding: 0; }"
        )

    def show_results(self, results: Sequence[Result]) -> None:
        """Lists these; nothing is marked."""
        self.rows.show_results(results)
        self.setVisible(bool(results))
        self.setFixedHeight(ROW_PX * min(max(len(results), 1), MOST_ROWS) + 2)

    def mark(self, row: int) -> None:
        """Marks a row and scrolls to it."""
        self.setCurrentIndex(self.rows.index(row, 0))


class _Row(QStyledItemDelegate):
    """Paints title and name at the left; what fits and where at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        result: Result = index.data(RESULT)
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & option.state.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.accent, 0.18))
            painter.drawRoundedRect(option.rect.adjusted(0, 1, 0, -1), 6, 6)
        box = option.rect.adjusted(INSET_PX, 0, -INSET_PX, 0)
        right = " · ".join(filter(None, (result.why, result.place if result.way else "")))
        texts = (
            (result.title, sans(12, bold=True), theme.text),
            (result.name if result.name != result.title else "", sans(11), theme.dim),
        )
        for text, font, tone in texts:
            taken = _write(painter, box, text, font, tone)
            box.setLeft(min(box.left() + taken + (GAP_PX if taken else 0), box.right()))
        painter.setFont(mono(10))
        painter.setPen(QColor(theme.dim))
        metrics = QFontMetrics(painter.font())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        elided = metrics.elidedText(right, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, middle, elided)
        painter.restore()


def _write(painter: QPainter, box: QRect, text: str, font: QFont, tone: str) -> int:
    """Writes at the left of a box, within most of it; answers the width."""
    painter.setFont(font)
    painter.setPen(QColor(tone))
    metrics = QFontMetrics(font)
    elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(box.width() * 2 // 3, 0))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided)
    return metrics.horizontalAdvance(elided)
