"""How often a block follows itself, and whose weights it uses, in the inspector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from app import composing
from app.forms import FieldRow
from app.forms.parts import column, label, rule, section
from app.i18n import tr
from app.session import Session
from app.setting import search_name
from graph.composites import repeating
from graph.model import NodeId, Repeat
from graph.params import Expr, Param, Value
from graph.repeat import INDEX, MODES, MOST
from graph.scan import SCAN
from graph.search_fields import REPEAT

ONCE = "once"
TIMES = Param("count", "int", 1, "Times", "How often the block follows itself.", ge=1, le=MOST)
MODE = Param("mode", "choice", ONCE, "Mode", "How it follows itself.", choices=(ONCE, *MODES))
ALIKE = frozenset({"shared", SCAN})
"""Modes in which nothing can differ from one time to the next."""
LABEL_PX = 76


class RepeatRows(QWidget):
    """The count and the mode of a repeat; a block that stands once has a count of 1.

    Signals:
        search_wanted: the count, as a search calls it, and the choices that were typed for it.
    """

    search_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._ids: tuple[NodeId, ...] = ()
        self.count = FieldRow(TIMES, self)
        self.mode = FieldRow(MODE, self)
        self.about = label("", "dim", wrap=True)
        self.count.field.committed.connect(self._set_count)
        self.count.field.run_ended.connect(self._end_run)
        self.count.field.is_searchable = lambda: bool(self._search_name())
        self.count.field.choices_wanted.connect(self._want_search)
        self.count.field.reset_requested.connect(lambda: self._apply(None, False))
        self.mode.field.committed.connect(self._set_mode)
        self.mode.field.reset_requested.connect(lambda: self._apply(None, False))
        rows = column(self, spacing=6)
        for part in (rule(), section(tr("Repeat")), self.mode, self.count, self.about):
            rows.addWidget(part)
        for row in (self.count, self.mode):
            row.label.setFixedWidth(LABEL_PX)

    def show_blocks(self, session: Session, ids: Sequence[NodeId]) -> None:
        """Shows how these blocks follow themselves; nothing where one of them cannot."""
        same = tuple(ids) == self._ids
        self._session, self._ids = session, tuple(ids)
        document = session.document
        can = not any(repeating.why_not_repeat(document, id) for id in ids)
        found = [document.node(id).repeat for id in ids]
        self.setVisible(can or any(found))
        self.setEnabled(not session.read_only)
        counts = [each.count if each else TIMES.default for each in found]
        self.count.show_values(counts, document.variables, keep_typed=same)
        self.count.setVisible(any(each and each.mode != SCAN for each in found))
        self.mode.show_values([each.mode if each else ONCE for each in found], {}, keep_typed=same)
        modes = {each.mode for each in found if each}
        words = tr(MODES.get(next(iter(modes)), "")) if len(modes) == 1 else ""
        if words and not modes & ALIKE:
            index = tr("parameters may use {i}, which counts from 0", i=INDEX)
            words = f"{words}; {index}"
        self.about.setText(words)
        self.about.setVisible(bool(words))

    def commit(self) -> None:
        """Hands over what was typed and not yet committed."""
        self.count.field.commit()

    def _search_name(self) -> str:
        return search_name(self._session, self._ids, REPEAT)

    def _want_search(self, choices: str) -> None:
        self.search_wanted.emit("=".join(filter(None, (self._search_name(), choices))))

    def _end_run(self) -> None:
        if self._session is not None:
            self._session.seal()

    def _now(self) -> Repeat:
        """How the first block follows itself."""
        assert self._session is not None
        return self._session.document.node(self._ids[0]).repeat or Repeat()

    def _set_count(self, value: Value, is_run: bool) -> None:
        if self._session is None or not self._ids:
            return
        once = not isinstance(value, Expr) and value == 1
        self._apply(None if once else replace(self._now(), count=value), is_run)

    def _set_mode(self, mode: str, _is_run: bool) -> None:
        if self._session is not None and self._ids:
            self._apply(None if mode == ONCE else replace(self._now(), mode=mode), False)

    def _apply(self, repeat: Repeat | None, is_run: bool) -> None:
        session, ids = self._session, self._ids
        if session is None or not ids:
            return
        name = tr("Repeat ×{count}", count=repeat.count) if repeat else tr("Remove the repeat")
        edit = partial(repeating.set_repeat, ids=ids, repeat=repeat)
        if not session.apply(name, edit, f"repeat {' '.join(ids)}" if is_run else None):
            self.show_blocks(session, ids)


class WeightsRow(QWidget):
    """Whose weights a block uses, and a menu of those it could use."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QPushButton(self)
        self.button.setAccessibleName(tr("Weights"))
        self._menu = QMenu(self.button)
        self._menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self._menu)
        self._session: Session | None = None
        self._id: NodeId | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(6)
        head = label(tr("Weights"))
        head.setFixedWidth(LABEL_PX)
        row.addWidget(head)
        row.addWidget(self.button, 1)

    def show_blocks(self, session: Session, ids: Sequence[NodeId]) -> None:
        """Shows whose weights the block uses, where another of its kind has some.

        Whether that one may lend them changes with every parameter; a row that came and went with
        it would move what is below from under the mouse.
        """
        self._session = session
        self._id = ids[0] if len(ids) == 1 else None
        if self._id is None:
            self.hide()
            return
        nodes = session.document.graph.nodes
        owner = nodes.get(nodes[self._id].shares or self._id)
        is_shared = nodes[self._id].shares is not None
        self.setVisible(is_shared or composing.has_kin(session, self._id))
        self.setEnabled(not session.read_only)
        text = tr("of {name}", name=owner.name if owner else "?") if is_shared else tr("its own")
        self.button.setText(text)

    def _fill(self) -> None:
        self._menu.clear()
        if self._session is not None and self._id is not None:
            composing.fill_sharing(self._menu, self._session, self._id)
