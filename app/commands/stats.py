"""`torchloom stats FILE`: blocks, parameters, multiply-adds, memory and output shapes."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from app.commands.common import FAILED, FINE, add_file, answer_json, open_file, say
from app.human import byte_count, grouped
from app.i18n import tr
from graph.block import Role
from graph.cost import at_sizes, costs
from graph.infer import Typing
from graph.model import Document, NodeId
from graph.tensor import TensorType

HELP = "count parameters, multiply-adds and memory at the drawing's default sizes"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints the numbers; fails where the drawing has errors, so that they are not all."""
    started = time.perf_counter()
    opened = open_file(arguments.file)
    total = costs(opened.document, opened.typing).total
    shapes = output_shapes(opened.document, opened.typing)
    seconds = time.perf_counter() - started
    for problem in opened.errors:
        say(problem.text)
    if arguments.json:
        answer_json(
            {
                "blocks": len(opened.document.graph.nodes),
                "parameters": total.parameters,
                "multiply_adds": total.multiply_adds,
                "activation_bytes": total.activation_bytes,
                "output_shapes": shapes,
                "seconds": round(seconds, 6),
            }
        )
        return FAILED if opened.errors else FINE
    rows = [
        (tr("blocks"), grouped(len(opened.document.graph.nodes))),
        (tr("parameters"), grouped(total.parameters)),
        (tr("multiply-adds"), grouped(total.multiply_adds)),
        (tr("activation memory"), byte_count(total.activation_bytes)),
        *((tr("output {name}", name=name), "×".join(map(str, s))) for name, s in shapes.items()),
    ]
    width = max(len(title) for title, _ in rows)
    for title, value in rows:
        print(f"{title:<{width}}  {value}")
    return FAILED if opened.errors else FINE


def output_shapes(document: Document, typing: Typing) -> dict[str, list[int]]:
    """The shape of each output at the document's sizes; of the last layers where none is drawn."""
    types = dict(_outputs(document, typing)) or dict(_last_layers(document, typing))
    return {
        name: [at_sizes(dim, document.sizes) for dim in type_.shape]
        for name, type_ in types.items()
    }


def _outputs(document: Document, typing: Typing) -> Iterator[tuple[str, TensorType]]:
    """What arrives at each Output, by its name."""
    for id in _with_role(typing, Role.OUTPUT):
        for edge in document.graph.inputs_of(id):
            type_ = typing.edge_type(edge)
            if type_ is not None:
                yield document.graph.nodes[id].name, type_


def _last_layers(document: Document, typing: Typing) -> Iterator[tuple[str, TensorType]]:
    """What leaves each layer that feeds nothing but losses and metrics, by its name."""
    goals = (Role.LOSS, Role.METRIC)
    for id in _with_role(typing, Role.LAYER):
        consumers = document.graph.consumers_of(id)
        if all(_role(typing, edge.target) in goals for edge in consumers):
            name, types = document.graph.nodes[id].name, typing.types[id]
            for port, type_ in types.items():
                yield (f"{name}.{port}" if len(types) > 1 else name), type_


def _with_role(typing: Typing, role: Role) -> list[NodeId]:
    return [id for id in typing.graph.nodes if id in typing.types and _role(typing, id) is role]


def _role(typing: Typing, id: NodeId) -> Role | None:
    block = typing.blocks.get(id)
    return block.kind.role if block else None
