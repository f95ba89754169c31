"""Dropout of whole channels or rows, and dropout that keeps mean and spread."""

from __future__ import annotations

from typing import Any, ClassVar

from graph.block import Block, Call, Category, Emit, Example, block
from graph.blocks._common import axis_in, need_floats
from graph.blocks._windows import need_spatial
from graph.params import param
from graph.problems import Refusal
from graph.saved import Saved
from graph.tensor import T, TensorType, show_shape


def _probability(of: str) -> Any:  # Any: as `param`, whose answers these are
    return param(
        default=0.5, title="Probability", ge=0, le=1, widget="slider",
        help=f"Chance of each {of} to be dropped; what is left makes up for it.",
    )  # fmt: skip


class _Dropped(Block):
    """What drops at random while training, and nothing afterwards."""

    torch_name: ClassVar[str]

    p: float = _probability("channel")

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        return Emit("{y} = {dropout}({x})", {"dropout": Call(self.torch_name, self.p)})

    def saved(self, x: TensorType) -> Saved:
        return Saved.of((), x)

    def summary(self) -> str:
        return f"p {self.p:g}"


class _ChannelDropout(_Dropped):
    """What turns whole channels to 0."""

    axes: ClassVar[int]

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        need_spatial(x, self.axes)
        return x

    def saved(self, x: TensorType) -> Saved:
        return Saved.of((), x.with_shape(*x.shape[:2]))


@block(
    "dropout1d",
    title="Dropout 1D",
    category=Category.REGULARISATION,
    glyph="D1",
    keywords=("channel dropout", "spatial dropout", "regularization", "sequence"),
)
class Dropout1d(_ChannelDropout):
    """Turns random channels of a sequence to 0 while training, and nothing afterwards.

    Use it after convolutions, whose neighbouring places tell the same and undo a plain Dropout.

    Shape: `(N, C, L) -> (N, C, L)`.

    Source: Efficient Object Localization Using Convolutional Networks (2014), section 3.2.
    """

    axes = 1
    torch_name = "nn.Dropout1d"
    examples = (
        Example({}, x=T("N", 3, 9)),
        Example({"p": 0.1}, x=T("N", "C", "T", dtype="float64")),
        Example({}, x=T("N", 9), fails="needs a sequence"),
        Example({}, x=T("N", 3, 9, dtype="int64"), fails="needs floating-point"),
    )


@block(
    "dropout2d",
    title="Dropout 2D",
    category=Category.REGULARISATION,
    glyph="D2",
    keywords=("channel dropout", "spatial dropout", "regularization", "image"),
)
class Dropout2d(_ChannelDropout):
    """Turns random channels of an image to 0 while training, and nothing afterwards.

    Use it after convolutions, whose neighbouring places tell the same and undo a plain Dropout.

    Shape: `(N, C, H, W) -> (N, C, H, W)`.

    Source: Efficient Object Localization Using Convolutional Networks (2014), section 3.2.
    """

    axes = 2
    torch_name = "nn.Dropout2d"
    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example({"p": 0.1}, x=T("N", "C", "H", "W")),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
        Example({}, x=T("N", 3, 9, 9, dtype="int64"), fails="needs floating-point"),
    )


@block(
    "dropout3d",
    title="Dropout 3D",
    category=Category.REGULARISATION,
    glyph="D3",
    keywords=("channel dropout", "spatial dropout", "regularization", "volume", "video"),
)
class Dropout3d(_ChannelDropout):
    """Turns random channels of a volume to 0 while training, and nothing afterwards.

    Use it after convolutions, whose neighbouring places tell the same and undo a plain Dropout.

    Shape: `(N, C, D, H, W) -> (N, C, D, H, W)`.

    Source: Efficient Object Localization Using Convolutional Networks (2014), section 3.2.
    """

    axes = 3
    torch_name = "nn.Dropout3d"
    examples = (
        Example({}, x=T("N", 2, 3, 4, 5)),
        Example({"p": 0.1}, x=T("N", "C", "T", 4, 4)),
        Example({}, x=T("N", 3, 9, 9), fails="needs a volume"),
    )


