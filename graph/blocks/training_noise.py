"""Noise while training: Stochastic depth and Gaussian noise."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block
from graph.blocks._common import need_floats
from graph.params import param
from graph.problems import Refusal
from graph.saved import Saved
from graph.tensor import T, TensorType

_STOCHASTIC_DEPTH = Snippet(
    "StochasticDepth",
    '''\
class StochasticDepth(nn.Module):
    """Drops whole samples while training; the others grow to make up for it."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        kept = x.new_ones(x.shape[0], *[1] * (x.ndim - 1))
        return x * F.dropout(kept, self.p)
''',
)
_GAUSSIAN_NOISE = Snippet(
    "GaussianNoise",
    '''\
class GaussianNoise(nn.Module):
    """Adds normal noise of a fixed spread while training."""

    def __init__(self, std: float) -> None:
        super().__init__()
        self.std = std

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        return x + self.std * torch.randn_like(x)
''',
)


@block(
    "stochastic_depth",
    title="Stochastic depth",
    category=Category.REGULARISATION,
    glyph="Sd",
    keywords=("drop path", "droppath", "residual", "regularization", "skip layer"),
)
class StochasticDepth(Block):
    """Turns random samples to 0 as a whole while training, and nothing afterwards.

    Use it at the end of a residual branch, before it is added: the sample then skips the branch.

    Shape: `(N, …) -> (N, …)`.

    Source: Deep Networks with Stochastic Depth (2016), section 3. There a whole batch skips the
    branch, and its answers are scaled afterwards; here each sample does by itself, and what is kept
    is scaled while training, as later networks have it.
    """

    p: float = param(
        default=0.1, title="Probability", ge=0, le=1, widget="slider",
        help="Chance of each sample to become 0; the others grow to make up for it.",
    )  # fmt: skip

    examples = (
        Example({}, x=T("N", 8, "H", "W")),
        Example({"p": 0.5}, x=T("N", "T", 4, dtype="float64")),
        Example({"p": 0.0}, x=T("N")),
        Example({}, x=T(), fails="needs a batch axis"),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        if not x.shape:
            raise Refusal("needs a batch axis (N, …), but receives a scalar", port="x")
        return x

    def emit(self, x: TensorType) -> Emit:
        made = Call("StochasticDepth", self.p)
        return Emit("{y} = {drop}({x})", {"drop": made}, snippets=(_STOCHASTIC_DEPTH,))

    def saved(self, x: TensorType) -> Saved:
        return Saved.of((), x.with_shape(x.shape[0]))

    def summary(self) -> str:
        return f"p {self.p:g}"


@block(
    "gaussian_noise",
    title="Gaussian noise",
    category=Category.REGULARISATION,
    glyph="Gz",
    keywords=("normal noise", "jitter", "regularization", "denoising", "augmentation"),
    stem="noise",
)
class GaussianNoise(Block):
    """Adds normal noise to every number while training, and nothing afterwards.

    Use it on inputs to make a model robust, and for denoising autoencoders.

    Shape: `(…) -> (…)`.
    """

    saves = ()

    std: float = param(default=0.1, title="Spread", ge=0, help="Standard deviation of the noise.")

    examples = (
        Example({}, x=T("N", 16)),
        Example({"std": 1.0}, x=T("N", 3, "H", "W")),
        Example({"std": 0.0}, x=T(dtype="float64")),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        made = Call("GaussianNoise", self.std)
        return Emit("{y} = {noise}({x})", {"noise": made}, snippets=(_GAUSSIAN_NOISE,))

    def summary(self) -> str:
        return f"± {self.std:g}"
