"""Pure edits: each takes a document and answers another. What cannot be done raises UserError."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from graph import leading, mentions, names
from graph.block import Block, Port
from graph.census import exchange
from graph.composites.uses import refuse_circle
from graph.data import DataSpec
from graph.expressions import INDEX
from graph.kinds import kinds_of
from graph.model import DEFINED, Document, Edge, Node, NodeId
from graph.order import would_cycle
from graph.params import Expr, Value
from graph.problems import UserError
from graph.recipe import Recipe
from graph.registry import Registry, default_registry

Edit = Callable[[Document], Document]
NO_PARAMS: Mapping[str, Value] = {}
FARTHEST = 1e7


def next_node_id(document: Document) -> NodeId:
    """The id that the next added node will get."""
    return NodeId(f"n{document.next_id}")


def kind_title(kind: str, registry: Registry | None = None) -> str:
    """The title of a block kind; an unknown kind is shown as it is written."""
    found = (registry or default_registry()).find(kind)
    return found.kind.title if found else kind.removeprefix(DEFINED)


def label(document: Document, id: NodeId) -> str:
    """How texts name a block: its title and its name, such as `Conv 2D “conv1”`."""
    node = document.graph.nodes[id]
    return f"{kind_title(node.kind, kinds_of(document))} “{node.name}”"


def add(
    document: Document,
    kind: str,
    at: tuple[float, float] = (0.0, 0.0),
    *,
    name: str = "",
    params: Mapping[str, Value] = NO_PARAMS,
) -> Document:
    """The document with one more block, whose id is `next_node_id(document)`."""
    if not kind:
        raise UserError(f"A block's kind is a word such as conv2d, but it is {kind!r}.")
    refuse_circle(document, kind)
    taken = {node.name for node in document.graph.nodes.values()}
    found = kinds_of(document).find(kind)
    stem = found.kind.stem if found else kind.removeprefix(DEFINED)
    node = Node(
        next_node_id(document),
        kind,
        names.unique(name or names.usable(stem), taken),
        dict(params),
        *place(at),
    )
    nodes = {**document.graph.nodes, node.id: node}
    return replace(document.with_graph(nodes), next_id=document.next_id + 1)


def place(at: tuple[float, float]) -> tuple[float, float]:
    """A place on the canvas: finite, within reach, and as exact as files keep it."""
    if not all(math.isfinite(v) for v in at):
        return (0.0, 0.0)
    x, y = (round(min(max(float(v), -FARTHEST), FARTHEST), 2) for v in at)
    return (x, y)


def remove(document: Document, ids: Iterable[NodeId], *, heal: bool = False) -> Document:
    """The document without these blocks and their edges.

    With `heal`, an edge that led into a removed block's first input goes on to what the block fed.
    Blocks that used the weights of a removed one get weights of their own.
    """
    gone = set(ids) & document.graph.nodes.keys()
    if not gone:
        return document
    nodes = {
        id: replace(node, shares=None) if node.shares in gone else node
        for id, node in document.graph.nodes.items()
        if id not in gone
    }
    into = {id: edges for id, edges in document.graph.wires.into.items() if id not in gone}
    touched = {edge.target for id in gone for edge in document.graph.consumers_of(id)} - gone
    for target in touched:
        healed = [_bridge(document, edge, gone) if heal else edge for edge in into[target]]
        put_edges(into, target, [edge for edge in healed if edge and edge.source not in gone])
    return document.with_graph(nodes, document.graph.wires.changed(into, touched | gone))


def _bridge(document: Document, edge: Edge, gone: set[NodeId]) -> Edge | None:
    """The edge, begun at what fed the removed blocks before it; None where nothing did."""
    passed = set()
    while edge.source in gone:
        first = _first_input(document, edge.source)
        if first is None or edge.source in passed:
            return None
        passed.add(edge.source)
        edge = replace(edge, source=first.source, out=first.out)
    return edge


def _first_input(document: Document, id: NodeId) -> Edge | None:
    """The edge into the first of a node's inputs that has one."""
    for port in ports_of(document, id)[0]:
        for edge in document.graph.edges_into(id, port.name):
            return edge
    return None


