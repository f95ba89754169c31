"""One open document: its history, its selection, and all that is derived from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.derived import problems_of
from app.messages import Message
from graph.change import Change, diff
from graph.cost import Costs, costs
from graph.data import DataInfo
from graph.history import History
from graph.infer import Typing, infer
from graph.model import Document, NodeId
from graph.problems import Fix, Problem, Severity, UserError
from graph.registry import Registry, default_registry

Edit = Callable[[Document], Document]


class Session(QObject):
    """A document in the window. It changes through `apply`, `undo` and `redo` only.

    Signals:
        changed: a `Change`, after every edit, undo, redo and load.
        selection_changed: other blocks are selected.
        state_changed: the path, whether it is saved, what can be undone, or whether it is
            read-only may differ.
        problems_changed: other problems than before.
        message: a `Message` for the person.
    """

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
        self._data_info: DataInfo | None = None
        self._data_problems: tuple[Problem, ...] = ()
        self._typing = infer(self.document, None, self._registry)
        self._problems = self._find_problems()
        self._costs: Costs | None = None
        self._uncounted: set[NodeId] = set()
        self._is_counted = False

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return self._history.document

    @property
    def history(self) -> History:
        """The documents so far."""
        return self._history

    @property
    def typing(self) -> Typing:
        """The types of the document."""
        return self._typing

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the document, errors first."""
        return self._problems

    @property
    def has_errors(self) -> bool:
        """Whether a problem keeps the model from running."""
        return any(problem.severity is Severity.ERROR for problem in self._problems)

    @property
    def costs(self) -> Costs:
        """What the document costs at its sizes."""
        if self._costs is None or not self._is_counted:
            self._costs = costs(self.document, self._typing, self._costs, self._uncounted)
            self._uncounted, self._is_counted = set(), True
        return self._costs

    @property
    def registry(self) -> Registry:
        """The blocks there are."""
        return self._registry

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
        return self._path.name if self._path else self.document.name

    @property
    def selection(self) -> frozenset[NodeId]:
        """The selected blocks."""
        return self._selection

    @property
    def data_info(self) -> DataInfo | None:
        """What the data source of the document holds, once it is known."""
        return self._data_info

    def apply(self, label: str, edit: Edit, merge_key: str | None = None) -> bool:
        """Changes the document; a refused edit becomes a message.

        Args:
            label: what was done, for undo: "Add Conv 2D".
            edit: the pure edit.
            merge_key: edits in a row with the same key are one step of undo.

        Returns:
            Whether the edit was accepted.
        """
        if self._read_only:
            self.message.emit(Message(self._read_only, "warning"))
            return False
        try:
            document = edit(self.document)
        except UserError as error:
            self.message.emit(Message(str(error), "warning", until_edit=True))
            return False
        self._become(self._history.then(label, document, merge_key))
        return True

    def fix(self, problem: Problem, fix: Fix) -> bool:
        """Applies a fix that a problem offers; selects the block it is about, or what is new.

        A view may show a problem since before an edit that left it as it was; its fixes are those
        of the present document.
        """
        known = (each for present in self._problems if present == problem for each in present.fixes)
        fix = next((each for each in known if each.label == fix.label), fix)
        before = self.document.graph.nodes
        done = self.apply(fix.label, fix.edit)
        if done:
            added = [id for id in self.document.graph.nodes if id not in before]
            self.select(problem.nodes[:1] or added)
        return done

    def undo(self) -> None:
        """Takes the last step back."""
        self._become(self._history.undone())

    def redo(self) -> None:
        """Does the step again that was last taken back."""
        self._become(self._history.redone())

    def seal(self) -> None:
        """Ends a run of merging edits: the next edit is a step of its own."""
        self._history = self._history.sealed()

    def select(self, ids: Iterable[NodeId]) -> None:
        """Selects these blocks, as far as they exist, and no others."""
        chosen = frozenset(ids) & self.document.graph.nodes.keys()
        if chosen != self._selection:
            self._selection = chosen
            self.selection_changed.emit()

    def set_data_info(self, info: DataInfo | None, problems: tuple[Problem, ...] = ()) -> None:
        """Tells what the data source holds, and what is wrong with it; more problems follow."""
        if (info, problems) == (self._data_info, self._data_problems):
            return
        self._data_info, self._data_problems = info, problems
        self._update_problems()
        self.changed.emit(Change(settings=True))

    def load(self, document: Document, path: Path | None, *, read_only: str = "") -> None:
        """Puts a saved document in the place of this one; the history starts anew."""
        self._path, self._read_only = path, read_only
        self._become(History.of(document))

    def mark_saved(self, path: Path) -> None:
        """Tells that the present document is what the file holds now."""
        self._history = self._history.saved()
        self._path, self._read_only = path, ""
        self.state_changed.emit()

    def _become(self, history: History) -> None:
        before = self.document
        was_clean = self._history.is_clean
        labels = self._history.undo_label, self._history.redo_label
        self._history = history
        after = history.document
        change = diff(before, after)
        if change.structure or change.settings:
            self._derive(before, after, change)
        if after is not before:
            self._drop_lost_selection()
            self.changed.emit(change)
        now = self._history.undo_label, self._history.redo_label
        if was_clean != self._history.is_clean or labels != now or change.settings:
            self.state_changed.emit()

    def _derive(self, before: Document, after: Document, change: Change) -> None:
        self._typing = infer(after, self._typing, self._registry)
        self._uncounted |= self._typing.visited
        self._is_counted = False
        if before.data != after.data:
            self._data_info, self._data_problems = None, ()
        self._update_problems()

    def _find_problems(self) -> list[Problem]:
        return problems_of(
            self.document, self._typing, self._registry, self._data_info, self._data_problems
        )

    def _update_problems(self) -> None:
        before, self._problems = self._problems, self._find_problems()
        if before != self._problems:
            self.problems_changed.emit()

    def _drop_lost_selection(self) -> None:
        kept = self._selection & self.document.graph.nodes.keys()
        if kept != self._selection:
            self._selection = kept
            self.selection_changed.emit()
