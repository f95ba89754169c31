"""One open document: its history, its selection, and all that is derived from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.derived import problems_inside, problems_of
from app.looking import Counted, Level, levels
from app.messages import Message
from graph.change import Change, diff
from graph.composites.places import (
    TOP,
    Step,
    Way,
    path_to,
    still,
    way_through,
    where_changed,
)
from graph.composites.views import put_back
from graph.cost import Costs
from graph.data import DataInfo
from graph.history import History
from graph.infer import Typing, infer
from graph.kinds import kinds_of
from graph.locking import refuse_locked
from graph.model import Document, NodeId
from graph.problems import Fix, Problem, Severity, UserError
from graph.registry import Registry, default_registry
from graph.remarks import RemarkId

Edit = Callable[[Document], Document]


class Session(QObject):
    """A document in the window. It changes through `apply`, `undo` and `redo` only.

    `document` is what is looked at: the whole drawing, or one of its definitions from inside.
    `root` is always the whole; it is what is saved, trained and printed.

    Signals:
        leaving: another place is about to be looked at; what is typed here is handed over now.
        place_changed: another place is looked at; `changed` follows.
        changed: a `Change`, after every edit, undo, redo and load.
        selection_changed: other blocks, frames or notes are selected.
        state_changed: the path, whether it is saved, what can be undone, or whether it is
            read-only may differ.
        problems_changed: other problems than before.
        message: a `Message` for the person.
    """

    leaving = Signal()
    place_changed = Signal()
    changed = Signal(object)
    selection_changed = Signal()
    state_changed = Signal()
    problems_changed = Signal()
    message = Signal(object)

    def __init__(
        self,
        document: Document | None = None,
        path: Path | None = None,
        *,
        read_only: str = "",
        saved: bool = True,
        registry: Registry | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._registry = registry or default_registry()
        self._history = History.of(document or Document(), saved=saved)
        self._path = path
        self._read_only = read_only
        self._selection: frozenset[NodeId] = frozenset()
        self._chosen_remarks: frozenset[RemarkId] = frozenset()
        self._data_info: DataInfo | None = None
        self._data_problems: tuple[Problem, ...] = ()
        root = Level(TOP, self.root, infer(self.root, None, self._registry))
        self._levels: tuple[Level, ...] = (root,)
        self._root_costs, self._costs = Counted(), Counted()
        self._root_problems: list[Problem] = []
        self._problems: list[Problem] = []
        self._find_problems()

    @property
    def document(self) -> Document:
        """What is looked at, as it is now."""
        return self._levels[-1].document

    @property
    def root(self) -> Document:
        """The whole document as it is now."""
        return self._history.document

    @property
    def place(self) -> Way:
        """The way from the whole drawing to what is looked at; empty for the whole."""
        return self._levels[-1].way

    @property
    def history(self) -> History:
        """The documents so far."""
        return self._history

    @property
    def typing(self) -> Typing:
        """The types of what is looked at."""
        return self._levels[-1].typing

    @property
    def root_typing(self) -> Typing:
        """The types of the whole drawing."""
        return self._levels[0].typing

    @property
    def problems(self) -> list[Problem]:
        """What is wrong here and with the whole drawing, errors first."""
        return self._problems

    @property
    def root_problems(self) -> list[Problem]:
        """What is wrong with the whole drawing, errors first."""
        return self._root_problems

    @property
    def has_errors(self) -> bool:
        """Whether a problem keeps the model from running."""
        return any(problem.severity is Severity.ERROR for problem in self._root_problems)

    @property
    def costs(self) -> Costs:
        """What is looked at costs at the document's sizes."""
        return self._costs.of(self._levels[-1]) if self.place else self.root_costs

    @property
    def root_costs(self) -> Costs:
        """What the whole drawing costs at the document's sizes."""
        return self._root_costs.of(self._levels[0])

    @property
    def registry(self) -> Registry:
        """The blocks there are, with the definitions of this document."""
        return kinds_of(self.root, self._registry)

    @property
    def path(self) -> Path | None:
        """The file of the document; None before it is first saved."""
        return self._path

    @property
    def read_only(self) -> str:
        """Why the document cannot be changed; empty where it can."""
        return self._read_only

    @property
    def is_clean(self) -> bool:
        """Whether the document is as it was saved."""
        return self._history.is_clean

    @property
    def title(self) -> str:
        """The name that a tab shows: of the file, or of the document before it has one."""
        return self._path.name if self._path else self.root.name

    @property
    def selection(self) -> frozenset[NodeId]:
        """The selected blocks."""
        return self._selection

    @property
    def chosen_remarks(self) -> frozenset[RemarkId]:
        """The selected frames and notes."""
        return self._chosen_remarks

    @property
    def data_info(self) -> DataInfo | None:
        """What the data source of the document holds, once it is known."""
        return self._data_info

    def apply(self, label: str, edit: Edit, merge_key: str | None = None) -> bool:
        """Changes what is looked at; a refused edit becomes a message.

        Args:
            label: what was done, for undo: "Add Conv 2D".
            edit: the pure edit.
            merge_key: edits in a row with the same key are one step of undo.

        Returns:
            Whether the edit was accepted.
        """
        return self._apply(label, self.document, edit, merge_key)

    def apply_to_whole(self, label: str, edit: Edit) -> bool:
        """Changes the whole drawing, wherever one looks; a refused edit becomes a message."""
        return self._apply(label, self.root, edit, None)

    def _apply(self, label: str, seen: Document, edit: Edit, merge_key: str | None) -> bool:
        if self._read_only:
            self.message.emit(Message(self._read_only, "warning"))
            return False
        try:
            changed = edit(seen)
            refuse_locked(seen, changed)
        except UserError as error:
            self.message.emit(Message(str(error), "warning", until_edit=True))
            return False
        place = self.place
        if place and seen.scope is not None:
            scope = changed.scope
            last = replace(place[-1], definition=scope.definition if scope else "")
            place = (*place[:-1], last) if scope else TOP
        self._become(self._marked().then(label, put_back(changed), merge_key), place)
        return True

    def fix(self, problem: Problem, fix: Fix) -> bool:
        """Applies a fix that a problem offers; selects the block it is about, or what is new.

        A view may show a problem since before an edit that left it as it was; its fixes are those
        of the present document.
        """
        known = (each for present in self._problems if present == problem for each in present.fixes)
        fix = next((each for each in known if each.label == fix.label), fix)
        if self.place and problem in self._root_problems:
            return self.apply_to_whole(fix.label, fix.edit)
        before = self.document.graph.nodes
        done = self.apply(fix.label, fix.edit)
        if done:
            added = [id for id in self.document.graph.nodes if id not in before]
            self.select(problem.nodes[:1] or added)
        return done

    def undo(self) -> None:
        """Takes the last step back, looks where that was, and selects what was selected there."""
        self._travel(self._marked().undone())

    def redo(self) -> None:
        """Does the step again that was last taken back, and looks where that was."""
        self._travel(self._marked().redone())

    def _travel(self, history: History) -> None:
        way = still(history.document, self.place)
        self._become(history, where_changed(self.root, history.document, way))
        then = history.present
        if then.nodes or then.remarks:
            self.select(then.nodes, then.remarks)

    def _marked(self) -> History:
        return self._history.marked(self._selection, self._chosen_remarks)

    def enter(self, target: NodeId | str) -> bool:
        """Looks inside an instance that is here, or a definition by its name; whether it can."""
        node = self.document.graph.nodes.get(NodeId(target))
        if node is not None and node.definition in self.root.definitions:
            self.go_to((*self.place, Step(node.definition, node.id)))
        elif node is None and target in self.root.definitions:
            self.go_to((Step(target),))
        else:
            return False
        return True

    def leave(self) -> bool:
        """Looks at what the place stands in, with its instance selected; whether there is more."""
        if not self.place:
            return False
        *above, step = self.place
        self.go_to(tuple(above))
        self.select([step.instance] if step.instance else ())
        return True

    def go_to(self, place: Way) -> None:
        """Looks at another place, as far as it is there."""
        if _nodes(still(self.root, place)) != _nodes(self.place):
            self.leaving.emit()
        self._become(self._history, still(self.root, place))

    def show(self, nodes: Iterable[NodeId]) -> None:
        """Looks where the last of these blocks is, and selects what is there of them."""
        nodes = list(nodes)
        if nodes and nodes[-1] not in self.document.graph.nodes:
            way = way_through(self.root, nodes) or path_to(self.root, nodes[-1])
            self.go_to(self.place if way is None else way)
        self.select(nodes)

    def seal(self) -> None:
        """Ends a run of merging edits: the next edit is a step of its own."""
        self._history = self._history.sealed()

    def select(self, ids: Iterable[NodeId], remarks: Iterable[RemarkId] = ()) -> None:
        """Selects these blocks, frames and notes, as far as they exist, and no others."""
        graph, before = self.document.graph, (self._selection, self._chosen_remarks)
        self._selection = frozenset(ids) & graph.nodes.keys()
        self._chosen_remarks = frozenset(remarks) & graph.remarks.keys()
        if before != (self._selection, self._chosen_remarks):
            self.selection_changed.emit()

    def set_data_info(self, info: DataInfo | None, problems: tuple[Problem, ...] = ()) -> None:
        """Tells what the data source holds, and what is wrong with it; more problems follow."""
        if (info, problems) == (self._data_info, self._data_problems):
            return
        self._data_info, self._data_problems = info, problems
        self._update_problems()
        self.changed.emit(Change(settings=True))

    def reconsider(self) -> None:
        """Types the drawing anew: something is known now, or allowed, that was not before."""
        root = Level(TOP, self.root, infer(self.root, None, self._registry))
        self._levels = levels(root, self.place, (), self._registry)
        self._root_costs.note(root.typing.visited)
        self._costs.note(self.typing.visited)
        self._update_problems()
        self.changed.emit(Change(settings=True))

    def load(self, document: Document, path: Path | None, *, read_only: str = "") -> None:
        """Puts a saved document in the place of this one; the history starts anew."""
        self._path, self._read_only = path, read_only
        self._become(History.of(document), TOP)

    def take_name(self, name: str) -> None:
        """Gives the document a name as if it had always had it: there is nothing to undo."""
        self._become(self._history.renamed(name), self.place)

    def mark_saved(self, path: Path) -> None:
        """Tells that the present document is what the file holds now."""
        self._history = self._history.saved()
        self._path, self._read_only = path, ""
        self.state_changed.emit()

    def _become(self, history: History, place: Way) -> None:
        was_clean = self._history.is_clean
        labels = self._history.undo_label, self._history.redo_label
        root, here, old_place = self.root, self.document, self.place
        self._history = history
        whole = self._root_change(root)
        self._look(whole, still(history.document, place))
        same_place = _nodes(old_place) == _nodes(self.place)
        change = Change(settings=True)
        if same_place:
            change = diff(here, self.document) if self.place else whole
        if whole.settings or (whole.structure and not change.structure):
            change = replace(change, settings=True)
        if whole.structure or whole.settings or not same_place:
            if root.data != self.root.data:
                self._data_info, self._data_problems = None, ()
            self._update_problems()
        if not same_place:
            self.place_changed.emit()
        self.select(self._selection, self._chosen_remarks)  # what is lost is no longer selected
        if self.root is not root or not same_place:
            self.changed.emit(change)
        now = self._history.undo_label, self._history.redo_label
        if was_clean != self._history.is_clean or labels != now or change.settings:
            self.state_changed.emit()

    def _root_change(self, before: Document) -> Change:
        change = diff(before, self.root)
        return (
            change
            if self.root.definitions is before.definitions
            else replace(change, settings=True)
        )

    def _look(self, change: Change, place: Way) -> None:
        """Works out what is known of the whole and of every place on the way to what is seen."""
        root = self._levels[0]
        if self.root is not root.document:
            typing = root.typing
            if change.structure or change.settings:
                typing = infer(self.root, typing, self._registry)
                self._root_costs.note(typing.visited)
            root = Level(TOP, self.root, typing)
        before = self._levels
        self._levels = levels(root, place, before, self._registry)
        if self._levels[-1] is not before[-1]:
            self._costs.note(self.typing.visited)

    def _find_problems(self) -> None:
        self._root_problems = problems_of(
            self.root, self.root_typing, self.registry, self._data_info, self._data_problems
        )
        self._problems = self._root_problems
        if self.place:
            self._problems = problems_inside(
                self.document, self.typing, self.registry, self._root_problems
            )

    def _update_problems(self) -> None:
        before = self._problems
        self._find_problems()
        if before != self._problems:
            self.problems_changed.emit()


def _nodes(way: Way) -> list[str]:
    """What one goes through on a way, whatever it is called."""
    return [step.instance or step.definition for step in way]
