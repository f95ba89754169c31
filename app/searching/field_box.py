"""The box into which a field is typed, or picked from those of the drawing, to be searched."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QListView, QWidget

from app.i18n import tr

MOST_SEEN = 18


class FieldBox(QComboBox):
    """Offers fields as they are typed, and marks the one that Enter takes.

    Signals:
        meant: the field that the person wants, perhaps with `=` and its choices.
    """

    meant = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = QLineEdit()
        self.setLineEdit(self._typed)  # which makes it editable
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(MOST_SEEN)
        self.setAccessibleName(tr("Add a field"))
        self.setToolTip(
            tr("Parameters of blocks, those of the selected ones first, values of the recipe and "
               "of the data, and variables. Typing narrows them down; Enter adds the first, or "
               "one with its choices, such as epochs={5, 10}.")
        )  # fmt: skip
        self._completer = QCompleter(self.model(), self)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(self._completer)
        self._popup = QListView()
        self._completer.setPopup(self._popup)
        self._popup.setProperty("role", "popup")
        self._popup.installEventFilter(self)
        queued = Qt.ConnectionType.QueuedConnection  # Qt writes what was clicked after all else
        self._completer.activated.connect(self._leave, queued)
        self._typed.returnPressed.connect(self._on_return)
        self.activated.connect(lambda _: self._mean())

    def offer(self, names: Iterable[str]) -> None:
        """Offers these fields, in their order."""
        self.addItems(list(names))
        self.empty()

    def empty(self) -> None:
        """Waits for the next field."""
        self.setCurrentIndex(-1)
        self.clearEditText()
        self._typed.setPlaceholderText(tr("Add a field…"))

    def select_all(self) -> None:
        """What is typed next takes the place of what was typed."""
        self._typed.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.UpdateRequest and watched is self._popup:
            self._mark_first()
        return super().eventFilter(watched, event)

    def _mark_first(self) -> None:
        if self._popup.currentIndex().isValid():
            return
        found = self._completer.completionModel()
        wanted = self._named(self.currentText().strip())
        for row in range(found.rowCount()):
            if found.index(row, 0).data() == wanted:
                with QSignalBlocker(self._completer):  # which would write it into the box
                    self._popup.setCurrentIndex(found.index(row, 0))

    def _on_return(self) -> None:
        if not (self._popup.isVisible() and self._popup.currentIndex().isValid()):
            self._mean()  # otherwise the completer tells next which one is marked

    def _leave(self, written: str) -> None:
        if self.currentText() == written:
            self.empty()

    def _mean(self) -> None:
        text = self.currentText().strip()
        if text:
            self.meant.emit(text if "=" in text else self._named(text))

    def _named(self, text: str) -> str:
        """The field of that name, or the first whose name holds it; where none does, the text."""
        names = [self.itemText(place) for place in range(self.count())]
        if text in names:
            return text
        return next((name for name in names if text.lower() in name.lower()), text)
