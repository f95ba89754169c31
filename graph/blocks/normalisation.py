"""Normalisation: numbers brought to mean 0 and spread 1, then scaled by what is learned."""

from __future__ import annotations

from math import prod
from typing import Any

from graph.block import Argument, Block, Call, Category, Emit, Example, block, known
from graph.blocks._common import changed, need_float32, need_floats
from graph.params import param
from graph.problems import Hint, Insert, Refusal, SetParam, SetUpstream
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, show_shape

_BATCH_NORMS = {2: "nn.BatchNorm1d", 3: "nn.BatchNorm1d", 4: "nn.BatchNorm2d", 5: "nn.BatchNorm3d"}

_EPS_HELP = "Added to what is divided by, so that it is never 0."


def _eps(default: float) -> Any:  # Any: as `param`, whose answers these are
    return param(default=default, ge=0, help=_EPS_HELP)


def _affine() -> Any:
    return param(default=True, title="Learned scale", help="Scale and shift by learned numbers.")


def _need_dtype(x: TensorType, has_weights: bool) -> None:
    if has_weights:
        need_float32(x)
    else:
        need_floats(x)


def _need_several(x: TensorType, *together: Dim) -> None:
    """Refuses to normalise over sizes that are all 1: what is alone has no spread.

    Raises:
        Refusal: as above.
    """
    if all(dim == 1 for dim in together):
        raise Refusal(
            f"normalises over more than one number, but receives {show_shape(x.shape)}; what is "
            "alone has no spread",
            port="x",
            short="1 number",
        )


@block(
    "batch_norm",
    title="Batch norm",
    category=Category.NORMALISATION,
    glyph="Bn",
    keywords=("batchnorm", "normalization", "batch normalization"),
)
class BatchNorm(Block):
    """Normalises every channel over the batch; once trained, by the averages it has seen.

    Use it after convolutions, before the activation. It needs more than a few samples a batch.

    Shape: `(N, C, …) -> (N, C, …)`, with up to three axes behind the channels.

    Source: Batch Normalization (2015), section 3.
    """

    eps: float = param(default=1e-5, gt=0, help=_EPS_HELP)
    momentum: float = param(
        default=0.1, ge=0, le=1, help="How much of each batch goes into the running averages."
    )
    affine: bool = _affine()

    examples = (
        Example({}, x=T("N", 8, 5, 5)),
        Example({"momentum": 0.01, "eps": 1e-3}, x=T("N", 8)),
        Example({"affine": False}, x=T("N", 4, "T")),
        Example({}, x=T("N", 2, 3, 3, 3)),
        Example({}, x=T("N"), fails="between 2 and 5 axes"),
        Example({}, x=T(1, 8), fails="over more than one number"),
        Example({}, x=T("N", "T", 8), fails="the number of channels"),
        Example({}, x=T("N", 8, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_float32(x)
        if x.rank not in _BATCH_NORMS:
            raise Refusal(
                f"needs between 2 and 5 axes (N, C, …), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank}",
                hints=(Insert("flatten", "x"),) if x.rank > 5 else (),
            )
        known(x.shape[1], "the number of channels (axis 1)", "x")
        _need_several(x, x.shape[0], *x.shape[2:])
        return x

    def emit(self, x: TensorType) -> Emit:
        options = changed(
            eps=(self.eps, 1e-5), momentum=(self.momentum, 0.1), affine=(self.affine, True)
        )
        made = Call(_BATCH_NORMS[x.rank], x.shape[1], **options)
        return Emit("{y} = {norm}({x})", {"norm": made})

    def parameters(self, x: TensorType) -> int:
        return 2 * known(x.shape[1], "the number of channels") if self.affine else 0

    def saved(self, x: TensorType) -> Saved:
        return Saved(("x",), numbers=2 * x.shape[1])

    def summary(self) -> str:
        return "" if self.affine else "no scale"


class _LastAxes(Block):
    """What normalises over the last axes."""

    def lengths(self, x: TensorType, axes: int) -> tuple[int, ...]:
        if axes > x.rank:
            hints: tuple[Hint, ...] = (SetParam("axes", x.rank),) if x.rank else ()
            raise Refusal(
                f"normalises over the last {axes} axes, but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} < {axes}",
                hints=hints,
            )
        return tuple(known(dim, "each axis it works on", "x") for dim in x.shape[x.rank - axes :])


@block(
    "layer_norm",
    title="Layer norm",
    category=Category.NORMALISATION,
    glyph="Ln",
    keywords=("layernorm", "normalization", "layer normalization", "transformer"),
)
class LayerNorm(_LastAxes):
    """Normalises the features of every place by themselves.

    Use it in Transformers and recurrent networks; it does not depend on the batch.

    Shape: `(…) -> (…)`.

    Source: Layer Normalization (2016), section 3.
    """

    axes: int = param(default=1, ge=1, help="How many axes at the end are normalised together.")
    eps: float = _eps(1e-5)
    affine: bool = _affine()
    bias: bool = param(default=True, show_if=lambda norm: norm.affine, help="Add a learned shift.")

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"axes": 2, "bias": False}, x=T("N", 3, 4, 5)),
        Example({"affine": False, "eps": 1e-6}, x=T("N", 7, dtype="float64")),
        Example({"axes": 4}, x=T("N", 3, 4), fails="the last 4 axes"),
        Example({}, x=T("N", "T"), fails="each axis it works on"),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        _need_dtype(x, self.affine)
        self.lengths(x, self.axes)
        return x

    def emit(self, x: TensorType) -> Emit:
        options = changed(
            eps=(self.eps, 1e-5),
            elementwise_affine=(self.affine, True),
            bias=(self.bias or not self.affine, True),
        )
        made = Call("nn.LayerNorm", _shape(self.lengths(x, self.axes)), **options)
        return Emit("{y} = {norm}({x})", {"norm": made})

    def parameters(self, x: TensorType) -> int:
        return self.affine * (1 + self.bias) * prod(self.lengths(x, self.axes))

    def saved(self, x: TensorType) -> Saved:
        each = x.with_shape(*x.shape[: -self.axes])
        return Saved.of(("x",), each, each)

    def summary(self) -> str:
        return "" if self.axes == 1 else f"last {self.axes} axes"


@block(
    "rms_norm",
    title="RMS norm",
    category=Category.NORMALISATION,
    glyph="Rn",
    keywords=("rmsnorm", "root mean square", "normalization", "transformer", "llama"),
)
class RmsNorm(_LastAxes):
    """Divides the features of every place by their root mean square.

    Use it like Layer norm: it is cheaper and does as well in large Transformers.

    Shape: `(…) -> (…)`.

    Source: Root Mean Square Layer Normalization (2019), section 3.
    """

    axes: int = param(default=1, ge=1, help="How many axes at the end are normalised together.")
    eps: float = _eps(1e-6)
    affine: bool = _affine()

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"axes": 2, "eps": 1e-5}, x=T("N", 3, 4)),
        Example({"affine": False}, x=T("N", 4, dtype="float64")),
        Example({"axes": 3}, x=T("N", 4), fails="the last 3 axes"),
        Example({}, x=T("N", "T"), fails="each axis it works on"),
    )

    def infer(self, x: TensorType) -> TensorType:
        _need_dtype(x, self.affine)
        self.lengths(x, self.axes)
        return x

    def emit(self, x: TensorType) -> Emit:
        options: dict[str, Argument] = {"eps": self.eps}
        options |= changed(elementwise_affine=(self.affine, True))
        made = Call("nn.RMSNorm", _shape(self.lengths(x, self.axes)), **options)
        return Emit("{y} = {norm}({x})", {"norm": made})

    def parameters(self, x: TensorType) -> int:
        return self.affine * prod(self.lengths(x, self.axes))

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), x.with_shape(*x.shape[: -self.axes]), *[x] * self.affine)

    def summary(self) -> str:
        return "" if self.axes == 1 else f"last {self.axes} axes"


