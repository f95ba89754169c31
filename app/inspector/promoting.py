"""What a field inside a composite offers: to become a parameter of it, or to follow one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.i18n import tr
from app.session import Session
from graph.composites.parameters import promote, why_not_promote
from graph.edits import set_param
from graph.model import Document, NodeId
from graph.params import Expr, Param

Offer = tuple[str, Callable[[], object]]
NUMBERS = frozenset({"int", "float"})


def offers_for(session: Session, ids: tuple[NodeId, ...], declared: Param) -> list[Offer]:
    """What the menu of a field offers beside its default; nothing outside of composites."""
    if not session.place or not ids or session.read_only:
        return []
    here, document = session.place[-1].definition, session.document
    found: list[Offer] = []
    values = [document.node(id).params.get(declared.name, declared.default) for id in ids]
    is_one = all(value == values[0] for value in values)
    if is_one and not any(why_not_promote(document, id, declared.name) for id in ids):
        text = tr("Make it a parameter of {name}", name=here)
        found.append((text, partial(_promote, session, ids, declared)))
    for param in session.root.definitions[here].parameters.values():
        if _fits(declared, param):
            text = tr("Use the parameter {name}", name=param.name)
            found.append((text, partial(_use, session, ids, declared, param.name)))
    return found


def _fits(declared: Param, given: Param) -> bool:
    same = declared.kind == given.kind and declared.choices == given.choices
    return same or {declared.kind, given.kind} <= NUMBERS


def _promote(session: Session, ids: tuple[NodeId, ...], declared: Param) -> None:
    here = session.place[-1].definition
    label = tr("Make {name} a parameter of {here}", name=declared.title.lower(), here=here)
    session.apply(label, partial(_promoted, ids=ids, name=declared.name))


def _promoted(document: Document, ids: tuple[NodeId, ...], name: str) -> Document:
    """The document in which these blocks take a parameter from one that their definition gets."""
    first, *others = ids
    document = promote(document, first, name)
    return set_param(document, others, name, document.node(first).params[name])


def _use(session: Session, ids: tuple[NodeId, ...], declared: Param, name: str) -> None:
    label = tr("Set {name}", name=declared.title.lower())
    edit = partial(set_param, ids=ids, name=declared.name, value=Expr(name))
    session.apply(label, edit)