def put_edges(into: dict[NodeId, tuple[Edge, ...]], id: NodeId, edges: list[Edge]) -> None:
    """Stores a node's edges in canonical order, with dense slots."""
    if not edges:
        into.pop(id, None)
        return
    if len(edges) == 1 and not edges[0].slot:
        into[id] = (edges[0],)
        return
    edges.sort(key=lambda edge: (edge.into, edge.slot))
    dense: list[Edge] = []
    for edge in edges:
        same = dense[-1].slot + 1 if dense and dense[-1].into == edge.into else 0
        dense.append(edge if edge.slot == same else replace(edge, slot=same))
    into[id] = tuple(dense)


def ports_of(
    document: Document, id: NodeId, registry: Registry | None = None
) -> tuple[list[Port], list[str]]:
    """A node's input and output ports; those of an unknown kind are the ones its edges name."""
    found = kinds_of(document, registry).of(document.graph.nodes[id])
    if found:
        return list(found.inputs), list(_outputs_of(document, id, found))
    ins = {edge.into: edge.slot for edge in document.graph.inputs_of(id)}
    outs = {edge.out: None for edge in document.graph.consumers_of(id)}
    return [Port(name, many=slot > 0) for name, slot in ins.items()], list(outs)


def _outputs_of(document: Document, id: NodeId, block: type[Block]) -> tuple[str, ...]:
    """The output ports of a node; with parameters that are refused, those of the defaults."""
    if block.output_ports is Block.output_ports:
        return block.outputs
    try:
        built: Block = block.build(document.graph.nodes[id].params, document.variables)
    except UserError:
        built = block()
    return built.output_ports()


def why_not_connect(
    document: Document,
    source: NodeId,
    out: str,
    target: NodeId,
    into: str,
    registry: Registry | None = None,
) -> str:
    """Why these ports cannot be wired, as a sentence; empty where they can."""
    nodes = document.graph.nodes
    if source not in nodes or target not in nodes:
        return "One of the two blocks is no longer there."
    if source == target:
        return f"{label(document, source)} cannot feed itself."
    if out not in ports_of(document, source, registry)[1]:
        return f"{label(document, source)} has no output called {out}."
    if into not in [port.name for port in ports_of(document, target, registry)[0]]:
        return f"{label(document, target)} has no input called {into}."
    if would_cycle(document.graph, source, target):
        return (
            f"{label(document, target)} already feeds {label(document, source)}; "
            "a wire back would close a circle."
        )
    return ""


def connect(
    document: Document,
    source: NodeId,
    out: str,
    target: NodeId,
    into: str,
    *,
    slot: int | None = None,
    registry: Registry | None = None,
) -> Document:
    """The document with a wire between two ports; a wire already in a single port makes way.

    On a many port the wire is added behind the others, or takes the place of the one at `slot`.
    """
    reason = why_not_connect(document, source, out, target, into, registry)
    if reason:
        raise UserError(reason)
    port = next(p for p in ports_of(document, target, registry)[0] if p.name == into)
    there = document.graph.edges_into(target, into)
    if not port.many:
        slot = 0
    elif slot is None or slot > len(there):
        slot = len(there)
    return with_edge(document, Edge(source, out, target, into, slot))


def with_edge(document: Document, edge: Edge) -> Document:
    """The document with an edge, in place of the one at its slot; nothing is checked."""
    into = dict(document.graph.wires.into)
    place = (edge.into, edge.slot)
    kept = [e for e in into.get(edge.target, ()) if (e.into, e.slot) != place]
    put_edges(into, edge.target, [*kept, edge])
    return document.with_graph(wires=document.graph.wires.changed(into, [edge.target]))


def disconnect(document: Document, edges: Iterable[Edge]) -> Document:
    """The document without these edges."""
    gone = set(edges)
    into = dict(document.graph.wires.into)
    touched = {edge.target for edge in gone}
    for id in touched:
        put_edges(into, id, [edge for edge in into.get(id, ()) if edge not in gone])
    return document.with_graph(wires=document.graph.wires.changed(into, touched))


def set_param(
    document: Document,
    ids: Iterable[NodeId],
    name: str,
    value: Value,
    registry: Registry | None = None,
) -> Document:
    """The document with a parameter set on these blocks; the default is stored as nothing.

    Blocks that use the same weights follow.

    Raises:
        UserError: the value is refused, or a block has no such parameter.
    """
    nodes = {}
    for id in sharing(document, ids):
        node = document.graph.nodes[id]
        block = kinds_of(document, registry).of(node)
        if block is None or name not in block.params:
            raise UserError(f"{label(document, id)} has no parameter called {name}.")
        nodes[id] = replace(node, params=_with_param(node, block, name, value))
    return document.with_graph(exchange(document.graph.nodes, nodes))


