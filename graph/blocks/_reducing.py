"""Many numbers along some axes that become one."""

from __future__ import annotations

from graph.block import Argument, Block, Emit
from graph.blocks._common import axes_in, changed, method_of
from graph.params import Ints, param
from graph.tensor import TensorType


class OverAxes(Block):
    """One number for all along some axes."""

    axes: Ints = param(
        default=(1,), help="Axes that become one number; 0 is the batch, -1 the last, none is all."
    )
    keep_axes: bool = param(default=False, help="Keep the axes, with a size of 1.")

    def reduced(self, x: TensorType) -> TensorType:
        axes = axes_in(x, self.axes) or tuple(range(x.rank))
        if self.keep_axes and self.axes:
            return x.with_shape(*(1 if at in axes else dim for at, dim in enumerate(x.shape)))
        if self.keep_axes:
            return x.with_shape(*(1 for _ in x.shape))
        return x.with_shape(*(dim for at, dim in enumerate(x.shape) if at not in axes))

    def made(self, method: str) -> Emit:
        axes: tuple[Argument, ...] = ()
        if self.axes or self.keep_axes:
            axes = (self.axes[0] if len(self.axes) == 1 else self.axes,)
        return method_of(method, *axes, **changed(keepdim=(self.keep_axes, False)))

    def summary(self) -> str:
        shown = ", ".join(map(str, self.axes))
        return f"axes {shown}" if len(self.axes) > 1 else f"axis {shown}" if shown else "all axes"
