"""Densely connected networks with 121 and 201 layers."""

from __future__ import annotations

from collections.abc import Mapping

from graph.gallery import _classifying as classifying
from graph.gallery._stages import need_stages, stages
from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.params import Ints, Plain, param

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
        for number in range(1, depth + 1):
            with d.section(f"denseblock{block}_layer{number}"):
                x = _dense_layer(d, x, form.growth)
        channels += depth * form.growth
        if block < len(form.layers):
            channels //= 2
            with d.section(f"transition{block}"):
                x = _transition(d, x, channels)
    x = d.add("batch_norm", x, name="norm5")
    x = d.chain(x, "relu")
    x = d.add("global_avg_pool", x, name="avgpool")
    x = d.add("dense", x, name="fc", features=classifying.class_count(form))
    classifying.classify(d, x)


def _dense_layer(d: Drawing, x: Out, growth: int) -> Out:
    """What the layer saw, with what it found behind it."""
    y = d.add("batch_norm", x, name="norm1")
    y = d.add("relu", y, name="relu1")
    y = d.add(
        "conv2d", y, name="conv1", out_channels=BOTTLENECK * growth, kernel_size=1, bias=False
    )
    y = d.add("batch_norm", y, name="norm2")
    y = d.add("relu", y, name="relu2")
    y = d.add("conv2d", y, name="conv2", out_channels=growth, padding=1, bias=False)
    return d.add("concat", x, y)


def _transition(d: Drawing, x: Out, filters: int) -> Out:
    x = d.add("batch_norm", x, name="norm")
    x = d.chain(x, "relu")
    x = d.add("conv2d", x, name="conv", out_channels=filters, kernel_size=1, bias=False)
    return d.add("avg_pool2d", x, name="pool")


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