def set_params(document: Document, id: NodeId, values: Mapping[str, Value]) -> Document:
    """The document with several parameters of a block set.

    Raises:
        UserError: a value is refused, or the block has no such parameter.
    """
    for name, value in values.items():
        document = set_param(document, [id], name, value)
    return document


def sharing(document: Document, ids: Iterable[NodeId]) -> list[NodeId]:
    """These blocks and all that use the same weights."""
    nodes = document.graph.nodes
    wanted = list(dict.fromkeys(ids))
    if not document.graph.census.is_sharing:
        return wanted
    owners = {nodes[id].shares or id for id in wanted if id in nodes}
    others = [id for id, node in nodes.items() if node.shares in owners or id in owners]
    return list(dict.fromkeys([*wanted, *others]))


def _with_param(node: Node, block: type[Block], name: str, value: Value) -> Mapping[str, Value]:
    declared = block.params[name]
    if isinstance(value, Expr):
        if not declared.accepts(value):
            raise declared.wrong(value.text, "written out, not calculated")
    else:
        value = declared.check(value)
    params = {key: old for key, old in node.params.items() if key != name}
    if value != declared.default or type(value) is not type(declared.default):
        params[name] = value
    return params


def rename(document: Document, id: NodeId, name: str) -> Document:
    """The document with a block renamed.

    Raises:
        UserError: the name cannot stand in code, or another block has it.
    """
    name = names.check_name(name)
    for other in document.graph.nodes.values():
        if other.name == name and other.id != id:
            raise UserError(f"Another block is already called “{name}”; names differ.")
    node = replace(document.graph.nodes[id], name=name)
    nodes = {**document.graph.nodes, id: node}
    old = document.graph.nodes[id].name
    return document.with_graph(mentions.renamed(nodes, {old: name}, kinds_of(document)))


def move(document: Document, places: Mapping[NodeId, tuple[float, float]]) -> Document:
    """The document with blocks at new places (top-left corners, canvas px).

    The points of a wire go along where both its ends go equally far.
    """
    nodes = dict(document.graph.nodes)
    for id, at in places.items():
        x, y = place(at)
        nodes[id] = replace(nodes[id], x=x, y=y)
    return leading.taken_along(document.with_graph(nodes), document.graph.nodes, places)


def set_variable(document: Document, name: str, value: float | None) -> Document:
    """The document with a variable set, or without it where the value is None."""
    if not name.isidentifier() or not name.isascii():
        raise UserError(f"“{name}” cannot name a variable: use letters, digits and _.")
    if document.scope is not None:
        raise UserError("Inside a composite, blocks calculate with its parameters alone.")
    if name == INDEX and value is not None and name not in document.variables:
        raise UserError(f"{INDEX} counts the times of a repeat; a variable needs another name.")
    variables = {key: old for key, old in document.variables.items() if key != name}
    if value is not None:
        if not math.isfinite(value):
            raise UserError(f"The variable {name} must be a finite number, but is {value}.")
        variables[name] = value
    return replace(document, variables=variables)


def set_size(document: Document, name: str, size: int) -> Document:
    """The document with another number standing for a symbolic size where costs are shown."""
    if size < 1:
        raise UserError(f"The size {name} must be at least 1, but is {size}.")
    return replace(document, sizes={**document.sizes, name: size})


def set_data(document: Document, data: DataSpec) -> Document:
    """The document with another data source."""
    return replace(document, data=data)


def set_recipe(document: Document, name: str, value: Value) -> Document:
    """The document with one value of its training recipe changed.

    Raises:
        UserError: the recipe has no such value, or it is out of bounds.
    """
    if name not in Recipe.params:
        raise UserError(f"A recipe has no value called {name}.")
    declared = Recipe.params[name]
    if not isinstance(value, Expr):
        value = declared.check(value)
    recipe = {key: old for key, old in document.recipe.items() if key != name}
    if value != declared.default:
        recipe[name] = value
    return replace(document, recipe=recipe)


def rename_document(document: Document, name: str) -> Document:
    """The document under another name."""
    name = name.strip()
    if not name:
        raise UserError("A drawing needs a name; this one is empty.")
    return replace(document, name=name)
