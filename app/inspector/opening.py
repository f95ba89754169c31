"""The button on the page of a composite that looks inside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QWidget

from app.i18n import tr
from app.session import Session
from graph.model import NodeId


class OpenButton(QPushButton):
    """Looks inside the shown block; there only where that is one composite."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Open"), parent)
        self._session: Session | None = None
        self._id: NodeId | None = None
        self.clicked.connect(self._open)

    def show_blocks(self, session: Session, ids: Sequence[NodeId]) -> None:
        """Stands for these blocks."""
        self._session, self._id = session, ids[0] if len(ids) == 1 else None
        name = session.document.node(self._id).definition if self._id else ""
        self.setVisible(name in session.root.definitions)
        self.setToolTip(tr("Look inside {name}; a double click does the same", name=name))

    def _open(self) -> None:
        if self._session is not None and self._id is not None:
            self._session.enter(self._id)
