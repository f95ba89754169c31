"""Metrics that want classes where a step of the data mixes them into probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from graph import edits, surgery
from graph.block import Role
from graph.data import Column, DataInfo
from graph.edits import next_node_id
from graph.fixes import problem_at
from graph.model import Document, Edge, NodeId
from graph.problems import Fix, Problem
from graph.program import Feed
from graph.typed import Typing

CODE = "mixed-classes"
MIXING = ("mixup", "cutmix")
READER = "argmax"


def problems_of_mixing(
    document: Document, typing: Typing, data: DataInfo, feeds: Mapping[NodeId, Feed]
) -> Iterator[Problem]:
    """Metrics at Targets whose classes have become a probability for each.

    They would take those for yes or no, or refuse them.

    Args:
        data: what the model receives, behind the steps.
    """
    if not any(step.on and step.kind in MIXING for step in document.data.steps):
        return
    for target, feed in feeds.items():
        column = data.column(feed.column)
        if column is None or not _is_mixed(column):
            continue
        edges = [
            edge
            for edge in document.graph.consumers_of(target)
            if (block := typing.blocks.get(edge.target)) and block.kind.role is Role.METRIC
        ]
        fix = Fix("Insert Argmax", partial(_read_classes, edges=tuple(edges)))
        for edge in edges:
            text = (
                f"wants classes, but a step of the data turns “{column.name}” into a probability "
                "for each class, so that rows can be mixed. An Argmax between the Target and it "
                "reads the likeliest"
            )
            yield problem_at(
                document, edge.target, CODE, text, port=edge.into, short="mixed", fixes=(fix,)
            )


def without_echoes(problems: list[Problem]) -> list[Problem]:
    """The problems without those that types have at the same ports for the same reason."""
    mixed = {problem.nodes for problem in problems if problem.code == CODE}
    return [each for each in problems if each.code == CODE or each.nodes not in mixed]


def _is_mixed(column: Column) -> bool:
    is_shares = column.shape == (len(column.classes),) and column.dtype == "float32"
    return bool(column.classes) and column.role == "target" and is_shares


def _read_classes(document: Document, edges: tuple[Edge, ...]) -> Document:
    """The document with one Argmax from which all these edges start."""
    first, *others = edges
    reader = next_node_id(document)
    document = surgery.insert(document, first, READER, params={"axis": -1})
    out = document.graph.consumers_of(reader)[0].out
    for edge in others:
        document = edits.with_edge(document, replace(edge, source=reader, out=out))
    return document
