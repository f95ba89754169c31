"""Axes that come and go: Squeeze, Unsqueeze, Unflatten, Expand."""

from __future__ import annotations

from math import prod

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._axes import real_axis, replaced
from graph.blocks._common import method_of
from graph.params import Ints, param
from graph.problems import Refusal, SetParam
from graph.tensor import Dim, T, TensorType, show_shape


@block(
    "squeeze",
    title="Squeeze",
    category=Category.TENSOR,
    glyph="Sq",
    keywords=("drop axis", "remove", "singleton", "reshape"),
)
class Squeeze(Block):
    """Drops an axis of size 1.

    Use it where a layer leaves an axis that the next does not want.

    Shape: `(…, 1, …) -> (…, …)`.
    """

    is_view = True
    stricter = {"needs a size of 1": "Torch leaves such an axis as it is, which no one expects."}

    axis: int = param(default=1, help="The axis to drop; 0 is the batch, -1 the last.")

    examples = (
        Example({}, x=T("N", 1, 28, 28)),
        Example({"axis": -1}, x=T("N", "T", 1)),
        Example({"axis": 0}, x=T(1, dtype="int64")),
        Example({}, x=T("N", 3, 8), fails="needs a size of 1"),
        Example({"axis": 2}, x=T("N", 1), fails="works on axis 2"),
        Example({"axis": 0}, x=T(), fails="receives a scalar"),
    )

    def infer(self, x: TensorType) -> TensorType:
        axis = real_axis(x, self.axis, "drop")
        if x.shape[axis] != 1:
            ones = [number for number, dim in enumerate(x.shape) if dim == 1]
            raise Refusal(
                f"needs a size of 1 on axis {self.axis}, but receives {show_shape(x.shape)}",
                port="x",
                short=f"{x.shape[axis]} ≠ 1",
                hints=tuple(SetParam("axis", number) for number in ones[:1]),
            )
        return x.with_shape(*replaced(x.shape, axis))

    def emit(self, x: TensorType) -> Emit:
        real_axis(x, self.axis, "drop")
        return method_of("squeeze", self.axis)

    def summary(self) -> str:
        return f"axis {self.axis}"


