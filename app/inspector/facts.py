"""What the inspector tells of blocks and of the whole drawing, as rows of words."""

from __future__ import annotations

from collections.abc import Iterable

from app.human import byte_count, grouped, milliseconds, short_count
from app.i18n import tr
from app.measured import Shown
from backends.times import added_up
from graph.cost import Cost
from graph.infer import Typing
from graph.model import Document, Node, NodeId
from graph.tensor import TensorType, symbols_in

Fact = tuple[str, str]
UNKNOWN = "?"
EXACT_BELOW = 1_000_000


def type_text(type_: TensorType | None) -> str:
    """A type with room around its signs: `N × 64 × 56 × 56`."""
    if type_ is None:
        return UNKNOWN
    shape = " × ".join(str(dim) for dim in type_.shape) if type_.shape else tr("one number")
    return shape if type_.dtype == "float32" else f"{shape}  {type_.dtype}"


def shape_facts(
    document: Document, typing: Typing, node: Node, ports: Iterable[str], outputs: Iterable[str]
) -> list[Fact]:
    """The type at every port of a block: inputs first; also of one that is switched off."""
    wires = document.graph.inputs_of(node.id)
    arriving = typing.input_types(node.id) or {
        edge.into: type_ for edge in wires if (type_ := typing.edge_type(edge))
    }
    facts: list[Fact] = []
    for port in ports:
        types = arriving.get(port)
        if isinstance(types, list):
            facts += [(f"{port} {n}", type_text(type_)) for n, type_ in enumerate(types, 1)]
        else:
            facts.append((tr("input {name}", name=port), type_text(types)))
    for out in outputs:
        facts.append((tr("output {name}", name=out), type_text(typing.type_of(node.id, out))))
    return facts


def cost_facts(cost: Cost) -> list[Fact]:
    """Parameters, with those that learn where some do not, multiply-adds and memory."""
    counted = exact_or_short(cost.parameters)
    parameters = (tr("parameters"), counted)
    if cost.frozen:
        parameters = (tr("trainable / all"), f"{exact_or_short(cost.trainable)} / {counted}")
    return [
        parameters,
        (tr("multiply-adds"), exact_or_short(cost.multiply_adds)),
        (tr("activation memory"), byte_count(cost.activation_bytes)),
    ]


def time_facts(shown: Shown | None, ids: Iterable[NodeId] | None = None) -> list[Fact]:
    """How long blocks took, there and back, or all of them; nothing where none was measured."""
    if shown is None:
        return []
    chosen = shown.blocks.keys() if ids is None else set(ids) & shown.blocks.keys()
    if not chosen:
        return []
    time = added_up(shown.blocks[id] for id in chosen)
    old = tr(" (before the change)") if shown.is_stale else ""
    return [
        (tr("measured forward"), milliseconds(time.forward_s) + old),
        (tr("measured backward"), milliseconds(time.backward_s) + old),
    ]


def exact_or_short(number: int) -> str:
    """A count in full below a million, `115.6 M` above."""
    return grouped(number) if number < EXACT_BELOW else short_count(number)


def sizes_note(document: Document, symbols: Iterable[str]) -> str:
    """At which sizes costs are given, such as `at N = 1, T = 16`."""
    parts = [
        f"{name} = {document.sizes[name]}" for name in sorted(symbols) if name in document.sizes
    ]
    return tr("at {sizes}", sizes=", ".join(parts)) if parts else ""


def symbols_of(typing: Typing, ids: Iterable[NodeId] | None = None) -> set[str]:
    """The symbolic sizes in the types of some blocks, or of all."""
    chosen = typing.types.keys() if ids is None else set(ids) & typing.types.keys()
    return {
        name
        for id in chosen
        for type_ in typing.types[id].values()
        for dim in type_.shape
        for name in symbols_in(dim)
    }


def total(costs: Iterable[Cost]) -> Cost:
    """The sum of costs."""
    return sum(costs, Cost())
