"""What is on or off of the shown blocks, in the inspector."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from app import states
from app.forms.parts import column
from app.i18n import tr
from app.session import Session
from graph.model import NodeId

INDENT_PX = 12


class StateRows(QWidget):
    """Whether the weights of the shown blocks are frozen; of several that differ, half."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._ids: tuple[NodeId, ...] = ()
        self.frozen = QCheckBox(tr("Frozen: the weights stay as they are"), self)
        self.frozen.setToolTip(
            tr(
                "Training leaves them alone, and what comes before still learns through the block. "
                "Running means of a norm go on to follow the data."
            )
        )
        self.frozen.clicked.connect(self._toggle)
        rows = column(self, spacing=6)
        rows.setContentsMargins(INDENT_PX, 0, 0, 0)
        rows.addWidget(self.frozen)

    def show_blocks(self, session: Session, ids: Sequence[NodeId]) -> None:
        """Shows these blocks; nothing where none of them has weights."""
        self._session, self._ids = session, tuple(ids)
        found = states.freezable(session, ids)
        self.setVisible(bool(found))
        self.setEnabled(not session.read_only)
        on = sum(session.document.graph.is_frozen(id) for id in found)
        self.frozen.setTristate(0 < on < len(found))
        whole = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        partly = Qt.CheckState.PartiallyChecked
        self.frozen.setCheckState(partly if self.frozen.isTristate() else whole)

    def _toggle(self) -> None:
        if self._session is not None and self._ids:
            states.toggle_frozen(self._session, self._ids)
            self.show_blocks(self._session, self._ids)
