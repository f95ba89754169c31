"""The tree of blocks, whose rows can be dragged to the canvas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QDrag, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from app.block_search import first_line
from app.dragging import mime_of
from app.i18n import tr
from app.library import LIBRARY
from app.theme import Theme, category_icon, colour, sans
from graph.block import Block, Category
from graph.model import DEFINED

KIND = Qt.ItemDataRole.UserRole
GROUP = Qt.ItemDataRole.UserRole + 1
ICON_PX = 18
AT_HAND = "at-hand"
SHELF = "library"
CHIP_PX = QSize(164, 36)


class BlockTree(QTreeWidget):
    """Groups of blocks, or a flat list of what a search found.

    Signals:
        add_requested: the kind of the row that was double-clicked, or entered.
        menu_requested: the kind of a composite under a right click, and the place of the screen.
    """

    add_requested = Signal(str)
    menu_requested = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._collapsed: set[str] = set()
        self.setHeaderHidden(True)
        self.setIndentation(10)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # 1D and 2D stand at the end
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setUniformRowHeights(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(tr("Blocks"))
        self.itemClicked.connect(self._on_clicked)
        self.itemDoubleClicked.connect(self._on_double_clicked)
        self.itemCollapsed.connect(lambda item: self._collapsed.add(item.data(0, GROUP) or ""))
        self.itemExpanded.connect(lambda item: self._collapsed.discard(item.data(0, GROUP)))

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme; the rows follow when they are next shown."""
        self._theme = theme

    def show_groups(
        self,
        blocks: Sequence[type[Block]],
        at_hand: Sequence[type[Block]],
        shelf: Sequence[type[Block]] = (),
    ) -> None:
        """Shows all blocks by category, below those that are used most and the composites.

        Args:
            shelf: the composites of the library.
        """
        collapsed = set(self._collapsed)
        self.clear()
        if at_hand:
            self._add_group(AT_HAND, tr("At hand"), at_hand)
        for category in sorted(Category, key=lambda each: each is not Category.COMPOSITE):
            members = [block for block in blocks if block.kind.category is category]
            if members:
                self._add_group(category.name, tr(category.title), members)
            if category is Category.COMPOSITE and shelf:
                self._add_group(SHELF, tr("Library"), shelf)
        self._collapsed = collapsed
        for place in range(self.topLevelItemCount()):
            item = self.topLevelItem(place)
            if item is not None:
                item.setExpanded(item.data(0, GROUP) not in collapsed)

    def show_found(self, blocks: Iterable[type[Block]], query: str) -> None:
        """Shows what a search found, the first row current."""
        self.clear()
        for block in blocks:
            self.addTopLevelItem(self._item(block))
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)
            return
        nothing = QTreeWidgetItem([tr("No block matches “{query}”", query=query)])
        nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        nothing.setForeground(0, QColor(self._theme.dim))
        self.addTopLevelItem(nothing)

    def current_kind(self) -> str:
        """The kind of the current row; empty where that is no block."""
        item = self.currentItem()
        return str(item.data(0, KIND) or "") if item else ""

    def select_kind(self, kind: str) -> None:
        """Makes the row of a kind in its category the current one, without scrolling there."""
        for place in range(self.topLevelItemCount() - 1, -1, -1):
            head = self.topLevelItem(place)
            for row in range(head.childCount() if head else 0):
                item = head.child(row) if head else None
                if item is not None and item.data(0, KIND) == kind:
                    self.setAutoScroll(False)
                    self.setCurrentItem(item)
                    self.setAutoScroll(True)
                    return

    def step(self, by: int) -> None:
        """Moves the current row up or down to the next block, past headings."""
        item = self.currentItem()
        if item is None:
            item = self.topLevelItem(0)
            if item is not None and item.data(0, KIND):
                self.setCurrentItem(item)
                return
        while item is not None:
            item = self.itemBelow(item) if by > 0 else self.itemAbove(item)
            if item is not None and item.data(0, KIND):
                self.setCurrentItem(item)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.currentItem()
            if self.current_kind():
                self.add_requested.emit(self.current_kind())
            elif item is not None:
                item.setExpanded(not item.isExpanded())
            return
        super().keyPressEvent(event)

    def startDrag(self, supported: Qt.DropAction) -> None:
        kind = self.current_kind()
        item = self.currentItem()
        if not kind or item is None:
            return
        drag = QDrag(self)
        drag.setMimeData(mime_of(kind))
        pixmap = self._chip(item)
        drag.setPixmap(pixmap)
        drag.setHotSpot(QPoint(CHIP_PX.width() // 2, CHIP_PX.height() // 2))
        drag.exec(Qt.DropAction.CopyAction)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.itemAt(event.pos())
        kind = str(item.data(0, KIND) or "") if item else ""
        if kind.startswith((DEFINED, LIBRARY)):
            self.menu_requested.emit(kind, event.globalPos())

    def _add_group(self, key: str, title: str, blocks: Iterable[type[Block]]) -> None:
        head = QTreeWidgetItem([title])
        head.setData(0, GROUP, key)
        head.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        head.setFont(0, sans(11, bold=True))
        head.setForeground(0, QColor(self._theme.dim))
        head.addChildren([self._item(block) for block in blocks])
        self.addTopLevelItem(head)

    def _item(self, block: type[Block]) -> QTreeWidgetItem:
        kind = block.kind
        item = QTreeWidgetItem([tr(kind.title)])
        item.setData(0, KIND, kind.name)
        item.setToolTip(0, f"{tr(kind.title)}: {tr(first_line(block))}")
        item.setIcon(0, category_icon(self._theme, kind.category.colour, kind.glyph, ICON_PX))
        return item

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        if not item.data(0, KIND) and item.childCount():
            item.setExpanded(not item.isExpanded())

    def _on_double_clicked(self, item: QTreeWidgetItem) -> None:
        if item.data(0, KIND):
            self.add_requested.emit(str(item.data(0, KIND)))

    def _chip(self, item: QTreeWidgetItem) -> QPixmap:
        """What hangs on the pointer during a drag: a small block."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(CHIP_PX * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        body = QRectF(0.5, 0.5, CHIP_PX.width() - 1, CHIP_PX.height() - 1)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(self._theme.accent))
            painter.setBrush(colour(self._theme.body, 0.92))
            painter.drawRoundedRect(body, 9, 9)
            item.icon(0).paint(painter, 9, 7, 22, 22)
            painter.setPen(QColor(self._theme.text))
            painter.setFont(sans(13, bold=True))
            text = body.adjusted(39, 0, -8, 0)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, item.text(0))
        return pixmap