@block(
    "alpha_dropout",
    title="Alpha dropout",
    category=Category.REGULARISATION,
    glyph="Da",
    keywords=("selu", "self-normalizing", "regularization"),
)
class AlphaDropout(_Dropped):
    """Turns random numbers to the low end of SELU while training; mean and spread stay.

    Use it with SELU, which a plain Dropout would throw off its balance.

    Shape: `(…) -> (…)`.

    Source: Self-Normalizing Neural Networks (2017), section 2, "New Dropout Technique".
    """

    torch_name = "nn.AlphaDropout"

    p: float = _probability("number")

    examples = (
        Example({}, x=T("N", 16)),
        Example({"p": 0.1}, x=T("N", 3, "H", "W")),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )


@block(
    "feature_alpha_dropout",
    title="Feature alpha dropout",
    category=Category.REGULARISATION,
    glyph="Df",
    keywords=("selu", "channel dropout", "self-normalizing", "regularization"),
)
class FeatureAlphaDropout(_Dropped):
    """Turns random channels to the low end of SELU while training; mean and spread stay.

    Use it with SELU after convolutions.

    Shape: `(N, C, …) -> (N, C, …)`.

    Source: Self-Normalizing Neural Networks (2017), section 2, and Efficient Object Localization
    Using Convolutional Networks (2014), section 3.2.
    """

    torch_name = "nn.FeatureAlphaDropout"
    stricter = {"needs channels": "Torch asks for them only where something may be dropped."}
    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example({"p": 0.1}, x=T("N", "C", "T")),
        Example({}, x=T("N", 8)),
        Example({}, x=T("N"), fails="needs channels"),
        Example({}, x=T("N", 3, 9, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        if x.rank < 2:
            raise Refusal(
                f"needs channels (N, C, …), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} < 2",
            )
        return x

    def saved(self, x: TensorType) -> Saved:
        return Saved.of((), x.with_shape(*x.shape[:2]))


@block(
    "shared_dropout",
    title="Shared dropout",
    category=Category.REGULARISATION,
    glyph="Ds",
    keywords=("row-wise", "column-wise", "variational dropout", "regularization", "alphafold"),
    stem="dropout",
)
class SharedDropout(_Dropped):
    """Turns random numbers to 0 while training, the same ones all along one axis.

    Use it where neighbours along that axis tell the same, such as steps of a sequence.

    Shape: `(…) -> (…)`.

    Source: Highly Accurate Protein Structure Prediction with AlphaFold (2021), supplement, section
    1.11.6; for sequences, A Theoretically Grounded Application of Dropout in Recurrent Neural
    Networks (2015), section 4.
    """

    torch_name = "nn.Dropout"

    p: float = _probability("number")
    axis: int = param(default=1, help="The axis along which all share their fate; 0 is the batch.")

    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"p": 0.25, "axis": 2}, x=T("N", "S", "R", 4)),
        Example({"axis": -1}, x=T("N", 4, dtype="float64")),
        Example({"axis": 0}, x=T("N", 4)),
        Example({"axis": 3}, x=T("N", "T", 8), fails="works on axis 3"),
        Example({}, x=T(), fails="at least one axis"),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        if not x.shape:
            raise Refusal("needs at least one axis, but receives a scalar", port="x")
        axis_in(x, self.axis)
        return x

    def emit(self, x: TensorType) -> Emit:
        first = ", ".join([":"] * axis_in(x, self.axis) + [":1"])
        text = f"{{y}} = {{x}} * {{dropout}}(torch.ones_like({{x}}[{first}]))"
        return Emit(text, {"dropout": Call(self.torch_name, self.p)})

    def saved(self, x: TensorType) -> Saved:
        axis = axis_in(x, self.axis)
        return Saved.of((), x.with_shape(*x.shape[:axis], *x.shape[axis + 1 :]))

    def summary(self) -> str:
        return f"p {self.p:g}  axis {self.axis}"
