"""Ways into a drawing: through which instances one comes to the graph that holds a block."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from graph.kinds import kinds_of
from graph.model import Document, NodeId
from graph.params import Plain
from graph.problems import UserError
from graph.repeat import Repeated
from graph.scan import SCAN
from graph.tensor import TensorType
from graph.typed import Typing, arguments


@dataclass(frozen=True)
class Step:
    """A definition that is opened, and the instance it is opened at; None where at none."""

    definition: str
    instance: NodeId | None = None


Way = tuple[Step, ...]
TOP: Way = ()


def still(document: Document, path: Way) -> Way:
    """The way as far as it is still there; through instances that others may have been given."""
    whole = document.whole()
    graph, found = whole.graph, []
    for step in path:
        node = graph.nodes.get(step.instance) if step.instance else None
        name = node.definition if node else "" if step.instance else step.definition
        if name not in whole.definitions:
            break
        found.append(Step(name, step.instance))
        graph = whole.definitions[name].graph
    return tuple(found)


def where_changed(before: Document, after: Document, path: Way) -> Way:
    """Where one must look to see what differs: here if anything does, or else the nearest place."""
    whole, old = after.whole(), before.whole()
    changed = {
        name
        for name, definition in whole.definitions.items()
        if old.definitions.get(name) is not definition
    }
    if old.graph is not whole.graph:
        changed.add("")
    for length in range(len(path), -1, -1):
        name = path[length - 1].definition if length else ""
        if name in changed or not changed:
            return path[:length] if changed else path
    names = {name for name in changed if name in old.definitions}
    ways = [way for name in names if (way := way_to(whole, name)) is not None]
    return min(ways, key=len, default=path)


def way_through(document: Document, nodes: Sequence[NodeId]) -> Way:
    """The way to the last of these blocks through the others; empty where they do not lead there.

    Problems name blocks so: the instance first, then what is inside.
    """
    whole = document.whole()
    graph, way = whole.graph, TOP
    for id in nodes[:-1]:
        node = graph.nodes.get(id)
        if node is None or node.definition not in whole.definitions:
            return TOP
        way = (*way, Step(node.definition, id))
        graph = whole.definitions[node.definition].graph
    return way if nodes[-1] in graph.nodes else TOP


def path_to(document: Document, id: NodeId) -> Way | None:
    """The shortest way to the graph that holds a block; None where it is nowhere."""
    whole = document.whole()
    if id in whole.graph.nodes:
        return TOP
    holders = [name for name, each in whole.definitions.items() if id in each.graph.nodes]
    return way_to(whole, holders[0]) if holders else None


def way_to(document: Document, definition: str) -> Way | None:
    """The shortest way into a definition, through instances where there are any."""
    whole = document.whole()
    if definition not in whole.definitions:
        return None
    queue: deque[tuple[Way, str]] = deque([(TOP, "")])
    seen = {""}
    while queue:
        path, name = queue.popleft()
        graph = whole.definitions[name].graph if name else whole.graph
        if name == definition:
            return path
        for inner, node in graph.nodes.items():
            used = node.definition
            if used in whole.definitions and used not in seen:
                seen.add(used)
                queue.append(((*path, Step(used, inner)), used))
    return (Step(definition),)


def seen_from(
    view: Document, typing: Typing, step: Step
) -> tuple[dict[str, Plain], dict[NodeId, TensorType]]:
    """What an instance gives to the inside of its definition: values and types at its Inputs.

    Args:
        view: the document in which the instance stands.
        typing: of that document.
    """
    definition = view.whole().definitions[step.definition]
    node = view.graph.nodes.get(step.instance) if step.instance else None
    if node is None:
        return {}, {}
    block = typing.blocks.get(node.id)
    if isinstance(block, Repeated):
        block = block.first
    values = block.values() if block else _values(view, node.id)
    found = kinds_of(view).find(node.kind)
    given: dict[NodeId, TensorType] = {}
    if found is not None:
        types = arguments(found, typing.input_types(node.id))
        if node.repeat and node.repeat.mode == SCAN and types and types[0]:
            types[0] = _step_of(types[0])
        ids = [id for id, each in definition.graph.nodes.items() if each.kind == "input"]
        given = {id: t for id, t in zip(ids, types, strict=False) if t is not None}
    return dict(values), given


def _step_of(sequence: TensorType) -> TensorType:
    """What a block that goes along a sequence receives of it at a time."""
    shape = sequence.shape
    return TensorType((*shape[:1], *shape[2:]), sequence.dtype)


def _values(view: Document, id: NodeId) -> dict[str, Plain]:
    """The values of an instance that are accepted."""
    node = view.graph.nodes[id]
    found: dict[str, Plain] = {}
    for name, declared in view.whole().definitions[node.definition].parameters.items():
        try:
            found[name] = declared.resolve(node.params.get(name, declared.default), view.variables)
        except UserError:
            found[name] = declared.default
    return found
