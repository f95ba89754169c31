"""Parameters of blocks, set from a form: in the inspector, or over the block itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.i18n import tr
from app.session import Session
from graph import edits
from graph.model import Document, Node, NodeId
from graph.params import Plain, Value
from graph.repeat import INDEX
from graph.search_fields import Field


def variables_for(session: Session, nodes: Sequence[Node]) -> Mapping[str, Plain]:
    """The names that expressions in the parameters of these blocks may use."""
    variables = session.document.variables
    return {**variables, INDEX: 0} if all(node.repeat for node in nodes) else variables


def set_param(
    session: Session, ids: Sequence[NodeId], name: str, value: Value, *, is_run: bool
) -> bool:
    """Sets a parameter of these blocks, which are all of one kind; whether that was accepted.

    Args:
        is_run: whether the value is one of a run of steps, which is undone as one.
    """
    registry = session.registry
    block = registry.of(session.document.node(ids[0]))
    title = tr(block.params[name].title) if block else name

    def edit(document: Document) -> Document:
        return edits.set_param(document, ids, name, value, registry)

    merge_key = f"param {name} {' '.join(ids)}" if is_run else None
    return session.apply(tr("Set {name}", name=title.lower()), edit, merge_key)


def search_name(session: Session | None, ids: Sequence[NodeId], name: str) -> str:
    """What a search calls a parameter of a block, for one at a time; empty where it cannot."""
    if session is None or len(ids) != 1 or ids[0] not in session.document.graph.nodes:
        return ""
    scope = session.document.scope
    block = session.document.graph.nodes[ids[0]].name
    return str(Field(name, block, scope.definition if scope else ""))