@block(
    "unsqueeze",
    title="Unsqueeze",
    category=Category.TENSOR,
    glyph="Uq",
    keywords=("add axis", "new axis", "none", "reshape"),
)
class Unsqueeze(Block):
    """Adds an axis of size 1.

    Use it to make rows fit an operation that wants one axis more, or to repeat along the new one.

    Shape: `(…, …) -> (…, 1, …)`.
    """

    is_view = True

    axis: int = param(
        default=1, help="Where the new axis stands in the result; 0 is first, -1 last."
    )

    examples = (
        Example({}, x=T("N", 28, 28)),
        Example({"axis": -1}, x=T("N", "T")),
        Example({"axis": 0}, x=T(dtype="bool")),
        Example({"axis": 2}, x=T("N"), fails="puts an axis at 2"),
        Example({"axis": -3}, x=T("N"), fails="puts an axis at -3"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if not -x.rank - 1 <= self.axis <= x.rank:
            raise Refusal(
                f"puts an axis at {self.axis}, but receives {show_shape(x.shape)}, in which "
                f"a new one can be 0 to {x.rank}",
                port="x",
                short=f"no axis {self.axis}",
                hints=(SetParam("axis", x.rank if self.axis > 0 else -x.rank - 1),),
            )
        axis = self.axis % (x.rank + 1)
        return x.with_shape(*x.shape[:axis], 1, *x.shape[axis:])

    def emit(self, x: TensorType) -> Emit:
        return method_of("unsqueeze", self.axis)

    def summary(self) -> str:
        return f"axis {self.axis}"


@block(
    "unflatten",
    title="Unflatten",
    category=Category.TENSOR,
    glyph="Ul",
    keywords=("split axis", "heads", "reshape", "view"),
)
class Unflatten(Block):
    """Splits one axis into several.

    Use it to split features into heads or groups, or to undo a Flatten.

    Shape: `(…, a·b, …) -> (…, a, b, …)`.
    """

    is_view = True

    axis: int = param(default=-1, help="The axis to split; 0 is the batch, -1 the last.")
    sizes: Ints = param(
        default=(8, -1), ge=-1, help="Sizes it becomes; one may be -1, which takes what is left."
    )

    examples = (
        Example({}, x=T("N", "T", 64)),
        Example({"axis": 1, "sizes": (3, 4, 5)}, x=T("N", 60, "T", dtype="int64")),
        Example({"axis": 0, "sizes": (-1, 1)}, x=T("N")),
        Example({"sizes": (8, 9)}, x=T("N", 64), fails="72 places"),
        Example({"sizes": (5, -1)}, x=T("N", 64), fails="a multiple of 5 places"),
        Example({"sizes": (-1, -1)}, x=T("N", 64), fails="only one size may be -1"),
        Example({"sizes": (0, 64)}, x=T("N", 64), fails="above 0"),
        Example({"sizes": ()}, x=T("N", 64), fails="needs sizes"),
        Example({"axis": 3}, x=T("N", 64), fails="works on axis 3"),
        Example({}, x=T(), fails="receives a scalar"),
    )

    def infer(self, x: TensorType) -> TensorType:
        axis = real_axis(x, self.axis, "split")
        sizes = self.filled(x.shape[axis])
        return x.with_shape(*replaced(x.shape, axis, *sizes))

    def filled(self, total: Dim) -> tuple[Dim, ...]:
        """The sizes with -1 replaced by what is left of the axis."""
        if not self.sizes:
            raise Refusal("needs sizes to split into", hints=(SetParam("sizes", (-1,)),))
        if 0 in self.sizes:
            raise Refusal("needs sizes above 0, or -1", hints=(SetParam("sizes", (-1,)),))
        if self.sizes.count(-1) > 1:
            only = (*(1 for _ in self.sizes[1:]), -1)
            raise Refusal("is to split in a way that is not clear: only one size may be -1",
                          hints=(SetParam("sizes", only),))  # fmt: skip
        fixed = prod(size for size in self.sizes if size != -1)
        rest = total // fixed
        if rest * fixed == total and (-1 in self.sizes or rest == 1):
            return tuple(rest if size == -1 else size for size in self.sizes)
        wanted = f"a multiple of {fixed} places" if -1 in self.sizes else f"{fixed} places"
        raise Refusal(
            f"needs {wanted} on axis {self.axis} to split it, but receives {total}",
            port="x",
            short=f"{total} % {fixed}" if -1 in self.sizes else f"{total} ≠ {fixed}",
            hints=(SetParam("sizes", (1, -1)),),
        )

    def emit(self, x: TensorType) -> Emit:
        return method_of("unflatten", self.axis, self.sizes)

    def summary(self) -> str:
        return "×".join(map(str, self.sizes))


@block(
    "expand",
    title="Expand",
    category=Category.TENSOR,
    glyph="Ex",
    keywords=("broadcast", "repeat", "broadcast_to"),
)
class Expand(Block):
    """Repeats axes of size 1 without copying anything.

    Use it where an operation does not repeat sizes of 1 by itself, such as Concat.

    Shape: `(…, 1, …) -> (…, size, …)`; axes may be added in front.
    """

    is_view = True

    sizes: Ints = param(
        default=(-1, -1), ge=-1, help="The size of every axis; -1 leaves an axis as it is."
    )

    examples = (
        Example({"sizes": (-1, 5, -1)}, x=T("N", 1, "T")),
        Example({"sizes": (4, -1, 3)}, x=T("N", 1, dtype="int64")),
        Example({}, x=T("N", 8)),
        Example({"sizes": (-1, 3)}, x=T("N", 2), fails="a size of 1"),
        Example({"sizes": (3,)}, x=T("N", 2), fails="at least 2 sizes"),
        Example({"sizes": (-1, -1, 2)}, x=T("N", 2), fails="new axis"),
        Example({"sizes": (0, -1)}, x=T(1, 2), fails="leaves nothing"),
        Example({"sizes": ()}, x=T(), fails="no sizes"),
    )

    def infer(self, x: TensorType) -> TensorType:
        added = len(self.sizes) - x.rank
        if not self.sizes:
            raise Refusal(
                "has no sizes to expand to", hints=(SetParam("sizes", (-1,) * x.rank or (1,)),)
            )
        if added < 0:
            raise Refusal(
                f"needs at least {x.rank} sizes for {show_shape(x.shape)}, but has "
                f"{len(self.sizes)}",
                port="x",
                short=f"rank {x.rank} > {len(self.sizes)}",
                hints=(SetParam("sizes", (-1,) * x.rank),),
            )
        if 0 in self.sizes:
            raise Refusal(
                "expands an axis to 0 places, which leaves nothing",
                hints=(SetParam("sizes", (-1,) * x.rank),),
            )
        if -1 in self.sizes[:added]:
            raise Refusal(
                f"needs a size above 0 for every new axis in front of {show_shape(x.shape)}",
                port="x",
                hints=(SetParam("sizes", (1,) * added + (-1,) * x.rank),),
            )
        given = (*(1 for _ in range(added)), *x.shape)
        made = [self.size(dim, size) for dim, size in zip(given, self.sizes, strict=True)]
        return x.with_shape(*made)

    def size(self, dim: Dim, size: int) -> Dim:
        if size in (-1, dim):
            return dim
        if dim == 1:
            return size
        kept = tuple(-1 if wanted == size else wanted for wanted in self.sizes)
        raise Refusal(
            f"needs a size of 1 where it expands to {size}, but receives {dim}",
            port="x",
            short=f"{dim} ≠ 1",
            hints=(SetParam("sizes", kept),) if kept.count(-1) == len(kept) else (),
        )

    def emit(self, x: TensorType) -> Emit:
        return method_of("expand", *self.sizes)

    def summary(self) -> str:
        return ", ".join("·" if size == -1 else str(size) for size in self.sizes)
