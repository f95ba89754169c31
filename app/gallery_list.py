"""The networks of the gallery, shelf by shelf."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from app.i18n import tr
from app.theme import Theme, sans
from graph.gallery import AnyEntry

ENTRY = Qt.ItemDataRole.UserRole
TEXT = Qt.ItemDataRole.UserRole + 1


class GalleryList(QTreeWidget):
    """All networks under the names of their families.

    Signals:
        selected: the entry that is current now; None where no entry is shown.
        activated_entry: an entry was double-clicked, or entered.
    """

    selected = Signal(object)
    activated_entry = Signal(object)

    def __init__(
        self, shown: Sequence[AnyEntry], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setIndentation(0)  # Qt would paint a mark of the selection before the row
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Networks"))
        self._shelves: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self._fill(shown, QColor(theme.dim))
        self.currentItemChanged.connect(self._on_current)
        self.itemActivated.connect(self._on_activated)

    def entry(self) -> AnyEntry | None:
        """The current entry; None where there is none."""
        return self._entry_of(self.currentItem())

    def names(self) -> list[str]:
        """The entries that are shown, by name."""
        return [entry.name for item in self._rows() if (entry := self._entry_of(item))]

    def select(self, name: str) -> None:
        """Makes the entry of that name the current one."""
        for item in self._rows():
            entry = self._entry_of(item)
            if entry is not None and entry.name == name:
                self.setCurrentItem(item)

    def step(self, by: int) -> None:
        """Moves up or down to the next entry that is shown; to the first where none is current."""
        rows = self._rows()
        current = self.currentItem()
        place = rows.index(current) + by if current in rows else 0
        if 0 <= place < len(rows):
            self.setCurrentItem(rows[place])

    def filter(self, query: str) -> None:
        """Shows only what all words of the query are found in."""
        words = query.lower().split()
        for head, items in self._shelves:
            for item in items:
                item.setHidden(not all(word in item.data(0, TEXT) for word in words))
            head.setHidden(all(item.isHidden() for item in items))
        rows = self._rows()
        if self.currentItem() in rows:
            return
        if rows:
            self.setCurrentItem(rows[0])
        else:
            self.setCurrentIndex(QModelIndex())

    def _fill(self, shown: Sequence[AnyEntry], dim: QColor) -> None:
        heading = sans(10, bold=True)
        family = None
        for entry in shown:
            if entry.family is not family:
                family = entry.family
                head = QTreeWidgetItem([tr(family.value).upper()])
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                head.setFont(0, heading)
                head.setForeground(0, dim)
                self.addTopLevelItem(head)
                self._shelves.append((head, []))
            item = QTreeWidgetItem([tr(entry.title)])
            item.setData(0, ENTRY, entry)
            text = f"{entry.name} {entry.title} {entry.family.value} {entry.source}"
            item.setData(0, TEXT, f"{text} {tr(entry.title)} {tr(entry.family.value)}".lower())
            head, items = self._shelves[-1]
            head.addChild(item)
            items.append(item)
        self.expandAll()

    def _rows(self) -> list[QTreeWidgetItem]:
        """The rows of entries that are shown, from top to bottom."""
        return [item for _, items in self._shelves for item in items if not item.isHidden()]

    def _entry_of(self, item: QTreeWidgetItem | None) -> AnyEntry | None:
        entry: AnyEntry | None = item.data(0, ENTRY) if item is not None else None
        return entry

    def _on_current(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        self.selected.emit(self._entry_of(item))

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        entry = self._entry_of(item)
        if entry is not None:
            self.activated_entry.emit(entry)
