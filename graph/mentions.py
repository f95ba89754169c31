"""Parameters that name other blocks of the drawing, and how they keep up with new names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from graph.model import Node, NodeId
from graph.params import Param
from graph.registry import Registry

WIDGET = "blocks"


def names_in(text: str) -> tuple[str, ...]:
    """The names in a list separated by commas, each once."""
    words = (word.strip() for word in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def renamed(
    nodes: Mapping[NodeId, Node], names: Mapping[str, str], registry: Registry
) -> dict[NodeId, Node]:
    """The blocks, naming others as these are called now; `names` maps old names to new ones."""
    found = dict(nodes)
    for id, node in nodes.items():
        block = registry.find(node.kind) if node.params else None
        if block is not None and any(map(is_mention, block.params.values())):
            params = {
                name: _renamed(value, names)
                if is_mention(block.params.get(name)) and isinstance(value, str)
                else value
                for name, value in node.params.items()
            }
            found[id] = replace(node, params=params) if params != node.params else node
    return found


def is_mention(declared: Param | None) -> bool:
    """Whether a parameter names blocks."""
    return declared is not None and declared.widget == WIDGET


def _renamed(text: str, names: Mapping[str, str]) -> str:
    words = names_in(text)
    if not names.keys() & set(words):
        return text
    return ", ".join(names.get(word, word) for word in words)
