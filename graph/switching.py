"""Blocks that are switched off: bypassed or muted, and what that keeps from working."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from graph.edits import label
from graph.effective import PORTS, can_pass
from graph.fixes import problem_at
from graph.kinds import kinds_of
from graph.model import Document, Node, NodeId
from graph.problems import Fix, Problem, Severity, UserError
from graph.typed import Typing


def can_bypass(document: Document, node: Node) -> bool:
    """Whether what a block receives can go on in its place."""
    return can_pass(kinds_of(document).of(node))


def can_mute(document: Document, node: Node) -> bool:
    """Whether a block can be done without; the ports of a composite cannot."""
    return document.scope is None or node.kind not in PORTS


def set_bypassed(document: Document, ids: Iterable[NodeId], bypassed: bool) -> Document:
    """The document in which these blocks pass their first input through, or work again.

    Blocks through which nothing goes are passed over; muted ones are muted no longer.

    Raises:
        UserError: nothing goes through any of the blocks.
    """
    nodes = dict(document.graph.nodes)
    chosen = [id for id in ids if can_bypass(document, nodes[id])]
    if not chosen:
        raise UserError(
            "Nothing goes through these blocks, so they cannot be bypassed. Choose a block with an "
            "input and an output, or mute them."
        )
    for id in chosen:
        muted = nodes[id].muted and not bypassed
        nodes[id] = replace(nodes[id], bypassed=bypassed, muted=muted)
    return document.with_graph(nodes)


def set_muted(document: Document, ids: Iterable[NodeId], muted: bool) -> Document:
    """The document in which these blocks are as if they were not drawn, or work again.

    Bypassed ones are bypassed no longer.

    Raises:
        UserError: the blocks are all ports of a composite.
    """
    nodes = dict(document.graph.nodes)
    chosen = [id for id in ids if can_mute(document, nodes[id])]
    if not chosen:
        raise UserError(
            "The Inputs and Outputs of a composite are its ports, which cannot be muted. Mute the "
            "blocks that they are wired to."
        )
    for id in chosen:
        bypassed = nodes[id].bypassed and not muted
        nodes[id] = replace(nodes[id], muted=muted, bypassed=bypassed)
    return document.with_graph(nodes)


def problems_of_switching(document: Document, typing: Typing) -> Iterator[Problem]:
    """Blocks that are left out since they wait for one that is switched off."""
    for id, (edge, off, out) in typing.waits.items():
        node, block = document.graph.nodes[off], label(document, off)
        if node.muted:
            text = f"waits for {block}, which is muted, so it is left out"
            fix = Fix(f"Unmute “{node.name}”", partial(set_muted, ids=(off,), muted=False))
        else:
            text = (
                f"waits for “{out}” of {block}, which is bypassed and gives no more than "
                "its first output, so it is left out"
            )
            on = partial(set_bypassed, ids=(off,), bypassed=False)
            fix = Fix(f"Do not bypass “{node.name}”", on)
        yield problem_at(
            document, id, "switched-off", text, severity=Severity.WARNING, port=edge.into,
            fixes=(fix,),
        )  # fmt: skip
