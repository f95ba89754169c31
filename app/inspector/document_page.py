"""The page of the drawing itself, shown while no block is selected."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.forms.name_edit import NameEdit
from app.forms.parts import Facts, column, label, rule, section
from app.forms.sizes import Sizes
from app.human import grouped
from app.i18n import tr
from app.inspector import facts
from app.inspector.numbers import Variables
from app.measured import measured_of
from app.session import Session
from graph import edits

DESCRIPTION_PX = 76


class DocumentPage(QWidget):
    """Name, description, totals, variables and sizes of the drawing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._described: str | None = None
        self.name = NameEdit(tr("Name of the drawing"), self)
        self.name.asked.connect(self._rename)
        self.description = QPlainTextEdit(self)
        self.description.setPlaceholderText(tr("What this drawing is for"))
        self.description.setAccessibleName(tr("Description"))
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(DESCRIPTION_PX)
        self.description.installEventFilter(self)
        self.totals = Facts(self)
        self.at_sizes = label("", "dim", wrap=True)
        self.variables = Variables(self)
        self.sizes = Sizes(self)
        self._hint = label(tr("Parameters may use variables, such as 4 * width."), "dim", wrap=True)
        layout = column(self, margin=14, spacing=8)
        for part in (
            section(tr("Drawing")), self.name, self.description, rule(),
            section(tr("Totals")), self.totals, self.at_sizes, rule(),
            section(tr("Variables")), self.variables, self._hint, rule(),
            section(tr("Sizes that costs are given for")), self.sizes,
        ):  # fmt: skip
            layout.addWidget(part)
        layout.addStretch(1)

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on."""
        self._session, self._described = session, None
        self.variables.set_session(session)
        self.sizes.set_session(session)

    def leave(self) -> None:
        """Hands over what was typed, before something else is shown."""
        self.name.commit()
        self._commit_description()

    def refresh(self) -> None:
        """Shows the drawing as it is now."""
        session = self._session
        if session is None:
            return
        document = session.document
        self.name.show_name(document.name)
        self.setEnabled(not session.read_only)
        self._show_description(document.description)
        counts = [
            (tr("blocks"), grouped(len(document.graph.nodes))),
            (tr("wires"), grouped(document.graph.wires.count)),
        ]
        times = facts.time_facts(measured_of(session).shown())
        self.totals.show_facts([*counts, *facts.cost_facts(session.costs.total), *times])
        symbols = facts.symbols_of(session.typing)
        self.at_sizes.setText(facts.sizes_note(document, symbols))
        self.at_sizes.setVisible(bool(self.at_sizes.text()))
        self.variables.refresh()
        self.sizes.refresh(symbols)

    def _show_description(self, text: str) -> None:
        """Shows a description; what is being typed stays until it is another one."""
        if text != self._described and text != self.description.toPlainText():
            self.description.setPlainText(text)
        self._described = text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.description and event.type() == QEvent.Type.FocusOut:
            self._commit_description()
        return super().eventFilter(watched, event)

    def _rename(self, name: str) -> None:
        if self._session is not None:
            rename = partial(edits.rename_document, name=name)
            self.name.try_edit(self._session, tr("Rename drawing"), rename)

    def _commit_description(self) -> None:
        text = self.description.toPlainText()
        if self._session is not None and text != self._session.document.description:
            self._session.apply(
                tr("Describe drawing"), lambda document: replace(document, description=text)
            )
