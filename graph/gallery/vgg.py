"""VGG-16."""

from __future__ import annotations

from graph.gallery import _classifying as classifying
from graph.gallery.draw import Drawing
from graph.gallery.entry import Entry, Family
from graph.model import Repeat
from graph.params import Expr, param

# Convolutions of each stage, and their filters as multiples of the width: column D of table 1.
STAGES = ((2, 1), (2, 2), (3, 4), (3, 8), (3, 8))


class Vgg(classifying.ImageForm):
    """Sizes of a VGG."""

    width: int = param(
        default=64, ge=1, le=1024, help="Filters of the first stage; each next has twice as many."
    )
    batch_norm: bool = param(
        default=False, help="Normalise after each convolution; it came a year later."
    )


def draw(d: Drawing, form: Vgg) -> None:
    """Column D of table 1."""
    classifying.paper_recipe(
        d, form, epochs=74, batch_size=256, optimizer="sgd", learning_rate=0.01,
        weight_decay=5e-4, schedule="step", step_size=25,
    )  # fmt: skip
    x = classifying.images(d, form)
    about = "A convolution of 3×3 that keeps the size of the image."
    with d.define("ConvLayer", about, channels=form.width):
        y = d.add("conv2d", d.port("x", "3, 224, 224"), out_channels=Expr("channels"), padding=1)
        y = d.add("batch_norm", y, name="bn") if form.batch_norm else y
        d.result(d.chain(y, "relu"))
    for stage, (depth, multiple) in enumerate(STAGES, 1):
        channels = form.width * multiple
        x = d.add("ConvLayer", x, name=f"conv{stage}", channels=channels, repeat=Repeat(depth))
        x = d.add("max_pool2d", x, name=f"pool{stage}")
    x = d.add("adaptive_avg_pool2d", x, name="avgpool", output_size=7)
    x = d.chain(x, "flatten")
    for name in ("fc6", "fc7"):
        x = d.add("dense", x, name=name, features=64 * form.width)
        x = d.chain(x, "relu", "dropout")
    x = d.add("dense", x, name="fc8", features=classifying.class_count(form))
    classifying.classify(d, x)


VGG_16 = Entry(
    name="vgg-16",
    title="VGG-16",
    family=Family.CONVOLUTIONAL,
    order=2014,
    summary="Depth by the simplest means: nothing but convolutions of 3×3, two or three of them "
    "before each pool, twice as many filters after it. Its even features are still used to judge "
    "whether pictures look alike. Most of its 138,357,544 parameters stand in the first dense "
    "layer.",
    source="Very Deep Convolutional Networks for Large-Scale Image Recognition. "
    "K. Simonyan and A. Zisserman, 2014.",
    form=Vgg,
    draw=draw,
    small={"data": classifying.DIGITS, "image_size": 32, "width": 8, "batch_norm": True},
)
