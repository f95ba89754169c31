"""Functions of every number by itself: Exp, Log, Sqrt, Sin and the like."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import need_floats
from graph.blocks._elementwise import SIMPLE, Elementwise
from graph.blocks._numbers import STRICTER, need_numbers
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.tensor import T, TensorType


@block(
    "exp",
    title="Exp",
    category=Category.MATH,
    glyph="ex",
    keywords=("exponential", "e", "log-variance"),
    stem="exponential",
)
class Exp(Elementwise):
    """Raises e to each number, which makes it positive.

    Use it to turn logarithms, such as log-variances, back.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "torch.exp"
    examples = SIMPLE


@block(
    "log",
    title="Log",
    category=Category.MATH,
    glyph="lg",
    keywords=("logarithm", "ln", "natural", "log1p"),
    stem="logarithm",
)
class Log(Elementwise):
    """Takes the natural logarithm of each number; those below 0 have none and give nan.

    Use it for likelihoods and for numbers that span many orders of size.

    Shape: `(…) -> (…)`.
    """

    of_one_more: bool = param(
        default=False, help="Take it of 1 more than each number, so that 0 stays 0."
    )

    examples = (*SIMPLE, Example({"of_one_more": True}, x=T("N", "T", 4)))

    def emit(self, x: TensorType) -> Emit:
        return Emit(f"{{y}} = torch.log{'1p' if self.of_one_more else ''}({{x}})")

    def summary(self) -> str:
        return "1 + x" if self.of_one_more else ""


@block(
    "sqrt",
    title="Sqrt",
    category=Category.MATH,
    glyph="√",
    keywords=("square root",),
    stem="root",
)
class Sqrt(Elementwise):
    """Takes the square root of each number; its slope at 0 is infinite.

    Use it to turn variances into spreads, and squares into lengths.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "torch.sqrt"
    examples = SIMPLE


@block(
    "rsqrt",
    title="Rsqrt",
    category=Category.MATH,
    glyph="/√",
    keywords=("reciprocal square root", "inverse", "normalise"),
    stem="inverse_root",
)
class Rsqrt(Elementwise):
    """Divides 1 by the square root of each number.

    Use it to divide by spreads or lengths in a normalisation that you draw yourself.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "torch.rsqrt"
    examples = SIMPLE


