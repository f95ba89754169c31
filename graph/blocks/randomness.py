"""Numbers drawn by chance: Noise, Reparameterise, Random time step, Gumbel-softmax, Bernoulli.

All draw from torch's own generator, so that `torch.manual_seed` repeats them.
"""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block
from graph.blocks._axes import real_axis
from graph.blocks._common import call_of, changed, need_floats
from graph.params import param
from graph.problems import Refusal, SetUpstream
from graph.saved import Saved
from graph.tensor import T, TensorType, show_shape

_REPARAMETERIZE = Snippet(
    "Reparameterize",
    '''\
class Reparameterize(nn.Module):
    """Draws around means as log-variances say; in evaluation it gives the means."""

    def forward(self, mean: Tensor, log_variance: Tensor) -> Tensor:
        if not self.training:
            return mean
        return mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
''',
)


@block(
    "noise",
    title="Noise like x",
    category=Category.RANDOM,
    glyph="Nx",
    keywords=("random", "normal", "gaussian", "uniform", "randn_like", "latent", "diffusion"),
    stem="noise",
)
class Noise(Block):
    """Draws new random numbers in the shape of what it receives, in training and evaluation.

    Use it for the noise of a diffusion model, or for the latent vectors of a generator.

    Shape: `(…) -> (…)`; the numbers of x do not matter.
    """

    saves = ()
    is_random = True

    distribution: str = param(
        default="normal", choices=("normal", "uniform"),
        help="Normal numbers of mean 0 and spread 1, or uniform ones from 0 to 1.",
    )  # fmt: skip
    scale: float = param(default=1.0, help="What the numbers are multiplied by.")

    examples = (
        Example({}, x=T("N", 3, "H", "W")),
        Example({"distribution": "uniform"}, x=T("N", "T")),
        Example({"scale": 0.1}, x=T("N", 4, dtype="float64")),
        Example({}, x=T("N", 4, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        function = "torch.randn_like" if self.distribution == "normal" else "torch.rand_like"
        if self.scale == 1.0:
            return call_of(function)
        return Emit(f"{{y}} = {{scale}} * {function}({{x}})", values={"scale": self.scale})

    def summary(self) -> str:
        return self.distribution if self.scale == 1.0 else f"{self.scale:g} × {self.distribution}"


@block(
    "reparameterize",
    title="Reparameterise",
    category=Category.RANDOM,
    glyph="Rz",
    keywords=("vae", "reparameterize", "sample", "latent", "variational", "gaussian"),
    stem="sample",
)
class Reparameterize(Block):
    """Draws from normal numbers of the means and log-variances given, so that both learn.

    Use it between the encoder and the decoder of a variational autoencoder.

    Shape: `(…), (…) -> (…)`: `mean + exp(log_variance / 2) * noise` while training. In evaluation
    it gives the means themselves, unless told to draw then too.

    Source: Auto-Encoding Variational Bayes (2013), section 2.4.
    """

    is_random = True

    evaluation: str = param(
        default="mean", choices=("mean", "sample"), title="In evaluation",
        help="Give the means, which makes answers certain, or draw as in training.",
    )  # fmt: skip

    port_help = {"mean": "The means.", "log_variance": "The logarithms of the variances."}
    examples = (
        Example({}, mean=T("N", 16), log_variance=T("N", 16)),
        Example({"evaluation": "sample"}, mean=T("N", 4, "H"), log_variance=T("N", 4, "H")),
        Example({}, mean=T("N", 3, dtype="float64"), log_variance=T("N", 3, dtype="float64")),
        Example({}, mean=T("N", 16), log_variance=T("N", 8), fails="16 ≠"),
        Example({}, mean=T("N", 16), log_variance=T("N", 1), fails="one log-variance for each"),
        Example({}, mean=T("N", 3), log_variance=T("N", 3, dtype="float64"), fails="one dtype"),
        Example({}, mean=T("N", 3, dtype="int64"), log_variance=T("N", 3), fails="needs floating"),
    )
    stricter = {
        "one log-variance for each": "Torch would repeat one for many, which is seldom meant.",
        "one dtype": "Torch turns one into the other.",
    }

    def infer(self, mean: TensorType, log_variance: TensorType) -> TensorType:
        need_floats(mean, "mean")
        need_floats(log_variance, "log_variance")
        if mean.shape != log_variance.shape:
            shown = f"{show_shape(mean.shape)} ≠ {show_shape(log_variance.shape)}"
            raise Refusal(
                f"needs one log-variance for each mean, but receives {shown}",
                port="log_variance",
                short=shown,
            )
        if mean.dtype != log_variance.dtype:
            raise Refusal(
                f"needs both in one dtype, but receives {mean.dtype} and {log_variance.dtype}",
                port="log_variance",
                short=f"{log_variance.dtype} ≠ {mean.dtype}",
                hints=(SetUpstream("log_variance", "dtype", mean.dtype),),
            )
        return mean

    def emit(self, mean: TensorType, log_variance: TensorType) -> Emit:
        if self.evaluation == "sample":
            spread = "torch.exp(0.5 * {log_variance})"
            return Emit(f"{{y}} = {{mean}} + {spread} * torch.randn_like({{mean}})")
        modules = {"sample": Call("Reparameterize")}
        return Emit("{y} = {sample}({mean}, {log_variance})", modules, snippets=(_REPARAMETERIZE,))

    def saved(self, mean: TensorType, log_variance: TensorType) -> Saved:
        return Saved.of((), mean, mean)

    def summary(self) -> str:
        return "draws in evaluation too" if self.evaluation == "sample" else ""


@block(
    "random_timestep",
    title="Random time step",
    category=Category.RANDOM,
    glyph="Ti",
    keywords=("diffusion", "ddpm", "time", "t", "flow matching", "randint"),
    stem="timestep",
)
class RandomTimestep(Block):
    """Draws a time step for every row of the batch, in training and evaluation.

    Use it to train a diffusion model: every row is noised as far as its step says.

    Shape: `(N, …) -> (N)`; whole steps are int64 from 0 to one below `steps`, times are float32
    from 0 to 1.

    Source: Denoising Diffusion Probabilistic Models (2020), algorithm 1, which counts from 1.
    """

    saves = ()
    is_random = True

    continuous: bool = param(
        default=False, help="Draw times from 0 to 1, as in flow matching, not whole steps."
    )
    steps: int = param(
        default=1000, ge=1, le=1 << 31, help="How many steps there are.",
        show_if=lambda block: not block.continuous,
    )  # fmt: skip

    examples = (
        Example({}, x=T("N", 3, "H", "W")),
        Example({"continuous": True}, x=T("N", 8)),
        Example({"steps": 10}, x=T("N", dtype="int64")),
        Example({}, x=T(), fails="needs a batch axis"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if not x.shape:
            raise Refusal("needs a batch axis (N, …), but receives a scalar", port="x")
        return TensorType((x.shape[0],), "float32" if self.continuous else "int64")

    def emit(self, x: TensorType) -> Emit:
        if self.continuous:
            return Emit("{y} = torch.rand({x}.shape[0], device={x}.device)")
        return Emit(
            "{y} = torch.randint({steps}, ({x}.shape[0],), device={x}.device)",
            values={"steps": self.steps},
        )

    def summary(self) -> str:
        return "0 … 1" if self.continuous else f"{self.steps} steps"


@block(
    "gumbel_softmax",
    title="Gumbel-softmax",
    category=Category.RANDOM,
    glyph="Gs",
    keywords=("categorical", "sample", "discrete", "concrete", "straight through", "relaxed"),
    stem="choice",
)
class GumbelSoftmax(Block):
    """Draws a class by its logits so that gradients pass, in training and evaluation.

    Use it where a network shall choose one of several things and learn from it.

    Shape: `(…) -> (…)`; the numbers along the axis add up to 1.

    Source: Categorical Reparameterization with Gumbel-Softmax (2017).
    """

    is_random = True

    temperature: float = param(
        default=1.0, gt=0, help="How soft the choice is; near 0 it is almost one of them."
    )
    hard: bool = param(
        default=False, help="Choose exactly one, with the gradients of the soft choice."
    )
    axis: int = param(default=-1, help="The axis of the classes; 0 is the batch.")

    examples = (
        Example({}, x=T("N", 10)),
        Example({"hard": True, "axis": 1}, x=T("N", 4, "H", "W")),
        Example({"temperature": 0.5}, x=T("N", "T", 6, dtype="float64")),
        Example({"axis": 2}, x=T("N", 10), fails="works on axis 2"),
        Example({}, x=T(), fails="receives a scalar"),
        Example({}, x=T("N", 10, dtype="int64"), fails="needs floating-point"),
    )
    stricter = {"receives a scalar": "One class leaves no choice."}

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        real_axis(x, self.axis, "choose along")
        return x

    def emit(self, x: TensorType) -> Emit:
        options = changed(tau=(self.temperature, 1.0), hard=(self.hard, False), dim=(self.axis, -1))
        return call_of("F.gumbel_softmax", **options)

    def saved(self, x: TensorType) -> Saved:
        return Saved.of((), x) if self.hard else Saved(("y",))

    def summary(self) -> str:
        return f"{'hard  ' if self.hard else ''}tau {self.temperature:g}"


@block(
    "bernoulli",
    title="Bernoulli",
    category=Category.RANDOM,
    glyph="Bo",
    keywords=("coin", "binary", "sample", "stochastic", "straight through", "rbm"),
    stem="drawn",
)
class Bernoulli(Block):
    """Turns each probability into 1 or 0 by chance, in training and evaluation.

    Use it behind a Sigmoid for units that are on or off; no gradient passes, unless straight
    through.

    Shape: `(…) -> (…)`; below 0 counts as 0 and above 1 as 1.

    Source: for straight through, Estimating or Propagating Gradients Through Stochastic Neurons
    for Conditional Computation (2013).
    """

    saves = ()
    is_random = True

    straight_through: bool = param(
        default=False, help="Let gradients pass as if the probabilities were given."
    )

    examples = (
        Example({}, x=T("N", 8)),
        Example({"straight_through": True}, x=T("N", 1, "H", "W")),
        Example({}, x=T(dtype="float64")),
        Example({}, x=T("N", 8, dtype="bool"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        drawn = "(torch.rand_like({x}) < {x}).to({x}.dtype)"
        if self.straight_through:
            return Emit(f"{{_drawn}} = {drawn}\n{{y}} = {{x}} + ({{_drawn}} - {{x}}).detach()")
        return Emit(f"{{y}} = {drawn}")

    def summary(self) -> str:
        return "straight through" if self.straight_through else ""


@block(
    "random_mask",
    title="Random mask",
    category=Category.RANDOM,
    glyph="Rk",
    keywords=("masked language model", "bert", "masking", "mae", "corrupt", "drop"),
    stem="masked",
)
class RandomMask(Block):
    """Says yes at random places, as often as it is told, in training and evaluation.

    Use it to hide tokens that a model shall guess: a Where puts the mask token in their place.

    Shape: `(…) -> (…)` of truth values; the numbers of x do not matter.
    """

    saves = ()
    is_random = True

    p: float = param(
        default=0.15, title="Probability", ge=0, le=1, widget="slider",
        help="The share of places that get a yes.",
    )  # fmt: skip

    examples = (
        Example({}, x=T("N", "T", dtype="int64")),
        Example({"p": 0.75}, x=T("N", 16, 8)),
        Example({"p": 1.0}, x=T(dtype="bool")),
    )

    def infer(self, x: TensorType) -> TensorType:
        return x.with_dtype("bool")

    def emit(self, x: TensorType) -> Emit:
        return Emit("{y} = torch.rand({x}.shape, device={x}.device) < {p}", values={"p": self.p})

    def summary(self) -> str:
        return f"p {self.p:g}"
