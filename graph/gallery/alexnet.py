"""AlexNet, as of 2014 and as of 2012."""

from __future__ import annotations

from graph.gallery import _classifying as classifying
from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.params import param

SMALLEST_PX = 63


class Alexnet(classifying.ImageForm):
    """Sizes of an AlexNet."""

    image_size: int = classifying.image_size(224, SMALLEST_PX)
    variant: str = param(
        default="2014",
        choices=("2014", "2012"),
        help="2012 has more filters, in two groups that two GPUs held, and normalises responses; "
        "2014 does without.",
    )
    width: int = param(
        default=64, ge=4, le=1024, help="Filters of the first convolution; 2012 has half as many "
        "again. All other layers grow with it.",
    )  # fmt: skip


def draw(d: Drawing, form: Alexnet) -> None:
    """Section 3.5 of the paper of 2012; filters of 2014 by the paper of that year."""
    is_old = form.variant == "2012"
    groups = 2 if is_old else 1
    filters = (96, 256, 384, 384, 256) if is_old else (64, 192, 384, 256, 256)
    first, second, third, fourth, fifth = (-(-n * form.width // 128) * 2 for n in filters)
    classifying.paper_recipe(
        d, form, epochs=90, batch_size=128, optimizer="sgd", learning_rate=0.01,
        weight_decay=5e-4, schedule="step", step_size=30,
    )  # fmt: skip
    x = classifying.images(d, form)
    x = d.add("conv2d", x, name="conv1", out_channels=first, kernel_size=11, stride=4, padding=2)
    x = _shrink(d, _rectify(d, x, is_old), "pool1")
    x = d.add(
        "conv2d", x, name="conv2", out_channels=second, kernel_size=5, padding=2, groups=groups
    )
    x = _shrink(d, _rectify(d, x, is_old), "pool2")
    x = d.add("conv2d", x, name="conv3", out_channels=third, padding=1)
    x = d.chain(x, "relu")
    x = d.add("conv2d", x, name="conv4", out_channels=fourth, padding=1, groups=groups)
    x = d.chain(x, "relu")
    x = d.add("conv2d", x, name="conv5", out_channels=fifth, padding=1, groups=groups)
    x = _shrink(d, d.chain(x, "relu"), "pool5")
    x = d.add("adaptive_avg_pool2d", x, name="avgpool", output_size=6)
    x = d.chain(x, "flatten")
    for name in ("fc6", "fc7"):
        x = d.chain(x, "dropout")
        x = d.add("dense", x, name=name, features=64 * form.width)
        x = d.chain(x, "relu")
    x = d.add("dense", x, name="fc8", features=classifying.class_count(form))
    classifying.classify(d, x)


def _rectify(d: Drawing, x: Out, normalised: bool) -> Out:
    x = d.chain(x, "relu")
    if normalised:
        x = d.add("local_response_norm", x, alpha=5e-4, k=2.0)
    return x


def _shrink(d: Drawing, x: Out, name: str) -> Out:
    return d.add("max_pool2d", x, name=name, kernel_size=3, stride=2)


ALEXNET = Entry(
    name="alexnet",
    title="AlexNet",
    family=Family.CONVOLUTIONAL,
    order=2012,
    summary="The network that began the deep decade: it won ImageNet by ten points, with ReLU, "
    "dropout and two GPUs. Five convolutions shrink 224×224 pixels to 6×6 places, and three dense "
    "layers hold most of its 61,100,840 parameters. The variant of 2014 is drawn, which common "
    "libraries hold; the one of 2012 has groups and local response norms.",
    source="ImageNet Classification with Deep Convolutional Neural Networks. A. Krizhevsky, "
    "I. Sutskever and G. Hinton, 2012. One Weird Trick for Parallelizing Convolutional Neural "
    "Networks. A. Krizhevsky, 2014.",
    form=Alexnet,
    draw=draw,
    small={"data": classifying.DIGITS, "image_size": 64, "width": 8},
)
