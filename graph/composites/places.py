"""Ways into a drawing: through which instances one comes to the graph that holds a block."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from graph.kinds import kinds_of
from graph.model import Document, NodeId
from graph.params import Plain
from graph.problems import UserError
from graph.repeat import Repeated
from graph.tensor import TensorType
from graph.typed import Typing, arguments


@dataclass(frozen=True)
class Step:
    """A definition that is opened, and the instance it is opened at; None where at none."""

    definition: str
    instance: NodeId | None = None


Path = tuple[Step, ...]
TOP: Path = ()


def exists(document: Document, path: Path) -> bool:
    """Whether every instance on the way is still there."""
    whole = document.whole()
    graph = whole.graph
    for step in path:
        if step.definition not in whole.definitions:
            return False
        node = graph.nodes.get(step.instance) if step.instance else None
        if step.instance and (node is None or node.definition != step.definition):
            return False
        graph = whole.definitions[step.definition].graph
    return True


def path_to(document: Document, id: NodeId) -> Path | None:
    """The shortest way to the graph that holds a block; None where it is nowhere."""
    whole = document.whole()
    queue: deque[tuple[Path, str]] = deque([(TOP, "")])
    seen = {""}
    while queue:
        path, name = queue.popleft()
        graph = whole.definitions[name].graph if name else whole.graph
        if id in graph.nodes:
            return path
        for inner, node in graph.nodes.items():
            used = node.definition
            if used in whole.definitions and used not in seen:
                seen.add(used)
                queue.append(((*path, Step(used, inner)), used))
    for name, definition in whole.definitions.items():
        if id in definition.graph.nodes:
            return (Step(name),)
    return None


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
        ids = [id for id, each in definition.graph.nodes.items() if each.kind == "input"]
        given = {id: t for id, t in zip(ids, types, strict=False) if t is not None}
    return dict(values), given


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
