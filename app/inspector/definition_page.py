"""The page of a composite that is looked at from inside, while no block in it is selected."""

from __future__ import annotations

from collections import Counter
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.forms.name_edit import NameEdit
from app.forms.parts import Facts, column, label, rule, section
from app.forms.sizes import Sizes
from app.human import grouped
from app.i18n import tr
from app.inspector import facts
from app.inspector.parameters import Parameters
from app.measured import measured_of
from app.session import Session
from graph.composites import definitions
from graph.composites.definitions import rename_definition

DESCRIPTION_PX = 76


class DefinitionPage(QWidget):
    """Name, description, parameters, costs and uses of a composite."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._described: tuple[str, str] | None = None
        self.name = NameEdit(tr("Name of the composite"), self)
        self.name.asked.connect(self._rename)
        self.description = QPlainTextEdit(self)
        self.description.setPlaceholderText(tr("What this composite does"))
        self.description.setAccessibleName(tr("Description"))
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(DESCRIPTION_PX)
        self.description.installEventFilter(self)
        self.parameters = Parameters(self)
        self.totals = Facts(self)
        self.at_sizes = label("", "dim", wrap=True)
        self.uses = Facts(self)
        self.sizes = Sizes(self)
        hint = label(
            tr("Blocks inside calculate with them; each instance has values of its own."),
            "dim", wrap=True,
        )  # fmt: skip
        layout = column(self, margin=14, spacing=8)
        for part in (
            section(tr("Composite")), self.name, self.description, rule(),
            section(tr("Parameters and their defaults")), self.parameters, hint, rule(),
            section(tr("Costs here")), self.totals, self.at_sizes, rule(),
            section(tr("Used in")), self.uses, rule(),
            section(tr("Sizes that costs are given for")), self.sizes,
        ):  # fmt: skip
            layout.addWidget(part)
        layout.addStretch(1)

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on."""
        self._session, self._described = session, None
        self.parameters.set_session(session)
        self.sizes.set_session(session)

    def leave(self) -> None:
        """Hands over what was typed, before something else is shown."""
        if self._session is not None and self._session.place:
            self.name.commit()
            self._commit_description()

    def refresh(self) -> None:
        """Shows the composite as it is now."""
        session = self._session
        if session is None or not session.place:
            return
        name = session.place[-1].definition
        definition = session.root.definitions[name]
        self.setEnabled(not session.read_only)
        self.name.show_name(name)
        self._show_description(name, definition.description)
        self.parameters.refresh(definition)
        counts = [(tr("blocks"), grouped(len(definition.graph.nodes)))]
        times = facts.time_facts(measured_of(session).shown())
        self.totals.show_facts([*counts, *facts.cost_facts(session.costs.total), *times])
        symbols = facts.symbols_of(session.typing)
        self.at_sizes.setText(facts.sizes_note(session.document, symbols))
        self.at_sizes.setVisible(bool(self.at_sizes.text()))
        self.uses.show_facts(_uses(session, name) or [(tr("nothing"), "")])
        self.sizes.refresh(symbols)

    def _show_description(self, name: str, text: str) -> None:
        """Shows a description; what is being typed stays until it is another one."""
        if (name, text) != self._described and text != self.description.toPlainText():
            self.description.setPlainText(text)
        self._described = name, text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.description and event.type() == QEvent.Type.FocusOut:
            self._commit_description()
        return super().eventFilter(watched, event)

    def _rename(self, name: str) -> None:
        session = self._session
        if session is not None and session.place:
            old = session.place[-1].definition
            edit = partial(rename_definition, old=old, new=name)
            self.name.try_edit(session, tr("Rename {old} to {new}", old=old, new=name), edit)

    def _commit_description(self) -> None:
        session = self._session
        if session is None or not session.place:
            return
        name, text = session.place[-1].definition, self.description.toPlainText().strip()
        if text != session.root.definitions[name].description.strip():
            edit = partial(definitions.describe, name=name, text=text)
            session.apply(tr("Describe {name}", name=name), edit)


def _uses(session: Session, name: str) -> list[tuple[str, str]]:
    """Where a definition is used and how often."""
    graphs = [("", session.root.graph)]
    graphs += [(key, each.graph) for key, each in session.root.definitions.items()]
    count = Counter(
        place for place, graph in graphs for n in graph.nodes.values() if n.definition == name
    )
    return [(place or tr("the whole drawing"), f"×{times}") for place, times in count.items()]
