"""A layout that goes on in the next row where there is no room, as words in a text do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

NARROWEST_PX = 60


class Flow(QLayout):
    """Rows of widgets from the left; one that is wider than a row is cut to it."""

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self.setSpacing(spacing)
        self._items: list[QLayoutItem] = []

    def add(self, widget: QWidget) -> None:
        """Puts a widget behind the others."""
        widget.setMinimumWidth(NARROWEST_PX)
        self.addWidget(widget)

    def addItem(self, item: QLayoutItem, /) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int, /) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int, /) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int, /) -> int:
        boxes = self._boxes(width)
        return max((box.bottom() + 1 for box in boxes), default=0)

    def setGeometry(self, box: QRect, /) -> None:
        super().setGeometry(box)
        for item, place in zip(self._items, self._boxes(box.width()), strict=True):
            item.setGeometry(place.translated(box.topLeft()))

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._items]
        width = sum(hint.width() + self.spacing() for hint in hints)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        height = max((item.sizeHint().height() for item in self._items), default=0)
        return QSize(NARROWEST_PX, height)

    def _boxes(self, width: int) -> list[QRect]:
        found: list[QRect] = []
        x = y = row_height = 0
        for item in self._items:
            hint = item.sizeHint()
            item_width = min(hint.width(), width)
            if x and x + item_width > width:
                x, y, row_height = 0, y + row_height + self.spacing(), 0
            found.append(QRect(QPoint(x, y), QSize(item_width, hint.height())))
            x += item_width + self.spacing()
            row_height = max(row_height, hint.height())
        return found
