"""The kinds of blocks that a document knows: those of the installation and its own definitions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.block import Block
from graph.composite import Composite, composite
from graph.model import DEFINED, Definition, Document
from graph.registry import Registry, default_registry

MOST_KEPT = 16
DEEPEST = 40
MOST_NAMED = 8
USES = "uses "


@dataclass(frozen=True)
class Kinds(Registry):
    """A registry with a kind for each definition of a document."""

    base: Registry = field(default_factory=default_registry)
    definitions: Mapping[str, Definition] = field(default_factory=dict)


# The last few, newest last, kept so that what did not change keeps its class and what that knows.
_kept: OrderedDict[tuple[int, int], Kinds] = OrderedDict()


def kinds_of(document: Document, base: Registry | None = None) -> Registry:
    """All kinds of blocks that this document may use.

    A definition has the same class as before as long as neither it nor what it uses changes.
    """
    definitions = document.definitions
    if isinstance(base, Kinds):
        if base.definitions is definitions:
            return base
        base = base.base
    base = base or default_registry()
    if not definitions:
        return base
    key = (id(definitions), id(base))
    found = _kept.get(key)
    if found is None:
        found = _kept[key] = _made(definitions, base)
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    else:
        _kept.move_to_end(key)
    return found


def uses(definition: Definition) -> set[str]:
    """The names of the definitions that one has instances of."""
    return {node.definition for node in definition.graph.nodes.values()} - {""}


def _made(definitions: Mapping[str, Definition], base: Registry) -> Kinds:
    known: dict[int, list[type[Composite]]] = {}
    for old in _kept.values():
        for cls in old.kinds.values() if old.base is base else ():
            if issubclass(cls, Composite):
                known.setdefault(id(cls.definition), []).append(cls)
    made: dict[str, type[Composite]] = {}
    for name in definitions:
        _make(name, definitions, base, made, known)
    kinds: dict[str, type[Block]] = {DEFINED + name: cls for name, cls in made.items()}
    return Kinds({**base.kinds, **kinds}, base.failures, base, definitions)


def _make(
    name: str,
    definitions: Mapping[str, Definition],
    base: Registry,
    made: dict[str, type[Composite]],
    known: Mapping[int, list[type[Composite]]],
    above: tuple[str, ...] = (),
) -> type[Composite]:
    """The class of a definition, after those of what it uses."""
    if name in made:
        return made[name]
    definition = definitions[name]
    trail = (*above, name)
    parts: dict[str, type[Block]] = {}
    refusal = ""
    for used in sorted(uses(definition) & definitions.keys()):
        if used in trail:
            refusal = f"contains itself: {_arrows((*trail[trail.index(used) :], used))}"
        elif len(trail) >= DEEPEST:
            refusal = f"is nested deeper than {DEEPEST} definitions"
        else:
            cls = _make(used, definitions, base, made, known, trail)
            parts[DEFINED + used] = cls
            refusal = refusal or _handed_on(used, cls.refusal)
    for old in known.get(id(definition), ()):
        if old.parts == parts and old.refusal == refusal:
            made[name] = old
            return old
    made[name] = composite(definition, parts, Registry({**base.kinds, **parts}), refusal)
    return made[name]


def _handed_on(used: str, refusal: str) -> str:
    """Why a definition cannot be typed that uses another: the first cause is told."""
    return refusal if refusal.startswith(USES) or not refusal else f"{USES}{used}, which {refusal}"


def _arrows(names: tuple[str, ...]) -> str:
    shown = names if len(names) <= MOST_NAMED else (*names[: MOST_NAMED - 2], "…", names[-1])
    return " → ".join(shown)
