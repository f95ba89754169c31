"""A canvas that is shown, and a hand that drives it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from app.canvas import Canvas
from app.session import Session
from graph.model import Document
from tests.app.canvas.hand import Hand


@pytest.fixture
def hand_on(qtbot):
    """Shows a document at 100 %, its first block near the top; answers the hand."""

    def show(document: Document, **options) -> Hand:
        canvas = Canvas()
        qtbot.addWidget(canvas)
        canvas.resize(1000, 760)
        session = Session(document, parent=canvas, **options)
        canvas.set_session(session)
        with qtbot.waitActive(canvas):
            canvas.show()
            canvas.activateWindow()
        canvas.setFocus()
        canvas.look(canvas.camera.__class__(1.0, 300.0, 60.0))
        return Hand(canvas, session)

    return show


@pytest.fixture(autouse=True)
def clean_clipboard(qapp):
    """Own data left on the clipboard crashes Qt when it ends."""
    yield
    QGuiApplication.clipboard().clear()
