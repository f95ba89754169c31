"""The help on the gallery: all its networks as pictures, with their stories and their sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QImage, QTextBlock, QTextCursor, QTextDocument, QTextTable
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.gallery_list import GalleryList
from app.gallery_page import PAGE
from app.i18n import tr
from app.key_texts import in_page
from app.theme import Theme
from graph.gallery import AnyEntry, entries

SIZE_PX = (1120, 760)
LIST_PX = 232
PICTURE_PX = 760
MARGIN_PX = 20.0
ENTRY_LEVEL = 3
ABOVE_PX = {1: 0.0, 2: 30.0, 3: 22.0}
CELL_PX = 2.5


class GalleryHelp(QDialog):
    """The page of the whole gallery beside a list that leads to each network.

    Signals:
        chosen: the name of a network to open the gallery at.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget, path: Path = PAGE) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("The gallery in pictures"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = GalleryList(entries(), theme)
        self.list.setFixedWidth(LIST_PX)
        self.page = Page(path, theme)
        self.open_button = QPushButton(tr("Open in the gallery…"))
        self.open_button.clicked.connect(self._choose)
        self._places = dict(
            zip((entry.name for entry in entries()), self.page.entry_places(), strict=False)
        )
        self.list.selected.connect(self._go_to)
        self.list.activated_entry.connect(self._choose)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.open_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        beside = QHBoxLayout()
        beside.setSpacing(16)
        beside.addWidget(self.list)
        beside.addWidget(self.page, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(beside, 1)
        layout.addWidget(buttons)
        self.resize(*SIZE_PX)

    def show_entry(self, name: str) -> None:
        """Leads to a network."""
        self.list.select(name)

    def _go_to(self, entry: AnyEntry | None) -> None:
        place = self._places.get(entry.name) if entry else None
        if place is not None:
            self.page.scroll_to(place)

    def _choose(self, entry: AnyEntry | None = None) -> None:
        entry = entry or self.list.entry() or entries()[0]
        self.accept()
        self.chosen.emit(entry.name)


class Page(QTextBrowser):
    """The page, with the pictures of a theme."""

    def __init__(self, path: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = path.parent
        self._theme = theme
        self.setOpenLinks(False)
        self.setAccessibleName(tr("The gallery in pictures"))
        self.document().setDocumentMargin(MARGIN_PX)
        self.setMarkdown(in_page(_read(path)))
        self._space_out()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """The picture of this page's theme, as fine as the screen is."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        image = QImage(
            str(self._folder / QUrl(name).toString().replace("-dark.", f"-{self._theme.name}."))
        )
        ratio = self.devicePixelRatioF()
        image = image.scaledToWidth(
            round(PICTURE_PX * ratio), Qt.TransformationMode.SmoothTransformation
        )
        image.setDevicePixelRatio(ratio)
        return image

    def entry_places(self) -> list[int]:
        """Where each network begins, from the first to the last."""
        return [
            block.position()
            for block in self._blocks()
            if block.blockFormat().headingLevel() == ENTRY_LEVEL
        ]

    def scroll_to(self, place: int) -> None:
        """Puts a place of the text at the top."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(place)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect(cursor).top())

    def _blocks(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            yield block
            block = block.next()

    def _space_out(self) -> None:
        """Gives headings room above, and tables the whole width and quiet lines."""
        for block in self._blocks():
            above = ABOVE_PX.get(block.blockFormat().headingLevel())
            if above is not None:
                form = block.blockFormat()
                form.setTopMargin(above)
                QTextCursor(block).setBlockFormat(form)
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                lines = frame.format().toTableFormat()
                lines.setCellPadding(CELL_PX)
                lines.setBorder(0)
                frame.setFormat(lines)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return tr("The page is missing from this installation: {path}", path=path)
