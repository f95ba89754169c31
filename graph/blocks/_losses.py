"""What losses share: one number for a batch, and comparing number by number."""

from __future__ import annotations

from typing import ClassVar

from graph.block import Argument, Block, Emit, Example
from graph.blocks import _comparing as comparing
from graph.blocks._common import need_floats
from graph.problems import Refusal, SetUpstream
from graph.tensor import T, TensorType, show_shape


class Elementwise(Block):
    """A loss or a metric that compares number by number."""

    outputs = ("loss",)
    port_help = comparing.PORT_HELP
    stricter = comparing.STRICTER
    function: ClassVar[str]

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        need_floats(prediction, "prediction")
        comparing.need_equal_shapes(prediction, target)
        comparing.need_equal_dtypes(prediction, target)
        return TensorType((), prediction.dtype)

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        options = self.options()
        words = ["{prediction}", "{target}", *(f"{name}={{{name}}}" for name in options)]
        return Emit(f"{{loss}} = {self.function}({', '.join(words)})", values=options)

    def options(self) -> dict[str, Argument]:
        return {}


ELEMENTWISE = (
    Example({}, prediction=T("N", 1), target=T("N", 1)),
    Example({}, prediction=T("N", "T", 3), target=T("N", "T", 3)),
    Example({}, prediction=T("N", dtype="float64"), target=T("N", dtype="float64")),
    Example({}, prediction=T("N", 1), target=T("N"), fails="every number of the prediction"),
    Example({}, prediction=T("N"), target=T("N", dtype="int64"), fails="targets of float32"),
    Example({}, prediction=T("N", dtype="int64"), target=T("N"), fails="needs floating-point"),
)

STRICTER_PAIRS = {
    "as many numbers as": "Torch repeats axes of size 1, which compares each with many.",
    "all in one dtype": "Torch converts one of them, which nobody draws so.",
}


def need_pair(x: TensorType, other: TensorType, port: str) -> None:
    """Refuses what differs in shape or dtype from what it is compared with.

    Raises:
        Refusal: as above.
    """
    if x.shape != other.shape:
        sizes = [str(dim) for dim in other.shape[1:]]
        is_typed = x.shape[:1] == other.shape[:1] and all(size.isalnum() for size in sizes)
        raise Refusal(
            f"needs as many numbers as it is compared with, {show_shape(other.shape)}, but "
            f"receives {show_shape(x.shape)}",
            port=port,
            short=f"{show_shape(x.shape)} ≠ {show_shape(other.shape)}",
            hints=(SetUpstream(port, "shape", ", ".join(sizes)),) if is_typed and x.shape else (),
        )
    if x.dtype != other.dtype:
        raise Refusal(
            f"needs all in one dtype, {other.dtype}, but receives {x.dtype}",
            port=port,
            short=f"{x.dtype} ≠ {other.dtype}",
            hints=(SetUpstream(port, "dtype", other.dtype),),
        )


def need_rows(x: TensorType, port: str) -> None:
    """Refuses what is no batch of rows of floats (N, E).

    Raises:
        Refusal: as above.
    """
    need_floats(x, port)
    if x.rank != 2:
        raise Refusal(
            f"needs a row of numbers for each sample (N, E), but receives {show_shape(x.shape)}",
            port=port,
            short=f"rank {x.rank} ≠ 2",
        )
