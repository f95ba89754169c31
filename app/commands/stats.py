"""`torchloom stats FILE`: blocks, parameters, multiply-adds, memory and output shapes."""

from __future__ import annotations

import argparse
import time

from app.commands.common import FAILED, FINE, add_file, answer_json, open_file, say
from app.human import byte_count, grouped
from app.i18n import tr
from graph.block import Role
from graph.cost import at_sizes, costs
from graph.infer import Typing
from graph.model import Document, NodeId

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
    outputs = _with_role(typing, Role.OUTPUT)
    if not outputs:
        goals = (Role.LOSS, Role.METRIC)
        outputs = [
            id
            for id in _with_role(typing, Role.LAYER)
            if all(_role(typing, edge.target) in goals for edge in document.graph.consumers_of(id))
        ]
    shapes = {}
    for id in outputs:
        for port, type_ in typing.types[id].items():
            name = document.graph.nodes[id].name
            name = f"{name}.{port}" if len(typing.types[id]) > 1 else name
            shapes[name] = [at_sizes(dim, document.sizes) for dim in type_.shape]
    return shapes


def _with_role(typing: Typing, role: Role) -> list[NodeId]:
    return [id for id in typing.types if _role(typing, id) is role]


def _role(typing: Typing, id: NodeId) -> Role | None:
    block = typing.blocks.get(id)
    return block.kind.role if block else None
