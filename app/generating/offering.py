"""Opens the dialog for what the drawing in front can make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.generating.ability import writes
from app.generating.dialog import Origin
from app.generating.samples_dialog import COUNT, Classes, SamplesDialog
from app.generating.text_dialog import TextDialog
from app.messages import Message
from app.session import Session
from graph.denoising import denoising, trains_diffusion
from graph.generating import generating
from graph.lower import lower
from graph.model import Document, NodeId
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window

POINTS = 1000
"""A plot of points shows how they are distributed when there are as many."""


def ask_generate(window: Window) -> None:
    """Asks what the drawing in front shall make, and shows it; or says why it makes nothing."""
    session = window.session
    folder = Path(window.settings.folder) if window.settings.folder else Path.home()
    origin = Origin(session.root, session.title, window.training.last_run, folder)
    if writes(session):
        TextDialog(origin, _reads(session.root) == 1, window).open()
        return
    try:
        names, count = _wanted(session)
    except UserError as error:
        window.tell(Message(str(error), "warning", until_edit=True))
        return
    by_steps = trains_diffusion(session.root)
    SamplesDialog(origin, names, window.theme, window, by_steps=by_steps, count=count).open()


def _reads(document: Document) -> int:
    """How many columns the model reads."""
    return sum(node.kind == "input" for node in document.graph.nodes.values())


def _wanted(session: Session) -> tuple[dict[str, Classes], int]:
    """The Inputs that say what data is wanted, with their classes; and how many rows show well.

    Raises:
        UserError: the drawing makes no data, or something of it is not wired.
    """
    document, typing = session.root, session.root_typing
    if trains_diffusion(document):
        steps = denoising(document, typing)
        told, part, last = steps.told, steps.denoiser, steps.decoder or steps.denoiser
    else:
        made = generating(document, typing)
        told, part, last = made.told, made.generator, made.generator
    (edge,) = last.graph.inputs_of(list(last.graph.nodes)[-1])
    type_ = typing.types.get(edge.source, {}).get(edge.out)
    is_flat = type_ is not None and type_.rank == 2
    names = {part.graph.nodes[id].name: _classes(session, id) for id in told}
    return names, POINTS if is_flat else COUNT


def _classes(session: Session, input: NodeId) -> Classes:
    """The names of the classes in the column that an Input takes; empty where it has none."""
    info = session.data_info
    if info is None:
        return ()
    program = lower(session.root, session.root_typing, info)
    feeds = (*program.inputs, *program.targets)
    column = next((info.column(feed.column) for feed in feeds if feed.node == input), None)
    return column.classes if column is not None else ()
