"""How the weights of the shown blocks start and learn, in the inspector."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app import states
from app.forms import FormView
from app.forms.parts import column, rule, section
from app.i18n import tr
from app.session import Session
from app.setting import search_name
from graph.model import NodeId
from graph.params import Value
from graph.tuning import COMPOSITE_ONLY, Tuning, set_tuning


class LearningRows(QWidget):
    """Factors of learning rate and weight decay, and how weights are drawn at first.

    Shown of blocks with weights; those that use the same weights follow.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._ids: tuple[NodeId, ...] = ()
        self.form = FormView(self)
        self.form.edited.connect(self._set)
        self.form.run_ended.connect(self._end_run)
        self.form.search_name = lambda name: search_name(self._session, self._ids, name)
        rows = column(self, spacing=6)
        for part in (rule(), section(tr("Learning")), self.form):
            rows.addWidget(part)

    def show_blocks(self, session: Session, ids: Sequence[NodeId]) -> None:
        """Shows these blocks, those of them that have weights."""
        weighty = tuple(states.freezable(session, ids))
        self._session, self._ids = session, weighty
        self.setVisible(bool(weighty))
        if not weighty:
            return
        graph = session.document.graph
        nodes = [graph.nodes[graph.owner_of(id)] for id in weighty]
        values = [node.tuning for node in nodes]
        holds_more = all(node.definition or node.repeat for node in nodes)
        self.form.show_form(
            Tuning, values, session.document.variables, key=weighty,
            without=() if holds_more else COMPOSITE_ONLY,
        )  # fmt: skip
        self.form.setEnabled(not session.read_only)

    def commit(self) -> None:
        """Hands over what was typed."""
        self.form.commit()

    def _set(self, name: str, value: Value, is_run: bool) -> None:
        session = self._session
        if session is None or not self._ids:
            return
        title = tr("Set {name}", name=tr(Tuning.params[name].title).lower())
        edit = partial(set_tuning, ids=self._ids, name=name, value=value)
        if not session.apply(title, edit, f"tuning {name}" if is_run else None):
            self.show_blocks(session, self._ids)

    def _end_run(self) -> None:
        if self._session is not None:
            self._session.seal()