@block(
    "reciprocal",
    title="Reciprocal",
    category=Category.MATH,
    glyph="1x",
    keywords=("inverse", "one over"),
)
class Reciprocal(Elementwise):
    """Divides 1 by each number.

    Use it to divide many things by one: multiply them with what it gives.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "torch.reciprocal"
    examples = SIMPLE


@block(
    "sin",
    title="Sin",
    category=Category.MATH,
    glyph="sn",
    keywords=("sine", "wave", "periodic", "siren", "fourier"),
    stem="sine",
)
class Sin(Elementwise):
    """Takes the sine of each number.

    Use it for periodic features and for networks that learn waves.

    Shape: `(…) -> (…)`.
    """

    function = "torch.sin"
    examples = SIMPLE


@block(
    "cos",
    title="Cos",
    category=Category.MATH,
    glyph="cs",
    keywords=("cosine", "wave", "periodic", "fourier"),
    stem="cosine",
)
class Cos(Elementwise):
    """Takes the cosine of each number.

    Use it beside Sin for periodic features.

    Shape: `(…) -> (…)`.
    """

    function = "torch.cos"
    examples = SIMPLE


class _OfNumbers(Block):
    """A function of every real number by itself, whole ones too."""

    stricter = STRICTER
    examples = (
        Example({}, x=T("N", 8)),
        Example({}, x=T("N", "T", 3, dtype="int64")),
        Example({}, x=T(dtype="uint8")),
        Example({}, x=T("N", 3, dtype="bool"), fails="needs real numbers"),
        Example({}, x=T("N", 3, dtype="complex64"), fails="needs real numbers"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_numbers(x)
        return x


@block(
    "absolute",
    title="Absolute",
    category=Category.MATH,
    glyph="|x",
    keywords=("abs", "magnitude", "size"),
)
class Absolute(_OfNumbers):
    """Takes the minus from negative numbers.

    Use it for sizes of errors and of changes.

    Shape: `(…) -> (…)`.
    """

    def emit(self, x: TensorType) -> Emit:
        return Emit("{y} = {x}.abs()")


@block(
    "negate",
    title="Negate",
    category=Category.MATH,
    glyph="-x",
    keywords=("minus", "neg", "opposite", "sign"),
    stem="negated",
)
class Negate(_OfNumbers):
    """Turns the sign of each number round.

    Use it to minimise what should grow, or to make distances scores.

    Shape: `(…) -> (…)`.
    """

    saves = ()

    def emit(self, x: TensorType) -> Emit:
        return Emit("{y} = -{x}")


@block(
    "square",
    title="Square",
    category=Category.MATH,
    glyph="x²",
    keywords=("power", "squared"),
    stem="squared",
)
class Square(_OfNumbers):
    """Multiplies each number by itself.

    Use it for energies, and for errors in which large ones count more.

    Shape: `(…) -> (…)`.
    """

    def emit(self, x: TensorType) -> Emit:
        return Emit("{y} = {x}.square()")


_ROUNDINGS = {"nearest": "round", "down": "floor", "up": "ceil", "towards 0": "trunc"}


@block(
    "round",
    title="Round",
    category=Category.MATH,
    glyph="≈",
    keywords=("floor", "ceil", "trunc", "integer", "quantise"),
    stem="rounded",
)
class Round(Elementwise):
    """Rounds each number to a whole one, which stays a float; halves go to the even one.

    Use it to quantise; no gradient passes, unless straight through.

    Shape: `(…) -> (…)`.

    Source: for straight through, Estimating or Propagating Gradients Through Stochastic Neurons
    for Conditional Computation (2013).
    """

    saves = ()

    towards: str = param(
        default="nearest", choices=tuple(_ROUNDINGS), help="Which whole number is taken."
    )
    straight_through: bool = param(
        default=False, help="Let gradients pass as if nothing were rounded."
    )

    examples = (
        *SIMPLE,
        Example({"towards": "down"}, x=T("N", 4)),
        Example({"towards": "towards 0", "straight_through": True}, x=T("N", "T", 4)),
    )

    def emit(self, x: TensorType) -> Emit:
        function = f"torch.{_ROUNDINGS[self.towards]}({{x}})"
        if self.straight_through:
            return Emit(f"{{y}} = {{x}} + ({function} - {{x}}).detach()")
        return Emit(f"{{y}} = {function}")

    def summary(self) -> str:
        return self.towards


@block(
    "clamp",
    title="Clamp",
    category=Category.MATH,
    glyph="[]",
    keywords=("clip", "limit", "minimum", "maximum", "bound"),
    stem="clamped",
)
class Clamp(Block):
    """Raises what is too small to a lower bound, and lowers what is too large to an upper one.

    Use it to keep numbers where a function is safe, such as away from 0 before a Log.

    Shape: `(…) -> (…)`.
    """

    bounds: str = param(
        default="both", choices=("both", "lower", "upper"), help="Which bounds there are."
    )
    lower: float = param(
        default=0.0, help="The smallest number that passes.",
        show_if=lambda block: block.bounds != "upper",
    )  # fmt: skip
    upper: float = param(
        default=1.0, help="The largest number that passes.",
        show_if=lambda block: block.bounds != "lower",
    )  # fmt: skip

    examples = (
        *SIMPLE,
        Example({"lower": -1.0}, x=T("N", 4)),
        Example({"bounds": "lower", "lower": 1e-6}, x=T("N", "T")),
        Example({"bounds": "upper", "lower": 9.0}, x=T("N", "T")),
        Example({"lower": 2.0}, x=T("N", 4), fails="above the upper"),
    )
    stricter = {"above the upper": "Torch would give the upper bound for every number."}

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        if self.bounds == "both" and self.lower > self.upper:
            raise Refusal(
                f"has a lower bound of {self.lower:g}, above the upper one of {self.upper:g}",
                hints=(SetParam("lower", self.upper),),
            )
        return x

    def emit(self, x: TensorType) -> Emit:
        if self.bounds == "both":
            values = {"lower": self.lower, "upper": self.upper}
            return Emit("{y} = {x}.clamp({lower}, {upper})", values=values)
        side, bound = ("min", self.lower) if self.bounds == "lower" else ("max", self.upper)
        return Emit(f"{{y}} = {{x}}.clamp({side}={{bound}})", values={"bound": bound})

    def summary(self) -> str:
        lower = "" if self.bounds == "upper" else f"{self.lower:g}"
        upper = "" if self.bounds == "lower" else f"{self.upper:g}"
        return f"{lower} … {upper}".strip()
