"""The page of several blocks of different kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.forms.parts import Facts, column, label, rule, section
from app.i18n import tr
from app.inspector import facts
from app.measured import measured_of
from app.session import Session
from graph import edits
from graph.model import NodeId


class SeveralPage(QWidget):
    """How many blocks of which kinds are selected, and what they cost together."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self.title = label("", "heading")
        self.kinds = Facts(self)
        self.costs = Facts(self)
        self.at_sizes = label("", "dim", wrap=True)
        hint = label(tr("Blocks of one kind can be edited together."), "dim", wrap=True)
        layout = column(self, margin=14, spacing=8)
        for part in (
            self.title, hint, rule(), section(tr("Kinds")), self.kinds, rule(),
            section(tr("Costs, added up")), self.costs, self.at_sizes,
        ):  # fmt: skip
            layout.addWidget(part)
        layout.addStretch(1)

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on."""
        self._session = session

    def show_blocks(self, ids: Sequence[NodeId]) -> None:
        """Shows these blocks."""
        session = self._session
        if session is None:
            return
        nodes = [session.document.node(id) for id in ids]
        self.title.setText(tr("{count} blocks", count=len(nodes)))
        count = Counter(tr(edits.kind_title(node.kind, session.registry)) for node in nodes)
        self.kinds.show_facts([(kind, str(n)) for kind, n in count.most_common()])
        known = session.costs.blocks
        total = facts.total(known[id] for id in ids if id in known)
        times = facts.time_facts(measured_of(session).shown(), ids)
        self.costs.show_facts([*facts.cost_facts(total), *times])
        symbols = facts.symbols_of(session.typing, ids)
        self.at_sizes.setText(facts.sizes_note(session.document, symbols))
