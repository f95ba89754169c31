"""After any edits the costs that were counted bit by bit are those counted from scratch."""

from __future__ import annotations

import random

import pytest

from graph import edits
from graph.cost import costs
from graph.freezing import set_frozen
from graph.gallery import find
from graph.infer import Typing, infer
from graph.model import Document
from graph.needs import needs_of
from graph.problems import UserError

EDITS = 60
ADDED = ("relu", "dense", "mse", "detach", "flatten", "multiply", "add", "tanh")


def edited(document: Document, typing: Typing, rng: random.Random) -> Document:
    """The document after some edit.

    Raises:
        UserError: it was refused.
    """
    ids = list(document.graph.nodes)
    chosen = rng.random()
    if chosen < 0.1:
        return set_frozen(document, [rng.choice(ids)], rng.random() < 0.5)
    if chosen < 0.3:
        wires = [edge for id in ids for edge in document.graph.inputs_of(id)]
        return edits.disconnect(document, rng.sample(wires, min(len(wires), 1)))
    if chosen < 0.7:
        source, target = rng.choice(ids), rng.choice(ids)
        outs = list(typing.types.get(source, {})) or ["y"]
        ports = [port.name for port in typing.blocks[target].inputs] or ["x"]
        return edits.connect(document, source, rng.choice(outs), target, rng.choice(ports))
    if chosen < 0.8:
        return edits.remove(document, [rng.choice(ids)])
    if chosen < 0.85:
        return edits.add(document, rng.choice(ADDED), (0.0, 0.0))
    if chosen < 0.95:
        changed = [id for id in ids if document.node(id).kind in ("dense", "conv2d")] or ids
        return edits.set_param(document, [rng.choice(changed)], "bias", rng.random() < 0.5)
    return edits.set_size(document, "N", rng.randint(1, 5))


@pytest.mark.parametrize("name", ["gpt-2", "resnet-18", "vae", "lstm"])
@pytest.mark.parametrize("seed", range(2))
def test_costs_after_random_edits_are_those_from_scratch(name: str, seed: int):
    rng = random.Random(seed)
    document = find(name).build(**find(name).small)
    typing = infer(document)
    known = costs(document, typing)
    for _ in range(EDITS):
        try:
            after = edited(document, typing, rng)
        except UserError:
            continue
        typing = infer(after, typing)
        known, document = costs(after, typing, known, typing.visited), after
        anew = costs(after, infer(after))
        assert known == anew
        assert needs_of(after, typing, known) == needs_of(after, infer(after), anew)
