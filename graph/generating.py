"""The part of a drawing that makes up data out of random numbers at once, as that of a GAN does."""

from __future__ import annotations

from dataclasses import dataclass

from graph.excerpts import ending_in
from graph.infer import Typing
from graph.model import Document, Graph, NodeId, Wires
from graph.order import upstream
from graph.problems import UserError

NOISES = frozenset({"latent_noise", "noise"})


@dataclass(frozen=True)
class Generating:
    """What turns noise into data in one go.

    Blocks keep their ids, so that weights of the whole drawing fit it.

    Attributes:
        generator: the drawing from the noise to the data, which its Output gives.
        counted: its Inputs of which only matters how many rows they have.
        told: its Inputs that tell it more, such as which class is wanted.
    """

    generator: Document
    counted: tuple[NodeId, ...]
    told: tuple[NodeId, ...]


def generating(document: Document, typing: Typing) -> Generating:
    """The part of a drawing that makes something of noise, and of nothing that was measured.

    Raises:
        UserError: there is none.
    """
    for output, node in document.graph.nodes.items():
        edges = document.graph.inputs_of(output) if node.kind == "output" else ()
        for edge in edges:
            made = ending_in(document, (edge.source, edge.out), "made")
            found = _of(made, typing)
            if found is not None:
                return found
    raise UserError(
        "To sample from a drawing it needs one Add noise, as diffusion models have, or an Output "
        "that depends on a Latent noise and no data, as the one behind a GAN's generator does; "
        "there is neither."
    )


def makes_of_noise(document: Document) -> bool:
    """Whether there is a block that draws noise to begin with."""
    return not NOISES.isdisjoint(document.graph.census.kinds)


def _of(made: Document, typing: Typing) -> Generating | None:
    """The part as a generator; None where it is none, or where it reads the data themselves."""
    graph = made.graph
    noises = {id for id, node in graph.nodes.items() if node.kind in NOISES}
    if not noises:
        return None
    wires = {id: edges for id, edges in graph.wires.into.items() if id not in noises}
    read = upstream(Graph(graph.nodes, Wires(wires)), [list(graph.nodes)[-1]])
    inputs = [id for id, node in graph.nodes.items() if node.kind == "input"]
    told = tuple(id for id in inputs if id in read)
    types = [typing.types.get(id, {}).get("y") for id in told]
    if any(type_ is None or not type_.dtype.startswith("int") for type_ in types):
        return None
    return Generating(made, tuple(id for id in inputs if id not in read), told)
