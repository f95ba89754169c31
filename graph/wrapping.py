"""Any block as one module with one call, so that it can stand in a loop."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.block import Block, Call, Emit, Snippet, Use
from graph.composite import INPUT, OUTPUT, Composite, Given, composite
from graph.edits import put_edges
from graph.model import Definition, Edge, Graph, Node, NodeId, Wires
from graph.params import Expr
from graph.problems import Refusal
from graph.registry import Registry, default_registry

ITEM = "@"  # no port has it
INNER = NodeId("n0")  # no block of a drawing has it
_CALL = re.compile(r"\(?\{\w+\}(, (\{\w+\}|_))*\)? = \{(\w+)\}\((\{\w+\}(, )?)+\)")


@dataclass(frozen=True)
class OneModule:
    """A block as one module: what it is called in the block, and the statement with `{@}`."""

    name: str
    module: Call | Use
    forward: str
    snippets: tuple[Snippet, ...] = ()


def one_module(block: Block, inputs: Given) -> OneModule:
    """The module of a block, and its statement.

    A block that is more than one call of one module is wrapped in a definition of its own.

    Raises:
        Refusal: the block takes any number of inputs, or none of its own.
    """
    if any(port.many for port in block.inputs):
        raise Refusal("takes any number of inputs, so it cannot be repeated; group it first")
    emit: Emit = type(block).emit(block, *inputs)
    found = _CALL.fullmatch(emit.forward.strip())
    if found and list(emit.modules) == [found[3]] and not emit.loop:
        (name, module), *_ = emit.modules.items()
        if not isinstance(module, (Call, Use)):
            raise Refusal("is repeated already; group it to repeat it again")
        forward = emit.forward.strip().replace(f"{{{name}}}", f"{{{ITEM}}}")
        return OneModule(name, module, forward, emit.snippets)
    if isinstance(block, Composite):
        raise Refusal("gives nothing, so it cannot be repeated")
    wired = tuple(
        port.name for port, type_ in zip(block.inputs, inputs, strict=True) if type_ is not None
    )
    wrapped = _wrapper(type(block), wired, block.output_ports())(**block.values())
    given = tuple(type_ for type_ in inputs if type_ is not None)
    left = ", ".join(f"{{{name}}}" for name in block.output_ports())
    forward = f"{left} = {{{ITEM}}}({', '.join(f'{{{name}}}' for name in wired)})"
    return OneModule("block", Use(wrapped, given), forward)


_wrappers: dict[tuple[type[Block], tuple[str, ...], tuple[str, ...]], type[Composite]] = {}


def _wrapper(
    found: type[Block], wired: tuple[str, ...], outputs: tuple[str, ...]
) -> type[Composite]:
    """A definition that holds just one block, with the same ports and parameters."""
    key = (found, wired, outputs)
    if key not in _wrappers:
        _wrappers[key] = _wrapped(*key)
    return _wrappers[key]


def _wrapped(
    found: type[Block], wired: tuple[str, ...], outputs: tuple[str, ...]
) -> type[Composite]:
    base = default_registry()
    passed = {name: Expr(name) for name in found.params}
    nodes = {INNER: Node(INNER, found.kind.name, found.kind.stem, passed)}
    into: dict[NodeId, tuple[Edge, ...]] = {}
    edges = []
    for port in wired:
        id = NodeId(f"n0_{port}")
        nodes[id] = Node(id, INPUT, port)
        edges.append(Edge(id, "y", INNER, port))
    put_edges(into, INNER, edges)
    for port in outputs:
        id = NodeId(f"n0_to_{port}")
        nodes[id] = Node(id, OUTPUT, port)
        put_edges(into, id, [Edge(INNER, port, id, "x")])
    name = "".join(word.capitalize() for word in found.kind.name.split("_"))
    definition = Definition(name, Graph(nodes, Wires(into)), found.params, found.__doc__ or "")
    kinds = {found.kind.name: found, **{k: base.kinds[k] for k in (INPUT, OUTPUT)}}
    return composite(definition, {}, Registry(kinds), "")
