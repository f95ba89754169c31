"""A drawing for the rows of its data: where it says T, the data says how many there are."""

from __future__ import annotations

from graph import edits
from graph.data import DataInfo
from graph.infer import Typing
from graph.lower import lower_feeds
from graph.model import Document


def sized(document: Document, typing: Typing, data: DataInfo) -> Document:
    """The drawing with the sizes of the columns in its Inputs and Targets.

    The same drawing where they leave no size open.
    """
    for id, feed in lower_feeds(document, typing, data).items():
        column = data.column(feed.column)
        if column is None or all(isinstance(dim, int) for dim in feed.type.shape[1:]):
            continue
        shape = ", ".join(map(str, column.shape))
        document = edits.set_param(document, [id], "shape", shape)
    return document
