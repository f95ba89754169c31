"""LeNet-5."""

from __future__ import annotations

from graph.gallery import _classifying as classifying
from graph.gallery.draw import Drawing
from graph.gallery.entry import Entry, Family
from graph.params import Form, param


class Lenet(Form):
    """Sizes of a LeNet."""

    activation: str = param(
        default="relu",
        choices=("relu", "tanh"),
        help="What follows each layer; in 1998 it was tanh, today it is ReLU.",
    )
    pooling: str = param(
        default="max",
        choices=("max", "average"),
        help="How images shrink; in 1998 by averages, today by maxima.",
    )
    width: int = param(default=6, ge=1, le=1024, help="Filters of the first convolution.")


def draw(d: Drawing, form: Lenet) -> None:
    """Figure 2 of the paper, with its layers' names."""
    pool = {"max": "max_pool2d", "average": "avg_pool2d"}[form.pooling]
    d.data("digits", size="32")
    x = d.add("input", name="image", shape="1, 32, 32")
    x = d.add("conv2d", x, name="c1", out_channels=form.width, kernel_size=5)
    x = d.chain(x, form.activation)
    x = d.add(pool, x, name="s2")
    x = d.add("conv2d", x, name="c3", out_channels=form.width * 16 // 6, kernel_size=5)
    x = d.chain(x, form.activation)
    x = d.add(pool, x, name="s4")
    x = d.chain(x, "flatten")
    x = d.add("dense", x, name="c5", features=form.width * 20)
    x = d.chain(x, form.activation)
    x = d.add("dense", x, name="f6", features=form.width * 14)
    x = d.chain(x, form.activation)
    x = d.add("dense", x, name="classifier", features=10)
    classifying.classify(d, x)


LENET_5 = Entry(
    name="lenet-5",
    title="LeNet-5",
    family=Family.CONVOLUTIONAL,
    order=1998,
    summary="The network that read cheques. Two convolutions find strokes and their arrangement, "
    "two pools make it indifferent to small shifts, and three dense layers decide on the digit: "
    "61,706 parameters for images of 32×32 pixels. The common modern variant is drawn, which "
    "connects all maps and ends with logits; it can be drawn with tanh and averages as well.",
    source="Gradient-Based Learning Applied to Document Recognition. "
    "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, 1998. Section II.",
    form=Lenet,
    draw=draw,
)
