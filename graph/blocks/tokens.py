"""What makes sequences for attention of other data: patches, a class token, time steps."""

from __future__ import annotations

from math import prod

from graph.block import Block, Call, Category, Emit, Example, Snippet, block, known
from graph.blocks._common import changed, need_float32, plain, times
from graph.blocks._sequences import need_sequence
from graph.blocks._windows import need_spatial
from graph.params import Size2, param
from graph.problems import Refusal, SetParam, SetUpstream
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, show_shape


@block(
    "patch_embedding",
    title="Patch embedding",
    category=Category.ATTENTION,
    glyph="Pa",
    keywords=("vit", "vision transformer", "image", "tokens", "sequence"),
    stem="patches",
)
class PatchEmbedding(Block):
    """Cuts an image into patches and makes of each a place of a sequence.

    Use it before a Transformer that looks at images.

    Shape: `(N, C, H, W) -> (N, H/P · W/P, E)`, row by row, the patches fitting in exactly.

    Source: An Image is Worth 16x16 Words (2020), section 3.1.
    """

    stricter = {"which leaves a rest": "Torch leaves out what does not fill a patch."}

    patch_size: Size2 = param(default=(16, 16), ge=1, unit="px", help="Height and width of each.")
    features: int = param(default=64, ge=1, help="Numbers that each patch becomes.")
    bias: bool = param(default=True, help="Add a learned bias.")

    examples = (
        Example({}, x=T("N", 3, 32, 48)),
        Example({"patch_size": (4, 2), "features": 5, "bias": False}, x=T("N", 1, 8, 6)),
        Example({"patch_size": (7, 7)}, x=T("N", 1, 28, 28)),
        Example({}, x=T("N", 3, 30, 32), fails="which leaves a rest"),
        Example({}, x=T("N", 3, 32), fails="needs an image"),
        Example({}, x=T("N", "C", 32, 32), fails="the number of channels"),
        Example({}, x=T("N", 3, "H", 32), fails="the height"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_float32(x)
        need_spatial(x, 2)
        known(x.shape[1], "the number of channels", "x")
        sizes = known(x.shape[2], "the height", "x"), known(x.shape[3], "the width", "x")
        rows, columns = self.patch_size
        if sizes[0] % rows or sizes[1] % columns:
            fitting = tuple(
                next(n for n in range(min(p, size), 0, -1) if size % n == 0)
                for p, size in zip(self.patch_size, sizes, strict=True)
            )
            raise Refusal(
                f"cuts {times(sizes)} into patches of {times(self.patch_size)}, which leaves a "
                "rest",
                port="x",
                short=f"{times(sizes)} % {times(self.patch_size)}",
                hints=(SetParam("patch_size", fitting),),
            )
        count = sizes[0] // rows * (sizes[1] // columns)
        return x.with_shape(x.shape[0], count, self.features)

    def emit(self, x: TensorType) -> Emit:
        size = plain(self.patch_size)
        made = Call(
            "nn.Conv2d", x.shape[1], self.features, size, stride=size,
            **changed(bias=(self.bias, True)),
        )  # fmt: skip
        return Emit("{y} = {project}({x}).flatten(2).transpose(1, 2)", {"project": made})

    def parameters(self, x: TensorType) -> int:
        of_each = known(x.shape[1], "the number of channels") * prod(self.patch_size)
        return (of_each + self.bias) * self.features

    def multiply_adds(self, x: TensorType) -> Dim:
        return x.elements() * self.features

    def summary(self) -> str:
        return f"{times(self.patch_size)}  {self.features} features"


_CLASS_TOKEN = Snippet(
    "ClassToken",
    '''\
class ClassToken(nn.Module):
    """Puts a learned place before the first of a sequence."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.token = nn.Parameter(0.02 * torch.randn(features))

    def forward(self, x: Tensor) -> Tensor:
        first = self.token.expand(x.shape[0], 1, -1)
        return torch.cat([first, x], dim=1)
''',
)


@block(
    "class_token",
    title="Class token",
    category=Category.ATTENTION,
    glyph="Tc",
    keywords=("cls", "bert", "vit", "summary", "prepend"),
    stem="class_token",
)
class ClassToken(Block):
    """Puts a learned place before a sequence, where attention gathers what it is about.

    Use it before a Transformer encoder; a Slice of the first place behind it is then the summary
    of the sequence, from which to tell its class.

    Shape: `(N, T, E) -> (N, T + 1, E)`.

    Source: BERT (2018), section 3; An Image is Worth 16x16 Words (2020), section 3.1.
    """

    saves = ()
    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({}, x=T("N", 7, 3)),
        Example({}, x=T("N", 16), fails="needs a sequence"),
        Example({}, x=T("N", "T", dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_sequence(x, row="1, -1")
        return x.with_shape(x.shape[0], x.shape[1] + 1, x.shape[2])

    def emit(self, x: TensorType) -> Emit:
        made = Call("ClassToken", x.shape[2])
        return Emit("{y} = {token}({x})", {"token": made}, snippets=(_CLASS_TOKEN,))

    def parameters(self, x: TensorType) -> int:
        return need_sequence(x)


_STEPS = Snippet(
    "encode_steps",
    '''\
def encode_steps(steps: Tensor, features: int) -> Tensor:
    """Sines, then cosines, of each step: (N) -> (N, features)."""
    number = torch.arange(features // 2, device=steps.device)
    speeds = torch.exp(number * (-math.log(10000.0) / (features // 2)))
    angles = steps[:, None] * speeds
    return torch.cat([angles.sin(), angles.cos()], dim=1)
''',
)


@block(
    "time_embedding",
    title="Time-step embedding",
    category=Category.ATTENTION,
    glyph="Ts",
    keywords=("diffusion", "ddpm", "noise level", "sinusoidal", "step", "mlp"),
    stem="time",
)
class TimeEmbedding(Block):
    """Makes of a step, such as how much noise there is, a row of numbers that layers can use.

    Use it in diffusion models, so that one network serves all steps; add its answer to what the
    layers know.

    Shape: `(N) -> (N, features)`; with dense layers `(N) -> (N, units)`.

    Source: Denoising Diffusion Probabilistic Models (2020), appendix B; the speeds as in the code
    of Improved Denoising Diffusion Probabilistic Models (2021).
    """

    port_help = {"x": "A number for each sample (N), such as 0 to 999."}
    stricter = {
        "needs a number for each sample": "Torch takes other shapes here and stops later.",
        "an even number of features": "Torch gives one less.",
        "whole numbers or float32": "The dense layers are made in float32.",
    }

    features: int = param(default=128, ge=2, help="How many sines and cosines, an even number.")
    mlp: bool = param(
        default=True, title="Dense layers", help="Two dense layers with a SiLU between them."
    )
    units: int = param(
        default=512, ge=1, show_if=lambda layer: layer.mlp, help="Numbers that they give."
    )

    examples = (
        Example({}, x=T("N", dtype="int64")),
        Example({"features": 6, "units": 5}, x=T("N")),
        Example({"mlp": False, "features": 8}, x=T("N")),
        Example({"features": 7}, x=T("N"), fails="an even number"),
        Example({}, x=T("N", 1), fails="needs a number for each sample"),
        Example({}, x=T("N", dtype="bool"), fails="whole numbers or float32"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if x.dtype not in ("float32", "int64", "int32"):
            raise Refusal(
                f"needs whole numbers or float32, but receives {x.dtype}",
                port="x",
                short=f"{x.dtype} ≠ float32",
                hints=(SetUpstream("x", "dtype", "float32"),),
            )
        if x.rank != 1:
            raise Refusal(
                f"needs a number for each sample (N), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} ≠ 1",
                hints=(SetUpstream("x", "shape", ""),) if x.rank else (),
            )
        if self.features % 2:
            raise Refusal(
                f"takes a sine and a cosine each and needs an even number of features, but has "
                f"{self.features}",
                short=f"{self.features} % 2",
                hints=(SetParam("features", self.features + 1),),
            )
        return T(x.shape[0], self.units if self.mlp else self.features)

    def emit(self, x: TensorType) -> Emit:
        values = {"features": self.features}
        code = "encode_steps({x}, {features})"
        if not self.mlp:
            return Emit(f"{{y}} = {code}", values=values, snippets=(_STEPS,))
        made = Call(
            "nn.Sequential",
            Call("nn.Linear", self.features, self.units),
            Call("nn.SiLU"),
            Call("nn.Linear", self.units, self.units),
        )
        return Emit(f"{{y}} = {{mlp}}({code})", {"mlp": made}, values, (_STEPS,))

    def parameters(self, x: TensorType) -> int:
        return (self.features + self.units + 2) * self.units if self.mlp else 0

    def multiply_adds(self, x: TensorType) -> Dim:
        return x.shape[0] * (self.features + self.units) * self.units if self.mlp else 0

    def saved(self, x: TensorType) -> Saved:
        angles = [T(x.shape[0], self.features // 2)] * x.is_float
        units = [T(x.shape[0], self.features), *[T(x.shape[0], self.units)] * 2]
        return Saved.of((), *angles, *(units if self.mlp else []))

    def summary(self) -> str:
        return f"{self.units} units" if self.mlp else f"{self.features} features"
