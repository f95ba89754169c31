"""Losses that compare distributions, and the weight of one loss among several."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, Role, block
from graph.blocks import _comparing as comparing
from graph.blocks._common import changed, need_floats
from graph.blocks._losses import ELEMENTWISE, STRICTER_PAIRS, Elementwise, need_pair
from graph.params import param
from graph.problems import Insert, Refusal
from graph.saved import Saved
from graph.tensor import T, TensorType, show_shape

_NO_ROWS = "a batch of distributions"
_NO_ROWS_WHY = "Torch takes a scalar for a batch of one; here there is nothing to divide by."


@block(
    "kl_divergence",
    title="KL divergence",
    category=Category.LOSS,
    glyph="Kl",
    keywords=("kullback-leibler", "relative entropy", "distillation", "distribution"),
    role=Role.LOSS,
)
class KlDivergence(Elementwise):
    """How much is lost by taking the predicted distributions for the right ones.

    Use it to learn distributions, such as those of a larger model. It takes log-probabilities,
    as a Log-softmax gives them; targets are probabilities, or logarithms of them.

    Shape: `(N, …), (N, …) -> ()`, of one shape: the sum over all, divided by N.

    Source: On Information and Sufficiency (1951).
    """

    function = "F.kl_div"
    port_help = {
        "prediction": "The logarithms of the predicted probabilities.",
        "target": "The right probabilities, or their logarithms.",
    }
    stricter = comparing.STRICTER | {_NO_ROWS: _NO_ROWS_WHY}

    log_target: bool = param(default=False, help="Targets are logarithms of probabilities too.")

    examples = (
        *ELEMENTWISE,
        Example({"log_target": True}, prediction=T("N", 4), target=T("N", 4)),
        Example({}, prediction=T(), target=T(), fails=_NO_ROWS),
    )

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        answer = super().infer(prediction, target)
        if not prediction.rank:
            raise Refusal(
                f"needs {_NO_ROWS} (N, …), but receives a scalar", port="prediction", short="scalar"
            )
        return answer

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        values: dict[str, Argument] = changed(log_target=(self.log_target, False))
        words = ["{prediction}", "{target}", 'reduction="batchmean"']
        words += [f"{name}={{{name}}}" for name in values]
        return Emit(f"{{loss}} = F.kl_div({', '.join(words)})", values=values)

    def saved(self, prediction: TensorType, target: TensorType) -> Saved:
        if self.log_target:
            return Saved.of((), prediction)
        return Saved(crossed=("prediction", "target"))


@block(
    "gaussian_kl",
    title="Gaussian KL",
    category=Category.LOSS,
    glyph="Gk",
    keywords=("vae", "variational autoencoder", "prior", "kullback-leibler", "latent"),
    role=Role.LOSS,
)
class GaussianKl(Block):
    """How far normal distributions are from the standard normal one.

    Use it in a variational autoencoder, beside the loss of what it rebuilds, so that its codes
    stay near the prior. A Loss weight before it gives a β-VAE.

    Shape: `(N, …), (N, …) -> ()`, of one shape: the sum of
    `(mean² + exp(log_variance) - log_variance - 1) / 2`, divided by N.

    Source: Auto-Encoding Variational Bayes (2013), appendix B.
    """

    outputs = ("loss",)
    port_help = {
        "mean": "The mean of each number of the code.",
        "log_variance": "The natural logarithm of the variance of each.",
    }
    stricter = STRICTER_PAIRS | {_NO_ROWS: _NO_ROWS_WHY}

    examples = (
        Example({}, mean=T("N", 16), log_variance=T("N", 16)),
        Example({}, mean=T("N", 4, 7, 7), log_variance=T("N", 4, 7, 7)),
        Example({}, mean=T("N", 16), log_variance=T("N", 1), fails="as many numbers"),
        Example({}, mean=T("N", 2), log_variance=T("N", 2, dtype="float64"), fails="one dtype"),
        Example({}, mean=T(), log_variance=T(), fails=_NO_ROWS),
        Example({}, mean=T("N", dtype="int64"), log_variance=T("N"), fails="needs floating-point"),
    )

    def infer(self, mean: TensorType, log_variance: TensorType) -> TensorType:
        need_floats(mean, "mean")
        if not mean.rank:
            raise Refusal(
                f"needs {_NO_ROWS} (N, …), but receives a scalar", port="mean", short="scalar"
            )
        need_pair(log_variance, mean, "log_variance")
        return TensorType((), mean.dtype)

    def emit(self, mean: TensorType, log_variance: TensorType) -> Emit:
        lines = (
            "{_each} = {mean}.square() + torch.exp({log_variance}) - {log_variance} - 1",
            "{loss} = 0.5 * {_each}.sum() / {mean}.shape[0]",
        )
        return Emit("\n".join(lines))

    def saved(self, mean: TensorType, log_variance: TensorType) -> Saved:
        return Saved.of(("mean",), log_variance)


@block(
    "loss_weight",
    title="Loss weight",
    category=Category.LOSS,
    glyph="Lw",
    keywords=("weighted sum", "scale", "lambda", "beta", "multi-task", "auxiliary"),
    role=Role.LOSS,
)
class LossWeight(Block):
    """Scales a loss, so that it counts more or less among the others.

    Use it behind one of several losses, which training adds up; or behind a number that a layer
    gives besides its answer, to make it a loss.

    Shape: `() -> ()`.
    """

    saves = ()
    outputs = ("loss",)
    port_help = {"x": "A loss, or another single number."}
    stricter = {"needs a single number": "A loss is one number; more of them have no minimum."}

    weight: float = param(
        default=1.0, help="What it is multiplied by; below 0 makes it grow instead."
    )

    examples = (
        Example({"weight": 0.1}, x=T()),
        Example({"weight": -2.5}, x=T(dtype="float64")),
        Example({}, x=T("N"), fails="needs a single number"),
        Example({}, x=T(dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        if x.rank:
            raise Refusal(
                f"needs a single number, such as a loss, but receives {show_shape(x.shape)}",
                port="x",
                short=f"{show_shape(x.shape)} ≠ scalar",
                hints=(Insert("mean", "x", (("axes", tuple(range(x.rank))),)),),
            )
        return x

    def emit(self, x: TensorType) -> Emit:
        return Emit("{loss} = {weight} * {x}", values={"weight": self.weight})

    def summary(self) -> str:
        return f"× {self.weight:g}"
