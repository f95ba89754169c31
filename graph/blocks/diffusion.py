"""Add noise: data mixed with noise, the more of it the later the step."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block
from graph.blocks._common import TOKENS, need_float32
from graph.params import param
from graph.problems import Refusal, SetUpstream
from graph.tensor import T, TensorType, show_shape

_FORWARD = """\
    def forward(self, x: Tensor, noise: Tensor, step: Tensor) -> Tensor:
        kept = self.kept[step].reshape(-1, *[1] * (x.dim() - 1))
        return kept.sqrt() * x + (1 - kept).sqrt() * noise
"""
_LINEAR = Snippet(
    "LinearNoise",
    '''\
class LinearNoise(nn.Module):
    """Mixes data with noise; `kept` is how much of its variance each step has left."""

    def __init__(self, steps: int, first: float, last: float) -> None:
        super().__init__()
        beta = torch.linspace(first, last, steps)
        self.kept = nn.Buffer((1 - beta).cumprod(0), persistent=False)

'''
    + _FORWARD,
)
_COSINE = Snippet(
    "CosineNoise",
    '''\
class CosineNoise(nn.Module):
    """Mixes data with noise; `kept` is how much of its variance each step has left."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        time = torch.arange(steps + 1) / steps
        kept = torch.cos((time + 0.008) / 1.008 * math.pi / 2) ** 2
        beta = (1 - kept[1:] / kept[:-1]).clamp(max=0.999)
        self.kept = nn.Buffer((1 - beta).cumprod(0), persistent=False)

'''
    + _FORWARD,
)


@block(
    "add_noise",
    title="Add noise",
    category=Category.RANDOM,
    glyph="Nt",
    keywords=("diffusion", "ddpm", "schedule", "alpha bar", "beta", "forward process", "q sample"),
    stem="noisy",
)
class AddNoise(Block):
    """Mixes data with noise, the more of it the later the step.

    Use it to train a diffusion model, whose network guesses the noise: join `step` with a Random
    time step and `noise` with Noise like x.

    Shape: `(N, …), (N, …), (N) -> (N, …)`: `sqrt(a) * x + sqrt(1 - a) * noise`, where `a`, the
    share of the variance that is left, is near 1 at step 0 and near 0 at the last.

    Source: Denoising Diffusion Probabilistic Models (2020), equation 4, with steps from 0; the
    cosine schedule is of Improved Denoising Diffusion Probabilistic Models (2021), equation 17.
    """

    saves = ("step",)

    schedule: str = param(
        default="linear", choices=("linear", "cosine"),
        help="How noise grows: its variance in equal steps, or so that less is lost early on.",
    )  # fmt: skip
    steps: int = param(
        default=1000, ge=2, le=1 << 20, help="How many steps there are, as in Random time step."
    )
    first: float = param(
        default=1e-4, gt=0, le=0.999, title="First variance", help="Noise that step 0 adds.",
        show_if=lambda layer: layer.schedule == "linear",
    )  # fmt: skip
    last: float = param(
        default=0.02, gt=0, le=0.999, title="Last variance", help="Noise that the last step adds.",
        show_if=lambda layer: layer.schedule == "linear",
    )  # fmt: skip

    port_help = {
        "x": "The data (N, …).",
        "noise": "Normal numbers of the same shape.",
        "step": "A step for each row (N), from 0.",
    }
    stricter = {
        "noise for each number": "Torch would repeat one for many, which is seldom meant.",
        "a step for each row": "Torch takes a step for all, or truth values, and stops later.",
        "needs a batch axis": "Torch takes a scalar for a row.",
    }
    examples = (
        Example({}, x=T("N", 2), noise=T("N", 2), step=T("N", dtype="int64")),
        Example(
            {"schedule": "cosine", "steps": 40},
            x=T("N", 3, "H", "W"), noise=T("N", 3, "H", "W"), step=T("N", dtype="int64"),
        ),
        Example(
            {"steps": 50, "first": 1e-3, "last": 0.2},
            x=T("N", "T", 4), noise=T("N", "T", 4), step=T("N", dtype="int32"),
        ),
        Example({}, x=T("N", 2), noise=T("N", 1), step=T("N", dtype="int64"), fails="2 ≠ N×1"),
        Example({}, x=T("N", 2), noise=T("N", 2), step=T("N"), fails="a step for each row"),
        Example(
            {}, x=T("N", 2), noise=T("N", 2), step=T("N", 1, dtype="int64"), fails="a step for each"
        ),
        Example({}, x=T(), noise=T(), step=T(dtype="int64"), fails="needs a batch axis"),
        Example(
            {}, x=T("N", 2, dtype="int64"), noise=T("N", 2), step=T("N", dtype="int64"),
            fails="needs floating-point",
        ),
    )  # fmt: skip

    def infer(self, x: TensorType, noise: TensorType, step: TensorType) -> TensorType:
        need_float32(x)
        need_float32(noise, "noise")
        if not x.shape:
            raise Refusal("needs a batch axis (N, …), but receives a scalar", port="x")
        if noise.shape != x.shape:
            shown = f"{show_shape(x.shape)} ≠ {show_shape(noise.shape)}"
            raise Refusal(
                f"needs noise for each number, but receives {shown}", port="noise", short=shown
            )
        if step.shape != x.shape[:1] or step.dtype not in TOKENS:
            raise Refusal(
                f"needs a step for each row, {x.shape[0]} whole numbers of int64, but receives "
                f"{step}",
                port="step",
                short=f"{show_shape(step.shape)} ≠ {x.shape[0]}",
                hints=(SetUpstream("step", "dtype", "int64"),) if step.shape == x.shape[:1] else (),
            )
        return x

    def emit(self, x: TensorType, noise: TensorType, step: TensorType) -> Emit:
        if self.schedule == "linear":
            made, snippet = Call("LinearNoise", self.steps, self.first, self.last), _LINEAR
        else:
            made, snippet = Call("CosineNoise", self.steps), _COSINE
        return Emit("{y} = {noisy}({x}, {noise}, {step})", {"noisy": made}, snippets=(snippet,))

    def summary(self) -> str:
        return f"{self.schedule}  {self.steps} steps"
