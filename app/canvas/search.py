"""A small field over the canvas that finds a block by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.block_search import best_matches, first_line, score
from app.canvas.offers import Offer
from app.i18n import tr
from app.line_edit import LineEdit
from app.theme import Theme, category_icon, colour, sans

OFFER = Qt.ItemDataRole.UserRole
WIDTH_PX = 316
ROW_PX = 30
MOST_ROWS = 9
LEAST_ROWS = 3
BESIDE_LIST_PX = 110
ICON_PX = 18
MARGIN_PX = 8
KEPT_FOR = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class BlockSearch(QFrame):
    """A field and the blocks that fit it. Enter chooses, Esc closes, a click elsewhere too.

    Signals:
        closed: it goes away, whether or not a block was chosen.
    """

    closed = Signal()

    def __init__(
        self,
        offers: Sequence[Offer],
        recent: Sequence[str],
        choose: Callable[[str], object],
        theme: Theme,
        parent: QWidget,
        *,
        hint: str = "",
    ) -> None:
        super().__init__(parent)
        self._home = parent
        rows = (parent.height() - BESIDE_LIST_PX) // ROW_PX
        self._rows = min(max(rows, LEAST_ROWS), MOST_ROWS)
        self._choose = choose
        self._theme = theme
        self._is_open = True
        first = [offer for kind in recent for offer in offers if offer.block.kind.name == kind]
        first = [offer for offer in first if not offer.reason]
        self._offers = [*first, *(offer for offer in offers if offer not in first)]
        self.setObjectName("block-search")
        self.setFixedWidth(WIDTH_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = _Field(self)
        self.field.setPlaceholderText(hint or tr("Search blocks"))
        self.field.setAccessibleName(tr("Search blocks"))
        self.field.textChanged.connect(self._show_matches)
        self.field.installEventFilter(self)
        self.field.left.connect(self.close_search)
        self.list = QListWidget(self)
        self.list.setItemDelegate(_Row(theme, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda _: self.choose_current())
        self.list.currentItemChanged.connect(lambda *_: self._describe())
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(32)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, 6)
        layout.setSpacing(6)
        for part in (self.field, self.list, self.note):
            layout.addWidget(part)
        self.setStyleSheet(
            f"#block-search {{ background: {theme.panel}; border: 1px solid {theme.border};"
            " border-radius: 10px; }"
            f"#block-search QListWidget {{ background: {theme.panel}; }}"
        )
        self._show_matches("")

    def open_at(self, at: QPoint) -> None:
        """Shows it with its corner at a place of the parent, moved as far as needed to fit."""
        self.adjustSize()
        room = self._home.rect().adjusted(6, 6, -6, -6)
        x = max(room.left(), min(at.x(), room.right() - self.width()))
        y = max(room.top(), min(at.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def kinds(self) -> list[str]:
        """The kinds that are listed, from top to bottom."""
        rows = [self.list.item(row).data(OFFER) for row in range(self.list.count())]
        return [offer.block.kind.name for offer in rows if offer is not None]

    def choose_current(self) -> None:
        """Closes and hands on the marked block."""
        item: QListWidgetItem | None = self.list.currentItem()
        offer: Offer | None = item.data(OFFER) if item is not None else None
        if offer is not None:
            self.close_search()
            self._choose(offer.block.kind.name)

    def close_search(self) -> None:
        """Goes away; the canvas has the keys again."""
        if not self._is_open:
            return
        self._is_open = False
        had_focus = self.field.hasFocus()
        self.hide()
        if had_focus:
            self._home.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets some keys of the field move through the list, or close it."""
        if (
            watched is self.field
            and isinstance(event, QKeyEvent)
            and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        ):
            is_press = event.type() == QEvent.Type.KeyPress
            if self._steer(event.key(), is_press):
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _steer(self, key: int, is_press: bool) -> bool:
        """Whether it is a key of the list; does what it asks for when pressed."""
        page, code = self._rows, Qt.Key
        steps = {code.Key_Down: 1, code.Key_Up: -1, code.Key_PageDown: page,
                 code.Key_PageUp: -page, code.Key_Tab: 1, code.Key_Backtab: -1}  # fmt: skip
        match key:
            case Qt.Key.Key_Escape:
                act = self.close_search
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                act = self.choose_current
            case _ if key in steps:
                by = steps[Qt.Key(key)]

                def act() -> None:
                    self._step(by)
            case _:
                return False
        if is_press:
            act()
        return True

    def _step(self, by: int) -> None:
        row = self.list.currentRow() + by
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))

    def _show_matches(self, query: str) -> None:
        by_block = {offer.block: offer for offer in self._offers}
        found = [by_block[block] for block in best_matches(query, by_block)]
        # what is typed in full is meant, even where it does not fit
        found.sort(key=lambda o: bool(o.reason) and not (query and score(query, o.block) == 0))
        self.list.clear()
        for offer in found:
            item = QListWidgetItem(tr(offer.block.kind.title))
            item.setData(OFFER, offer)
            kind = offer.block.kind
            item.setIcon(category_icon(self._theme, kind.category.colour, kind.glyph, ICON_PX))
            item.setSizeHint(QSize(10, ROW_PX))
            self.list.addItem(item)
        self.list.setVisible(bool(found))
        self.list.setFixedHeight(ROW_PX * min(max(len(found), 1), self._rows) + 2)
        self.list.setCurrentRow(0)
        self._describe()
        self.adjustSize()

    def _describe(self) -> None:
        item: QListWidgetItem | None = self.list.currentItem()
        offer: Offer | None = item.data(OFFER) if item is not None else None
        if offer is None:
            text = tr("No block matches “{query}”.", query=self.field.text())
        else:
            text = offer.reason or tr(first_line(offer.block))
        tone = self._theme.warn if offer is not None and offer.reason else self._theme.dim
        self.note.setStyleSheet(f"color: {tone}; font-size: 11px; padding: 0 4px;")
        self.note.setText(text)


class _Field(LineEdit):
    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in KEPT_FOR and self.isVisible():
            self.left.emit()


class _Row(QStyledItemDelegate):
    """Paints an icon, the title, and the category at the right; dim where the block won't fit."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        offer: Offer = index.data(OFFER)  # type: ignore[attr-defined]  # Qt's two index types
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & option.state.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._theme.accent, 0.18))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
        if offer.reason:
            painter.setOpacity(0.5)
        icon = index.data(Qt.ItemDataRole.DecorationRole)  # type: ignore[attr-defined]
        top = box.top() + (box.height() - ICON_PX) // 2
        icon.paint(painter, box.left() + 7, top, ICON_PX, ICON_PX)
        middle = Qt.AlignmentFlag.AlignVCenter
        category = tr(offer.block.kind.category.title)
        painter.setFont(sans(11))
        painter.setPen(QColor(self._theme.dim))
        width = QFontMetrics(painter.font()).horizontalAdvance(category)
        painter.drawText(box.adjusted(0, 0, -9, 0), Qt.AlignmentFlag.AlignRight | middle, category)
        painter.setFont(sans(12, bold=True))
        painter.setPen(QColor(self._theme.text))
        room = box.adjusted(34, 0, -width - 18, 0)
        title = QFontMetrics(painter.font()).elidedText(
            tr(offer.block.kind.title), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, middle, title)
        painter.restore()
