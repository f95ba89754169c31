"""Activations that turn small numbers to 0 or replace what lies below: Hardshrink, Threshold, …"""

from __future__ import annotations

from typing import Any

from graph.block import Argument, Block, Call, Category, Emit, Example, block
from graph.blocks._common import call_of, changed, need_floats
from graph.blocks._elementwise import SIMPLE, Elementwise
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.saved import Saved
from graph.tensor import T, TensorType


def _lambd() -> Any:  # Any: as `param`, whose answers these are
    return param(default=0.5, title="Lambda", ge=0, help="How far from 0 a number counts as small.")


class _Shrink(Elementwise):
    """A function that turns small numbers to 0."""

    lambd: float = _lambd()

    def options(self) -> dict[str, Argument]:
        return changed(lambd=(self.lambd, 0.5))


@block(
    "hardshrink",
    title="Hardshrink",
    category=Category.ACTIVATION,
    glyph="Hk",
    keywords=("sparse", "dead zone", "threshold"),
)
class Hardshrink(_Shrink):
    """Turns small numbers to 0 and keeps the others as they are.

    Use it to make codes sparse.

    Shape: `(…) -> (…)`.
    """

    function = "F.hardshrink"
    examples = (*SIMPLE, Example({"lambd": 0.1}, x=T("N", 4)))


@block(
    "softshrink",
    title="Softshrink",
    category=Category.ACTIVATION,
    glyph="Sk",
    keywords=("sparse", "soft threshold", "dead zone", "ista"),
)
class Softshrink(_Shrink):
    """Moves every number towards 0 by a fixed amount, and small ones to 0.

    Use it in sparse coding, where it is the step that a penalty on sizes asks for.

    Shape: `(…) -> (…)`.
    """

    function = "F.softshrink"
    examples = (*SIMPLE, Example({"lambd": 0.1}, x=T("N", 4)))


@block(
    "tanhshrink",
    title="Tanhshrink",
    category=Category.ACTIVATION,
    glyph="Tn",
    keywords=("sparse", "hyperbolic tangent"),
)
class Tanhshrink(Elementwise):
    """Takes the tanh of each number away from it, which leaves little of small ones.

    Use it like Softshrink, without a kink.

    Shape: `(…) -> (…)`.
    """

    function = "F.tanhshrink"
    examples = SIMPLE

    def saved(self, x: TensorType) -> Saved:
        return Saved.of((), x)


@block(
    "threshold",
    title="Threshold",
    category=Category.ACTIVATION,
    glyph="Tv",
    keywords=("cutoff", "rectifier", "replace"),
)
class Threshold(Elementwise):
    """Keeps what is above a threshold and replaces the rest by one number.

    Use it for a ReLU whose corner lies elsewhere.

    Shape: `(…) -> (…)`.
    """

    function = "F.threshold"

    threshold: float = param(default=0.0, help="What a number must exceed to be kept.")
    value: float = param(default=0.0, help="What stands for the rest.")

    examples = (*SIMPLE, Example({"threshold": 1.0, "value": -1.0}, x=T("N", 4)))

    def emit(self, x: TensorType) -> Emit:
        return call_of(self.function, self.threshold, self.value)


@block(
    "rrelu",
    title="RReLU",
    category=Category.ACTIVATION,
    glyph="Rr",
    keywords=("randomized", "leaky", "rectifier", "random slope"),
)
class Rrelu(Block):
    """Keeps what is positive and scales what is negative by a factor drawn anew each time.

    Use it like Leaky ReLU against learning by heart; once trained, it takes the middle factor.

    Shape: `(…) -> (…)`.

    Source: Empirical Evaluation of Rectified Activations in Convolutional Network (2015),
    section 2.4.
    """

    lower: float = param(default=1 / 8, ge=0, le=1, help="The smallest factor.")
    upper: float = param(default=1 / 3, ge=0, le=1, help="The largest factor.")

    examples = (
        *SIMPLE,
        Example({"lower": 0.05, "upper": 0.2}, x=T("N", 4)),
        Example({"lower": 0.5, "upper": 0.5}, x=T("N", 4)),
        Example({"lower": 0.5}, x=T("N", 4), fails="draws factors from"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        if self.lower > self.upper:
            raise Refusal(
                f"draws factors from {self.lower:g} up to {self.upper:g}, which is less",
                short=f"{self.lower:g} > {self.upper:g}",
                hints=(SetParam("upper", self.lower), SetParam("lower", self.upper)),
            )
        return x

    def emit(self, x: TensorType) -> Emit:
        options = changed(lower=(self.lower, 1 / 8), upper=(self.upper, 1 / 3))
        return Emit("{y} = {act}({x})", {"act": Call("nn.RReLU", **options)})

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), x)

    def summary(self) -> str:
        return f"{self.lower:.2g} to {self.upper:.2g}"
