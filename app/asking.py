"""Small questions: a name, and how a block is repeated."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from app.forms.parts import label
from app.i18n import tr
from app.line_edit import LineEdit
from graph.model import Repeat
from graph.params import Value
from graph.problems import UserError
from graph.repeat import COUNT, MODES
from graph.scan import SCAN

Judge = Callable[[str], object]
Buttons = QDialogButtonBox.StandardButton
WIDTH_PX = 360


class Question(QDialog):
    """A dialog with a line of text; why that is refused is told while it is typed."""

    def __init__(self, title: str, about: str, verb: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH_PX)
        self.line = LineEdit(self)
        self.line.setAccessibleName(title)
        self.line.textChanged.connect(self._look)
        self.reason = label("", "error", wrap=True)
        self.buttons = QDialogButtonBox(Buttons.Ok | Buttons.Cancel)
        self.ok = self.buttons.button(Buttons.Ok)
        self.ok.setText(verb)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(18, 16, 18, 14)
        self.rows.setSpacing(10)
        if about:
            self.rows.addWidget(label(about, "dim", wrap=True))
        self.rows.addWidget(self.line)
        self.rows.addWidget(self.reason)
        self.rows.addWidget(self.buttons)

    def judge(self) -> None:
        """Refuses what is typed by raising `UserError`."""

    def _look(self) -> None:
        text = ""
        try:
            self.judge()
        except UserError as error:
            text = str(error)
        self.reason.setText(text)
        self.reason.setVisible(bool(text))
        self.ok.setEnabled(not text)
        self.adjustSize()


class NameDialog(Question):
    """Asks for a name.

    Signals:
        named: what was typed, stripped.
    """

    named = Signal(str)

    def __init__(
        self, title: str, verb: str, name: str, judge: Judge, parent: QWidget, about: str = ""
    ) -> None:
        super().__init__(title, about, verb, parent)
        self._judge = judge
        self.line.setText(name)
        self.line.selectAll()
        self.accepted.connect(lambda: self.named.emit(self.line.text().strip()))
        self._look()

    def judge(self) -> None:
        """Refuses a name that cannot be."""
        self._judge(self.line.text())


class RepeatDialog(Question):
    """Asks how often a block follows itself, and how.

    Signals:
        chosen: the `Repeat`; None where it is to stand once.
    """

    chosen = Signal(object)

    def __init__(self, repeat: Repeat | None, parent: QWidget) -> None:
        about = tr("How often the block follows itself. Its parameters may use the index i.")
        super().__init__(tr("Repeat"), about, tr("Repeat"), parent)
        self.mode = QComboBox(self)
        self.mode.setAccessibleName(tr("How it is repeated"))
        for mode in MODES:
            self.mode.addItem(tr(mode), mode)
        self.words = label("", "dim", wrap=True)
        self.mode.currentIndexChanged.connect(self._tell)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(tr("Times"), self.line)
        form.addRow(tr("Mode"), self.mode)
        form.addRow("", self.words)
        self.rows.insertLayout(1, form)
        now = repeat or Repeat()
        self.mode.setCurrentIndex(max(self.mode.findData(now.mode), 0))
        self._tell()
        self.line.setText(str(now.count))
        self.line.selectAll()
        if repeat is not None:
            once = self.buttons.addButton(tr("Only once"), QDialogButtonBox.ButtonRole.ResetRole)
            once.clicked.connect(self._once)
        self.accepted.connect(lambda: self.chosen.emit(Repeat(self.count(), self.mode_name())))
        self._look()

    def count(self) -> Value:
        """What was typed."""
        return COUNT.parse(self.line.text())

    def mode_name(self) -> str:
        """The mode that is chosen."""
        return str(self.mode.currentData())

    def judge(self) -> None:
        """Refuses what is no count."""
        self.count()

    def _tell(self) -> None:
        self.words.setText(tr(MODES[self.mode_name()]).capitalize())
        self.line.setEnabled(self.mode_name() != SCAN)  # it goes as far as the sequence does

    def _once(self) -> None:
        self.chosen.emit(None)
        self.reject()
