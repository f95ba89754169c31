"""The U-Net of latent diffusion: from a noisy picture, the step and a context to the noise."""

from __future__ import annotations

from dataclasses import dataclass

from graph.gallery.draw import Drawing, Out
from graph.params import Expr, Value


@dataclass(frozen=True)
class Unet:
    """Its sizes.

    Attributes:
        levels: the channels at each height and width, the largest first.
        blocks: residual blocks of each level on the way down; one more on the way up.
        heads: of the attention, which stands in every level but the first if there are several.
        groups: of the norms.
        side: height and width of the picture.
        channels: of the picture.
        context: features of each place of what the cross-attention looks at.
    """

    levels: tuple[int, ...]
    blocks: int
    heads: int
    groups: int
    side: int
    channels: int
    context: int

    def attends(self, level: int) -> bool:
        """Whether there is attention on a level."""
        return level > 0 or len(self.levels) == 1

    def at(self, level: int) -> int:
        """Height and width on a level."""
        return self.side >> level

    @property
    def time(self) -> int:
        """Features of the step."""
        return 4 * self.levels[0]


def define_unet(d: Drawing, size: Unet) -> None:
    """The definition UNet and those that it is made of: section 3 of the paper, as in its code."""
    define_residual(d, "ResidualBlock", size.levels[0], size.groups, size.time)
    about = "Places look at each other, then at the context, then each at itself."
    with d.define("TransformerBlock", about, channels=size.levels[-1]):
        x = d.port("x", f"T, {size.levels[-1]}")
        d.result(_transformer(d, x, d.port("context", f"S, {size.context}"), size.heads))
    for level, channels in enumerate(size.levels):
        if size.attends(level):
            side = size.at(level)
            with d.define(_looking(size, level), "A picture is a row of places for a while."):
                x = d.port("x", f"{channels}, {side}, {side}")
                d.result(_attention(d, x, d.port("context", f"S, {size.context}"), size, level))
    with d.define("UNet", "Guesses the noise in a picture, given the step and a context."):
        x = d.port("x", f"{size.channels}, {size.side}, {size.side}")
        step = d.port("step", "", "int64")
        d.result(_unet(d, x, step, d.port("context", f"S, {size.context}"), size))


def _unet(d: Drawing, x: Out, step: Out, context: Out, size: Unet) -> Out:
    first = size.levels[0]
    time = d.add("time_embedding", step, name="time", features=first, units=size.time)
    time = d.add("silu", time, name="time_silu")
    x = conv(d, x, "enter", first)
    skips, channels = [(x, first)], first
    for level, wide in enumerate(size.levels):
        for number in range(1, size.blocks + 1):
            with d.section(f"down{level + 1}_{number}"):
                x = _residual(d, x, (channels, wide), time)
                x = _look(d, x, context, size, level)
            channels = wide
            skips.append((x, channels))
        if level < len(size.levels) - 1:
            x = conv(d, x, f"down{level + 1}_smaller", channels, stride=2)
            skips.append((x, channels))
    x = _residual(d, x, (channels, channels), time, "middle1")
    with d.section("middle"):
        x = _look(d, x, context, size, len(size.levels) - 1)
    x = _residual(d, x, (channels, channels), time, "middle2")
    for level, wide in reversed(list(enumerate(size.levels))):
        for number in range(1, size.blocks + 2):
            skip, more = skips.pop()
            with d.section(f"up{level + 1}_{number}"):
                x = d.add("concat", x, skip, name="joined")
                x = _residual(d, x, (channels + more, wide), time)
                x = _look(d, x, context, size, level)
            channels = wide
        if level:
            x = larger(d, x, f"up{level + 1}_larger", channels)
    return leave(d, x, size.groups, size.channels)


def conv(d: Drawing, x: Out, name: str, channels: Value, kernel: int = 3, stride: int = 1) -> Out:
    """A convolution that keeps the size, or halves it."""
    return d.add(
        "conv2d", x, name=name, out_channels=channels, kernel_size=kernel, stride=stride,
        padding=kernel // 2,
    )  # fmt: skip


