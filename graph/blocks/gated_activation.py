"""Gated units: one half of the numbers decides what passes of the other half."""

from __future__ import annotations

from typing import ClassVar

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import axis_in, call_of, changed, need_floats
from graph.params import param
from graph.problems import Hint, Refusal, SetUpstream
from graph.saved import Saved
from graph.tensor import T, TensorType


def _hints_to_even(x: TensorType, axis: int) -> tuple[Hint, ...]:
    """One more of the channels or features, where these are halved."""
    size = x.shape[axis]
    if not isinstance(size, int) or axis not in (1, x.rank - 1):
        return ()
    name = "features" if axis == x.rank - 1 else "out_channels"
    return (SetUpstream("x", name, size + 1),)


class _Gated(Block):
    """One half of an axis passes as far as a function of the other half lets it.

    `formula` is written in the halves, `{_value}` and `{_gate}`.
    """

    formula: ClassVar[str]
    stricter = {"needs an even size": "Torch halves 3 into 2 and 1, and broadcasts the one."}

    axis: int = param(default=-1, help="The axis that is halved; -1 is the last, 1 the channels.")

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        axis = axis_in(x, self.axis)
        if not x.shape:
            raise Refusal("needs an axis to halve, but receives a scalar", port="x")
        size = x.shape[axis]
        half = size // 2
        if half * 2 != size:
            raise Refusal(
                f"halves axis {axis} and needs an even size there, but receives {size}",
                port="x",
                short=f"{size} % 2",
                hints=_hints_to_even(x, axis),
            )
        return x.with_shape(*x.shape[:axis], half, *x.shape[axis + 1 :])

    def emit(self, x: TensorType) -> Emit:
        halves = "{_value}, {_gate} = {x}.chunk(2, dim={axis})"
        return Emit(f"{halves}\n{{y}} = {self.formula}", values={"axis": self.axis})

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), self.infer(x))

    def summary(self) -> str:
        return "" if self.axis == -1 else f"axis {self.axis}"


_HALVED = (
    Example({}, x=T("N", "T", 16)),
    Example({"axis": 1}, x=T("N", 6, "H", "W")),
    Example({"axis": -2}, x=T("N", 4, 3, dtype="float64")),
    Example({}, x=T("N", 7), fails="an even size"),
    Example({}, x=T("N", "T"), fails="an even size"),
    Example({"axis": 2}, x=T("N", 8), fails="works on axis 2"),
    Example({}, x=T("N", 8, dtype="int64"), fails="needs floating-point"),
)


@block(
    "glu",
    title="GLU",
    category=Category.ACTIVATION,
    glyph="Gl",
    keywords=("gated linear unit", "gate", "half"),
)
class Glu(_Gated):
    """One half of the numbers passes as far as the sigmoid of the other half lets it.

    Use it after a layer with twice the features; it learns what to let through.

    Shape: `(…, 2·n, …) -> (…, n, …)`.

    Source: Language Modeling with Gated Convolutional Networks (2016), section 2.
    """

    stricter = {}
    examples = _HALVED

    def emit(self, x: TensorType) -> Emit:
        return call_of("F.glu", **changed(dim=(self.axis, -1)))

    def saved(self, x: TensorType) -> Saved:
        return Saved(("x",))


@block(
    "geglu",
    title="GEGLU",
    category=Category.ACTIVATION,
    glyph="Eg",
    keywords=("gated gelu", "gate", "transformer", "feed forward", "half"),
)
class Geglu(_Gated):
    """Multiplies one half of the numbers by the GELU of the other half.

    Use it in the feed-forward part of Transformers, after a layer with twice the features.

    Shape: `(…, 2·n, …) -> (…, n, …)`; the second half is the gate.

    Source: GLU Variants Improve Transformer (2020), section 2, without the weights.
    """

    formula = "{_value} * F.gelu({_gate})"
    examples = _HALVED


@block(
    "swiglu",
    title="SwiGLU",
    category=Category.ACTIVATION,
    glyph="Sw",
    keywords=("gated silu", "swish", "gate", "transformer", "llama", "half"),
)
class Swiglu(_Gated):
    """Multiplies one half of the numbers by the SiLU of the other half.

    Use it in the feed-forward part of Transformers, as LLaMA does.

    Shape: `(…, 2·n, …) -> (…, n, …)`; the second half is the gate.

    Source: GLU Variants Improve Transformer (2020), section 2, without the weights.
    """

    formula = "{_value} * F.silu({_gate})"
    examples = _HALVED


@block(
    "reglu",
    title="ReGLU",
    category=Category.ACTIVATION,
    glyph="Rg",
    keywords=("gated relu", "gate", "transformer", "feed forward", "half"),
)
class Reglu(_Gated):
    """Multiplies one half of the numbers by the ReLU of the other half.

    Use it like GEGLU; it costs less, and its gate can shut entirely.

    Shape: `(…, 2·n, …) -> (…, n, …)`; the second half is the gate.

    Source: GLU Variants Improve Transformer (2020), section 2, without the weights.
    """

    formula = "{_value} * F.relu({_gate})"
    examples = _HALVED


@block(
    "gated_tanh",
    title="Gated tanh",
    category=Category.ACTIVATION,
    glyph="Gt",
    keywords=("wavenet", "gate", "sigmoid", "pixelcnn", "half"),
)
class GatedTanh(_Gated):
    """One half of the numbers, squeezed by tanh, passes as far as the sigmoid of the other lets it.

    Use it after convolutions with twice the channels, along axis 1, as in WaveNet.

    Shape: `(…, 2·n, …) -> (…, n, …)`; the second half is the gate.

    Source: WaveNet: A Generative Model for Raw Audio (2016), section 2.3.
    """

    formula = "torch.tanh({_value}) * torch.sigmoid({_gate})"
    examples = _HALVED

    def saved(self, x: TensorType) -> Saved:
        half = self.infer(x)
        return Saved.of((), half, half)
