"""Opens the dialog for what the drawing in front can make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.generating.ability import writes
from app.generating.dialog import Origin
from app.generating.samples_dialog import COUNT, SamplesDialog
from app.generating.text_dialog import TextDialog
from app.messages import Message
from app.session import Session
from graph.denoising import denoising, trains_diffusion
from graph.generating import generating
from graph.model import Document
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


def _wanted(session: Session) -> tuple[tuple[str, ...], int]:
    """The Inputs that say what data is wanted, such as its class, and how many rows are shown well.

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
    return tuple(part.graph.nodes[id].name for id in told), POINTS if is_flat else COUNT
