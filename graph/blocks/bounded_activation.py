"""Activations that end somewhere or let a part decide: ReLU6, Hardtanh, GLU and their kin."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, block
from graph.blocks._common import axis_in, call_of, changed, need_floats
from graph.blocks._elementwise import SIMPLE, Elementwise
from graph.params import param
from graph.problems import Hint, Refusal, SetParam, SetUpstream
from graph.tensor import T, TensorType


@block(
    "relu6",
    title="ReLU6",
    category=Category.ACTIVATION,
    glyph="R6",
    keywords=("rectifier", "mobile", "clip"),
)
class Relu6(Elementwise):
    """Keeps what lies between 0 and 6, and turns the rest to the nearer end.

    Use it in networks that shall later run on small whole numbers.

    Shape: `(…) -> (…)`.
    """

    function = "F.relu6"
    examples = SIMPLE


@block(
    "hardtanh",
    title="Hardtanh",
    category=Category.ACTIVATION,
    glyph="Ht",
    keywords=("clip", "clamp", "limit"),
)
class Hardtanh(Elementwise):
    """Keeps what lies between two ends, and turns the rest to the nearer end.

    Use it to limit outputs, and where tanh costs too much.

    Shape: `(…) -> (…)`.
    """

    function = "F.hardtanh"
    stricter = {"the lower end below the upper": "Between equal ends torch gives one number only."}

    low: float = param(default=-1.0, help="The lower end.")
    high: float = param(default=1.0, help="The upper end, above the lower.")

    examples = (
        *SIMPLE,
        Example({"low": 0.0, "high": 5.0}, x=T("N", 4)),
        Example({"low": 2.0}, x=T("N", 4), fails="the lower end below the upper"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if self.low >= self.high:
            raise Refusal(
                f"needs the lower end below the upper, but has {self.low:g} and {self.high:g}",
                hints=(SetParam("low", self.high - 1), SetParam("high", self.low + 1)),
            )
        return super().infer(x)

    def options(self) -> dict[str, Argument]:
        return changed(min_val=(self.low, -1.0), max_val=(self.high, 1.0))

    def summary(self) -> str:
        return f"{self.low:g} to {self.high:g}"


@block(
    "hardsigmoid",
    title="Hardsigmoid",
    category=Category.ACTIVATION,
    glyph="Hg",
    keywords=("mobile", "gate", "logistic"),
)
class Hardsigmoid(Elementwise):
    """A sigmoid made of straight pieces.

    Use it for gates on phones and small machines.

    Shape: `(…) -> (…)`.

    Source: Searching for MobileNetV3 (2019), section 5.2.
    """

    function = "F.hardsigmoid"
    examples = SIMPLE


@block(
    "log_sigmoid",
    title="Log-sigmoid",
    category=Category.ACTIVATION,
    glyph="Lg",
    keywords=("log probability", "logistic", "binary"),
)
class LogSigmoid(Elementwise):
    """The logarithm of the sigmoid, more precise than taking it afterwards.

    Use it for log-probabilities of yes-or-no answers.

    Shape: `(…) -> (…)`.
    """

    function = "F.logsigmoid"
    examples = SIMPLE


@block(
    "softsign",
    title="Softsign",
    category=Category.ACTIVATION,
    glyph="Ss",
    keywords=("tanh", "squash"),
)
class Softsign(Elementwise):
    """Squeezes each number between -1 and 1, more slowly than tanh.

    Use it like Tanh, where large numbers shall still make a difference.

    Shape: `(…) -> (…)`.
    """

    function = "F.softsign"
    examples = SIMPLE


@block(
    "celu",
    title="CELU",
    category=Category.ACTIVATION,
    glyph="Cl",
    keywords=("exponential linear", "smooth"),
)
class Celu(Elementwise):
    """An ELU without a kink, whatever its alpha.

    Use it like ELU.

    Shape: `(…) -> (…)`.

    Source: Continuously Differentiable Exponential Linear Units (2017).
    """

    function = "F.celu"

    alpha: float = param(
        default=1.0, gt=0, help="Where large negative numbers end up, with a minus."
    )

    examples = (*SIMPLE, Example({"alpha": 0.5}, x=T("N", 4)))

    def options(self) -> dict[str, Argument]:
        return changed(alpha=(self.alpha, 1.0))


def _hints_to_even(x: TensorType, axis: int) -> tuple[Hint, ...]:
    """One more of the channels or features, where these are halved."""
    size = x.shape[axis]
    if not isinstance(size, int) or axis not in (1, x.rank - 1):
        return ()
    name = "features" if axis == x.rank - 1 else "out_channels"
    return (SetUpstream("x", name, size + 1),)


@block(
    "glu",
    title="GLU",
    category=Category.ACTIVATION,
    glyph="Gl",
    keywords=("gated linear unit", "gate", "half"),
)
class Glu(Block):
    """One half of the numbers passes as far as the sigmoid of the other half lets it.

    Use it after a layer with twice the features; it learns what to let through.

    Shape: `(…, 2·n, …) -> (…, n, …)`.

    Source: Language Modeling with Gated Convolutional Networks (2016), section 2.
    """

    axis: int = param(default=-1, help="The axis that is halved; -1 is the last, 1 the channels.")

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"axis": 1}, x=T("N", 6, "H", "W")),
        Example({"axis": -2}, x=T("N", 4, 3, dtype="float64")),
        Example({}, x=T("N", 7), fails="an even size"),
        Example({}, x=T("N", "T"), fails="an even size"),
        Example({"axis": 2}, x=T("N", 8), fails="works on axis 2"),
        Example({}, x=T("N", 8, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        axis = axis_in(x, self.axis)
        if not x.shape:
            raise Refusal("needs an axis to halve, but receives a scalar", port="x")
        size = x.shape[axis]
        half = size // 2
        if half * 2 != size:
            hints = _hints_to_even(x, axis)
            raise Refusal(
                f"halves axis {axis} and needs an even size there, but receives {size}",
                port="x",
                short=f"{size} % 2",
                hints=hints,
            )
        return x.with_shape(*x.shape[:axis], half, *x.shape[axis + 1 :])

    def emit(self, x: TensorType) -> Emit:
        return call_of("F.glu", **changed(dim=(self.axis, -1)))

    def summary(self) -> str:
        return "" if self.axis == -1 else f"axis {self.axis}"
