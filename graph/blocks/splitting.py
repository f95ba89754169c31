"""One tensor as several: chunks, parts of given sizes, the places of an axis one by one."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import axis_in
from graph.params import Ints, param
from graph.problems import Refusal, SetParam
from graph.tensor import Dim, T, TensorType, show_shape

MOST = 32


def _ports(count: int) -> tuple[str, ...]:
    return tuple(f"y{number}" for number in range(1, count + 1))


def _assigned(ports: tuple[str, ...], expression: str) -> str:
    """The statement that gives each port its part."""
    targets = ", ".join(f"{{{port}}}" for port in ports)
    return f"({targets},) = {expression}" if len(ports) == 1 else f"{targets} = {expression}"


def _need_axes(x: TensorType) -> None:
    if not x.shape:
        raise Refusal("needs an axis to split, but receives a scalar", port="x")


@block(
    "chunk",
    title="Chunk",
    category=Category.TENSOR,
    glyph="Ck",
    keywords=("split", "parts", "heads", "gates", "query key value"),
)
class Chunk(Block):
    """Splits an axis into parts of equal size.

    Use it to take query, key and value from one projection, or the two halves of a gate.

    Shape: `(…, size, …) -> parts times (…, size / parts, …)`.
    """

    is_view = True
    outputs = ("y1", "y2")

    parts: int = param(default=2, ge=1, le=MOST, help="How many parts there are.")
    axis: int = param(default=-1, help="The axis that is split; 0 is the batch, -1 the last.")

    examples = (
        Example({}, x=T("N", 8)),
        Example({"parts": 3, "axis": 1}, x=T("N", 12, "T", dtype="int64")),
        Example({"parts": 1}, x=T("N", 5)),
        Example({"parts": 3}, x=T("N", 8), fails="no multiple of 3"),
        Example({}, x=T("N", "T"), fails="an open size"),
        Example({"axis": 2}, x=T("N", 8), fails="works on axis 2"),
        Example({}, x=T(), fails="needs an axis"),
    )
    stricter = {
        "no multiple of": "torch makes the last part smaller, or gives fewer parts than ports",
        "an open size": "whether it divides is not known before it runs",
    }

    def output_ports(self) -> tuple[str, ...]:
        return _ports(self.parts)

    def infer(self, x: TensorType) -> tuple[TensorType, ...]:
        _need_axes(x)
        axis = axis_in(x, self.axis)
        size = x.shape[axis]
        if not isinstance(size, int):
            if self.parts > 1:
                raise Refusal(f"cannot split an open size of {size} into equal parts", port="x")
        elif size % self.parts:
            fits = next(n for n in range(min(self.parts, size), 0, -1) if size % n == 0)
            raise Refusal(
                f"splits axis {axis} into {self.parts} equal parts, but receives "
                f"{show_shape(x.shape)}, where {size} is no multiple of {self.parts}",
                port="x",
                short=f"{size} % {self.parts}",
                hints=(SetParam("parts", fits),),
            )
        part = size // self.parts
        return (x.with_shape(*x.shape[:axis], part, *x.shape[axis + 1 :]),) * self.parts

    def emit(self, x: TensorType) -> Emit:
        values = {"parts": self.parts, "axis": self.axis}
        return Emit(_assigned(self.output_ports(), "{x}.chunk({parts}, dim={axis})"), values=values)

    def summary(self) -> str:
        return f"{self.parts} parts  axis {self.axis}"


@block(
    "split",
    title="Split",
    category=Category.TENSOR,
    glyph="Sx",
    keywords=("parts", "sizes", "sections", "divide"),
)
class Split(Block):
    """Splits an axis into parts of the sizes that are given.

    Use it to take apart what Concat joined, or a projection whose parts differ in size.

    Shape: `(…, sum of sizes, …) -> (…, sizes[0], …), (…, sizes[1], …), …`.
    """

    is_view = True
    outputs = ("y1", "y2")

    sizes: Ints = param(default=(32, 32), ge=1, help="The size of each part, in order.")
    axis: int = param(default=-1, help="The axis that is split; 0 is the batch, -1 the last.")

    examples = (
        Example({}, x=T("N", 64)),
        Example({"sizes": (1, 2, 5), "axis": 1}, x=T("N", 8, "T", dtype="bool")),
        Example({"sizes": (4,)}, x=T("N", 4)),
        Example({"sizes": (4, 3)}, x=T("N", 8), fails="add up to 7"),
        Example({"sizes": (4, 4)}, x=T("N", "T"), fails="add up to 8"),
        Example({"sizes": ()}, x=T("N", 8), fails="at least one size"),
        Example({"axis": 2}, x=T("N", 8), fails="works on axis 2"),
        Example({}, x=T(), fails="needs an axis"),
    )
    stricter = {"add up to": "an open size may be the sum, but that is not known before it runs"}

    def output_ports(self) -> tuple[str, ...]:
        return _ports(min(len(self.sizes), MOST))

    def infer(self, x: TensorType) -> tuple[TensorType, ...]:
        _need_axes(x)
        if not 1 <= len(self.sizes) <= MOST:
            raise Refusal(
                f"needs at least one size and at most {MOST}, but has {len(self.sizes)}",
                hints=(SetParam("sizes", (1,)),) if not self.sizes else (),
            )
        axis = axis_in(x, self.axis)
        size, total = x.shape[axis], sum(self.sizes)
        if size != total:
            raise Refusal(
                f"splits axis {axis} into sizes that add up to {total}, but receives "
                f"{show_shape(x.shape)}, which has {size} there",
                port="x",
                short=f"{size} ≠ {total}",
                hints=self._fitting(size),
            )
        return tuple(x.with_shape(*x.shape[:axis], n, *x.shape[axis + 1 :]) for n in self.sizes)

    def _fitting(self, size: Dim) -> tuple[SetParam, ...]:
        """The sizes with the last one made to fit, where that leaves something."""
        rest = size - sum(self.sizes[:-1])
        if not isinstance(rest, int) or rest < 1:
            return ()
        return (SetParam("sizes", (*self.sizes[:-1], rest)),)

    def emit(self, x: TensorType) -> Emit:
        names = {f"size{number}": size for number, size in enumerate(self.sizes)}
        sizes = ", ".join(f"{{{name}}}" for name in names)
        text = f"{{x}}.split([{sizes}], dim={{axis}})"
        return Emit(_assigned(self.output_ports(), text), values={**names, "axis": self.axis})

    def summary(self) -> str:
        return f"{', '.join(map(str, self.sizes))}  axis {self.axis}"


@block(
    "unbind",
    title="Unbind",
    category=Category.TENSOR,
    glyph="Ub",
    keywords=("unstack", "separate", "axis", "places"),
)
class Unbind(Block):
    """Takes an axis apart: one output for each of its places, without that axis.

    Use it for an axis of few places that mean different things, such as query, key and value.

    Shape: `(…, count, …) -> count times (…)`.
    """

    is_view = True
    outputs = ("y1", "y2")

    count: int = param(default=2, ge=1, le=MOST, help="How many places the axis has.")
    axis: int = param(default=1, help="The axis that is taken apart; 0 is the batch, -1 the last.")

    examples = (
        Example({}, x=T("N", 2, 5)),
        Example({"count": 3, "axis": -1}, x=T("N", "T", 3, dtype="int64")),
        Example({"count": 1}, x=T("N", 1)),
        Example({}, x=T("N", 3), fails="has 3 places"),
        Example({}, x=T("N", "T"), fails="has T places"),
        Example({"axis": 2}, x=T("N", 2), fails="works on axis 2"),
        Example({}, x=T(), fails="needs an axis"),
    )
    stricter = {"places": "an open size may be the count, but that is not known before it runs"}

    def output_ports(self) -> tuple[str, ...]:
        return _ports(self.count)

    def infer(self, x: TensorType) -> tuple[TensorType, ...]:
        _need_axes(x)
        axis = axis_in(x, self.axis)
        size = x.shape[axis]
        if size != self.count:
            fits = isinstance(size, int) and 1 <= size <= MOST
            raise Refusal(
                f"takes {self.count} places apart, but axis {axis} of {show_shape(x.shape)} has "
                f"{size} places",
                port="x",
                short=f"{size} ≠ {self.count}",
                hints=(SetParam("count", size),) if isinstance(size, int) and fits else (),
            )
        return (x.with_shape(*x.shape[:axis], *x.shape[axis + 1 :]),) * self.count

    def emit(self, x: TensorType) -> Emit:
        text = _assigned(self.output_ports(), "{x}.unbind({axis})")
        return Emit(text, values={"axis": self.axis})

    def summary(self) -> str:
        return f"{self.count} places  axis {self.axis}"
