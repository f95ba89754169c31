"""Functions of every number by itself, and the examples they share."""

from __future__ import annotations

from typing import ClassVar

from graph.block import Argument, Block, Emit, Example
from graph.blocks._common import call_of, need_floats
from graph.tensor import T, TensorType


class Elementwise(Block):
    """A function of every number by itself."""

    function: ClassVar[str]

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        return call_of(self.function, **self.options())

    def options(self) -> dict[str, Argument]:
        return {}


SIMPLE = (
    Example({}, x=T("N", 8)),
    Example({}, x=T("N", 3, "H", "W", dtype="float64")),
    Example({}, x=T()),
    Example({}, x=T("N", 3, dtype="bool"), fails="needs floating-point"),
)
