"""Random numbers in the shape that a drawing reads, to try it before its own data are there."""

from __future__ import annotations

from functools import partial

from graph import edits
from graph.block import Role
from graph.data import DataInfo, DataSpec
from graph.feeding import with_role
from graph.infer import Typing
from graph.model import Document, NodeId
from graph.params import Value
from graph.problems import Fix
from graph.registry import Registry
from graph.tensor import TensorType

NOISE = "noise"
ON_CLASSES = "cross_entropy"
LABEL = "Try it with random numbers"


def noise_fix(document: Document, typing: Typing, registry: Registry) -> Fix | None:
    """Gives the drawing random numbers that fit; None where they cannot.

    There is one Input of known sizes, and at most one Target, which asks for a class for each row,
    one for each place of it, or for numbers like those of the Input.
    """
    inputs = with_role(document, Role.INPUT, registry)
    targets = with_role(document, Role.TARGET, registry)
    if len(inputs) != 1 or len(targets) > 1:
        return None
    shape = _sizes(typing.type_of(inputs[0], "y"), "float32")
    if not shape:
        return None
    params: dict[str, Value] = {"shape": shape}
    if targets:
        answers = _answers(document, typing, targets[0], shape)
        if answers is None:
            return None
        params |= answers
    return Fix(LABEL, partial(edits.set_data, data=DataSpec(NOISE, params)))


def is_meant(document: Document, typing: Typing, data: DataInfo, registry: Registry) -> bool:
    """Whether the drawing reads these data: no Input expects a shape that they do not have."""
    held = {column.shape for column in data.inputs()}
    types = (typing.type_of(id, "y") for id in with_role(document, Role.INPUT, registry))
    return all(type_ is None or type_.shape[1:] in held for type_ in types)


def _answers(
    document: Document, typing: Typing, target: NodeId, shape: tuple[int, ...]
) -> dict[str, Value] | None:
    type_ = typing.type_of(target, "y")
    if _sizes(type_, "float32") == shape:
        return {"answers": "numbers"}
    wanted = _sizes(type_, "int64")
    if wanted not in ((), shape[1:]):
        return None
    found: dict[str, Value] = {} if wanted == () else {"answers": "class of every place"}
    classes = _classes(document, typing, target)
    return found | ({"classes": classes} if classes else {})


def _classes(document: Document, typing: Typing, target: NodeId) -> int:
    """How many classes the logits beside a Target are of; 0 where that is not known."""
    for edge in document.graph.consumers_of(target):
        block = typing.blocks.get(edge.target)
        if block is None or block.kind.name != ON_CLASSES:
            continue
        for other in document.graph.inputs_of(edge.target):
            logits = typing.edge_type(other)
            if other.into != edge.into and logits is not None and logits.rank > 1:
                size = logits.shape[-1 if block.values().get("classes_last") else 1]
                return size if isinstance(size, int) else 0
    return 0


def _sizes(type_: TensorType | None, dtype: str) -> tuple[int, ...] | None:
    """The sizes of one row; None where one is open, or the numbers are of another kind."""
    if type_ is None or type_.dtype != dtype:
        return None
    sizes = tuple(size for size in type_.shape[1:] if isinstance(size, int))
    return sizes if len(sizes) == type_.rank - 1 else None
