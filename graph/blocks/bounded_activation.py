"""Activations that end somewhere: ReLU6, Hardtanh and their kin."""

from __future__ import annotations

from graph.block import Argument, Category, Example, block
from graph.blocks._common import changed
from graph.blocks._elementwise import SIMPLE, Elementwise
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.saved import Saved
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

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), x)


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

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), x)


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
