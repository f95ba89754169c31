"""The foot of the legend of measured time: of what it is, and a button to measure."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.elided import ElidedLabel
from app.human import grouped, milliseconds
from app.i18n import tr
from app.measured import Measured

MEASURE, CANCEL = "measure-time", "cancel-measuring"
"""The actions of the window that the button stands for."""
HEIGHT_PX = 34


class MeasureRow(QWidget):
    """A line of text and a button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = ElidedLabel()
        self.button = QPushButton(tr("Measure"))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.clicked.connect(self._press)
        self._does = MEASURE
        self._followed: list[QAction] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 6, 6)
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)

    def follow(self, measured: Measured) -> None:
        """Tells of what the times are, or how far measuring is."""
        self._does = CANCEL if measured.is_running else MEASURE
        text, role = text_of(measured)
        self.label.show_text(text)
        self.label.setToolTip(tip_of(measured) or text)
        self.label.set_role(role)
        self._enable()
        again = tr("Again") if measured.times is not None else tr("Measure")
        self.button.setText(tr("Cancel") if measured.is_running else again)

    def _enable(self) -> None:
        action = self._action()
        self.button.setVisible(action is not None)
        self.button.setEnabled(action is not None and action.isEnabled())

    def _action(self) -> QAction | None:
        """What the button does now; what can be done may change when all else stays as it is."""
        found = self.window().findChild(QAction, self._does)
        if not isinstance(found, QAction):
            return None
        if found not in self._followed:
            self._followed.append(found)
            found.enabledChanged.connect(self._enable)
        return found

    def _press(self) -> None:
        action = self._action()
        if action is not None:
            action.trigger()


def text_of(measured: Measured) -> tuple[str, str]:
    """What is said of a measurement, and the role of the label that says it."""
    if measured.is_running:
        share = f"{100 * (measured.share or 0):.0f} %"
        return tr("{doing} … {share}", doing=measured.doing, share=share), "dim"
    shown = measured.shown()
    if shown is None:
        return tr("Not measured yet"), "warning"
    if shown.is_stale:
        return tr("The drawing has changed since"), "warning"
    device, rows = shown.times.device, grouped(shown.times.rows)
    return tr("{rows} rows at a time on {device}", rows=rows, device=device), "dim"


def tip_of(measured: Measured) -> str:
    """What a whole pass took, there and back; empty where that was not measured."""
    times = measured.times
    if times is None:
        return ""
    forward, backward = milliseconds(times.plain.forward_s), milliseconds(times.plain.backward_s)
    return tr(
        "{rows} rows at a time on {device}, {passes} passes. A whole pass without clocks takes "
        "{forward} forward and {backward} backward.",
        rows=grouped(times.rows), device=times.device, passes=times.passes,
        forward=forward, backward=backward,
    )  # fmt: skip
