"""The row above the plots: Train, Pause and Stop, how far the run is, and what is known of it."""

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
from app.training import words
from app.training.record import RunRecord
from backends.protocol import Failed

PARTS = 1000
GAP = "     "


class Header(QWidget):
    """Buttons and progress.

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
        self.train.setToolTip(tr("Train the drawing from fresh weights (F5)"))
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
        self.resume.clicked.connect(self.resume_asked)
        self.pause = _button(tr("Pause"), tr("Wait before the next step, or go on (F6)"))
        self.pause.clicked.connect(self.pause_asked)
        self.stop = _button(
            tr("Stop"), tr("Stop after this step; the last checkpoint is kept (Shift+F5)")
        )
        self.stop.clicked.connect(self.stop_asked)
        self.text = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, PARTS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName(tr("Progress of the run"))
        self.facts = ElidedLabel("dim")
        self._is_narrow: bool | None = None
        self._arrange()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.train, self.how, self.resume, self.pause, self.stop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.progress = QWidget()
        progress = QVBoxLayout(self.progress)
        progress.setContentsMargins(0, 0, 0, 0)
        progress.setSpacing(4)
        progress.addWidget(self.text)
        progress.addWidget(self.bar)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.addLayout(buttons, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_narrow(False)

    def set_narrow(self, is_narrow: bool) -> None:
        """Puts progress and facts below where there is little room, else at the right."""
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        for part in (self.progress, self.facts):
            self._grid.removeWidget(part)
        if is_narrow:
            self._grid.addWidget(self.progress, 1, 0, 1, 2)
            self._grid.addWidget(self.facts, 2, 0, 1, 2)
        else:
            self._grid.addWidget(self.progress, 0, 1)
            self._grid.addWidget(self.facts, 0, 2)
        side = Qt.AlignmentFlag.AlignLeft if is_narrow else Qt.AlignmentFlag.AlignRight
        self.facts.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

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
        self.progress.setVisible(record is not None)
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
        self.bar.setRange(0, 0 if share is None and not record.is_over else PARTS)
        self.bar.setValue(round(PARTS * (share or 0.0)))


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
