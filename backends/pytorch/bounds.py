"""Looks for class and table indices that are out of range, before a step fails on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from backends.pytorch.prepare import BlockError, Prepared
from graph.edits import label
from graph.lower import Feed
from graph.model import NodeId
from graph.tensor import TensorType

# Block, what feeds it, how many indices, what they count, and one that is ignored.
Limit = tuple[NodeId, Feed, int, str, int | None]
CLASSES = ("cross_entropy", "nll", "focal", "hinge", "dice", "perplexity")
# Tables by the parameter that says how long they are, and what that counts.
TABLES = {"embedding": ("vocabulary", "entries"), "one_hot": ("classes", "classes")}
INDEXED = dict.fromkeys(TABLES, "x") | dict.fromkeys(CLASSES, "target")
LARGEST = 1 << 27  # numbers; looking at more takes too long


def check_indices(prepared: Prepared, columns: Mapping[str, np.ndarray], where: str) -> None:
    """Refuses columns with an index that a loss of classes or an Embedding would fail on.

    On an accelerator such a failure names neither block nor value, and leaves it unusable.

    Raises:
        BlockError: there is one; the text names block, value and range.
    """
    for node, feed, indices, what, ignored in _limits(prepared):
        column = columns.get(feed.column)
        if column is None or column.dtype.kind not in "iu" or not 0 < column.size <= LARGEST:
            continue
        if getattr(column, "is_streamed", False):
            continue  # what reads its rows looks at each of them
        wrong = (column < 0) | (column >= indices)
        if ignored is not None:
            wrong &= column != ignored
        if wrong.any():
            at = np.unravel_index(int(wrong.argmax()), wrong.shape)
            block = label(prepared.document, node)
            raise BlockError(
                f"{block} has {indices} {what}, 0 to {indices - 1}, but “{feed.column}” holds "
                f"{int(column[at])} in row {int(at[0])} of the {where} rows, counted from 0 "
                f"({int(wrong.sum())} such values). Make the block or the layer before it larger, "
                "or correct the data.",
                node,
            )


def _limits(prepared: Prepared) -> Iterator[Limit]:
    """Blocks that take an index straight from the data."""
    program, typing = prepared.program, prepared.typing
    feeds = {(feed.node, "y"): feed for feed in (*program.inputs, *program.targets)}
    for step in (*program.body, *program.objective):
        block = typing.blocks[step.node]
        port = INDEXED.get(block.kind.name, "")
        feed = feeds.get(step.inputs[port][0]) if port in step.inputs else None
        if feed is None:
            continue
        values = block.values()
        if block.kind.name in TABLES:
            length, counted = TABLES[block.kind.name]
            yield step.node, feed, int(str(values[length])), counted, None
            continue
        logits = typing.input_types(step.node)["prediction"]
        if isinstance(logits, TensorType) and logits.rank > feed.type.rank:
            classes = logits.shape[-1 if values.get("classes_last") else 1]
            given = values.get("ignore_index")
            ignored = None if given is None else int(str(given))
            if isinstance(classes, int):
                yield step.node, feed, classes, "classes", ignored
