"""The editor of the code of a block, in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.editor.editor import CodeEditor
from app.forms.parts import label
from app.i18n import tr
from app.properties import set_property
from app.theme import Theme
from graph import custom_code, trust
from graph.custom_code import CodeError, Written

SIZE = (760, 560)
WAIT_MS = 150


class CodeDialog(QDialog):
    """Lets a person write a module class; mistakes are told while it is written.

    Signals:
        applied: the new code, and the class in it where it may run, else None.
    """

    applied = Signal(str, object)

    def __init__(self, code: str, name: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Code of {name}", name=name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._first = code
        self.editor = CodeEditor(theme, self)
        self.editor.setAccessibleName(tr("Code"))
        self.editor.setPlainText(code)
        self.hint = label(
            tr("A class that is an nn.Module. The arguments of forward are the inputs, what it "
               "returns are the outputs, and the arguments of __init__ are parameters. torch, nn, "
               "F, math and Tensor are there."), "dim", wrap=True,
        )  # fmt: skip
        self.state = label("", "dim", wrap=True)
        self.state.setMinimumHeight(2 * self.state.fontMetrics().height())
        self.state.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.trust = QCheckBox(tr("I trust this code: it may run on this computer"))
        self.trust.setToolTip(tr("Without it the block keeps the code, but nothing runs it."))
        self.apply = QPushButton(tr("Apply"))
        self.apply.setToolTip(tr("Puts the code into the block  Ctrl+Return"))
        self.apply.setProperty("role", "primary")
        self.apply.setAutoDefault(False)
        self.apply.clicked.connect(self._apply)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self.check)
        self.editor.textChanged.connect(self._wait.start)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._apply)
        self._arrange()
        self.resize(*SIZE)
        written = self.check()
        self.trust.setChecked(written is not None and trust.is_trusted(written.source))
        self.editor.setFocus()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.trust)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.apply)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(self.hint)
        layout.addWidget(self.editor, 1)
        layout.addWidget(self.state)
        layout.addLayout(buttons)

    @property
    def code(self) -> str:
        """What is written."""
        return self.editor.toPlainText()

    def check(self) -> Written | None:
        """Reads the code and tells its ports, or its first mistake and where that is."""
        self._wait.stop()
        written: Written | None = None
        try:
            written = custom_code.read(self.code)
        except CodeError as error:
            self._tell(str(error), "error", error.line)
        else:
            self._tell(ports_text(written), "dim", 0)
        self.apply.setEnabled(written is not None)
        return written

    def _tell(self, text: str, role: str, line: int) -> None:
        self.state.setText(text)
        set_property(self.state, "role", role)
        self.editor.mark_wrong(line)

    def _apply(self) -> None:
        written = self.check()
        if written is None:
            self.editor.go_to_line(self.editor.wrong_line or 1)
            return
        self.applied.emit(self.code, written if self.trust.isChecked() else None)
        self.accept()

    def reject(self) -> None:
        """Closes; asks first where something was written."""
        if self.code == self._first:
            super().reject()
            return
        buttons = QMessageBox.StandardButton
        box = QMessageBox(
            QMessageBox.Icon.Question, tr("Torchloom"), tr("The code was changed."),
            buttons.Discard | buttons.Cancel, self,
        )  # fmt: skip
        box.setInformativeText(tr("Closed now, the block keeps the code it had."))
        box.button(buttons.Discard).clicked.connect(lambda: self.done(0))
        box.open()


def ports_text(written: Written) -> str:
    """The ports and parameters of a class, as a line."""
    inputs = ", ".join(
        f"{port.name}…" if port.many else f"[{port.name}]" if port.optional else port.name
        for port in written.inputs
    )
    parts = [
        tr("Inputs: {names}", names=inputs or tr("none")),
        tr("outputs: {names}", names=", ".join(written.outputs)),
    ]
    if written.params:
        names = ", ".join(param.name for param in written.params)
        parts.append(tr("parameters: {names}", names=names))
    return " · ".join(parts)
