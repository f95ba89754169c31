"""What lies on an empty canvas: the first steps, to be pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from app.i18n import tr

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

MARGIN_PX = 24
LONGEST = 26
FIRST_KIND, LAST_KIND = "input", "output"


class FirstSteps(QWidget):
    """Buttons in the middle of the canvas, shown while there are no blocks.

    Between its buttons it is like the canvas: what is pressed, dragged and dropped there goes on.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._words: list[QLabel] = []
        self._said: dict[QPushButton, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(10)
        self.heading = QLabel(self)
        self.heading.setStyleSheet("font-size: 16px; font-weight: bold;")
        self._grid.addWidget(self.heading, 0, 0, 1, 2, Qt.AlignmentFlag.AlignHCenter)
        self._grid.setRowMinimumHeight(1, 4)
        self.input = self._step(tr("Add an Input"), "", lambda: canvas.add_block(FIRST_KIND))
        self.output = self._step(
            tr("Add an Output"), tr("what it gives: each Output is a port of the block"),
            lambda: canvas.add_block(LAST_KIND),
        )  # fmt: skip
        self.search = self._step(
            tr("Search a block…"), tr("by its name; Tab or a double click do the same"),
            canvas.focus_search,
        )  # fmt: skip
        self.gallery = self._step(
            tr("New from gallery…"), tr("a network that has a name, in sizes of your own"),
            canvas.gallery_requested.emit,
        )  # fmt: skip
        self.example = self._step(
            tr("Open an example  ▾"), tr("a drawing that is ready to train"), self._ask_example
        )
        drag = QLabel(tr("or drag a block from the list on the left onto the canvas"))
        drag.setProperty("role", "dim")
        self._grid.addWidget(drag, self._grid.rowCount(), 0, 1, 2, Qt.AlignmentFlag.AlignHCenter)
        self._words.append(drag)
        canvas.view_changed.connect(self.follow)
        self.hide()

    def _step(self, label: str, words: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        button.setToolTip(words)
        button.clicked.connect(lambda: run())
        said = QLabel(words)
        said.setStyleSheet("font-size: 12px;")
        said.setProperty("role", "dim")
        said.setBuddy(button)
        self._said[button] = said
        row = self._grid.rowCount()
        self._grid.addWidget(button, row, 0)
        self._grid.addWidget(said, row, 1)
        self._words.append(said)
        return button

    def _ask_example(self) -> None:
        below = QPoint(0, self.example.height() + 2)
        self._canvas.examples_requested.emit(self.example.mapToGlobal(below))

    def follow(self) -> None:
        """Stands in the middle of an empty canvas, in few words where it is small."""
        canvas = self._canvas
        session = canvas.session
        if canvas.mirror.ids or canvas.mirror.remarks.remarks or session is None:
            self.hide()
            return
        self._say(session.place[-1].definition if session.place else "")
        for button in (self.input, self.output, self.search):
            button.setEnabled(not session.read_only)
        self._be_wordy(True)
        if not self._fits():
            self._be_wordy(False)
        self.setVisible(self._fits())
        size = self.sizeHint()
        self.setGeometry(
            (canvas.width() - size.width()) // 2, (canvas.height() - size.height()) // 2,
            size.width(), size.height(),
        )  # fmt: skip

    def _say(self, definition: str) -> None:
        """Tells how a network begins, or what is inside a composite of that name."""
        short = definition if len(definition) <= LONGEST else definition[: LONGEST - 1] + "…"
        inside = tr("what it takes: each Input is a port of the block")
        heading = tr("Draw what is inside {name}", name=short) if definition else ""
        self.heading.setText(heading or tr("Draw a network"))
        said = inside if definition else tr("the first block: what the network reads")
        self._said[self.input].setText(said)
        self.input.setToolTip(said)
        self.output.setVisible(bool(definition))
        for button in (self.gallery, self.example):
            button.setVisible(not definition)

    def _be_wordy(self, is_wordy: bool) -> None:
        unsaid = {said for button, said in self._said.items() if button.isHidden()}
        for words in self._words:
            words.setVisible(is_wordy and words not in unsaid)

    def _fits(self) -> bool:
        size, room = self.sizeHint(), self._canvas.size()
        return (
            size.width() + 2 * MARGIN_PX <= room.width()
            and size.height() + 2 * MARGIN_PX <= room.height()
        )
