"""What is on or off of the shown blocks, in the inspector."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from app import states
from app.forms.parts import column
from app.i18n import tr
from app.session import Session
from graph.model import NodeId

INDENT_PX = 12
Toggle = Callable[[Session, Sequence[NodeId]], None]


class StateRows(QWidget):
    """Whether the shown blocks are bypassed or muted, and whether their weights are frozen.

    Of several blocks that differ a box is half on.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._ids: tuple[NodeId, ...] = ()
        self.bypassed = self._box(
            tr("Bypassed: passes on its input"),
            tr("The code has no such block; what goes in comes out unchanged."),
            states.toggle_bypassed,
        )
        self.muted = self._box(
            tr("Muted: as if not drawn"),
            tr("Its outputs have no value. What needs them is left out with it."),
            states.toggle_muted,
        )
        self.frozen = self._box(
            tr("Frozen: its weights stay"),
            tr(
                "Training leaves them alone, and what comes before still learns through the block. "
                "Running means of a norm go on to follow the data."
            ),
            states.toggle_frozen,
        )
        rows = column(self, spacing=6)
        rows.setContentsMargins(INDENT_PX, 0, 0, 0)
        for box in (self.bypassed, self.muted, self.frozen):
            rows.addWidget(box)

    def _box(self, text: str, tip: str, toggle: Toggle) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setToolTip(tip)
        box.clicked.connect(lambda: self._toggle(toggle))
        return box

    def show_blocks(self, session: Session, ids: Sequence[NodeId]) -> None:
        """Shows these blocks, with what can be on or off of them."""
        self._session, self._ids = session, tuple(ids)
        self.setEnabled(not session.read_only)
        graph = session.document.graph
        through = list(states.bypassable(session, ids))
        idle, weighty = list(states.mutable(session, ids)), list(states.freezable(session, ids))
        _show(self.bypassed, through, [id for id in through if graph.nodes[id].bypassed])
        _show(self.muted, idle, [id for id in idle if graph.nodes[id].muted])
        _show(self.frozen, weighty, [id for id in weighty if graph.is_frozen(id)])
        self.setVisible(bool(through or idle or weighty))

    def _toggle(self, toggle: Toggle) -> None:
        if self._session is not None and self._ids:
            toggle(self._session, self._ids)
            self.show_blocks(self._session, self._ids)


def _show(box: QCheckBox, found: Collection[NodeId], on: Collection[NodeId]) -> None:
    """Shows how many of the blocks that a box is about are on."""
    box.setVisible(bool(found))
    is_half = 0 < len(on) < len(found)
    box.setTristate(is_half)
    whole = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
    box.setCheckState(Qt.CheckState.PartiallyChecked if is_half else whole)
