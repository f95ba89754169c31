"""How often blocks follow each other in drawings: what a person may want next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.block import Role
from graph.composite import INPUT, OUTPUT
from graph.model import Document
from graph.registry import default_registry

MOST_KEPT = 8
Ranked = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Following:
    """Kinds by kind, the most usual first.

    Attributes:
        after: what its output leads to.
        before: what its inputs come from.
    """

    after: Ranked = field(default_factory=dict)
    before: Ranked = field(default_factory=dict)


def count_following(drawings: Iterable[Document]) -> Following:
    """What follows what: kinds are ranked by the drawings that have them so, then by the wires.

    A drawing with a hundred equal layers says no more than that it has such layers. Ports of
    composites are no blocks that one would add.
    """
    known = default_registry()
    in_drawings: Counter[tuple[str, str]] = Counter()
    wires: Counter[tuple[str, str]] = Counter()
    for document in drawings:
        here: Counter[tuple[str, str]] = Counter()
        for number, graph in enumerate(document.graphs()):
            for edge in graph.edges():
                ends = (graph.nodes[edge.source].kind, graph.nodes[edge.target].kind)
                is_port = number > 0 and not {INPUT, OUTPUT}.isdisjoint(ends)
                if all(known.find(kind) for kind in ends) and not is_port:
                    here[ends] += 1
        in_drawings.update(here.keys())
        wires.update(here)
    pairs = sorted(in_drawings, key=lambda pair: (-in_drawings[pair], -wires[pair], pair))
    is_role = {kind: block.kind.role for kind, block in known.kinds.items()}
    after = _ranked(pairs)
    before = _ranked(
        [
            (target, source)
            for source, target in pairs
            if is_role[source] not in (Role.LOSS, Role.METRIC)
        ]
    )
    return Following(after, before)


def _ranked(pairs: Iterable[tuple[str, str]]) -> Ranked:
    found: dict[str, list[str]] = {}
    for first, second in pairs:
        found.setdefault(first, []).append(second)
    return {kind: tuple(others[:MOST_KEPT]) for kind, others in sorted(found.items())}