def larger(d: Drawing, x: Out, name: str, channels: int) -> Out:
    """Twice the size, then a convolution."""
    return conv(d, d.add("upsample2d", x, name=f"{name}_twice"), f"{name}_conv", channels)


def leave(d: Drawing, x: Out, groups: int, channels: int) -> Out:
    """The last layers: a norm, SiLU and a convolution."""
    with d.section("leave"):
        x = d.add("group_norm", x, name="norm", groups=groups)
        return conv(d, d.add("silu", x), "conv", channels)


def define_residual(d: Drawing, name: str, channels: int, groups: int, time: int = 0) -> None:
    """Two convolutions beside a shortcut, told the step between them if it has features.

    There are two: one keeps the channels, the other, called Projected, changes them.
    """
    about = "Two convolutions beside a shortcut"
    for kind, does in ((name, "."), (f"Projected{name}", ", which fits other channels.")):
        with d.define(kind, about + does, channels=channels):
            x = d.port("x", f"{channels}, H, W")
            step = d.port("time", str(time)) if time else None
            y = _two_convolutions(d, x, groups, step)
            if kind != name:
                x = conv(d, x, "shortcut", Expr("channels"), kernel=1)
            d.result(d.add("add", y, x, name="add"))


def _two_convolutions(d: Drawing, x: Out, groups: int, time: Out | None) -> Out:
    channels = Expr("channels")
    x = d.add("group_norm", x, name="norm1", groups=groups)
    x = conv(d, d.add("silu", x, name="silu1"), "conv1", channels)
    if time is not None:
        told = d.add("dense", time, name="told", features=channels)
        told = d.add("rearrange", told, name="everywhere", pattern="b c -> b c 1 1")
        x = d.add("add", x, told, name="timed")
    x = d.add("group_norm", x, name="norm2", groups=groups)
    return conv(d, d.add("silu", x, name="silu2"), "conv2", channels)


def residual(
    d: Drawing, kind: str, x: Out, channels: tuple[int, int], *told: Out, name: str
) -> Out:
    """An instance of a residual block from so many channels to so many."""
    before, wide = channels
    fitting = kind if before == wide else f"Projected{kind}"
    return d.add(fitting, x, *told, name=name, channels=wide)


def _residual(
    d: Drawing, x: Out, channels: tuple[int, int], time: Out, name: str = "residual"
) -> Out:
    return residual(d, "ResidualBlock", x, channels, time, name=name)


def _looking(size: Unet, level: int) -> str:
    return f"SpatialTransformer{size.at(level)}"


def _look(d: Drawing, x: Out, context: Out, size: Unet, level: int) -> Out:
    if not size.attends(level):
        return x
    return d.add(_looking(size, level), x, context, name="look")


def _attention(d: Drawing, x: Out, context: Out, size: Unet, level: int) -> Out:
    """A picture as a row of places and back: section 3.3 and appendix E of the paper."""
    channels = size.levels[level]
    y = d.add("group_norm", x, name="norm", groups=size.groups)
    y = conv(d, y, "to_places", channels, kernel=1)
    y = d.add("rearrange", y, name="places", pattern="b c h w -> b (h w) c")
    y = d.add("TransformerBlock", y, context, name="attention", channels=channels)
    y = d.add(
        "rearrange", y, name="picture", pattern="b (h w) c -> b c h w", sizes=f"h={size.at(level)}"
    )
    y = conv(d, y, "from_places", channels, kernel=1)
    return d.add("add", y, x, name="add")


def _transformer(d: Drawing, x: Out, context: Out, heads: int) -> Out:
    for name, seen in (("self", ()), ("cross", (context,))):
        y = d.add("layer_norm", x, name=f"{name}_norm")
        y = d.add(
            "multihead_attention", y, *seen, name=f"{name}_attention", heads=heads, bias=False
        )
        x = d.add("add", x, y, name=f"{name}_add")
    y = d.add("layer_norm", x, name="norm")
    y = d.add("geglu", d.add("dense", y, name="wide", features=Expr("8 * channels")))
    y = d.add("dense", y, name="narrow", features=Expr("channels"))
    return d.add("add", x, y, name="add")
