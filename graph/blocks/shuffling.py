"""Pixel shuffle and unshuffle: channels traded for places, and back."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import call_of
from graph.blocks._windows import need_spatial
from graph.params import param
from graph.problems import Hint, Refusal, SetUpstream
from graph.tensor import T, TensorType


@block(
    "pixel_shuffle",
    title="Pixel shuffle",
    category=Category.POOLING,
    glyph="Ps",
    keywords=("depth to space", "sub-pixel", "super resolution", "upsample", "upscale"),
)
class PixelShuffle(Block):
    """Spreads the channels of every place over a square of places, which makes an image larger.

    Use it behind a Conv 2D with as many more channels, to upsample by what is learned.

    Shape: `(N, C·r², H, W) -> (N, C, r·H, r·W)` with r = `upscale_factor`.

    Source: Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
    Convolutional Neural Network (2016), section 2.2.
    """

    saves = ()

    upscale_factor: int = param(default=2, ge=1, le=1024, help="How many times as large it gets.")

    examples = (
        Example({}, x=T("N", 12, 4, 5)),
        Example({"upscale_factor": 3}, x=T("N", 9, "H", "W")),
        Example({"upscale_factor": 1}, x=T("N", 5, 4, 4, dtype="int64")),
        Example({}, x=T("N", 6, 4, 4), fails="a multiple of 4 channels"),
        Example({}, x=T("N", 12, 4), fails="needs an image"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_spatial(x, 2)
        factor = self.upscale_factor
        square = factor * factor
        given = x.shape[1]
        channels = given // square
        if channels * square != given:
            more: tuple[Hint, ...] = ()
            if isinstance(given, int):
                more = (SetUpstream("x", "out_channels", -(-given // square) * square),)
            raise Refusal(
                f"needs a multiple of {square} channels, but receives {given}",
                port="x",
                short=f"{given} % {square}",
                hints=more,
            )
        return x.with_shape(x.shape[0], channels, x.shape[2] * factor, x.shape[3] * factor)

    def emit(self, x: TensorType) -> Emit:
        return call_of("F.pixel_shuffle", self.upscale_factor)

    def summary(self) -> str:
        return f"× {self.upscale_factor}"


@block(
    "pixel_unshuffle",
    title="Pixel unshuffle",
    category=Category.POOLING,
    glyph="Pu",
    keywords=("space to depth", "downsample", "downscale", "patches"),
)
class PixelUnshuffle(Block):
    """Stacks every square of places as channels of one place, which makes an image smaller.

    Use it to shrink an image without losing a number.

    Shape: `(N, C, r·H, r·W) -> (N, C·r², H, W)` with r = `downscale_factor`.
    """

    saves = ()

    downscale_factor: int = param(default=2, ge=1, le=1024, help="How many times as small it gets.")

    examples = (
        Example({}, x=T("N", 3, 8, 6)),
        Example({"downscale_factor": 3}, x=T("N", "C", 9, 3)),
        Example({"downscale_factor": 1}, x=T("N", 2, "H", "W", dtype="int64")),
        Example({}, x=T("N", 3, 8, 7), fails="sides that 2 divides"),
        Example({}, x=T("N", 3, "H", 8), fails="sides that 2 divides"),
        Example({}, x=T("N", 12, 4), fails="needs an image"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_spatial(x, 2)
        factor = self.downscale_factor
        sides = tuple(side // factor for side in x.shape[2:])
        for side, small in zip(x.shape[2:], sides, strict=True):
            if small * factor != side:
                raise Refusal(
                    f"needs sides that {factor} divides, but receives {side}",
                    port="x",
                    short=f"{side} % {factor}",
                )
        return x.with_shape(x.shape[0], x.shape[1] * factor * factor, *sides)

    def emit(self, x: TensorType) -> Emit:
        return call_of("F.pixel_unshuffle", self.downscale_factor)

    def summary(self) -> str:
        return f"÷ {self.downscale_factor}"
