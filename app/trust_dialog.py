"""Shows the code that came with a file, before any of it runs, and asks whether it may."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.code_watch import agree
from app.editor.editor import CodeEditor
from app.forms.parts import label
from app.i18n import tr, tr_count
from app.session import Session
from app.theme import Theme
from graph.code_edits import untrusted
from graph.custom_code import Written

SIZE = (720, 520)


class TrustDialog(QDialog):
    """Lets a person read code and agree to it.

    Signals:
        agreed: the classes that may run from now on.
    """

    agreed = Signal(object)

    def __init__(self, classes: list[Written], name: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Code in {name}", name=name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._classes = classes
        one = "This drawing holds Python code that you have not trusted yet."
        many = "This drawing holds {n} pieces of Python code that you have not trusted yet."
        self.head = label(tr_count(len(classes), one, many), "heading", wrap=True)
        self.warning = label(
            tr("Once it runs, it can do whatever you can do here: read and delete your files, and "
               "use your network. Trust it if you have read it, or know who wrote it. Other code, "
               "even by one letter, is asked about anew."), "dim", wrap=True,
        )  # fmt: skip
        self.code = CodeEditor(theme, self)
        self.code.setReadOnly(True)
        self.code.setAccessibleName(tr("Code in this drawing"))
        self.code.setPlainText("\n\n\n".join(written.source for written in classes))
        self.cancel = QPushButton(tr("Do not run it"))
        self.cancel.clicked.connect(self.reject)
        self.trust = QPushButton(tr("Trust and run this code"))
        self.trust.setAutoDefault(False)  # Enter must never mean that
        self.trust.clicked.connect(self._agree)
        self.cancel.setDefault(True)
        self._arrange()
        self.resize(*SIZE)
        self.cancel.setFocus()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.trust)
        buttons.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(self.head)
        layout.addWidget(self.warning)
        layout.addWidget(self.code, 1)
        layout.addLayout(buttons)

    def _agree(self) -> None:
        self.agreed.emit(self._classes)
        self.accept()


def ask_trust(session: Session, theme: Theme, parent: QWidget) -> TrustDialog | None:
    """Shows the code of a drawing that may not run yet; None where there is none."""
    classes = untrusted(session.root)
    if not classes:
        return None
    dialog = TrustDialog(classes, session.title, theme, parent.window())
    dialog.agreed.connect(lambda agreed: agree(session, agreed))
    dialog.open()
    return dialog
