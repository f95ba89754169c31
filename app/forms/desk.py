"""How dialogs of choices and results are laid out: above side by side, below words and buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.forms.parts import indent

BESIDE_PX = 18


def lay_out(
    dialog: QDialog,
    choices: QWidget,
    result: QWidget,
    below: tuple[QLabel, QProgressBar],
    left: Sequence[QPushButton],
    right: Sequence[QPushButton],
) -> None:
    """Puts choices at the left, what comes of them at the right, and below both what is said.

    Args:
        below: the words on how it goes, and how far it is, which keeps its room while hidden.
        left: the buttons that do something with the result.
        right: those that end or begin the work.
    """
    above = QHBoxLayout()
    above.setSpacing(BESIDE_PX)
    above.addWidget(choices)
    above.addWidget(result, 1)
    buttons = QHBoxLayout()
    for button in left:
        buttons.addWidget(button)
    buttons.addStretch(1)
    for button in right:
        buttons.addWidget(button)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 18, 20, 16)
    layout.setSpacing(10)
    layout.addLayout(above, 1)
    for widget in below:
        layout.addWidget(widget)
    layout.addLayout(buttons)
    _, progress = below
    keep = progress.sizePolicy()
    keep.setRetainSizeWhenHidden(True)
    progress.setSizePolicy(keep)
    for spin in dialog.findChildren(QAbstractSpinBox):
        indent(spin)
