"""Train, Pause and Stop; how far the run is, and what is known of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.elided import ElidedLabel
from app.i18n import tr
from app.key_texts import set_tip
from app.training import words
from app.training.record import RunRecord
from backends.protocol import Failed

PARTS = 1000
BUTTON_GAP_PX = 6
GAP = "    "
ANY_PX = 16_777_215
"""Qt's word for a width without a limit."""
SHORTEST_BAR_PX, LONGEST_BAR_PX = 60, 140


class Header(QWidget):
    """Buttons, and the progress of the run; where there is room, both are lent to other places.

    Attributes:
        buttons: what starts and steers a run.
        line: how far the run is; in one row, or in three where there is little room.

    Signals:
        train_asked: whether to start from the weights of the last run.
    """

    train_asked = Signal(bool)
    resume_asked = Signal()
    pause_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.train = QPushButton(self)
        self.train.setText("▶  " + tr("Train"))
        set_tip(self.train, tr("Train the drawing from fresh weights"), "F5")
        self.train.clicked.connect(lambda: self.train_asked.emit(False))
        self.how = QToolButton(self)
        self.how.setText("▾")
        self.how.setStyleSheet("padding: 5px 7px;")
        self.how.setToolTip(tr("Which weights to start from"))
        self.how.setAccessibleName(tr("Which weights to start from"))
        self.how.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.how.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(self.how)
        fresh = menu.addAction(tr("From fresh weights"))
        fresh.triggered.connect(lambda: self.train_asked.emit(False))
        self.from_last = menu.addAction(tr("From the last run's weights"))
        self.from_last.triggered.connect(lambda: self.train_asked.emit(True))
        self.how.setMenu(menu)
        self.resume = _button(tr("Resume"), tr("Go on with the run that was stopped"))
        self.resume.setProperty("role", "link")
        self.resume.setCursor(Qt.CursorShape.PointingHandCursor)
        self.resume.clicked.connect(self.resume_asked)
        self.pause = _button(tr("Pause"), tr("Wait before the next step, or go on"), "F6")
        self.pause.clicked.connect(self.pause_asked)
        self.stop = _button(
            tr("Stop"), tr("Stop after this step; the last checkpoint is kept"), "Shift+F5"
        )
        self.stop.clicked.connect(self.stop_asked)
        self.text = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, PARTS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setMinimumWidth(SHORTEST_BAR_PX)
        self.bar.setAccessibleName(tr("Progress of the run"))
        self.facts = ElidedLabel("dim")
        self._is_lent: bool | None = None
        self._arrange()

    def _arrange(self) -> None:
        self.buttons = QWidget()
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(BUTTON_GAP_PX)
        for button in (self.train, self.how, self.pause, self.stop):
            row.addWidget(button)
        row.addStretch(1)
        self.line = QWidget()
        self._grid = QGridLayout(self.line)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self.take_back()

    def lend(self) -> None:
        """Makes the progress one row, to be put elsewhere like the buttons; nothing is left here.

        Whoever calls this adds `buttons` and `line` to other layouts.
        """
        if self._is_lent is not True:
            self._is_lent = True
            for column, part in enumerate((self.text, self.resume, self.bar, self.facts)):
                self._put(part, 0, column, 1)
            self._grid.setColumnStretch(0, 0)
            self._grid.setColumnStretch(3, 1)
            self.bar.setMaximumWidth(LONGEST_BAR_PX)
            self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self.facts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.hide()

    def widest_buttons(self) -> int:
        """The room that the buttons need, before a run and while it goes on."""
        pairs = ((self.train, self.how), (self.pause, self.stop))
        return max(sum(b.sizeHint().width() for b in pair) + BUTTON_GAP_PX for pair in pairs)

    def take_back(self) -> None:
        """Shows buttons and progress here, below each other."""
        if self._is_lent is not False:
            self._is_lent = False
            for row, (part, columns) in enumerate(((self.text, 1), (self.bar, 2), (self.facts, 2))):
                self._put(part, row, 0, columns)
            self._put(self.resume, 0, 1, 1)
            self._grid.setColumnStretch(0, 1)
            self._grid.setColumnStretch(3, 0)
            self.bar.setMaximumWidth(ANY_PX)
            self.facts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self.facts.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self.buttons)
            layout.addWidget(self.line)
            self.show()

    def _put(self, part: QWidget, row: int, column: int, columns: int) -> None:
        self._grid.removeWidget(part)
        self._grid.addWidget(part, row, column, 1, columns)

    def show_buttons(
        self, *, can_train: bool, can_resume: bool, has_weights: bool, can_steer: bool,
        is_paused: bool, is_stopping: bool,
    ) -> None:  # fmt: skip
        """Shows what can be done now."""
        self.train.setEnabled(can_train)
        self.how.setEnabled(can_train)
        self.train.setVisible(not can_steer)
        self.how.setVisible(not can_steer)
        self.from_last.setEnabled(has_weights)
        self.resume.setVisible(can_resume)
        self.resume.setEnabled(can_train)
        self.pause.setVisible(can_steer)
        self.stop.setVisible(can_steer)
        self.pause.setEnabled(not is_stopping)
        self.stop.setEnabled(not is_stopping)
        self.pause.setText(tr("Continue") if is_paused else tr("Pause"))

    def show_run(self, record: RunRecord | None, *, is_paused: bool, is_stopping: bool) -> None:
        """Shows how far a run is; nothing where there was none."""
        self.line.setVisible(record is not None)
        if record is None:
            self.facts.hide()
            return
        text = words.progress_text(record, is_paused=is_paused, is_stopping=is_stopping)
        self.text.show_text(text)
        self.text.set_role("error" if isinstance(record.end, Failed) else "")
        facts = words.facts(record)
        self.facts.setVisible(bool(facts))
        self.facts.show_text(GAP.join(facts))
        share = words.share_done(record)
        self.bar.setVisible(not record.is_over)
        self.bar.setRange(0, 0 if share is None and not record.is_over else PARTS)
        self.bar.setValue(round(PARTS * (share or 0.0)))


def _button(text: str, tip: str, keys: str = "") -> QPushButton:
    button = QPushButton(text)
    set_tip(button, tip, keys)
    return button