def _shape(lengths: tuple[int, ...]) -> int | tuple[int, ...]:
    return lengths[0] if len(lengths) == 1 else lengths


@block(
    "group_norm",
    title="Group norm",
    category=Category.NORMALISATION,
    glyph="Gn",
    keywords=("groupnorm", "instance norm", "normalization", "group normalization"),
)
class GroupNorm(Block):
    """Normalises groups of channels within every sample.

    Use it instead of Batch norm when batches are small. As many groups as channels make it an
    instance norm, one group a layer norm over the whole sample.

    Shape: `(N, C, …) -> (N, C, …)`.

    Source: Group Normalization (2018), section 3.1.
    """

    groups: int = param(default=8, ge=1, help="Groups of channels; they divide the channels.")
    eps: float = _eps(1e-5)
    affine: bool = _affine()

    examples = (
        Example({}, x=T("N", 32, 5, 5)),
        Example({"groups": 3, "affine": False}, x=T("N", 6, "T")),
        Example({"groups": 2, "eps": 1e-6}, x=T("N", 8)),
        Example({"groups": 5}, x=T("N", 32, 5, 5), fails="leaves a rest"),
        Example({"groups": 2}, x=T(1, 2), fails="over more than one number"),
        Example({}, x=T("N"), fails="needs channels"),
        Example({}, x=T("N", "T", 8), fails="the number of channels"),
    )

    def infer(self, x: TensorType) -> TensorType:
        _need_dtype(x, self.affine)
        if x.rank < 2:
            raise Refusal(
                f"needs channels (N, C, …), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} < 2",
            )
        channels = known(x.shape[1], "the number of channels (axis 1)", "x")
        if channels % self.groups:
            divisor = next(n for n in range(self.groups, 0, -1) if channels % n == 0)
            more = -(-channels // self.groups) * self.groups
            raise Refusal(
                f"splits {channels} channels into {self.groups} groups, which leaves a rest",
                port="x",
                short=f"{channels} % {self.groups}",
                hints=(SetParam("groups", divisor), SetUpstream("x", "out_channels", more)),
            )
        _need_several(x, x.shape[0], channels // self.groups, *x.shape[2:])
        return x

    def emit(self, x: TensorType) -> Emit:
        options = changed(eps=(self.eps, 1e-5), affine=(self.affine, True))
        made = Call("nn.GroupNorm", self.groups, x.shape[1], **options)
        return Emit("{y} = {norm}({x})", {"norm": made})

    def parameters(self, x: TensorType) -> int:
        return 2 * known(x.shape[1], "the number of channels") if self.affine else 0

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), x.with_shape(x.shape[0], 2 * self.groups))

    def summary(self) -> str:
        return f"{self.groups} groups"
