"""What of a network stands in its figure: the layers that make something new, and their joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graph.block import Block, Category, Role
from graph.infer import Typing, infer
from graph.kinds import kinds_of
from graph.model import Document, Node, NodeId
from graph.problems import UserError
from graph.registry import Registry
from graph.tensor import TensorType

Form = Literal["volume", "bar", "strip", "join", "unknown"]
MOST_PARTS = 300
LONGEST_LABEL = 28
UNKNOWN_SIZE = 16

_SHOWN = {
    Category.IO, Category.LINEAR, Category.CONVOLUTION, Category.POOLING, Category.RECURRENT,
    Category.ATTENTION, Category.SIGNAL, Category.CODE, Category.COMPOSITE,
}  # fmt: skip
_BESIDE = {Role.TARGET, Role.LOSS, Role.METRIC, Role.OPTIMIZER, Role.OUTPUT}
_SIGNS = {
    "add": "+", "concat": "||", "multiply": "×", "subtract": "−", "divide": "÷", "stack": "||",
    "maximum": "max", "minimum": "min",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A thing in the figure.

    Attributes:
        size: of a volume channels, height and width; of a strip length and depth; of a bar its
            number of features.
        colour: the key of its category's colour.
        labels: what stands below it, line by line.
        kernel: how much of what comes before, high and wide, it looks at once; empty for others.
        sources: the parts that lead into it.
    """

    id: NodeId
    form: Form
    size: tuple[int, ...]
    colour: str
    labels: tuple[str, ...]
    kernel: tuple[int, int] | None
    sources: tuple[NodeId, ...]
    sign: str = ""


def parts_of(document: Document) -> tuple[Part, ...]:
    """The parts of a document's figure, each after its sources.

    Raises:
        UserError: there is nothing to draw, or more than can be seen in a figure.
    """
    registry = kinds_of(document)
    typing = infer(document, None, registry)
    finder = _Finder(document, typing, registry)
    for id in typing.order.nodes():
        finder.visit(document.graph.nodes[id])
    parts = finder.used()
    if not parts:
        raise UserError(
            "There is nothing to draw in a figure: it shows what layers make of an Input. "
            "Add an Input and some layers."
        )
    if len(parts) > MOST_PARTS:
        raise UserError(
            f"A figure of {len(parts)} layers could not be read; at most {MOST_PARTS} are drawn. "
            "Put layers that belong together into a composite."
        )
    return parts


class _Finder:
    def __init__(self, document: Document, typing: Typing, registry: Registry) -> None:
        self._document, self._typing, self._registry = document, typing, registry
        self._parts: dict[NodeId, Part] = {}
        self._stands_for: dict[NodeId, NodeId] = {}

    def visit(self, node: Node) -> None:
        kind = self._registry.find(node.kind)
        role = kind.kind.role if kind else Role.LAYER
        if role in _BESIDE:
            return
        edges = self._document.graph.inputs_of(node.id)
        found = (self._stands_for.get(edge.source) for edge in edges)
        sources = tuple(dict.fromkeys(id for id in found if id is not None))
        if not sources and role is not Role.INPUT:
            return
        type_ = self._type_of(node)
        if self._is_passing(kind, type_, sources):
            self._stands_for[node.id] = sources[0]
            return
        is_shown = kind is None or kind.kind.category in _SHOWN
        is_join = len(sources) > 1 and not is_shown
        self._parts[node.id] = self._part(node, kind, type_, sources, is_join)
        self._stands_for[node.id] = node.id

    def used(self) -> tuple[Part, ...]:
        """All parts but Inputs that lead nowhere."""
        led = {source for part in self._parts.values() for source in part.sources}
        lone = len(self._parts) == 1
        return tuple(
            part for part in self._parts.values() if part.sources or part.id in led or lone
        )

    def _type_of(self, node: Node) -> TensorType | None:
        types = self._typing.types.get(node.id, {})
        first = next(iter(types.values()), None)
        return first.at(self._document.sizes) if first is not None else None

    def _is_passing(
        self, kind: type[Block] | None, type_: TensorType | None, sources: tuple[NodeId, ...]
    ) -> bool:
        """Whether a block only changes the numbers, or how they are arranged."""
        if len(sources) != 1 or kind is None or kind.kind.category in _SHOWN:
            return False
        before = self._parts[sources[0]]
        return type_ is None or _count(before.size) == _count(_dims(type_))

    def _part(
        self, node: Node, kind: type[Block] | None, type_: TensorType | None,
        sources: tuple[NodeId, ...], is_join: bool,
    ) -> Part:  # fmt: skip
        colour = kind.kind.category.colour if kind else "unknown"
        form, size = form_of(type_, kind.kind.name if kind else node.kind)
        shape = "×".join(map(str, _dims(type_))) if type_ is not None else "?"
        if is_join:
            sign = _SIGNS.get(node.kind, "∘")
            title = "" if node.kind in _SIGNS else _title(node, kind)
            labels = tuple(text for text in (title, shape) if text)
            return Part(node.id, "join", size, colour, labels, None, sources, sign)
        kernel, how = self._kernel(node)
        labels = tuple(text for text in (_title(node, kind), how, shape) if text)
        return Part(node.id, form, size, colour, labels, kernel, sources)

    def _kernel(self, node: Node) -> tuple[tuple[int, int] | None, str]:
        """What a layer looks at at once, and that in words."""
        block = self._typing.blocks.get(node.id)
        size = getattr(block, "kernel_size", None)
        if isinstance(size, int):
            size = (size,)
        if not (isinstance(size, tuple) and size and all(isinstance(n, int) for n in size)):
            return None, ""
        words = "×".join(map(str, size))
        stride = getattr(block, "stride", None)
        steps = stride if isinstance(stride, tuple) else (stride,)
        if any(isinstance(step, int) and step > 1 for step in steps):
            words += ", stride " + "×".join(map(str, dict.fromkeys(steps)))
        return (size[-2:] if len(size) > 1 else (size[0], 1)), words


def form_of(type_: TensorType | None, kind: str) -> tuple[Form, tuple[int, ...]]:
    """How what flows out of a block is drawn, and the sizes that matter for it."""
    if type_ is None:
        return "unknown", ()
    dims = _dims(type_)
    if len(dims) >= 3:
        return "volume", (dims[0], dims[-2], dims[-1])
    if len(dims) == 2:
        is_channels_first = kind.endswith("1d")
        return "strip", (dims[1], dims[0]) if is_channels_first else dims
    if len(dims) == 1 and type_.is_integer:
        return "strip", (dims[0], 1)
    return "bar", dims[:1] or (1,)


def _dims(type_: TensorType) -> tuple[int, ...]:
    """The sizes of all axes but the batch; an axis that is not known has a middling size."""
    shape = type_.shape[1:] if len(type_.shape) > 1 else type_.shape[:0]
    return tuple(dim if isinstance(dim, int) else UNKNOWN_SIZE for dim in shape)


def _count(dims: tuple[int, ...]) -> int:
    count = 1
    for dim in dims:
        count *= dim
    return count


def _title(node: Node, kind: type[Block] | None) -> str:
    title = node.definition or (kind.kind.title if kind else node.kind)
    if node.repeat is not None:
        title += f" ×{node.repeat.count}"
    return title if len(title) <= LONGEST_LABEL else title[: LONGEST_LABEL - 1] + "…"
