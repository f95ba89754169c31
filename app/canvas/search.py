"""A small field over the canvas that finds a block by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

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

from app.block_search import first_line
from app.canvas.offers import Offer
from app.canvas.own_keys import keep_from_canvas
from app.canvas.ranking import NOTHING, Order, Proposal, proposals
from app.i18n import tr
from app.line_edit import LineEdit
from app.theme import Theme, category_icon, colour, sans
from graph.params import Plain, Value

PROPOSAL = Qt.ItemDataRole.UserRole
Choose = Callable[[str, Mapping[str, Value]], object]
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

    Words behind the name of a block set its parameters; the popup shows which. Shift+Enter lets it
    `branch` off, where that is something else.

    Signals:
        closed: it goes away, whether or not a block was chosen.
    """

    closed = Signal()

    def __init__(
        self,
        offers: Sequence[Offer],
        order: Order,
        choose: Choose,
        theme: Theme,
        parent: QWidget,
        *,
        hint: str = "",
        variables: Mapping[str, Plain] = NOTHING,
        branch: Choose | None = None,
    ) -> None:
        super().__init__(parent)
        self._home = parent
        rows = (parent.height() - BESIDE_LIST_PX) // ROW_PX
        self._rows = min(max(rows, LEAST_ROWS), MOST_ROWS)
        self._choose = choose
        self._branch = branch
        self._theme = theme
        self._is_open = True
        self._at = QPoint()
        self._offers = list(offers)
        self._order = order
        self._variables = variables
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
        self.reading = QLabel(self)
        self.reading.setWordWrap(True)
        self.reading.setTextFormat(Qt.TextFormat.PlainText)
        self.reading.setStyleSheet(f"color: {theme.accent}; font-size: 11px; padding: 0 4px;")
        self.other_way = QLabel(tr("Shift+Enter: a branch of its own"), self)
        self.other_way.setStyleSheet(f"color: {theme.dim}; font-size: 11px; padding: 0 4px;")
        self.other_way.setVisible(branch is not None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, 6)
        layout.setSpacing(6)
        for part in (self.field, self.list, self.reading, self.note, self.other_way):
            layout.addWidget(part)
        self.setStyleSheet(
            f"#block-search {{ background: {theme.panel}; border: 1px solid {theme.border};"
            " border-radius: 10px; }"
            f"#block-search QListWidget {{ background: {theme.panel}; }}"
        )
        self._show_matches("")

    def open_at(self, at: QPoint) -> None:
        """Shows it with its corner at a place of the parent, moved as far as needed to fit."""
        self._at = at
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self) -> None:
        self.adjustSize()
        room = self._home.rect().adjusted(6, 6, -6, -6)
        x = max(room.left(), min(self._at.x(), room.right() - self.width()))
        y = max(room.top(), min(self._at.y(), room.bottom() - self.height()))
        self.move(x, y)

    def kinds(self) -> list[str]:
        """The kinds that are listed, from top to bottom."""
        rows = [self.list.item(row).data(PROPOSAL) for row in range(self.list.count())]
        return [proposal.offer.block.kind.name for proposal in rows if proposal is not None]

    def choose_current(self, *, branches: bool = False) -> None:
        """Closes and hands on the marked block; a value that is refused is to be mended first."""
        choose = self._branch if branches and self._branch else self._choose
        proposal = self._current()
        if proposal is not None and not proposal.reading.refused:
            self.close_search()
            choose(proposal.offer.block.kind.name, proposal.reading.values)

    def _current(self) -> Proposal | None:
        item: QListWidgetItem | None = self.list.currentItem()
        return item.data(PROPOSAL) if item is not None else None

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
            held = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if self._steer(event.key(), is_press, with_shift=held):
                event.accept()
                return True
            if keep_from_canvas(self.field, event):
                return True
        return super().eventFilter(watched, event)

    def _steer(self, key: int, is_press: bool, *, with_shift: bool) -> bool:
        """Whether it is a key of the list; does what it asks for when pressed."""
        page, code = self._rows, Qt.Key
        steps = {code.Key_Down: 1, code.Key_Up: -1, code.Key_PageDown: page,
                 code.Key_PageUp: -page, code.Key_Tab: 1, code.Key_Backtab: -1}  # fmt: skip
        match key:
            case Qt.Key.Key_Escape:
                act = partial(self.close_search)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                act = partial(self.choose_current, branches=with_shift)
            case _ if key in steps:
                act = partial(self._step, steps[Qt.Key(key)])
            case _:
                return False
        if is_press:
            act()
        return True

    def _step(self, by: int) -> None:
        row = self.list.currentRow() + by
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))

    def _show_matches(self, query: str) -> None:
        found = proposals(query, self._offers, self._order, self._variables)
        self.list.clear()
        for proposal in found:
            kind = proposal.offer.block.kind
            item = QListWidgetItem(tr(kind.title))
            item.setData(PROPOSAL, proposal)
            item.setIcon(category_icon(self._theme, kind.category.colour, kind.glyph, ICON_PX))
            item.setSizeHint(QSize(10, ROW_PX))
            self.list.addItem(item)
        self.list.setVisible(bool(found))
        self.list.setFixedHeight(ROW_PX * min(max(len(found), 1), self._rows) + 2)
        self.list.setCurrentRow(0)
        self._describe()

    def _describe(self) -> None:
        """Tells what the marked block is, what will be set, and what stands against it."""
        proposal = self._current()
        doubt = _doubt(proposal) if proposal is not None else ""
        if proposal is None:
            text = tr("No block matches “{query}”.", query=self.field.text())
        else:
            text = doubt or tr(first_line(proposal.offer.block))
        tone = self._theme.warn if doubt else self._theme.dim
        self.note.setStyleSheet(f"color: {tone}; font-size: 11px; padding: 0 4px;")
        self.note.setText(text)
        summary = proposal.reading.summary if proposal is not None else ""
        self.reading.setText(summary)
        self.reading.setVisible(bool(summary))
        title = tr(proposal.offer.block.kind.title) if proposal is not None else ""
        self.field.setAccessibleDescription(". ".join(filter(None, (title, summary, text))))
        self._place()


def _doubt(proposal: Proposal) -> str:
    """What is not as the person may want it; empty where all is well."""
    reading = proposal.reading
    texts = [tr(text) for text in reading.refused]
    if reading.unknown:
        texts.append(tr("Not understood: {words}.", words=", ".join(reading.unknown)))
    return " ".join([*texts, proposal.reason]).strip()


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
        proposal: Proposal = index.data(PROPOSAL)  # type: ignore[attr-defined]  # Qt's two index types
        offer = proposal.offer
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & option.state.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._theme.accent, 0.18))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
        if proposal.reason:
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
