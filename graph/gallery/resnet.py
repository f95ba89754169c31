"""Residual networks with 18, 50 and 152 layers."""

from __future__ import annotations

from collections.abc import Mapping

from graph.gallery import _classifying as classifying
from graph.gallery._stages import need_stages, stages
from graph.gallery.draw import Drawing, Out, repeated
from graph.gallery.entry import Entry, Family
from graph.params import Expr, Ints, Plain, Value, param

EXPANSION = 4


class Resnet(classifying.ImageForm):
    """Sizes of a ResNet of basic blocks."""

    layers: Ints = stages((2, 2, 2, 2))
    width: int = param(
        default=64, ge=1, le=1024, help="Filters of the first stage; each next has twice as many."
    )


class BottleneckResnet(Resnet):
    """Sizes of a ResNet of bottlenecks."""

    layers: Ints = stages((3, 4, 6, 3))


class DeepResnet(Resnet):
    """Sizes of the deepest ResNet."""

    layers: Ints = stages((3, 8, 36, 3))


def draw_basic(d: Drawing, form: Resnet) -> None:
    """Table 1 of the paper, left: two convolutions of 3×3 in each block."""
    _draw(d, form, is_bottleneck=False)


def draw_bottleneck(d: Drawing, form: Resnet) -> None:
    """Table 1 of the paper, right: 1×1, 3×3, 1×1 in each block."""
    _draw(d, form, is_bottleneck=True)


def _draw(d: Drawing, form: Resnet, is_bottleneck: bool) -> None:
    need_stages(form.layers)
    classifying.paper_recipe(
        d, form, epochs=90, batch_size=256, optimizer="sgd", learning_rate=0.1,
        weight_decay=1e-4, schedule="step", step_size=30,
    )  # fmt: skip
    kind = _define(d, form.width, is_bottleneck)
    x = classifying.images(d, form)
    x = _conv(d, x, "conv1", form.width, kernel=7, stride=2)
    x = d.chain(x, "relu")
    x = d.add("max_pool2d", x, name="maxpool", kernel_size=3, stride=2, padding=1)
    for stage, depth in enumerate(form.layers, 1):
        width = form.width * 2 ** (stage - 1)
        left = depth
        if stage > 1 or is_bottleneck:
            stride = 2 if stage > 1 else 1
            x = d.add(f"Projected{kind}", x, name=f"layer{stage}_0", width=width, stride=stride)
            left -= 1
        if left:
            x = d.add(kind, x, name=f"layer{stage}", width=width, repeat=repeated(left))
    x = d.add("global_avg_pool", x, name="avgpool")
    x = d.add("dense", x, name="fc", features=classifying.class_count(form))
    classifying.classify(d, x)


def _define(d: Drawing, width: int, is_bottleneck: bool) -> str:
    """The two kinds of blocks; answers the name of the one that keeps the size."""
    kind = "Bottleneck" if is_bottleneck else "BasicBlock"
    inside = _bottleneck if is_bottleneck else _basic
    outer = f"{EXPANSION} * width" if is_bottleneck else "width"
    shape = f"{width * EXPANSION if is_bottleneck else width}, 56, 56"
    with d.define(kind, "Adds what its convolutions make of the input to the input.", width=width):
        x = d.port("x", shape)
        d.result(d.chain(d.add("add", inside(d, x, 1), x), "relu"))
    about = "The first block of a stage: a convolution fits the input to the new size."
    with d.define(f"Projected{kind}", about, width=width, stride=2):
        x = d.port("x", shape)
        y = inside(d, x, Expr("stride"))
        short = _conv(d, x, "shortcut", Expr(outer), stride=Expr("stride"))
        d.result(d.chain(d.add("add", y, short), "relu"))
    return kind


def _basic(d: Drawing, x: Out, stride: Value) -> Out:
    x = _conv(d, x, "conv1", Expr("width"), kernel=3, stride=stride)
    x = d.chain(x, "relu")
    return _conv(d, x, "conv2", Expr("width"), kernel=3)


def _bottleneck(d: Drawing, x: Out, stride: Value) -> Out:
    x = _conv(d, x, "conv1", Expr("width"))
    x = d.chain(x, "relu")
    x = _conv(d, x, "conv2", Expr("width"), kernel=3, stride=stride)
    x = d.chain(x, "relu")
    return _conv(d, x, "conv3", Expr(f"{EXPANSION} * width"))


def _conv(d: Drawing, x: Out, name: str, filters: Value, kernel: int = 1, stride: Value = 1) -> Out:
    x = d.add(
        "conv2d", x, name=name, out_channels=filters, kernel_size=kernel,
        stride=stride, padding=kernel // 2, bias=False,
    )  # fmt: skip
    return d.add(
        "batch_norm", x, name=name.replace("conv", "bn") if "conv" in name else f"{name}_bn"
    )


SOURCE = (
    "Deep Residual Learning for Image Recognition. K. He, X. Zhang, S. Ren and J. Sun, 2015. "
    "Bottlenecks shrink the image in their 3×3, as common libraries do; in the paper in their "
    "first 1×1."
)
SMALL: Mapping[str, Plain] = {"data": classifying.DIGITS, "image_size": 32, "width": 8}

RESNET_18 = Entry(
    name="resnet-18",
    title="ResNet-18",
    family=Family.CONVOLUTIONAL,
    order=2015,
    summary="Each block learns what to add to what it receives, and a wire carries that past it. "
    "So gradients reach the first layers undamped, and more depth no longer makes a network "
    "worse. Eight blocks of two convolutions each, 11,689,512 parameters: the usual first choice "
    "for pictures.",
    source=SOURCE,
    form=Resnet,
    draw=draw_basic,
    small=SMALL,
)
RESNET_50 = Entry(
    name="resnet-50",
    title="ResNet-50",
    family=Family.CONVOLUTIONAL,
    order=2015,
    summary="Sixteen residual blocks with bottlenecks: a convolution of 1×1 makes channels few, "
    "one of 3×3 works on them, another of 1×1 makes them many again. 25,557,032 parameters; the "
    "backbone of a decade of detectors and the yardstick of training speed.",
    source=SOURCE,
    form=BottleneckResnet,
    draw=draw_bottleneck,
    small={**SMALL, "layers": (1, 1, 1, 1)},
)
RESNET_152 = Entry(
    name="resnet-152",
    title="ResNet-152",
    family=Family.CONVOLUTIONAL,
    order=2015,
    summary="The network that won ImageNet in 2015: fifty bottleneck blocks, thirty-six of them "
    "in the third stage, 60,192,808 parameters. Deeper than VGG by a factor of eight, with fewer "
    "multiplications.",
    source=SOURCE,
    form=DeepResnet,
    draw=draw_bottleneck,
    small={**SMALL, "layers": (1, 2, 3, 1)},
)
