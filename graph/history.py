"""Undo as values: a row of documents and a place in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from graph.model import Document, NodeId
from graph.remarks import RemarkId

LONGEST = 500


@dataclass(frozen=True)
class Step:
    """A document and what was done to get it. Steps with the same merge key become one.

    `nodes` and `remarks` are what was selected when the document was last left.
    """

    document: Document
    label: str
    merge_key: str | None = None
    nodes: frozenset[NodeId] = frozenset()
    remarks: frozenset[RemarkId] = frozenset()


@dataclass(frozen=True)
class History:
    """The documents so far, where we are among them, and which of them is saved.

    `clean` is the saved document itself, or None where that can no longer be reached.
    """

    steps: tuple[Step, ...]
    at: int = 0
    clean: Document | None = field(default=None)

    @staticmethod
    def of(document: Document, *, saved: bool = True) -> History:
        """A history that starts with this document."""
        return History((Step(document, ""),), 0, document if saved else None)

    @property
    def document(self) -> Document:
        """The present document."""
        return self.steps[self.at].document

    @property
    def is_clean(self) -> bool:
        """Whether the present document is the saved one."""
        return self.document is self.clean

    @property
    def undo_label(self) -> str | None:
        """What undo would take back; None where there is nothing."""
        return self.steps[self.at].label if self.at else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again; None where there is nothing."""
        return self.steps[self.at + 1].label if self.at + 1 < len(self.steps) else None

    @property
    def present(self) -> Step:
        """The step whose document is the present one."""
        return self.steps[self.at]

    def marked(self, nodes: frozenset[NodeId], remarks: frozenset[RemarkId]) -> History:
        """The history that remembers what is selected in the present document."""
        return self._with(replace(self.present, nodes=nodes, remarks=remarks))

    def renamed(self, name: str) -> History:
        """The history in which the document has always had this name; none of it is saved."""
        steps = (replace(step, document=replace(step.document, name=name)) for step in self.steps)
        return replace(self, steps=tuple(steps), clean=None)

    def then(self, label: str, document: Document, merge_key: str | None = None) -> History:
        """The history with one more step; a run of edits with one merge key is one step.

        A run that leads back to where it began is none.
        """
        here = self.steps[self.at]
        if document == here.document:
            return self
        merges = merge_key is not None and merge_key == here.merge_key and self.at > 0
        if merges and document == self.steps[self.at - 1].document:
            return replace(self, steps=self.steps[: self.at], at=self.at - 1)
        kept = self.steps[: self.at if merges else self.at + 1]
        steps = (*kept, Step(document, here.label if merges else label, merge_key))[-LONGEST:]
        return History(steps, len(steps) - 1, self.clean)

    def sealed(self) -> History:
        """The history whose next step never merges into the present one."""
        return self._with(replace(self.present, merge_key=None))

    def undone(self) -> History:
        """One step back, as far as there is one."""
        return replace(self.sealed(), at=max(self.at - 1, 0))

    def redone(self) -> History:
        """One step forward, as far as there is one."""
        return replace(self.sealed(), at=min(self.at + 1, len(self.steps) - 1))

    def saved(self) -> History:
        """The history whose present document is the saved one."""
        return replace(self.sealed(), clean=self.document)

    def _with(self, present: Step) -> History:
        return replace(self, steps=(*self.steps[: self.at], present, *self.steps[self.at + 1 :]))
