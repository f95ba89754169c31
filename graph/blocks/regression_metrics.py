"""Metrics of measurements: how far off, and how much is explained."""

from __future__ import annotations

from graph.block import Category, Emit, Example, Role, block
from graph.blocks._losses import ELEMENTWISE, Elementwise
from graph.problems import Refusal
from graph.tensor import T, TensorType

_RANKLESS = "a row for each sample"


@block(
    "mean_absolute_error",
    title="Mean absolute error",
    category=Category.METRIC,
    glyph="Ma",
    keywords=("mae", "regression", "l1", "error"),
    role=Role.METRIC,
)
class MeanAbsoluteError(Elementwise):
    """How far answers are off, in the unit of the targets.

    Use it beside a loss of measurements, which has no unit that people think in.

    Shape: `(…), (…) -> ()`, of one shape.
    """

    outputs = ("error",)
    examples = ELEMENTWISE

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        return Emit("{error} = F.l1_loss({prediction}, {target})")


@block(
    "mean_absolute_percentage_error",
    title="Mean absolute percentage error",
    category=Category.METRIC,
    glyph="Mp",
    keywords=("mape", "regression", "relative error", "forecast"),
    role=Role.METRIC,
    stem="relative_error",
)
class MeanAbsolutePercentageError(Elementwise):
    """How far answers are off, as a share of the targets: 0.1 is 10 %.

    Use it for measurements above 0 of very different sizes; near 0 it grows without end.

    Shape: `(…), (…) -> ()`, of one shape: the mean of `|target - prediction| / |target|`.
    """

    outputs = ("error",)
    examples = ELEMENTWISE

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        lines = (
            "{_sizes} = {target}.abs().clamp(min=1e-6)",
            "{_off} = ({target} - {prediction}).abs()",
            "{error} = ({_off} / {_sizes}).mean()",
        )
        return Emit("\n".join(lines))


@block(
    "r_squared",
    title="R²",
    category=Category.METRIC,
    glyph="R²",
    keywords=("r2", "coefficient of determination", "regression", "explained variance"),
    role=Role.METRIC,
)
class RSquared(Elementwise):
    """How much better answers are than the mean of the targets: 1 is perfect, 0 no better.

    Use it beside a loss of measurements, to see whether anything was learned.

    Shape: `(N, …), (N, …) -> ()`, of one shape: `1 - Σ(target - prediction)² / Σ(target - mean)²`,
    the mean being that of the batch. An epoch shows the mean over batches, which lies a little
    below the R² of all, much so for batches of a few rows; for one row there is none.
    """

    outputs = ("explained",)
    stricter = Elementwise.stricter | {_RANKLESS: "One number alone has no spread to explain."}
    examples = (*ELEMENTWISE, Example({}, prediction=T(), target=T(), fails=_RANKLESS))

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        answer = super().infer(prediction, target)
        if not prediction.rank:
            raise Refusal(
                f"needs {_RANKLESS} (N, …), but receives a scalar",
                port="prediction",
                short="scalar",
            )
        return answer

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        lines = (
            "{_left} = ({target} - {prediction}).square().sum()",
            "{_all} = ({target} - {target}.mean(0)).square().sum()",
            "{explained} = 1 - {_left} / {_all}",
        )
        return Emit("\n".join(lines))
