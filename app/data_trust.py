"""Asks whether the Python code of the data may run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.code_watch import agree
from app.data_code import untrusted_code
from app.session import Session
from app.theme import Theme
from app.trust_dialog import TrustDialog
from graph.custom_code import Written


def ask_for_data(session: Session, theme: Theme, parent: QWidget) -> TrustDialog | None:
    """Shows the code of the data that may not run yet; None where there is none."""
    found = untrusted_code(session.document.data)
    if found is None:
        return None
    dialog = TrustDialog([found], Path(found.name).name, theme, parent.window())

    def agreed(classes: list[Written]) -> None:
        agree(session, classes)
        session.reconsider()

    dialog.agreed.connect(agreed)
    dialog.open()
    return dialog
