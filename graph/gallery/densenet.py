"""Densely connected networks with 121 and 201 layers."""

from __future__ import annotations

from collections.abc import Mapping

from graph.gallery import _classifying as classifying
from graph.gallery._stages import need_stages, stages
from graph.gallery.draw import Drawing
from graph.gallery.entry import Entry, Family
from graph.model import Repeat
from graph.params import Expr, Ints, Plain, param

BOTTLENECK = 4


class Densenet(classifying.ImageForm):
    """Sizes of a DenseNet."""

    layers: Ints = stages((6, 12, 24, 16))
    growth: int = param(default=32, ge=1, le=512, help="Channels that each layer adds.")
    width: int = param(default=64, ge=2, le=1024, help="Filters of the first convolution.")


class DeepDensenet(Densenet):
    """Sizes of a deeper DenseNet."""

    layers: Ints = stages((6, 12, 48, 32))


def draw(d: Drawing, form: Densenet) -> None:
    """Table 1 of the paper."""
    need_stages(form.layers)
    classifying.paper_recipe(
        d, form, epochs=90, batch_size=256, optimizer="sgd", learning_rate=0.1,
        weight_decay=1e-4, schedule="step", step_size=30,
    )  # fmt: skip
    _define(d, form)
    x = classifying.images(d, form)
    x = d.add(
        "conv2d", x, name="conv0", out_channels=form.width, kernel_size=7, stride=2, padding=3,
        bias=False,
    )  # fmt: skip
    x = d.add("batch_norm", x, name="norm0")
    x = d.add("relu", x, name="relu0")
    x = d.add("max_pool2d", x, name="pool0", kernel_size=3, stride=2, padding=1)
    channels = form.width
    for block, depth in enumerate(form.layers, 1):
        x = d.add("DenseLayer", x, name=f"denseblock{block}", repeat=Repeat(depth, "concat"))
        channels += depth * form.growth
        if block < len(form.layers):
            channels //= 2
            x = d.add("Transition", x, name=f"transition{block}", channels=channels)
    x = d.add("batch_norm", x, name="norm5")
    x = d.chain(x, "relu")
    x = d.add("global_avg_pool", x, name="avgpool")
    x = d.add("dense", x, name="fc", features=classifying.class_count(form))
    classifying.classify(d, x)


def _define(d: Drawing, form: Densenet) -> None:
    shape = f"{form.width}, 56, 56"
    about = "Finds a few new channels in all that were found before."
    with d.define("DenseLayer", about, growth=form.growth):
        x = d.port("x", shape)
        y = d.add("batch_norm", x, name="norm1")
        y = d.add("relu", y, name="relu1")
        y = d.add(
            "conv2d", y, name="conv1", out_channels=Expr(f"{BOTTLENECK} * growth"), kernel_size=1,
            bias=False,
        )  # fmt: skip
        y = d.add("batch_norm", y, name="norm2")
        y = d.add("relu", y, name="relu2")
        y = d.add("conv2d", y, name="conv2", out_channels=Expr("growth"), padding=1, bias=False)
        d.result(y)
    with d.define("Transition", "Halves the image, and the channels.", channels=form.width):
        x = d.add("batch_norm", d.port("x", shape), name="norm")
        x = d.chain(x, "relu")
        x = d.add(
            "conv2d", x, name="conv", out_channels=Expr("channels"), kernel_size=1, bias=False
        )
        d.result(d.add("avg_pool2d", x, name="pool"))


SOURCE = (
    "Densely Connected Convolutional Networks. "
    "G. Huang, Z. Liu, L. van der Maaten and K. Weinberger, 2016."
)
SMALL: Mapping[str, Plain] = {
    "data": classifying.DIGITS,
    "image_size": 32,
    "growth": 8,
    "width": 16,
}

DENSENET_121 = Entry(
    name="densenet-121",
    title="DenseNet-121",
    family=Family.CONVOLUTIONAL,
    order=2016,
    summary="Every layer sees what all layers before it in its block have found, and adds a few "
    "channels of its own. Nothing is computed twice, so 7,978,856 parameters do what ResNet needs "
    "twenty million for. It keeps much in memory while it trains.",
    source=SOURCE,
    form=Densenet,
    draw=draw,
    small={**SMALL, "layers": (3, 3, 3, 3)},
)
DENSENET_201 = Entry(
    name="densenet-201",
    title="DenseNet-201",
    family=Family.CONVOLUTIONAL,
    order=2016,
    summary="A DenseNet with ninety-eight dense layers in four blocks and 20,013,928 parameters, "
    "about as good on ImageNet as ResNet-101 with twice as many.",
    source=SOURCE,
    form=DeepDensenet,
    draw=draw,
    small={**SMALL, "layers": (3, 6, 6, 3)},
)
