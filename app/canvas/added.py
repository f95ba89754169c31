"""Adds a block to a document in the window: fitted to its data, and selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.canvas.adding import Edit
from app.i18n import tr
from graph import edits
from graph.feeding import fitted
from graph.model import Document

if TYPE_CHECKING:
    from app.session import Session


def add(session: Session, kind: str, edit: Edit) -> bool:
    """Applies an edit that adds one block of this kind; answers whether it was accepted."""
    id = edits.next_node_id(session.document)

    def added(document: Document) -> Document:
        changed = edit(document)
        if session.place:
            return changed  # inside a composite, data come from where it is used
        return fitted(changed, id, session.data_info, session.registry)

    title = tr(edits.kind_title(kind, session.registry))
    is_added = session.apply(tr("Add {title}", title=title), added)
    if is_added:
        session.select([id])
    return is_added
