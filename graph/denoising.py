"""The parts of a diffusion model that make up new data, as drawings: denoiser and decoder."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graph import edits, names
from graph.block import Role
from graph.excerpts import ending_in
from graph.infer import Typing
from graph.model import Document, Edge, Endpoint, Node, NodeId, Wires
from graph.order import downstream
from graph.params import Value
from graph.problems import UserError
from graph.tensor import TensorType

ADDS_NOISE = "add_noise"


@dataclass(frozen=True)
class Denoising:
    """What turns noise into data, step by step.

    Blocks keep their ids, so that weights of the whole drawing fit its parts.

    Attributes:
        schedule: the Add noise block, which knows how much noise there is at each step.
        clean: the type of what the noise is taken from.
        denoiser: guesses the noise; its Inputs are `noisy`, `step` and those that tell it more.
        told: the Inputs of the denoiser that tell it more, such as which class is wanted.
        decoder: makes data of what was denoised, at its Input `code`; None where that is the data.
    """

    schedule: NodeId
    clean: TensorType
    denoiser: Document
    noisy: NodeId
    step: NodeId
    told: tuple[NodeId, ...]
    decoder: Document | None
    code: NodeId | None


def denoising(document: Document, typing: Typing) -> Denoising:
    """The parts of a drawing in which a diffusion model is trained to guess noise.

    Raises:
        UserError: it does not train one, or something of it is not wired.
    """
    document = typing.at_work(document)
    schedule = _schedule(document)
    wired = {edge.into: edge for edge in document.graph.inputs_of(schedule)}
    missing = [port for port in ("x", "noise", "step") if port not in wired]
    type_ = typing.types.get(schedule, {}).get("y")
    if missing or type_ is None:
        where = edits.label(document, schedule)
        raise UserError(f"{where} is not wired to the end, so there is nothing to sample from.")
    guess = _guess(document, typing, _source(wired["noise"]))
    steps = typing.edge_type(wired["step"])
    assert steps is not None  # the block has a type, which it has not without those it receives
    denoiser, noisy = _cut(document, (schedule, "y"), type_)
    denoiser, step = _cut(denoiser, _source(wired["step"]), steps)
    denoiser = ending_in(denoiser, guess, "guess")
    told = tuple(
        id for id, node in denoiser.graph.nodes.items()
        if node.kind == "input" and id not in (noisy, step)
    )  # fmt: skip
    clean = _learning(document, _source(wired["x"]))
    decoder, code = _decoder(document, typing, clean, schedule, type_)
    return Denoising(schedule, type_, denoiser, noisy, step, told, decoder, code)


def trains_diffusion(document: Document) -> bool:
    """Whether there is a block that adds noise by steps."""
    return ADDS_NOISE in document.graph.census.kinds


def _schedule(document: Document) -> NodeId:
    found = [id for id, node in document.graph.nodes.items() if node.kind == ADDS_NOISE]
    if len(found) != 1:
        count = "no block" if not found else f"{len(found)} blocks"
        raise UserError(
            f"To sample from a drawing it needs one Add noise, as diffusion models have; there is "
            f"{count} of that kind."
        )
    return found[0]


def _source(edge: Edge) -> Endpoint:
    return edge.source, edge.out


def _guess(document: Document, typing: Typing, noise: Endpoint) -> Endpoint:
    """What a loss compares with the noise."""
    for loss in typing.by_role.get(Role.LOSS, ()):
        wired = {edge.into: _source(edge) for edge in document.graph.inputs_of(loss)}
        if wired.get("target") == noise and "prediction" in wired:
            return wired["prediction"]
    raise UserError(
        "No loss compares a prediction with the noise that was added, so nothing here guesses it. "
        "Wire the noise to the target of a loss, such as MSE."
    )


def _learning(document: Document, clean: Endpoint) -> Endpoint:
    """The clean data before they were detached from what makes them."""
    while document.node(clean[0]).kind == "detach" and document.graph.inputs_of(clean[0]):
        clean = _source(document.graph.inputs_of(clean[0])[0])
    return clean


def _decoder(
    document: Document, typing: Typing, clean: Endpoint, schedule: NodeId, type_: TensorType
) -> tuple[Document | None, NodeId | None]:
    """What comes of the clean data beside the noise; None where they are themselves an Input."""
    if document.node(clean[0]).kind == "input":
        return None, None
    beside = downstream(document.graph, [clean[0]]) - downstream(document.graph, [schedule])
    for output in typing.by_role.get(Role.OUTPUT, ()):
        (edge, *_) = document.graph.inputs_of(output) or (None,)
        if output in beside and edge is not None and _source(edge) != clean:
            cut, code = _cut(document, clean, type_)
            return ending_in(cut, _source(edge), "decoded"), code
    return None, None


def _cut(document: Document, at: Endpoint, type_: TensorType) -> tuple[Document, NodeId]:
    """The drawing with an Input in place of what a block answers; answers its id too."""
    id = edits.next_node_id(document)
    params: dict[str, Value] = {
        "shape": ", ".join(str(dim) for dim in type_.shape[1:]), "dtype": type_.dtype,
    }  # fmt: skip
    node = Node(id, "input", document.node(at[0]).name, params)
    moved = {
        target: tuple(
            replace(edge, source=id, out="y") if _source(edge) == at else edge for edge in edges
        )
        for target, edges in document.graph.wires.into.items()
    }
    taken = {each.name for each in document.graph.nodes.values()}
    renamed = replace(document.node(at[0]), name=names.unique(f"{node.name}_before", taken))
    nodes = {**document.graph.nodes, at[0]: renamed, id: node}
    made = document.with_graph(nodes, Wires(moved))
    return replace(made, next_id=document.next_id + 1), id
