"""What picture of a drawing is wanted, what it shows, and whether it can be had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.canvas.geometry import Box
from app.canvas.mirror import Mirror
from app.canvas.options import Heat, Options
from app.canvas.painter import Ground
from app.canvas.picture import EMPTY_SIZE, MARGIN
from app.human import grouped
from app.i18n import tr
from app.measured import Shown, measured_of
from app.session import Session
from app.theme import DARK, Theme
from graph import clipboard
from graph.check import check
from graph.cost import Costs
from graph.infer import Typing, infer
from graph.kinds import kinds_of
from graph.model import Document, NodeId, Wires
from graph.problems import Problem, UserError
from graph.remarks import RemarkId

Format = Literal["png", "svg", "pdf"]
FORMATS: tuple[Format, ...] = ("png", "svg", "pdf")
CARRYING: tuple[Format, ...] = ("png", "svg")
PLAIN = Options()
LEAST_SCALE, MOST_SCALE = 0.5, 8.0
MOST_PX = 100_000_000
"""So many pixels take 400 MB while they are painted."""
LONGEST_PX = 32_000
"""Longer sides are refused by many programs that show pictures."""


@dataclass(frozen=True)
class Wish:
    """A picture that is wanted.

    Attributes:
        scale: px of the picture for each px of the canvas.
        carries: whether the drawing is put into the picture; PDF cannot.
    """

    format: Format = "png"
    scale: float = 2.0
    theme: Theme = DARK
    ground: Ground = "plain"
    carries: bool = True

    @property
    def flat_ground(self) -> Ground:
        """The ground of a picture of lines, which has no use for the grid."""
        return "none" if self.ground == "none" else "plain"


@dataclass(frozen=True)
class Scene:
    """What is drawn: its mirror, the box around it, and the document that the picture carries."""

    mirror: Mirror
    box: Box
    document: Document

    def size(self, scale: float) -> tuple[int, int]:
        """How many px wide and high its picture is."""
        left, top, right, bottom = self.box
        return max(round((right - left) * scale), 1), max(round((bottom - top) * scale), 1)


def scene_of(
    document: Document,
    chosen: frozenset[NodeId] = frozenset(),
    remarks: frozenset[RemarkId] = frozenset(),
    typing: Typing | None = None,
    problems: Sequence[Problem] | None = None,
    *,
    options: Options = PLAIN,
    costs: Costs | None = None,
    times: Shown | None = None,
) -> Scene:
    """The whole of a document, or some of its blocks, as something to draw.

    What is known of the document need not be worked out again.

    Args:
        options: how the canvas draws it.
        costs, times: what its blocks cost, and how long they took, for a heat map.
    """
    registry = kinds_of(document)
    typing = typing or infer(document, None, registry)
    problems = check(document, typing, registry) if problems is None else problems
    shown = _only(document, chosen, remarks) if chosen or remarks else document
    mirror = Mirror(registry)
    mirror.options = options
    if costs is not None:
        mirror.heat.costs, mirror.heat.times = (lambda: costs), (lambda: times)
    mirror.rebuild(shown, typing, problems)
    return Scene(mirror, _box(mirror), carried(document, chosen, remarks))


def scene_seen(session: Session, options: Options, *, only_chosen: bool) -> Scene:
    """What is looked at in a session, drawn as on its canvas; all of it where nothing is chosen."""
    chosen = session.selection if only_chosen else frozenset()
    remarks = session.chosen_remarks if only_chosen else frozenset()
    costs = session.costs if options.heat is not Heat.OFF else None
    times = measured_of(session).shown() if options.heat is Heat.TIME else None
    return scene_of(
        session.document, chosen, remarks, session.typing, session.problems,
        options=options, costs=costs, times=times,
    )  # fmt: skip


def carried(
    document: Document, chosen: frozenset[NodeId], remarks: frozenset[RemarkId]
) -> Document:
    """The document that a picture of these blocks carries: all, or what was chosen of it."""
    if not chosen and not remarks:
        return document.whole()
    numbers = {k: v for k, v in document.variables.items() if isinstance(v, (int, float))}
    empty = Document(name=document.name, variables=numbers, sizes=document.sizes)
    clip = clipboard.copy(document, chosen, remarks)
    return clipboard.paste(empty, clip, (0.0, 0.0))[0]


def _only(document: Document, chosen: frozenset[NodeId], remarks: frozenset[RemarkId]) -> Document:
    graph = document.graph
    nodes = {id: node for id, node in graph.nodes.items() if id in chosen}
    into = {id: tuple(edge for edge in graph.inputs_of(id) if edge.source in nodes) for id in nodes}
    written = {id: remark for id, remark in graph.remarks.items() if id in remarks}
    wires = Wires({id: edges for id, edges in into.items() if edges})
    return replace(document, graph=replace(graph, nodes=nodes, wires=wires, remarks=written))


def _box(mirror: Mirror) -> Box:
    bounds = mirror.bounds()
    if bounds is None:
        return (0.0, 0.0, *EMPTY_SIZE)
    left, top, right, bottom = bounds
    if len(mirror.box):
        left, top = min(left, mirror.box[:, 0].min()), min(top, mirror.box[:, 1].min())
        right, bottom = max(right, mirror.box[:, 2].max()), max(bottom, mirror.box[:, 3].max())
    return float(left) - MARGIN, float(top) - MARGIN, float(right) + MARGIN, float(bottom) + MARGIN


def refuse_unsafe(scene: Scene, wish: Wish) -> None:
    """Refuses a scale out of range, and a picture that would not fit into the memory.

    Raises:
        UserError: says what would do.
    """
    if not LEAST_SCALE <= wish.scale <= MOST_SCALE:
        raise UserError(
            tr("The scale {scale:g} is out of range: it goes from {least:g} to {most:g}.",
               scale=wish.scale, least=LEAST_SCALE, most=MOST_SCALE)
        )  # fmt: skip
    width, height = scene.size(wish.scale)
    if wish.format != "png" or (width * height <= MOST_PX and max(width, height) <= LONGEST_PX):
        return
    whole = scene.size(1.0)
    fits = min((MOST_PX / (whole[0] * whole[1])) ** 0.5, LONGEST_PX / max(whole))
    fits = int(fits * 20) / 20
    if fits >= LEAST_SCALE:
        hint = tr("A scale of {scale:g} fits; SVG and PDF have no such limit.", scale=fits)
    else:
        hint = tr("Export it as SVG or PDF, which have no such limit, or select a part of it.")
    raise UserError(
        tr("A PNG of {width} × {height} px is too large: at most {most} px and {side} on a side "
           "are drawn. {hint}", width=grouped(width), height=grouped(height),
           most=grouped(MOST_PX), side=grouped(LONGEST_PX), hint=hint)
    )  # fmt: skip


Report = Callable[[float], None]
