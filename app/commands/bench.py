"""`torchloom bench FILE`: how long each block takes, forward and backward, on this computer."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from app.commands.common import FINE, WRONG_USAGE, add_file, answer_json, open_runnable, say
from app.commands.train import with_overrides
from app.human import grouped, milliseconds
from app.i18n import tr
from backends import loader
from backends.times import NodePath, Time, Times
from graph.edits import kind_title
from graph.kinds import kinds_of
from graph.model import Document, Node
from graph.problems import UserError
from graph.recipe import Recipe

HELP = "measure how long each block takes on a batch of its data"
INDENT = "  "


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)
    parser.add_argument("--device", choices=Recipe.params["device"].choices)
    parser.add_argument("--threads", type=int, metavar="N", help=tr("processor threads; 0 chooses"))
    parser.add_argument("--batch-size", type=int, metavar="N", help=tr("rows in a pass"))


def run(arguments: argparse.Namespace) -> int:
    """Measures, and prints the blocks as they stand inside each other, the slowest first."""
    opened = open_runnable(arguments.file, arguments.trust)
    try:
        document = with_overrides(opened.document, arguments, ("device", "threads", "batch_size"))
    except UserError as error:
        say(f"torchloom: {error}")
        if arguments.json:
            answer_json({"error": str(error)})
        return WRONG_USAGE
    times: Times = loader.call("backends.pytorch.measuring", "measure", document)
    if arguments.json:
        answer_json(_answer(document, times))
    else:
        _tell(document, times)
    return FINE


def _answer(document: Document, times: Times) -> dict[str, object]:
    return {
        "device": times.device,
        "threads": times.threads,
        "rows": times.rows,
        "passes": times.passes,
        "whole": _ms(times.plain),
        "whole_with_clocks": _ms(times.whole),
        "sum_of_blocks": _ms(times.top()),
        "blocks": [
            {
                "path": list(path),
                "name": name,
                "kind": node.kind,
                "share": round(_share(time, times), 6),
                **_ms(time),
            }
            for path, name, node, time in _by_time(document, times, ())
        ],
    }


def _tell(document: Document, times: Times) -> None:
    kinds = kinds_of(document)
    rows = [
        (
            INDENT * (len(path) - 1) + node.name,
            tr(kind_title(node.kind, kinds)),
            milliseconds(time.forward_s),
            milliseconds(time.backward_s),
            f"{100 * _share(time, times):.1f} %",
        )
        for path, _, node, time in _by_time(document, times, ())
    ]
    whole = times.plain
    heads = (tr("block"), tr("kind"), tr("forward"), tr("backward"), tr("share"))
    last = (
        tr("a whole pass"),
        "",
        milliseconds(whole.forward_s),
        milliseconds(whole.backward_s),
        "",
    )
    table = [heads, *rows, last]
    widths = [max(len(row[place]) for row in table) for place in range(len(heads))]
    for row in table:
        texts = [text.ljust(width) for text, width in zip(row[:2], widths[:2], strict=True)]
        numbers = [text.rjust(width) for text, width in zip(row[2:], widths[2:], strict=True)]
        print("  ".join(texts + numbers).rstrip())
    print(tr("{rows} rows at a time on {device}, {passes} passes", rows=grouped(times.rows),
             device=times.device, passes=times.passes))  # fmt: skip


def _by_time(
    document: Document, times: Times, inside: NodePath
) -> Iterator[tuple[NodePath, str, Node, Time]]:
    """The blocks inside an instance with what is in them, the slowest first."""
    nodes = document.graph.nodes
    name = ""
    for id in inside:
        node = nodes[id]
        name = f"{name}{node.name}/"
        nodes = document.definitions[node.definition].graph.nodes
    found = times.inside(inside)
    for id in sorted(found, key=lambda id: -found[id].total_s):
        yield (*inside, id), name + nodes[id].name, nodes[id], found[id]
        yield from _by_time(document, times, (*inside, id)) if nodes[id].definition else ()


def _share(time: Time, times: Times) -> float:
    total = times.top().total_s
    return time.total_s / total if total else 0.0


def _ms(time: Time) -> dict[str, float]:
    return {
        "forward_ms": round(1000 * time.forward_s, 6),
        "backward_ms": round(1000 * time.backward_s, 6),
    }
