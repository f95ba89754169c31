"""The list of data sources, by category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QPalette,
    QStandardItem,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QWidget

from app.i18n import tr

if TYPE_CHECKING:
    from backends.data.source import Source

KIND = Qt.ItemDataRole.UserRole


class SourceBox(QComboBox):
    """A combo box whose categories are headings.

    Signals:
        chosen: the kind of a source that the person chose.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Data source"))
        self.setToolTip(tr("Where the data comes from"))
        self.setMaxVisibleItems(24)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.activated.connect(lambda place: self.chosen.emit(self.itemData(place, KIND)))

    def offer(self, sources: Mapping[str, type[Source]]) -> None:
        """Offers these sources under their categories."""
        model = _Model(self)
        category = ""
        for kind, source in sources.items():
            if source.category != category:
                category = source.category
                heading = QStandardItem(tr(category).upper())
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                model.appendRow(heading)
            item = QStandardItem(tr(source.title))
            item.setData(kind, KIND)
            item.setToolTip(tr((source.__doc__ or "").strip().splitlines()[0]))
            model.appendRow(item)
        self.setModel(model)

    def show_source(self, kind: str) -> None:
        """Shows a source as the chosen one; an unknown one by its name."""
        place = self.findData(kind, KIND)
        self.setPlaceholderText(kind)
        if place != self.currentIndex():
            self.setCurrentIndex(place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Model(QStandardItemModel):
    """Headings are dim, and can be read: what cannot be chosen would be paler still."""

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if role == Qt.ItemDataRole.ForegroundRole and index.data(KIND) is None:
            return QGuiApplication.palette().brush(QPalette.ColorRole.PlaceholderText)
        return super().data(index, role)
