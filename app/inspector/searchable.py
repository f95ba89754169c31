"""What a search calls a parameter of the block that is shown."""

from __future__ import annotations

from collections.abc import Sequence

from app.session import Session
from graph.model import NodeId
from graph.search_fields import Field


def search_name(session: Session | None, ids: Sequence[NodeId], name: str) -> str:
    """The field's name in a search, which chooses for one block; empty where there are several."""
    if session is None or len(ids) != 1 or ids[0] not in session.document.graph.nodes:
        return ""
    scope = session.document.scope
    block = session.document.graph.nodes[ids[0]].name
    return str(Field(name, block, scope.definition if scope else ""))
