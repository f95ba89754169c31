"""Normalisation within a sample: Instance norm, Local response norm, L2 normalise."""

from __future__ import annotations

from dataclasses import replace

from graph.block import Block, Call, Category, Emit, Example, Snippet, block, known
from graph.blocks._common import axis_in, call_of, changed, need_float32, need_floats
from graph.params import param
from graph.problems import Hint, Insert, Refusal
from graph.saved import Saved
from graph.tensor import T, TensorType, show_shape

_RESPONSE = Snippet(
    "local_response_norm",
    '''\
def local_response_norm(
    x: Tensor,
    size: int,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 1.0,
) -> Tensor:
    """Divides by the strength of channels nearby; that of F takes twice as long."""
    squares = F.pad(x.square(), (0, 0) * (x.ndim - 2) + (size // 2, (size - 1) // 2))
    total = squares.narrow(1, 0, x.shape[1])
    for i in range(1, size):
        total = total + squares.narrow(1, i, x.shape[1])
    return x * (k + alpha / size * total) ** -beta
''',
)
_INSTANCE_NORMS = {3: "nn.InstanceNorm1d", 4: "nn.InstanceNorm2d", 5: "nn.InstanceNorm3d"}


@block(
    "instance_norm",
    title="Instance norm",
    category=Category.NORMALISATION,
    glyph="Ns",
    keywords=("instancenorm", "normalization", "style transfer", "contrast"),
)
class InstanceNorm(Block):
    """Normalises every channel of every sample over its places, in training and afterwards.

    Use it in style transfer and image-to-image networks, where contrast shall not matter.

    Shape: `(N, C, …) -> (N, C, …)`, with one to three axes behind the channels.

    Source: Instance Normalization: The Missing Ingredient for Fast Stylization (2016).
    """

    stricter = {"between 3 and 5 axes": "Torch takes one sample without a batch axis."}

    eps: float = param(
        default=1e-5, gt=0, help="Added to what is divided by, so that it is never 0."
    )
    affine: bool = param(
        default=False, title="Learned scale", help="Scale and shift by learned numbers."
    )

    examples = (
        Example({}, x=T("N", 8, 5, 5)),
        Example({"affine": True, "eps": 1e-3}, x=T("N", 4, "T")),
        Example({"affine": True}, x=T("N", 2, 3, 3, 3)),
        Example({}, x=T("N", 3, 4, 4, dtype="float64")),
        Example({}, x=T("N", 8), fails="between 3 and 5 axes"),
        Example({}, x=T("N", 8, 1, 1), fails="over more than one number"),
        Example({}, x=T("N", "C", 8), fails="the number of channels"),
        Example({"affine": True}, x=T("N", 8, 4, dtype="float64"), fails="weights of float32"),
        Example({}, x=T("N", 8, 4, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if self.affine:
            need_float32(x)
        else:
            need_floats(x)
        if x.rank not in _INSTANCE_NORMS:
            flat: tuple[Hint, ...] = (Insert("flatten", "x", (("start_axis", 2),)),)
            raise Refusal(
                f"needs between 3 and 5 axes (N, C, …), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank}",
                hints=flat if x.rank > 5 else (),
            )
        known(x.shape[1], "the number of channels (axis 1)", "x")
        if all(dim == 1 for dim in x.shape[2:]):
            raise Refusal(
                "normalises each channel over more than one number, but receives "
                f"{show_shape(x.shape)}; what is alone has no spread",
                port="x",
                short="1 number",
            )
        return x

    def emit(self, x: TensorType) -> Emit:
        options = changed(eps=(self.eps, 1e-5), affine=(self.affine, False))
        made = Call(_INSTANCE_NORMS[x.rank], x.shape[1], **options)
        return Emit("{y} = {norm}({x})", {"norm": made})

    def parameters(self, x: TensorType) -> int:
        return 2 * known(x.shape[1], "the number of channels") if self.affine else 0

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), *[x.with_shape(*x.shape[:2])] * (2 + self.affine))

    def summary(self) -> str:
        return "learned scale" if self.affine else ""


@block(
    "local_response_norm",
    title="Local response norm",
    category=Category.NORMALISATION,
    glyph="Zr",
    keywords=("lrn", "localresponsenorm", "normalization", "alexnet", "lateral inhibition"),
)
class LocalResponseNorm(Block):
    """Divides every number by the strength of its neighbour channels at the same place.

    Use it to rebuild AlexNet and its time; Batch norm has taken its place.

    Shape: `(N, C, …) -> (N, C, …)`: `y = x / (k + alpha·m) ** beta`, where m is the mean of the
    squares of `size` channels around it.

    Source: ImageNet Classification with Deep Convolutional Neural Networks (2012), section 3.3,
    whose alpha multiplies the sum instead of the mean: its 1e-4 is 5e-4 here, with a k of 2.
    """

    size: int = param(default=5, ge=1, help="Number of neighbour channels, itself included.")
    alpha: float = param(default=1e-4, ge=0, help="How much the neighbours count.")
    beta: float = param(default=0.75, ge=0, help="The power to which the strength is taken.")
    k: float = param(default=1.0, gt=0, help="What is added to the strength.")

    examples = (
        Example({}, x=T("N", 8, 5, 5)),
        Example({"size": 3, "alpha": 5e-4, "k": 2.0}, x=T("N", "C", "T")),
        Example({"size": 12, "beta": 0.5}, x=T("N", 4, 3, 3, 3)),
        Example({}, x=T("N", 8)),
        Example({}, x=T("N"), fails="needs at least 2 axes"),
        Example({}, x=T("N", 8, 4, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        if x.rank < 2:
            raise Refusal(
                f"needs at least 2 axes (N, C, …), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} < 2",
            )
        return x

    def emit(self, x: TensorType) -> Emit:
        options = changed(alpha=(self.alpha, 1e-4), beta=(self.beta, 0.75), k=(self.k, 1.0))
        emit = call_of("local_response_norm", self.size, **options)
        return replace(emit, snippets=(_RESPONSE,))

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), x, x)

    def summary(self) -> str:
        return f"{self.size} channels"


@block(
    "normalize",
    title="L2 normalise",
    category=Category.NORMALISATION,
    glyph="N2",
    keywords=("unit length", "norm", "normalize", "cosine", "embedding", "direction"),
)
class Normalize(Block):
    """Divides the vectors along an axis by their length, which makes it 1.

    Use it where only the direction of a vector counts, as before comparing embeddings.

    Shape: `(…) -> (…)`.
    """

    axis: int = param(default=-1, help="The axis it works along; -1 is the last, 0 the batch.")
    eps: float = param(
        default=1e-12, gt=0, help="The least that is divided by, so that it is never 0."
    )

    examples = (
        Example({}, x=T("N", 10)),
        Example({"axis": 1}, x=T("N", 10, "H", "W")),
        Example({"axis": -2, "eps": 1e-6}, x=T("N", "T", 4, dtype="float64")),
        Example({"axis": 2}, x=T("N", 10), fails="works on axis 2"),
        Example({}, x=T("N", 10, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        axis_in(x, self.axis)
        return x

    def emit(self, x: TensorType) -> Emit:
        return call_of("F.normalize", dim=self.axis, **changed(eps=(self.eps, 1e-12)))

    def saved(self, x: TensorType) -> Saved:
        axis = axis_in(x, self.axis)
        lengths = x.with_shape(*x.shape[:axis], *x.shape[axis + 1 :])
        return Saved.of(("x",), lengths, lengths)

    def summary(self) -> str:
        return "" if self.axis == -1 else f"axis {self.axis}"
