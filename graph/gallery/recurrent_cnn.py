"""A convolutional network whose layers are recurrent: what they know flows back into them."""

from __future__ import annotations

from graph.gallery._classifying import ImageForm, class_count, classify, image_size, images
from graph.gallery._classifying import classes as class_param
from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.params import param

_KERNEL = 3


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
    x = images(d, form)
    side = form.image_size
    x = d.add("conv2d", x, name="conv1", out_channels=form.channels, kernel_size=(5, 5), same=True)
    x = d.add("relu", x, name="relu1")
    for number in range(2, 6):
        if number in (2, 4):
            x = d.add("max_pool2d", x, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
            side = (side + 1) // 2
        x = d.add("dropout", x, p=form.dropout) if form.dropout else x
        with d.section(f"layer{number}"):
            x = _recurrent(d, x, form, side)
    x = d.add("global_max_pool", x)
    classify(d, d.add("dense", x, name="logits", features=class_count(form)))
    d.recipe(
        batch_size=64, epochs=30, optimizer="adamw", learning_rate=0.002, weight_decay=0.01,
        schedule="one-cycle",
    )  # fmt: skip


def _recurrent(d: Drawing, x: Out, form: RecurrentCnnForm, side: int) -> Out:
    """A layer seen at each of its steps: all multiply by the same weight, which is drawn once."""
    fan_in = form.channels * _KERNEL**2
    weight = d.add(
        "parameter", name="weight", shape=(form.channels, fan_in), spread=(1 / fan_in) ** 0.5
    )
    seen = d.add(
        "conv2d", x, name="seen", out_channels=form.channels, kernel_size=(_KERNEL, _KERNEL),
        same=True,
    )  # fmt: skip
    x = _bounded(d, seen, form, 0)
    for step in range(1, form.steps + 1):
        y = d.add(
            "unfold", x, name=f"windows{step}",
            kernel_size=(_KERNEL, _KERNEL), padding=(_KERNEL // 2, _KERNEL // 2),
        )  # fmt: skip
        y = d.add("matmul", weight, y, name=f"known{step}")
        y = d.add("unflatten", y, name=f"image{step}", axis=-1, sizes=(side, side))
        y = d.add("add", seen, y, name=f"both{step}")
        x = _bounded(d, y, form, step)
    return x


def _bounded(d: Drawing, x: Out, form: RecurrentCnnForm, step: int) -> Out:
    """Channels compete, so that what flows back does not grow; sizes as in the paper."""
    x = d.add("relu", x, name=f"relu{step}")
    return d.add(
        "local_response_norm", x, name=f"norm{step}",
        size=form.channels // 8 + 1, alpha=0.001, beta=0.75,
    )  # fmt: skip


recurrent_cnn = Entry(
    name="recurrent-cnn",
    title="Recurrent CNN",
    family=Family.RECURRENT,
    summary=(
        "Each layer looks at the image, then several times at its own answer beside it, so that "
        "it sees more and more around every pixel without more weights. The steps of a layer "
        "share one weight, which is drawn once and multiplied with all windows of 3×3 pixels. "
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
