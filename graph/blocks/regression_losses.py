"""Losses for measurements: robust to outliers, or for what a distribution says."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, Role, block
from graph.blocks import _comparing as comparing
from graph.blocks._common import changed, need_floats
from graph.blocks._losses import ELEMENTWISE, STRICTER_PAIRS, Elementwise, need_pair
from graph.params import param
from graph.saved import Saved
from graph.tensor import T, TensorType


@block(
    "huber",
    title="Huber",
    category=Category.LOSS,
    glyph="Hu",
    keywords=("regression", "robust", "outliers", "l1", "l2"),
    role=Role.LOSS,
)
class Huber(Elementwise):
    """The mean error: squared where it is small, by its size where it is large.

    Use it to learn measurements with outliers, as in Q-learning; δ is where it turns straight.

    Shape: `(…), (…) -> ()`, of one shape: `e² / 2` up to δ, `δ·(|e| - δ / 2)` beyond.

    Source: Robust Estimation of a Location Parameter (1964).
    """

    function = "F.huber_loss"

    delta: float = param(default=1.0, gt=0, help="Errors beyond this count by their size.")

    examples = (*ELEMENTWISE, Example({"delta": 0.5}, prediction=T("N", 4), target=T("N", 4)))

    def options(self) -> dict[str, Argument]:
        return changed(delta=(self.delta, 1.0))


@block(
    "smooth_l1",
    title="Smooth L1",
    category=Category.LOSS,
    glyph="S1",
    keywords=("regression", "robust", "boxes", "detection", "huber"),
    role=Role.LOSS,
)
class SmoothL1(Elementwise):
    """The mean absolute error, rounded off where it is small.

    Use it for boxes and other measurements with outliers; it is Huber divided by β.

    Shape: `(…), (…) -> ()`, of one shape: `e² / (2·β)` below β, `|e| - β / 2` beyond.

    Source: Fast R-CNN (2015), equation 3.
    """

    function = "F.smooth_l1_loss"

    beta: float = param(default=1.0, ge=0, help="Errors below this are squared; 0 gives L1.")

    examples = (
        *ELEMENTWISE,
        Example({"beta": 0.1}, prediction=T("N", 4), target=T("N", 4)),
        Example({"beta": 0.0}, prediction=T("N", 4), target=T("N", 4)),
    )

    def options(self) -> dict[str, Argument]:
        return changed(beta=(self.beta, 1.0))

    def saved(self, prediction: TensorType, target: TensorType) -> Saved:
        return Saved(("prediction", "target")) if self.beta else Saved.of((), prediction)


@block(
    "log_cosh",
    title="Log-cosh",
    category=Category.LOSS,
    glyph="Lc",
    keywords=("regression", "robust", "logarithm", "hyperbolic cosine"),
    role=Role.LOSS,
)
class LogCosh(Elementwise):
    """The mean of log(cosh(error)): like half the square near 0, like the size far from it.

    Use it as a Huber loss that is smooth everywhere and has nothing to choose.

    Shape: `(…), (…) -> ()`, of one shape.
    """

    examples = ELEMENTWISE

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        lines = (
            "{_error} = {prediction} - {target}",
            "{_each} = {_error} + F.softplus(-2 * {_error}) - math.log(2)",
            "{loss} = {_each}.mean()",
        )
        return Emit("\n".join(lines))

    def saved(self, prediction: TensorType, target: TensorType) -> Saved:
        return Saved.of((), prediction)


@block(
    "poisson_nll",
    title="Poisson NLL",
    category=Category.LOSS,
    glyph="Pn",
    keywords=("counts", "regression", "rate", "negative log-likelihood"),
    role=Role.LOSS,
)
class PoissonNll(Elementwise):
    """How surprising counts are, given the logarithm of the rate at which they are expected.

    Use it to learn how often something happens; targets are counts, as floating-point numbers.

    Shape: `(…), (…) -> ()`, of one shape: `exp(prediction) - target·prediction`, up to a constant.
    """

    function = "F.poisson_nll_loss"

    log_input: bool = param(
        default=True, help="The prediction is the logarithm of the rate; else the rate itself."
    )

    examples = (
        *ELEMENTWISE,
        Example({"log_input": False}, prediction=T("N", 4), target=T("N", 4)),
    )

    def options(self) -> dict[str, Argument]:
        return changed(log_input=(self.log_input, True))

    def saved(self, prediction: TensorType, target: TensorType) -> Saved:
        if self.log_input:
            return Saved.of((), prediction, crossed=("prediction", "target"))
        return Saved.of(("target",), prediction)


@block(
    "gaussian_nll",
    title="Gaussian NLL",
    category=Category.LOSS,
    glyph="Gv",
    keywords=("regression", "uncertainty", "heteroscedastic", "negative log-likelihood"),
    role=Role.LOSS,
)
class GaussianNll(Block):
    """How surprising measurements are, given a mean and the logarithm of a variance for each.

    Use it to learn a measurement and how sure of it one can be, from two heads of a network.

    Shape: `(…), (…), (…) -> ()`, of one shape: `(log_variance + e² / exp(log_variance)) / 2`,
    up to a constant. Torch's own takes the variance; its logarithm cannot become negative.

    Source: Estimating the Mean and Variance of the Target Probability Distribution (1994).
    """

    outputs = ("loss",)
    port_help = comparing.PORT_HELP | {
        "prediction": "The mean of each number.",
        "log_variance": "The natural logarithm of the variance of each number.",
    }
    stricter = comparing.STRICTER | STRICTER_PAIRS

    examples = (
        Example({}, prediction=T("N", 1), log_variance=T("N", 1), target=T("N", 1)),
        Example({}, prediction=T("N", "T", 3), log_variance=T("N", "T", 3), target=T("N", "T", 3)),
        Example(
            {},
            prediction=T("N", 1), log_variance=T("N"), target=T("N", 1),
            fails="as many numbers",
        ),
        Example(
            {},
            prediction=T("N", 1), log_variance=T("N", 1), target=T("N"),
            fails="every number of the prediction",
        ),
        Example(
            {},
            prediction=T("N"), log_variance=T("N"), target=T("N", dtype="int64"),
            fails="targets of float32",
        ),
    )  # fmt: skip

    def infer(
        self, prediction: TensorType, log_variance: TensorType, target: TensorType
    ) -> TensorType:
        need_floats(prediction, "prediction")
        need_pair(log_variance, prediction, "log_variance")
        comparing.need_equal_shapes(prediction, target)
        comparing.need_equal_dtypes(prediction, target)
        return TensorType((), prediction.dtype)

    def emit(self, prediction: TensorType, log_variance: TensorType, target: TensorType) -> Emit:
        lines = (
            "{_squared} = ({target} - {prediction}).square()",
            "{_each} = {log_variance} + {_squared} * torch.exp(-{log_variance})",
            "{loss} = 0.5 * {_each}.mean()",
        )
        return Emit("\n".join(lines))

    def saved(self, prediction: TensorType, log_variance: TensorType, target: TensorType) -> Saved:
        return Saved.of((), prediction, prediction, prediction)
