"""`torchloom stats FILE`: blocks, parameters, multiply-adds, memory and output shapes."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import asdict

from app.commands.common import FAILED, FINE, add_file, answer_json, open_file, say
from app.human import byte_count, grouped
from app.i18n import tr
from graph.block import Role
from graph.budget import GIB, OPTIMIZERS, Budget, Plan, Precision, budget
from graph.cost import at_sizes, costs
from graph.infer import Typing
from graph.model import Document, NodeId
from graph.needs import needs_of
from graph.tensor import TensorType

MOST_DEVICES = 1_000_000
HELP = "count parameters, multiply-adds and memory at the drawing's default sizes"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)
    parser.add_argument(
        "--precision", choices=[each.value for each in Precision], default=Precision.FLOAT32.value,
        help=tr("the numbers that a network is trained in (default: float32)"),
    )  # fmt: skip
    parser.add_argument(
        "--optimizer", choices=list(OPTIMIZERS), default="",
        help=tr("what trains it (default: as in the drawing)"),
    )  # fmt: skip
    parser.add_argument(
        "--device", choices=["gpu", "cpu"], default="gpu",
        help=tr("what it is trained on; a GPU keeps less (default: gpu)"),
    )  # fmt: skip
    parser.add_argument(
        "--memory", type=_memory, default=80.0, metavar="GIB",
        help=tr("memory of a device in GiB (default: 80)"),
    )  # fmt: skip
    parser.add_argument(
        "--devices", type=_devices, default=1, metavar="K",
        help=tr("over how many devices weights and states are divided (default: 1)"),
    )  # fmt: skip


def _memory(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 1e9:
        raise argparse.ArgumentTypeError(
            tr("{given} is no memory in GiB; give a number above 0, such as 24", given=text)
        )
    return number


def _devices(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DEVICES:
        raise argparse.ArgumentTypeError(
            tr("{given} is no number of devices; give a whole number from 1 on", given=text)
        )
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Prints the numbers; fails where the drawing has errors, so that they are not all."""
    started = time.perf_counter()
    opened = open_file(arguments.file, arguments.trust)
    counted = costs(opened.document, opened.typing)
    total = counted.total
    needs = needs_of(opened.document, opened.typing, counted)
    needed = budget(needs, opened.document.sizes, _plan(arguments))
    shapes = output_shapes(opened.document, opened.typing)
    seconds = time.perf_counter() - started
    for problem in opened.errors:
        say(problem.text)
    if arguments.json:
        answer_json(
            {
                "blocks": len(opened.document.graph.nodes),
                "parameters": total.parameters,
                "trainable": total.trainable,
                "multiply_adds": total.multiply_adds,
                "activation_bytes": total.activation_bytes,
                "budget": _facts(needed),
                "output_shapes": shapes,
                "seconds": round(seconds, 6),
            }
        )
        return FAILED if opened.errors else FINE
    rows = [
        (tr("blocks"), grouped(len(opened.document.graph.nodes))),
        (tr("parameters"), grouped(total.parameters)),
        *([(tr("of these trainable"), grouped(total.trainable))] if total.frozen else []),
        (tr("multiply-adds"), grouped(total.multiply_adds)),
        (tr("activation memory"), byte_count(total.activation_bytes)),
        (tr("memory to train"), byte_count(needed.training)),
        (tr("memory to use"), byte_count(needed.inference)),
        (tr("largest batch"), _rows(needed.largest_batch)),
        *((tr("output {name}", name=name), "×".join(map(str, s))) for name, s in shapes.items()),
    ]
    width = max(len(title) for title, _ in rows)
    for title, value in rows:
        print(f"{title:<{width}}  {value}")
    return FAILED if opened.errors else FINE


def _plan(arguments: argparse.Namespace) -> Plan:
    return Plan(
        Precision(arguments.precision),
        arguments.optimizer,
        int(arguments.memory * GIB),
        arguments.devices,
        on_gpu=arguments.device == "gpu",
    )


def _facts(needed: Budget) -> dict[str, object]:
    """A budget for programs; all memory in bytes on each device."""
    return {
        **asdict(needed),
        "training": needed.training,
        "inference": needed.inference,
        "fits": needed.fits,
    }


def _rows(rows: int | None) -> str:
    if rows is None:
        return tr("any")
    return grouped(rows) if rows else tr("not even 1")


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
        consumers = typing.graph.consumers_of(id)
        if all(_role(typing, edge.target) in goals for edge in consumers):
            name, types = document.graph.nodes[id].name, typing.types[id]
            for port, type_ in types.items():
                yield (f"{name}.{port}" if len(types) > 1 else name), type_


def _with_role(typing: Typing, role: Role) -> list[NodeId]:
    return [id for id in typing.graph.nodes if id in typing.types and _role(typing, id) is role]


def _role(typing: Typing, id: NodeId) -> Role | None:
    block = typing.blocks.get(id)
    return block.kind.role if block else None
