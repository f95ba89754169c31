"""Random numbers that a generator makes something of: Latent noise."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, block, show_value
from graph.params import Ints, param
from graph.problems import Refusal
from graph.tensor import T, TensorType


@block(
    "latent_noise",
    title="Latent noise",
    category=Category.RANDOM,
    glyph="Lz",
    keywords=("gan", "random", "normal", "uniform", "z", "generator", "prior", "randn"),
    stem="z",
)
class LatentNoise(Block):
    """Draws new random numbers for each row of a batch, in training and evaluation.

    Use it for what the generator of a GAN starts from.

    Shape: `(N, …) -> (N, …sizes)`; only how many rows x has matters.
    """

    saves = ()
    is_random = True

    sizes: Ints = param(default=(64,), ge=1, help="Sizes of the numbers of one row.")
    distribution: str = param(
        default="normal", choices=("normal", "uniform"),
        help="Normal numbers of mean 0 and spread 1, or uniform ones from -1 to 1.",
    )  # fmt: skip

    port_help = {"x": "Each row of it gets numbers, such as the real samples beside them."}
    examples = (
        Example({}, x=T("N", 2)),
        Example({"sizes": (16, 4, 4)}, x=T("N", 1, 28, 28)),
        Example({"sizes": (100,), "distribution": "uniform"}, x=T("N", dtype="int64")),
        Example({"sizes": ()}, x=T("N", 3)),
        Example({}, x=T(), fails="needs a batch axis"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if not x.shape:
            raise Refusal("needs a batch axis (N, …), but receives a scalar", port="x")
        return TensorType((x.shape[0], *self.sizes))

    def emit(self, x: TensorType) -> Emit:
        sizes = "".join(f", {size}" for size in self.sizes)
        drawn = f"({{x}}.shape[0]{sizes}, device={{x}}.device)"
        if self.distribution == "uniform":
            return Emit(f"{{y}} = 2 * torch.rand{drawn} - 1")
        return Emit(f"{{y}} = torch.randn{drawn}")

    def summary(self) -> str:
        return f"{show_value(self.sizes)}  {self.distribution}".strip()
