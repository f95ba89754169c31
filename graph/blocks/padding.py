"""Padding: places added around sequences, images and volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graph.block import Argument, Block, Category, Emit, Example, block
from graph.blocks._common import call_of, changed, need_floats
from graph.blocks._windows import need_spatial
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType


def _side(where: str) -> Any:  # Any: as `param`, whose answers these are
    return param(default=1, ge=0, unit="px", help=f"Places added {where}.")


def _mode() -> Any:
    return param(
        default="constant",
        choices=("constant", "reflect", "replicate", "circular"),
        help="What they hold: one number, the mirrored inside, the nearest edge, or the other end.",
    )


def _value() -> Any:
    return param(
        default=0.0, show_if=lambda pad: pad.mode == "constant", help="The number they hold."
    )


class _Pad(Block):
    """A feature map with places around it."""

    axes: ClassVar[int]
    sides: ClassVar[tuple[tuple[str, str], ...]]

    if TYPE_CHECKING:  # Each subclass declares them, since forms keep the order.
        mode: str
        value: float

    def added(self) -> tuple[tuple[int, int], ...]:
        """The places before and after, for each axis, the first first."""
        return tuple((getattr(self, a), getattr(self, b)) for a, b in self.sides)

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        need_spatial(x, self.axes)
        for size, names in zip(x.shape[2:], self.sides, strict=True):
            for name in names:
                self.check_reach(size, name)
        sizes = zip(x.shape[2:], self.added(), strict=True)
        return x.with_shape(*x.shape[:2], *(size + a + b for size, (a, b) in sizes))

    def check_reach(self, size: Dim, name: str) -> None:
        """Refuses to take more places from the inside than there are."""
        most = {"reflect": size - 1, "circular": size}.get(self.mode)
        added = getattr(self, name)
        if isinstance(most, int) and added > most:
            raise Refusal(
                f"takes its {name} {added} places from the inside ({self.mode}), but only {most} "
                "are there on that axis",
                port="x",
                short=f"{added} > {most}",
                hints=(SetParam(name, most), SetParam("mode", "replicate")),
            )

    def emit(self, x: TensorType) -> Emit:
        sides: Argument = tuple(n for pair in reversed(self.added()) for n in pair)
        options = changed(mode=(self.mode, "constant"))
        if self.mode == "constant":
            options |= changed(value=(self.value, 0.0))
        return call_of("F.pad", sides, **options)

    def saved(self, x: TensorType) -> Saved:
        return Saved(("x",) if self.mode in ("reflect", "replicate") else ())

    def summary(self) -> str:
        pairs = [str(a) if a == b else f"{a}+{b}" for a, b in self.added()]
        number = f" {self.value:g}" if self.mode == "constant" else ""
        return f"{pairs[0] if len(set(pairs)) == 1 else '×'.join(pairs)}  {self.mode}{number}"


@block(
    "pad1d",
    title="Pad 1D",
    category=Category.POOLING,
    glyph="p1",
    keywords=("padding", "reflect", "replicate", "circular", "zero", "causal", "sequence"),
)
class Pad1d(_Pad):
    """Adds places to the ends of a sequence.

    Use it before layers that would see beyond the ends, where zeros on both sides are not right.

    Shape: `(N, C, L) -> (N, C, left + L + right)`.
    """

    axes = 1
    sides = (("left", "right"),)

    left: int = _side("before the first")
    right: int = _side("behind the last")
    mode: str = _mode()
    value: float = _value()

    examples = (
        Example({}, x=T("N", 3, 9)),
        Example({"left": 4, "right": 0, "value": 1.5}, x=T("N", "C", "T")),
        Example({"left": 2, "mode": "reflect"}, x=T("N", 3, "T")),
        Example({"left": 12, "mode": "replicate"}, x=T("N", 3, 2)),
        Example({"left": 3, "right": 3, "mode": "circular"}, x=T("N", 3, 3)),
        Example({"left": 3, "mode": "reflect"}, x=T("N", 3, 3), fails="only 2 are there"),
        Example({"right": 4, "mode": "circular"}, x=T("N", 3, 3), fails="only 3 are there"),
        Example({}, x=T("N", 9), fails="needs a sequence"),
        Example({}, x=T("N", 3, 9, dtype="int64"), fails="needs floating-point"),
    )


@block(
    "pad2d",
    title="Pad 2D",
    category=Category.POOLING,
    glyph="p2",
    keywords=("padding", "reflect", "replicate", "circular", "zero", "border", "image"),
)
class Pad2d(_Pad):
    """Adds places around an image.

    Use it before convolutions where zeros at the border would show, as in style transfer.

    Shape: `(N, C, H, W) -> (N, C, top + H + bottom, left + W + right)`.
    """

    axes = 2
    sides = (("top", "bottom"), ("left", "right"))

    left: int = _side("on the left")
    right: int = _side("on the right")
    top: int = _side("above")
    bottom: int = _side("below")
    mode: str = _mode()
    value: float = _value()

    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example({"left": 0, "top": 0, "value": -1.0}, x=T("N", "C", "H", "W")),
        Example({"left": 3, "top": 2, "mode": "reflect"}, x=T("N", 3, 4, "W")),
        Example({"bottom": 7, "mode": "replicate"}, x=T("N", 1, 2, 2)),
        Example({"right": 2, "mode": "circular"}, x=T("N", 3, 4, 4)),
        Example({"bottom": 4, "mode": "reflect"}, x=T("N", 3, 4, 4), fails="only 3 are there"),
        Example({"left": 5, "mode": "circular"}, x=T("N", 3, 9, 4), fails="only 4 are there"),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
    )


@block(
    "pad3d",
    title="Pad 3D",
    category=Category.POOLING,
    glyph="p3",
    keywords=("padding", "reflect", "replicate", "circular", "zero", "border", "volume", "video"),
)
class Pad3d(_Pad):
    """Adds places around a volume.

    Use it before convolutions on scans and videos where zeros at the border would show.

    Shape: `(N, C, D, H, W) -> (N, C, front + D + back, top + H + bottom, left + W + right)`.
    """

    axes = 3
    sides = (("front", "back"), ("top", "bottom"), ("left", "right"))

    left: int = _side("on the left")
    right: int = _side("on the right")
    top: int = _side("above")
    bottom: int = _side("below")
    front: int = _side("in front")
    back: int = _side("behind")
    mode: str = _mode()
    value: float = _value()

    examples = (
        Example({}, x=T("N", 3, 4, 5, 6)),
        Example({"front": 2, "back": 0, "left": 0, "value": -1.0}, x=T("N", "C", "T", "H", "W")),
        Example({"front": 2, "top": 3, "mode": "reflect"}, x=T("N", 1, 3, 4, "W")),
        Example({"bottom": 7, "mode": "replicate"}, x=T("N", 1, 2, 2, 2)),
        Example({"right": 2, "mode": "circular"}, x=T("N", 2, 3, 3, 3)),
        Example({"back": 3, "mode": "reflect"}, x=T("N", 1, 3, 4, 4), fails="only 2 are there"),
        Example({}, x=T("N", 9, 9, 9), fails="needs a volume"),
    )
