"""What all plots share: smoothing, the axes, comparing, and following the run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from app.i18n import tr
from app.training.view import View

FINEST = 100
FIRST_SMOOTHING = 35


def weight_of(slider: int) -> float:
    """The weight of the past for a place of the slider: 0.9 in the middle, 0.99 at the end."""
    return 0.0 if slider <= 0 else 1 - 10 ** (-2 * slider / FINEST)


class PlotControls(QWidget):
    """A row of small controls.

    Signals:
        changed: plots should be drawn another way; `view` says how.
        follow_asked: the newest values are to be kept in view again.
    """

    changed = Signal()
    follow_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, FINEST)
        self.smoothing.setValue(FIRST_SMOOTHING)
        self.smoothing.setFixedWidth(84)
        self.smoothing.setAccessibleName(tr("Smoothing"))
        self._smoothing_label = QLabel(tr("Smooth"))
        self._smoothing_label.setProperty("role", "dim")
        self._smoothing_label.setBuddy(self.smoothing)
        self.log = self._toggle(tr("Log"), tr("Logarithmic axis for losses"))
        self.by_step = self._toggle(tr("Steps"), tr("Count steps along the axis, not epochs"))
        self.compare = self._toggle(tr("Compare"), tr("Show the run before in dim colours"))
        self.follow = self._toggle(tr("Follow"), tr("Keep the newest values in view"))
        self.follow.setChecked(True)
        self.smoothing.valueChanged.connect(self._on_changed)
        for button in (self.log, self.by_step, self.compare):
            button.toggled.connect(lambda _: self.changed.emit())
        self.follow.clicked.connect(self._on_follow)
        self._arrange()
        self.set_can_compare(False)
        self._tell_weight()

    def _toggle(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setProperty("role", "flat")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._smoothing_label)
        layout.addWidget(self.smoothing)
        layout.addSpacing(6)
        for button in (self.log, self.by_step, self.compare, self.follow):
            layout.addWidget(button)

    def view(self) -> View:
        """How plots are to be drawn."""
        return View(
            weight=weight_of(self.smoothing.value()),
            is_log=self.log.isChecked(),
            by_epoch=not self.by_step.isChecked(),
            compares=self.compare.isChecked() and self.compare.isEnabled(),
        )

    def set_can_compare(self, can: bool) -> None:
        """Tells whether there is a run before."""
        self.compare.setEnabled(can)

    def show_following(self, is_following: bool) -> None:
        """Shows whether the newest values are kept in view."""
        self.follow.setChecked(is_following)

    def set_narrow(self, is_narrow: bool) -> None:
        """Leaves out words where there is little room."""
        self._smoothing_label.setVisible(not is_narrow)
        self.smoothing.setFixedWidth(48 if is_narrow else 84)
        for button in (self.log, self.by_step, self.compare, self.follow):
            button.setStyleSheet("padding: 3px 2px;" if is_narrow else "")

    def _on_changed(self) -> None:
        self._tell_weight()
        self.changed.emit()

    def _on_follow(self) -> None:
        # it only ends by panning or zooming, so that a click always brings the newest back
        self.follow.setChecked(True)
        self.follow_asked.emit()

    def _tell_weight(self) -> None:
        weight = weight_of(self.smoothing.value())
        text = (
            tr("Smoothing {weight}: each step's loss moves the line by {share} %",
               weight=f"{weight:.2f}", share=f"{100 * (1 - weight):.0f}")
            if weight
            else tr("No smoothing")
        )  # fmt: skip
        self.smoothing.setToolTip(text)
