"""What differs between two drawings and their recipes, in the words of those who drew them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from graph.data import StepSpec
from graph.edits import label
from graph.kinds import kinds_of
from graph.model import Document, Edge, Graph, Node, NodeId
from graph.params import Value
from graph.recipe import Recipe

Values = Mapping[str, object]
Kind = Literal["added", "removed", "changed"]
FLAGS = ("shares", "frozen", "bypassed", "muted")


@dataclass(frozen=True)
class Difference:
    """One thing in which the later of two drawings differs.

    Attributes:
        what: the block by its title, or the part of the recipe; in a composite, behind its name.
        name: the parameter that was changed; empty where the whole thing came or went.
        before, after: its values as text; empty where there is none.
    """

    kind: Kind
    what: str
    name: str = ""
    before: str = ""
    after: str = ""


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """Blocks added, removed and changed, then wires, in all of both drawings.

    Blocks are the same where their ids and kinds are, or else their names in the same place: two
    drawings that were drawn apart are compared by what blocks are called.
    """
    old, new = dict(_blocks(before)), dict(_blocks(after))
    pairs = _paired(old, new)
    came = [id for id in new if id not in pairs.values()]
    went = [id for id in old if id not in pairs]
    found = [Difference("added", new[id].title) for id in came]
    found += [Difference("removed", old[id].title) for id in went]
    for first, second in pairs.items():
        found += _changed(old[first], new[second])
    return (*found, *_wires(before, after, old, new, pairs))


def recipe_differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """What is trained on, how, and with which variables, where that differs."""
    found: list[Difference] = []
    if before.data.source != after.data.source:
        found.append(Difference("changed", "Data", "", before.data.source, after.data.source))
    if before.data.steps != after.data.steps:
        texts = (", ".join(map(_step_text, each.data.steps)) for each in (before, after))
        found.append(Difference("changed", "Data", "steps", *texts))
    parts: tuple[tuple[str, Values, Values, Values], ...] = (
        ("Data", before.data.params, after.data.params, {}),
        ("Recipe", before.recipe, after.recipe, _recipe_defaults()),
        ("Variables", before.variables, after.variables, {}),
    )
    for what, old, new, defaults in parts:
        titles = {name: param.title for name, param in Recipe.params.items()}
        for name in dict.fromkeys([*old, *new]):
            was, now = (values.get(name, defaults.get(name)) for values in (old, new))
            if was != now:
                title = titles.get(name, name) if what == "Recipe" else name
                found.append(Difference("changed", what, title, _text(was), _text(now)))
    return tuple(found)


def _step_text(step: StepSpec) -> str:
    values = ", ".join(f"{name} {_text(value)}" for name, value in step.params.items())
    off = "" if step.on else " off"
    return f"{step.kind}{off} ({values})" if values else f"{step.kind}{off}"


@dataclass(frozen=True)
class _Block:
    node: Node
    title: str
    place: str  # the definition that it is in; empty for the drawing itself
    defaults: Mapping[str, Value]
    titles: Mapping[str, str]


def _blocks(document: Document) -> Iterator[tuple[NodeId, _Block]]:
    registry = kinds_of(document)
    for place, graph in _graphs(document):
        inside = replace(document, graph=graph)
        for id, node in graph.nodes.items():
            kind = registry.find(node.kind)
            params = kind.params if kind is not None else {}
            title = label(inside, id)
            yield id, _Block(
                node,
                f"{place} › {title}" if place else title,
                place,
                {name: param.default for name, param in params.items()},
                {name: param.title for name, param in params.items()},
            )  # fmt: skip


def _graphs(document: Document) -> Iterator[tuple[str, Graph]]:
    yield "", document.graph
    for name, definition in document.definitions.items():
        yield name, definition.graph


def _paired(old: Mapping[NodeId, _Block], new: Mapping[NodeId, _Block]) -> dict[NodeId, NodeId]:
    pairs = {id: id for id in old if id in new and _kind(old[id]) == _kind(new[id])}
    left = {_called(new[id]): id for id in new if id not in pairs}
    for id in old:
        other = left.get(_called(old[id])) if id not in pairs else None
        if other is not None:
            pairs[id] = other
            del left[_called(old[id])]
    return pairs


def _kind(block: _Block) -> tuple[str, str]:
    return (block.place, block.node.kind)


def _called(block: _Block) -> tuple[str, str, str]:
    return (block.place, block.node.kind, block.node.name)


def _changed(old: _Block, new: _Block) -> Iterator[Difference]:
    was, now = old.node, new.node
    if was.name != now.name:
        yield Difference("changed", new.title, "Name", was.name, now.name)
    for name in dict.fromkeys([*was.params, *now.params]):
        values = [block.node.params.get(name, block.defaults.get(name)) for block in (old, new)]
        if values[0] != values[1]:
            title = new.titles.get(name, name)
            yield Difference("changed", new.title, title, *map(_text, values))
    if was.repeat != now.repeat:
        repeats = (was.repeat, now.repeat)
        texts = [f"{each.count} × {each.mode}" if each else "" for each in repeats]
        yield Difference("changed", new.title, "Repeat", *texts)
    for flag in FLAGS:
        first, second = getattr(was, flag), getattr(now, flag)
        if first != second:
            yield Difference(
                "changed", new.title, flag.capitalize(), _text(first), _text(second)
            )  # fmt: skip


def _wires(
    before: Document,
    after: Document,
    old: Mapping[NodeId, _Block],
    new: Mapping[NodeId, _Block],
    pairs: Mapping[NodeId, NodeId],
) -> Iterator[Difference]:
    """Wires between blocks that are in both drawings; others came and went with their blocks."""
    both = set(pairs.values())
    was = {
        replace(edge, source=pairs[edge.source], target=pairs[edge.target])
        for edge in _edges(before)
        if edge.source in pairs and edge.target in pairs
    }
    now = {edge for edge in _edges(after) if edge.source in both and edge.target in both}
    for edges, kind in ((now - was, "added"), (was - now, "removed")):
        for edge in sorted(edges, key=lambda edge: (edge.target, edge.into, edge.source)):
            ends = f"{new[edge.source].title} → {new[edge.target].title}"
            text = f"{edge.out} → {edge.into}"
            values = ("", text) if kind == "added" else (text, "")
            yield Difference(kind, ends, "Wire", *values)  # type: ignore[arg-type]  # one of both


def _edges(document: Document) -> Iterator[Edge]:
    for _, graph in _graphs(document):
        for edge in graph.wires:
            yield replace(edge, extra="")


def _recipe_defaults() -> dict[str, Value]:
    return {name: param.default for name, param in Recipe.params.items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return " × ".join(map(str, value))
    return str(value)
