"""Lets a trained language model or translator write, and shows the text as it comes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QDoubleSpinBox, QPlainTextEdit, QSpinBox, QWidget

from app.generating.asking import Format
from app.generating.dialog import GenerateDialog, Origin, heed
from app.generating.written import lines_of, score_of
from app.i18n import tr
from app.tasks import Task
from backends import loader
from backends.protocol import Writing
from graph.fileio import write_atomically

MOST_TOKENS = 100_000
MOST_LINES = 200
LARGEST_SEED = 2**31 - 1


class TextDialog(GenerateDialog):
    """Writes on from a prompt, answers it, or answers rows of the test.

    Args:
        continues: whether the model goes on with what it read, instead of answering it.
    """

    def __init__(self, origin: Origin, continues: bool, parent: QWidget) -> None:
        super().__init__(origin, tr("Write text"), tr("Write"), parent)
        self._continues = continues
        self.prompt = QPlainTextEdit()
        self.prompt.setAccessibleName(tr("Prompt"))
        self.prompt.setTabChangesFocus(True)
        self.prompt.setPlaceholderText(
            tr("The text that it goes on with. Empty takes one of the test.") if continues
            else tr("What it answers. Empty takes rows of the test.")
        )  # fmt: skip
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("role", "mono")
        self.text.setAccessibleName(tr("What was written"))
        self.text.setPlaceholderText(tr("What is written is shown here."))
        self.length = QSpinBox(minimum=0, maximum=MOST_TOKENS)
        self.length.setSpecialValueText(tr("as in the data"))
        self.length.setToolTip(tr("How many tokens are written."))
        self.temperature = QDoubleSpinBox(minimum=0, maximum=100, singleStep=0.1, decimals=2)
        self.temperature.setSpecialValueText(tr("0, the likeliest"))
        self.temperature.setToolTip(
            tr("0 takes the likeliest token each time; 1 draws by what the model expects.")
        )
        self.seed = QSpinBox(minimum=0, maximum=LARGEST_SEED)
        self.seed.setToolTip(tr("Another seed draws other tokens, at a temperature above 0."))
        self.temperature.valueChanged.connect(lambda value: self.seed.setEnabled(value > 0))
        self.form.addRow(tr("Tokens"), self.length)
        self.form.addRow(tr("Temperature"), self.temperature)
        self.form.addRow(tr("Seed"), self.seed)
        self.arrange(self.text, self.prompt)
        self.seed.setEnabled(False)
        self.prompt.setFocus()

    @property
    def has_result(self) -> bool:
        return bool(self.text.toPlainText())

    def fields(self) -> tuple[QWidget, ...]:
        seed = (self.seed,) if self.temperature.value() > 0 else ()
        return (self.prompt, self.length, self.temperature, *seed)

    def start(self) -> None:
        document, run, prompt = self._origin.document, self.run, self.prompt.toPlainText()
        wanted = {
            "prompt": prompt, "length": self.length.value(),
            "temperature": self.temperature.value(), "seed": self.seed.value(),
        }  # fmt: skip
        self.text.setPlainText(prompt if self._continues else "")

        def work(task: Task) -> object:
            return loader.call("backends.pytorch.writing", "write_run", document, run,
                               watch=partial(heed, task), **wanted)  # fmt: skip

        self.begin(work, self._show_written)

    def show_progress(self, share: float, text: str) -> None:
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)
        self.text.setTextCursor(cursor)
        self.tell(tr("Writing: {share:.0%}", share=share), "dim")

    def put_on_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.tell(tr("The text is on the clipboard."), "dim")

    def formats(self) -> tuple[Format, ...]:
        return ((tr("Text"), "txt"),)

    def write(self, path: Path) -> Callable[[], object]:
        content = self.text.toPlainText().encode()
        return lambda: write_atomically(path, content)

    def _show_written(self, found: Writing) -> None:
        text = "\n".join(lines_of(found, MOST_LINES))
        if text != self.text.toPlainText():  # else the end, which was just read, stays in view
            self.text.setPlainText(text)
        self._follow_state()
        score = score_of(found)
        if len(found.answers) > MOST_LINES:
            score += tr("; the first {n} are shown", n=MOST_LINES)
        self.tell(f"{score}." if score else "", "dim")
