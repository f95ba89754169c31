"""What a person does with composites: made, taken apart, renamed, repeated, shared, kept."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from app import library
from app.asking import NameDialog, RepeatDialog
from app.i18n import tr, tr_count
from app.messages import Message
from app.session import Session
from graph import edits
from graph.composites import definitions, repeating
from graph.composites.making import make, why_not_make
from graph.composites.naming import check_class_name, suggested
from graph.composites.unpacking import unpack, why_not_unpack
from graph.effective import PORTS
from graph.model import Document, NodeId, Repeat
from graph.problems import UserError

MOST_OFFERED = 30


def chosen(session: Session) -> NodeId | None:
    """The selected block; None where that is none or several."""
    here = session.selection & session.document.graph.nodes.keys()
    return next(iter(here)) if len(here) == 1 else None


def chosen_definition(session: Session) -> str:
    """The definition of the selected instance, or the one that is looked at; empty for none."""
    id = chosen(session)
    if id is not None:
        name = session.document.node(id).definition
        return name if name in session.root.definitions else ""
    return session.place[-1].definition if session.place and not session.selection else ""


def _ordered(session: Session) -> list[NodeId]:
    return [id for id in session.document.graph.nodes if id in session.selection]


def _tell(session: Session, text: str) -> None:
    session.message.emit(Message(text, "warning", until_edit=True))


def ask_make(session: Session, parent: QWidget) -> None:
    """Asks for a name and makes the selected blocks a composite of that name.

    Inside a composite its own ports are left out, and that is told.
    """
    chosen = _ordered(session)
    ids = [id for id in chosen if not _is_port(session, id)] or chosen
    reason = session.read_only or why_not_make(session.document, ids)
    if reason:
        _tell(session, reason)
        return
    if len(ids) < len(chosen):
        name = session.place[-1].definition
        text = tr("The Inputs and Outputs stay where they are: they are the ports of {name}.",
                  name=name)  # fmt: skip
        session.message.emit(Message(text, until_edit=True))
    dialog = NameDialog(
        tr("Make a composite"), tr("Make"), suggested(session.document, ids),
        lambda name: check_class_name(name, session.root.definitions), parent,
        tr_count(len(ids), "The block becomes one that can be used again.",
                 "The {n} blocks become one that can be used again."),
    )  # fmt: skip
    dialog.named.connect(partial(make_composite, session, ids))
    dialog.open()


def _is_port(session: Session, id: NodeId) -> bool:
    """Whether a block is a port of the composite that is looked at."""
    return bool(session.place) and session.document.node(id).kind in PORTS


def make_composite(session: Session, ids: list[NodeId], name: str) -> None:
    """Makes blocks a composite, and selects it."""
    instance = edits.next_node_id(session.document)
    edit = partial(make, ids=ids, name=name)
    if session.apply(tr("Make composite {name}", name=name), edit):
        session.select([instance])


def take_apart(session: Session) -> None:
    """Takes the selected composite or repeat apart by one layer."""
    id = chosen(session)
    reason = why_not_unpack(session.document, id) if id is not None else ""
    if id is None or reason:
        _tell(session, reason or tr("Choose one composite or repeated block to take it apart."))
        return
    node = session.document.node(id)
    out: list[NodeId] = []

    def edit(document: Document) -> Document:
        taken, ids = unpack(document, id)
        out.extend(ids)
        return taken

    if session.apply(tr("Unpack {name}", name=node.name), edit):
        session.select(out)


def ask_rename(session: Session, parent: QWidget, name: str = "") -> None:
    """Asks for another name of a definition."""
    name = name or chosen_definition(session)
    if not name:
        return
    others = session.root.definitions.keys() - {name}
    dialog = NameDialog(
        tr("Rename {name}", name=name), tr("Rename"), name,
        lambda text: check_class_name(text, others), parent,
    )  # fmt: skip
    dialog.named.connect(partial(rename, session, name))
    dialog.open()


def rename(session: Session, old: str, new: str) -> None:
    """Renames a definition; all its instances follow."""
    edit = partial(definitions.rename_definition, old=old, new=new)
    session.apply(tr("Rename {old} to {new}", old=old, new=new), edit)


def make_independent(session: Session) -> None:
    """Gives the selected instance a definition of its own."""
    id = chosen(session)
    if id is not None:
        edit = partial(definitions.make_independent, id=id)
        session.apply(tr("Make {name} independent", name=session.document.node(id).name), edit)


def delete_definition(session: Session, name: str) -> None:
    """Removes a definition that nothing uses."""
    edit = partial(definitions.delete_definition, name=name)
    session.apply(tr("Delete {name}", name=name), edit)


def ask_repeat(session: Session, parent: QWidget) -> None:
    """Asks how often the selected blocks follow themselves."""
    ids = _ordered(session)
    reasons = [session.read_only, *(repeating.why_not_repeat(session.document, id) for id in ids)]
    reason = next(filter(None, reasons), "")
    if not ids or reason:
        _tell(session, reason or tr("Choose the block that is to be repeated."))
        return
    dialog = RepeatDialog(session.document.node(ids[0]).repeat, parent)
    dialog.chosen.connect(partial(repeat, session, ids))
    dialog.open()


def repeat(session: Session, ids: list[NodeId], how: Repeat | None) -> None:
    """Lets blocks follow themselves, or stand once."""
    label = tr("Repeat ×{count}", count=how.count) if how else tr("Remove the repeat")
    session.apply(label, partial(repeating.set_repeat, ids=ids, repeat=how))


def owners(session: Session, id: NodeId) -> Iterator[NodeId]:
    """The blocks whose weights one could use; those with weights only."""
    known = session.costs.blocks
    for other in repeating.owners(session.document, id):
        if other in known and known[other].parameters:
            yield other


def has_kin(session: Session, id: NodeId) -> bool:
    """Whether a block has weights, and another is of its kind."""
    graph, cost = session.document.graph, session.costs.blocks.get(id)
    kin = graph.census.by_kind.get(graph.nodes[id].kind, ())
    return cost is not None and cost.parameters > 0 and len(kin) > 1


def can_share(session: Session, id: NodeId) -> bool:
    """Whether there is a block whose weights one could use."""
    return any(True for _ in owners(session, id))


def fill_sharing(menu: QMenu, session: Session, id: NodeId) -> None:
    """Fills a menu with the blocks whose weights one can use."""
    nodes = session.document.graph.nodes
    node = nodes[id]
    if node.shares:
        action = menu.addAction(tr("Weights of its own"))
        action.triggered.connect(lambda: unshare(session, [id]))
        menu.addSeparator()
    for other in islice(owners(session, id), MOST_OFFERED):
        action = menu.addAction(nodes[other].name)
        action.setCheckable(True)
        action.setChecked(other == node.shares)
        action.triggered.connect(partial(_share, session, id, other))
    if menu.isEmpty():
        text = tr("No block of the same kind with equal parameters")
        menu.addAction(text).setEnabled(False)


def _share(session: Session, id: NodeId, other: NodeId, _checked: bool = False) -> None:
    share(session, id, other)


def share(session: Session, id: NodeId, other: NodeId) -> None:
    """Lets a block use the weights of another one."""
    name = session.document.node(other).name
    edit = partial(repeating.share, id=id, other=other)
    session.apply(tr("Share weights with {name}", name=name), edit)


def unshare(session: Session, ids: list[NodeId]) -> None:
    """Gives blocks weights of their own."""
    session.apply(tr("Weights of its own"), partial(repeating.unshare, ids=ids))


def ask_share(session: Session, parent: QWidget, at: QPoint) -> None:
    """Offers the blocks whose weights the selected one can use, at a place of the screen."""
    id = chosen(session)
    if id is None or session.read_only:
        return
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    fill_sharing(menu, session, id)
    menu.popup(at)


def save_to_library(session: Session, parent: QWidget, name: str = "") -> None:
    """Keeps a composite for other drawings; asks before one of the same name goes."""
    name = name or chosen_definition(session)
    if not name:
        return
    if not library.has(name):
        _save(session, name)
        return
    box = QMessageBox(
        QMessageBox.Icon.Question, tr("Save to library"),
        tr("The library has a {name} already.", name=name),
        QMessageBox.StandardButton.Cancel, parent,
    )  # fmt: skip
    box.setInformativeText(tr("Drawings that use it keep theirs."))
    replace = box.addButton(tr("Replace it"), QMessageBox.ButtonRole.AcceptRole)
    replace.clicked.connect(lambda: _save(session, name))
    box.open()


def _save(session: Session, name: str) -> None:
    try:
        library.write(session.root, name)
    except UserError as error:
        session.message.emit(Message(str(error), "error"))
        return
    session.message.emit(Message(tr("{name} is in the library now.", name=name)))
