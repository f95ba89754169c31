"""Resizing by fixed rules: Upsample in one, two and three dimensions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from graph.block import Argument, Block, Category, Emit, Example, block
from graph.blocks._common import call_of, changed, need_floats, plain, times, tuple_of
from graph.blocks._windows import need_spatial
from graph.params import Ints, Size2, Size3, param
from graph.problems import Refusal, SetParam
from graph.saved import Saved
from graph.tensor import Dim, Shape, T, TensorType

# Products with such factors are exact, so that an open size times one is known.
_FINEST = 1 << 20
_PLAIN_MODES = ("nearest", "nearest-exact", "area")


def _mode(*modes: str) -> Any:  # Any: as `param`, whose answers these are
    return param(
        default="nearest",
        choices=("nearest", *modes, "nearest-exact", "area"),
        help="nearest copies the closest place, area takes means; the others blend neighbours.",
    )


def _to_size() -> Any:
    return param(
        default=False, title="To a size", help="Give the size of the output, not a factor."
    )


def _scale_factor() -> Any:
    return param(
        default=2.0,
        gt=0,
        show_if=lambda upsample: not upsample.to_size,
        help="How many times as large the output is; below 1 it is smaller.",
    )


def _size(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default,
        ge=1,
        unit="px",
        show_if=lambda upsample: upsample.to_size,
        help="Size of the output.",
    )


def _align_corners() -> Any:
    return param(
        default=False,
        show_if=lambda upsample: upsample.mode not in _PLAIN_MODES,
        help="Let the outermost places stay where they are instead of the outer edges.",
    )


class _Upsample(Block):
    """A feature map in another size."""

    axes: ClassVar[int]

    if TYPE_CHECKING:  # Each subclass declares them: the types differ, and forms keep the order.
        mode: str
        to_size: bool
        scale_factor: float
        size: int | Ints
        align_corners: bool

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        need_spatial(x, self.axes)
        return x.with_shape(*x.shape[:2], *self.sizes(x.shape[2:]))

    def sizes(self, sizes: Shape) -> Shape:
        if self.to_size:
            return tuple_of(self.size, self.axes)
        made = tuple(self.scaled(size) for size in sizes)
        if any(isinstance(size, int) and size < 1 for size in made):
            raise Refusal(
                f"scales {times(sizes)} by {self.scale_factor:g}, which leaves nothing",
                port="x",
                short=times(made),
                hints=(SetParam("scale_factor", 1.0),),
            )
        return made

    def scaled(self, size: Dim) -> Dim:
        """The size times the factor, without what stands behind the point."""
        if isinstance(size, int):
            return int(size * self.scale_factor)
        factor = Fraction(self.scale_factor)
        if factor.denominator > _FINEST:
            raise Refusal(
                f"scales by {self.scale_factor:g} and needs each size to be a number for it, but "
                f"one is {size}",
                port="x",
                short=f"{size} ?",
                hints=(SetParam("scale_factor", float(max(1, round(self.scale_factor)))),),
            )
        return size * factor.numerator // factor.denominator

    def emit(self, x: TensorType) -> Emit:
        options: dict[str, Argument] = (
            {"size": plain(self.size)} if self.to_size else {"scale_factor": self.factor()}
        )
        options |= changed(mode=(self.mode, "nearest"))
        if self.mode not in _PLAIN_MODES:
            options |= changed(align_corners=(self.align_corners, False))
        return call_of("F.interpolate", **options)

    def saved(self, x: TensorType) -> Saved:
        return Saved(("x",) if self.mode == "area" else ())

    def factor(self) -> int | float:
        """The factor as people write it: 2 for 2.0."""
        whole = int(self.scale_factor)
        return whole if whole == self.scale_factor else self.scale_factor

    def summary(self) -> str:
        goal = f"to {times(tuple_of(self.size, self.axes))}"
        return f"{goal if self.to_size else f'× {self.scale_factor:g}'}  {self.mode}"


@block(
    "upsample1d",
    title="Upsample 1D",
    category=Category.POOLING,
    glyph="U1",
    keywords=("interpolate", "resize", "scale", "linear", "nearest", "sequence"),
)
class Upsample1d(_Upsample):
    """Makes a sequence longer or shorter by copying or blending its places.

    Use it in decoders instead of a Transposed conv 1D; nothing is learned.

    Shape: `(N, C, L) -> (N, C, L')` with `L' = L·scale_factor`, rounded down, or `size`.
    """

    axes = 1

    mode: str = _mode("linear")
    to_size: bool = _to_size()
    scale_factor: float = _scale_factor()
    size: int = _size(64)
    align_corners: bool = _align_corners()

    examples = (
        Example({}, x=T("N", 3, 9)),
        Example({"mode": "linear", "scale_factor": 1.5}, x=T("N", "C", "T")),
        Example({"to_size": True, "size": 5, "mode": "area"}, x=T("N", 3, "T")),
        Example({"scale_factor": 0.1}, x=T("N", 3, 9), fails="leaves nothing"),
        Example({"scale_factor": 0.7}, x=T("N", 3, "T"), fails="needs each size to be a number"),
        Example({}, x=T("N", 9), fails="needs a sequence"),
    )


@block(
    "upsample2d",
    title="Upsample 2D",
    category=Category.POOLING,
    glyph="U2",
    keywords=("interpolate", "resize", "scale", "bilinear", "bicubic", "nearest", "image"),
)
class Upsample2d(_Upsample):
    """Makes an image larger or smaller by copying or blending its places.

    Use it in decoders, followed by a Conv 2D, instead of a Transposed conv 2D.

    Shape: `(N, C, H, W) -> (N, C, H', W')` with `H' = H·scale_factor`, rounded down, and so `W'`,
    or `size`.
    """

    axes = 2

    mode: str = _mode("bilinear", "bicubic")
    to_size: bool = _to_size()
    scale_factor: float = _scale_factor()
    size: Size2 = _size((64, 64))
    align_corners: bool = _align_corners()

    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example({"mode": "bilinear", "scale_factor": 0.5}, x=T("N", 3, "H", "W")),
        Example({"mode": "bicubic", "scale_factor": 1.3, "align_corners": True}, x=T("N", 1, 7, 4)),
        Example({"to_size": True, "size": (5, 12), "mode": "bilinear"}, x=T("N", "C", "H", 8)),
        Example({"mode": "nearest-exact", "scale_factor": 3.0}, x=T("N", 2, 4, 4)),
        Example({"scale_factor": 0.2}, x=T("N", 3, 4, 4), fails="leaves nothing"),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
        Example({}, x=T("N", 1, 9, 9, dtype="uint8"), fails="needs floating-point"),
    )


@block(
    "upsample3d",
    title="Upsample 3D",
    category=Category.POOLING,
    glyph="U3",
    keywords=("interpolate", "resize", "scale", "trilinear", "nearest", "volume", "video"),
)
class Upsample3d(_Upsample):
    """Makes a volume larger or smaller by copying or blending its places.

    Use it in decoders for scans and videos; nothing is learned.

    Shape: `(N, C, D, H, W) -> (N, C, D', H', W')` with `D' = D·scale_factor`, rounded down, and so
    `H'`, `W'`, or `size`.
    """

    axes = 3

    mode: str = _mode("trilinear")
    to_size: bool = _to_size()
    scale_factor: float = _scale_factor()
    size: Size3 = _size((16, 16, 16))
    align_corners: bool = _align_corners()

    examples = (
        Example({}, x=T("N", 2, 3, 4, 5)),
        Example({"mode": "trilinear", "align_corners": True}, x=T("N", 1, "T", 3, 3)),
        Example({"to_size": True, "size": (2, 6, 7), "mode": "area"}, x=T("N", 2, 3, "H", "W")),
        Example({"scale_factor": 0.25}, x=T("N", 2, 3, 4, 5), fails="leaves nothing"),
        Example({}, x=T("N", 9, 9, 9), fails="needs a volume"),
    )
