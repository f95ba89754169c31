"""The page of one block, or of several of one kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.code_dialog import CodeDialog
from app.code_watch import agree
from app.elided import ElidedLabel
from app.forms import FormView
from app.forms.code_field import WIDGET as CODE
from app.forms.name_edit import NameEdit
from app.forms.parts import Facts, column, emptied, label, rule, section
from app.forms.problem_card import ProblemCard, breakable
from app.i18n import tr
from app.inspector import facts
from app.inspector.learning import LearningRows
from app.inspector.opening import OpenButton
from app.inspector.promoting import offers_for
from app.inspector.repeating import RepeatRows, WeightsRow
from app.inspector.states import StateRows
from app.measured import measured_of
from app.session import Session
from app.setting import search_name, set_param, variables_for
from app.theme import THEMES, Theme, category_icon
from app.trust_dialog import ask_trust
from graph import edits
from graph.block import Block
from graph.code_edits import code_of, set_code
from graph.cost import Cost
from graph.custom_code import Written
from graph.mentions import is_mention
from graph.model import Document, Node, NodeId
from graph.params import Value, to_json
from graph.problems import Problem

ICON_PX = 24
NAME_PX = 110


class BlockPage(QWidget):
    """Name, description, parameters, shapes, costs and problems of what is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._theme = THEMES["dark"]
        self._ids: tuple[NodeId, ...] = ()
        self._looks: tuple[object, ...] = ()
        self._problems: list[Problem] = []
        self.icon = QLabel(self)
        self.icon.setFixedSize(ICON_PX, ICON_PX)
        self.title = ElidedLabel("heading", self)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.name = NameEdit(tr("Name of the block"), self)
        self.name.line.write_a_name()
        self.name.setMinimumWidth(NAME_PX)
        self.name.asked.connect(self._rename)
        self.about = label("", "dim", wrap=True)
        self.open = OpenButton(self)
        self.form = FormView(self)
        self.form.edited.connect(self._set_param)
        self.form.run_ended.connect(self._end_run)
        self.form.code_wanted.connect(self._edit_code)
        self.form.search_name = self._search_name
        self.kept = Facts(self)
        self.repeat = RepeatRows(self)
        self.weights = WeightsRow(self)
        self.learning = LearningRows(self)
        self.states = StateRows(self)
        self.shapes = Facts(self)
        self.costs = Facts(self)
        self.at_sizes = label("", "dim", wrap=True)
        self._heads = {
            "form": section(tr("Parameters")),
            "kept": section(tr("Parameters, kept as they are")),
            "shapes": section(tr("Shapes")),
            "costs": section(tr("Costs")),
        }
        self._rules = {name: rule() for name in ("shapes", "costs")}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(6)
        self._arrange()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title)
        head.addWidget(self.name, 1)
        head.addStretch(0)
        layout = column(self, margin=14, spacing=8)
        layout.addLayout(head)
        layout.addWidget(self.about)
        layout.addWidget(self.open)
        layout.addLayout(self._cards)
        layout.addWidget(rule())
        for part in (
            self._heads["form"], self.form, self._heads["kept"], self.kept,
            self.repeat, self.weights, self.learning, self.states,
            self._rules["shapes"], self._heads["shapes"], self.shapes,
            self._rules["costs"], self._heads["costs"], self.costs, self.at_sizes,
        ):  # fmt: skip
            layout.addWidget(part)
        layout.addStretch(1)

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on."""
        self._session, self._ids = session, ()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self._problems = []
        self.refresh()

    def leave(self) -> None:
        """Hands over what was typed, before something else is shown."""
        if (
            self._session is not None
            and set(self._ids) <= self._session.document.graph.nodes.keys()
        ):
            self.form.commit()
            self.repeat.commit()
            self.learning.commit()
            self.name.commit()
        self._ids = ()

    def show_blocks(self, ids: Sequence[NodeId]) -> None:
        """Shows these blocks, which are all of one kind."""
        if tuple(ids) != self._ids:
            self.leave()
            self._ids = tuple(ids)
        self.refresh()

    def refresh(self) -> None:
        """Shows the blocks as the document has them now."""
        session = self._session
        if session is None or not self._ids:
            return
        if not session.document.graph.nodes.keys() >= set(self._ids):
            return  # another selection is on its way
        nodes = [session.document.node(id) for id in self._ids]
        block = _class_of(session, nodes)
        self._show_head(nodes, block)
        self.open.show_blocks(session, self._ids)
        self._show_params(session, nodes, block)
        self.repeat.show_blocks(session, self._ids)
        self.weights.show_blocks(session, self._ids)
        self.learning.show_blocks(session, self._ids)
        self.states.show_blocks(session, self._ids)
        self._show_shapes(session, nodes, block)
        self._show_costs(session)
        self._show_problems(session)

    def _show_head(self, nodes: list[Node], block: type[Block] | None) -> None:
        one = len(nodes) == 1
        kind = edits.kind_title(nodes[0].kind, self._session.registry if self._session else None)
        title = tr(kind) if one else tr("{count} × {kind}", count=len(nodes), kind=kind)
        self.title.show_text(title)
        self.name.setVisible(one)
        if one:
            self.name.show_name(nodes[0].name)
        colour_, glyph = ("merge", "?")
        about = tr("This kind of block is not installed here. Its values are kept and saved again.")
        if nodes[0].definition:
            about = tr("This drawing has no such composite. Its values are kept and saved again.")
        if block is not None:
            colour_, glyph = block.kind.category.colour, block.kind.glyph
            about = tr((block.__doc__ or "").strip().splitlines()[0])
        self.about.setText(breakable(about))
        looks = (self._theme, colour_, glyph, self.devicePixelRatioF())
        if looks != self._looks:
            self._looks = looks
            icon = category_icon(self._theme, colour_, glyph, ICON_PX)
            self.icon.setPixmap(icon.pixmap(self.icon.size(), self.devicePixelRatioF()))

    def _show_params(self, session: Session, nodes: list[Node], block: type[Block] | None) -> None:
        has_form = block is not None and bool(block.params)
        self._heads["form"].setVisible(has_form)
        self.form.setVisible(has_form)
        if block is not None:
            variables = variables_for(session, nodes)
            without = ("column",) if session.place else ()  # data come from where it is used
            values = [node.params for node in nodes]
            self.form.show_form(block, values, variables, key=self._ids, without=without)
            self.form.setEnabled(not session.read_only)
            for mention in (p.name for p in block.params.values() if is_mention(p)):
                self.form.set_choices(mention, self._learning(session))
            for declared in block.params.values():
                offers = partial(offers_for, session, self._ids, declared)
                self.form.field(declared.name).offers = offers
            unknown = block.unknown_names(nodes[0].params)
        else:
            unknown = list(nodes[0].params)
        one = len(nodes) == 1
        kept = [(name, _plain(nodes[0].params[name])) for name in unknown] if one else []
        self._heads["kept"].setVisible(bool(kept))
        self.kept.setVisible(bool(kept))
        self.kept.show_facts(kept)

    def _search_name(self, name: str) -> str:
        return search_name(self._session, self._ids, name)

    def _learning(self, session: Session) -> list[str]:
        """The names of the blocks that have weights of their own."""
        known = session.costs.blocks
        nodes = session.document.graph.nodes.values()
        owners = [node for node in nodes if node.id in known and not node.shares]
        return [node.name for node in owners if known[node.id].parameters]

    def _show_shapes(self, session: Session, nodes: list[Node], block: type[Block] | None) -> None:
        one = len(nodes) == 1 and block is not None
        for widget in (self._rules["shapes"], self._heads["shapes"], self.shapes):
            widget.setVisible(one)
        if not one or block is None:
            return
        ins, outs = edits.ports_of(session.document, nodes[0].id, session.registry)
        ports = [port.name for port in ins]
        self.shapes.show_facts(
            facts.shape_facts(session.document, session.typing, nodes[0], ports, outs)
        )

    def _show_costs(self, session: Session) -> None:
        known: Mapping[NodeId, Cost] = session.costs.blocks
        found = [known[id] for id in self._ids if id in known]
        for widget in (self._rules["costs"], self._heads["costs"], self.costs, self.at_sizes):
            widget.setVisible(bool(found))
        if found:
            times = facts.time_facts(measured_of(session).shown(), self._ids)
            self.costs.show_facts([*facts.cost_facts(facts.total(found)), *times])
            symbols = facts.symbols_of(session.typing, self._ids)
            self.at_sizes.setText(facts.sizes_note(session.document, symbols))

    def _show_problems(self, session: Session) -> None:
        chosen = set(self._ids)
        found = [p for p in session.problems if p.nodes and chosen & set(p.nodes)]
        if found == self._problems and self._cards.count() == len(found):
            return
        self._problems = found
        emptied(self._cards)
        for problem in found:
            card = ProblemCard(problem, self._theme, self, can_go=False)
            card.fix_requested.connect(session.fix)
            card.review_requested.connect(self._review)
            self._cards.addWidget(card)

    def _rename(self, name: str) -> None:
        session = self._session
        if session is None or len(self._ids) != 1:
            return
        rename = partial(edits.rename, id=self._ids[0], name=name)
        self.name.try_edit(session, tr("Rename to {name}", name=name), rename)

    def _set_param(self, name: str, value: Value, is_run: bool) -> None:
        session, ids = self._session, self._ids
        if session is None or not ids:
            return
        block = session.registry.of(session.document.node(ids[0]))
        if block is not None and block.params[name].widget == CODE:
            self._set_code(str(value), None)
            return
        if not set_param(session, ids, name, value, is_run=is_run):
            self.refresh()

    def _edit_code(self, _name: str) -> None:
        session = self._session
        if session is None or not self._ids:
            return
        node = session.document.node(self._ids[0])
        self.code_dialog = CodeDialog(code_of(node), node.name, self._theme, self.window())
        self.code_dialog.applied.connect(self._set_code)
        self.code_dialog.open()

    def _set_code(self, code: str, trusted: Written | None) -> None:
        """Puts code into the blocks; where a person has written it here, it may run."""
        session, ids = self._session, self._ids
        if session is None or not session.document.graph.nodes.keys() >= set(ids):
            return

        def edit(document: Document) -> Document:
            for id in ids:
                document = set_code(document, id, code)
            return document

        done = session.apply(tr("Change the code"), edit)
        if done and trusted is not None:
            agree(session, [trusted])

    def _review(self) -> None:
        if self._session is not None:
            ask_trust(self._session, self._theme, self)

    def _end_run(self) -> None:
        if self._session is not None:
            self._session.seal()


def _class_of(session: Session, nodes: list[Node]) -> type[Block] | None:
    """The class that these blocks share; of custom blocks with several codes, what is common."""
    found = {session.registry.of(node) for node in nodes}
    return found.pop() if len(found) == 1 else session.registry.find(nodes[0].kind)


def _plain(value: Value) -> str:
    held = to_json(value)
    return str(held["expr"]) if isinstance(held, dict) else str(held)
