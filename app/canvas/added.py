"""Adds a block to a document in the window: fitted to its data, and selected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app import library
from app.canvas.adding import Edit
from app.i18n import tr
from app.library import Prepare
from app.messages import Message
from graph import edits
from graph.edits import NO_PARAMS
from graph.feeding import fitted
from graph.model import Document
from graph.params import Value
from graph.problems import UserError
from graph.suiting import suited
from graph.trying import is_meant

if TYPE_CHECKING:
    from app.session import Session


def add(
    session: Session,
    kind: str,
    edit: Edit,
    prepare: Prepare | None = None,
    values: Mapping[str, Value] = NO_PARAMS,
) -> bool:
    """Applies an edit that adds one block of this kind; answers whether it was accepted.

    Args:
        prepare: an edit that goes first, such as one that brings a definition along.
        values: parameters that the block gets.
    """
    before = prepare(session.document) if prepare else session.document
    id = edits.next_node_id(before)

    def added(document: Document) -> Document:
        changed = edit(prepare(document) if prepare else document)
        if not session.place:  # inside a composite, data come from where it is used
            changed = fitted(changed, id, session.data_info, session.registry)
        changed = edits.set_params(changed, id, values)
        is_source = not edits.ports_of(changed, id, session.registry)[0]
        if is_source and not _reads_its_data(session):
            changed = suited(changed, id, session.registry, session.typing)
        return changed

    title = tr(edits.kind_title(kind, session.registry))
    is_added = session.apply(tr("Add {title}", title=title), added)
    if is_added:
        session.select([id])
    return is_added


def _reads_its_data(session: Session) -> bool:
    data = session.data_info
    return data is not None and is_meant(session.document, session.typing, data, session.registry)


def resolved(session: Session, kind: str) -> tuple[str, Prepare | None]:
    """The kind of a block of the palette in this document, and what goes before it is added.

    Where the library cannot give it, a message says why, and the kind is empty.
    """
    try:
        name, prepare = library.brought(session.document, kind)
    except UserError as error:
        session.message.emit(Message(str(error), "error"))
        return "", None
    return name, prepare if name != kind else None
