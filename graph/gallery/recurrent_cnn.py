"""A convolutional network whose layers are recurrent: what they know flows back into them."""

from __future__ import annotations

from graph.gallery._classifying import ImageForm, class_count, classify, image_size, images
from graph.gallery._classifying import classes as class_param
from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.model import Repeat
from graph.params import Expr, param


class RecurrentCnnForm(ImageForm):
    """Parameters of the recurrent convolutional network."""

    image_size: int = image_size(32, 8)
    classes: int = class_param(10)
    channels: int = param(
        default=96, ge=1, help="Filters of each layer: 96, 128 or 160 in the paper."
    )
    steps: int = param(
        default=3, ge=1, le=20, help="How often what a layer knows flows back into it."
    )
    dropout: float = param(
        default=0.5, ge=0, le=1, widget="slider",
        help="Chance of each number between layers to become 0 while training.",
    )  # fmt: skip


def _draw(d: Drawing, form: RecurrentCnnForm) -> None:
    _define(d, form)
    x = images(d, form)
    x = d.add("conv2d", x, name="conv1", out_channels=form.channels, kernel_size=(5, 5), same=True)
    x = d.add("relu", x, name="relu1")
    for number in range(2, 6):
        if number in (2, 4):
            x = d.add("max_pool2d", x, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
        x = d.add("dropout", x, p=form.dropout) if form.dropout else x
        x = d.add("RecurrentLayer", x, name=f"layer{number}")
    x = d.add("global_max_pool", x)
    classify(d, d.add("dense", x, name="logits", features=class_count(form)))
    d.recipe(
        batch_size=64, epochs=30, optimizer="adamw", learning_rate=0.002, weight_decay=0.01,
        schedule="one-cycle",
    )  # fmt: skip


def _define(d: Drawing, form: RecurrentCnnForm) -> None:
    """A layer, and one of its steps, all of which have the same weights."""
    shape = f"{form.channels}, {form.image_size}, {form.image_size}"
    sizes = {"channels": form.channels}
    about = "What the layer knew flows back into it, beside what it sees."
    with d.define("RecurrentStep", about, **sizes):
        known, seen = d.port("x", shape), d.port("seen", shape)
        y = _convolution(d, known, "known", bias=False)
        d.result(_bounded(d, d.add("add", seen, y, name="both")))
    about = "A convolution whose answer flows back into it several times."
    with d.define("RecurrentLayer", about, **sizes, steps=form.steps):
        seen = _convolution(d, d.port("x", shape), "seen", bias=True)
        x = _bounded(d, seen)
        d.result(
            d.add(
                "RecurrentStep",
                x,
                seen,
                name="steps",
                channels=Expr("channels"),
                repeat=Repeat(Expr("steps"), "shared"),
            )
        )


def _convolution(d: Drawing, x: Out, name: str, bias: bool) -> Out:
    return d.add(
        "conv2d", x, name=name, out_channels=Expr("channels"), kernel_size=3, same=True, bias=bias
    )


def _bounded(d: Drawing, x: Out) -> Out:
    """Channels compete, so that what flows back does not grow; sizes as in the paper."""
    x = d.add("relu", x)
    return d.add("local_response_norm", x, size=Expr("channels // 8 + 1"), alpha=0.001, beta=0.75)


recurrent_cnn = Entry(
    name="recurrent-cnn",
    title="Recurrent CNN",
    family=Family.RECURRENT,
    summary=(
        "Each layer looks at the image, then several times at its own answer beside it, so that "
        "it sees more and more around every pixel without more weights. The steps of a layer "
        "share their weights: a step is a definition, repeated. "
        "The preset has the 0.67 million parameters of the paper, for images of 32×32 pixels."
    ),
    source=(
        "Recurrent Convolutional Neural Network for Object Recognition. M. Liang and X. Hu, 2015."
    ),
    form=RecurrentCnnForm,
    draw=_draw,
    small={"data": "digits", "image_size": 16, "channels": 16, "steps": 2, "dropout": 0.1},
    order=2015,
)
