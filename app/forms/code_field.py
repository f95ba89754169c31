"""The field of a parameter that holds code: its class, and a button that opens the editor."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.forms.fields import MIXED, Field
from app.i18n import tr
from graph import custom_code
from graph.custom_code import CodeError
from graph.params import Param

WIDGET = "code"
MARGINS_PX = 26


class CodeField(Field):
    """Names the class of the code.

    Signals:
        edit_wanted: the person wants to write the code.
    """

    edit_wanted = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.button = QPushButton(self)
        self.button.setToolTip(tr("Read and write the code of the block"))
        self.button.clicked.connect(self.edit_wanted)
        # a long name must not make the form wider
        self.button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._own(self.button)

    def focus_widget(self) -> QWidget:
        return self.button

    def refresh(self) -> None:
        self.button.setEnabled(not self.is_mixed)
        text = MIXED if self.is_mixed else tr("{name}…", name=self._name())
        room = max(self.button.width() - MARGINS_PX, 0)
        mode = Qt.TextElideMode.ElideRight
        self.button.setText(self.button.fontMetrics().elidedText(text, mode, room) or text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def _name(self) -> str:
        try:
            return custom_code.read(str(self.values[0])).name
        except CodeError:
            return tr("Edit")
