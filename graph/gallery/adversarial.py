"""Generative adversarial networks: one of dense layers on points of a plane, and DCGAN."""

from __future__ import annotations

from graph.gallery._classifying import DIGITS, DIGITS_PX, FOLDER, data, image_size
from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.params import Form, Ints, param
from graph.problems import UserError

LEAK = 0.2
LARGEST_START_PX = 8


def _latent(default: int) -> int:
    number: int = param(default=default, ge=1, help="Numbers that the generator starts from.")
    return number


class GanForm(Form):
    """Parameters of a generative adversarial network of dense layers."""

    components: int = param(default=8, ge=1, le=100, help="Heaps of points to learn.")
    latent: int = _latent(8)
    hidden: Ints = param(
        default=(128, 128), ge=1, help="Features of each hidden layer, on both sides."
    )


def _gan(d: Drawing, form: GanForm) -> None:
    with d.define("Generator", "Makes points of a plane out of noise."):
        x = d.port("z", shape=str(form.latent))
        for number, features in enumerate(form.hidden, 1):
            x = d.add("dense", x, name=f"hidden{number}", features=features)
            x = d.add("relu", x)
        d.result(d.add("dense", x, name="point", features=2), "made")
    with d.define("Discriminator", "Scores how real points look."):
        x = d.port("x", shape="2")
        for number, features in enumerate(form.hidden, 1):
            x = d.add("dense", x, name=f"hidden{number}", features=features)
            x = d.add("leaky_relu", x, negative_slope=LEAK)
        d.result(d.add("dense", x, name="logit", features=1), "score")
    d.data("mixture2d", components=form.components)
    real = d.add("input", name="real", shape="2")
    _duel(d, real, form.latent, rates=(0.001, 0.002), beta1=0.0)
    d.recipe(batch_size=256, epochs=220, schedule="cosine", keep="last", threads=1)


def _duel(d: Drawing, real: Out, latent: int, rates: tuple[float, float], beta1: float) -> None:
    """Both sides, their losses, and who learns from which; `rates` are the generator's first."""
    told = d.add("Discriminator", real, name="discriminator")
    z = d.add("latent_noise", real, name="z", sizes=(latent,))
    made = d.add("Generator", z, name="generator")
    d.add("output", made, name="samples")
    held = d.add("detach", made, name="held")
    of_made = d.add("Discriminator", held, name="score_made", shares=told)
    fooled = d.add("Discriminator", made, name="score_again", shares=told)
    telling = d.add("discriminator_loss", told, of_made, name="telling")
    fooling = d.add("generator_loss", fooled, name="fooling")
    d.add(
        "optimizer", telling, name="train_discriminator", trains="discriminator",
        learning_rate=rates[1], beta1=beta1,
    )  # fmt: skip
    d.add(
        "optimizer", fooling, name="train_generator", trains="generator",
        learning_rate=rates[0], beta1=beta1,
    )  # fmt: skip


gan = Entry(
    name="gan",
    title="Generative adversarial network",
    family=Family.GENERATIVE,
    summary=(
        "Two networks that train each other: the generator makes samples out of noise, and the "
        "discriminator learns to tell them from real ones, while the generator learns to fool it. "
        "Where neither can win any more, what is made is distributed like the data. The preset "
        "learns heaps of points on a circle, which shows at once whether all of them are found."
    ),
    source=(
        "Generative Adversarial Nets. I. J. Goodfellow and others, 2014. Algorithm 1 with the "
        "generator's loss that does not saturate; with leaky ReLU instead of maxout, on points "
        "instead of images. That the discriminator learns faster is from GANs Trained by a Two "
        "Time-Scale Update Rule. M. Heusel and others, 2017."
    ),
    form=GanForm,
    draw=_gan,
    small={},
    order=2014,
)


class DcganForm(Form):
    """Parameters of a deep convolutional generative adversarial network."""

    data: str = data()
    image_size: int = image_size(64, 8)
    latent: int = _latent(100)
    width: int = param(
        default=128, ge=1,
        help="Channels beside the image; each halving of its sides doubles them.",
    )  # fmt: skip


def _dcgan(d: Drawing, form: DcganForm) -> None:
    start, steps = _halved(form.image_size)
    channels = 3 if form.data == FOLDER else 1
    most = form.width * 2 ** (steps - 1)
    with d.define("Generator", "Makes images out of noise."):
        z = d.port("z", shape=str(form.latent))
        x = d.add("dense", z, name="project", features=most * start * start, bias=False)
        x = d.add("reshape", x, shape=f"{most}, {start}, {start}")
        for step in range(1, steps + 1):
            x = d.chain(x, "batch_norm", "relu")
            is_last = step == steps
            x = d.add(
                "transposed_conv2d", x, name=f"up{step}",
                out_channels=channels if is_last else most // 2**step,
                kernel_size=(5, 5), padding=(2, 2), output_padding=(1, 1), bias=is_last,
            )  # fmt: skip
        d.result(d.add("tanh", x), "made")
    with d.define("Discriminator", "Scores how real images look."):
        x = d.port("x", shape=f"{channels}, {form.image_size}, {form.image_size}")
        for step in range(steps):
            x = d.add(
                "conv2d", x, name=f"down{step + 1}", out_channels=form.width * 2**step,
                kernel_size=(5, 5), stride=(2, 2), padding=(2, 2), bias=not step,
            )  # fmt: skip
            x = d.add("batch_norm", x) if step else x
            x = d.add("leaky_relu", x, negative_slope=LEAK)
        d.result(d.add("dense", d.add("flatten", x), name="logit", features=1), "score")
    image = _images(d, form, channels)
    real = d.add("scale_shift", image, name="real", scale=2.0, shift=-1.0)
    if form.data == DIGITS:  # so few of them that the discriminator must not learn them by heart
        _duel(d, real, form.latent, rates=(0.001, 0.0001), beta1=0.5)
        d.recipe(batch_size=32, epochs=50, keep="last")
    else:
        _duel(d, real, form.latent, rates=(0.0002, 0.0002), beta1=0.5)
        d.recipe(batch_size=128, epochs=60, keep="last")


def _halved(side: int) -> tuple[int, int]:
    """The side of the smallest images, and how often it is doubled.

    Raises:
        UserError: that is not to be had.
    """
    start, steps = side, 0
    while start % 2 == 0 and start > 4:
        start, steps = start // 2, steps + 1
    if not steps or start > LARGEST_START_PX:
        raise UserError(
            "Image size must be a small number doubled a few times, such as 16, 28, 32 or 64, "
            f"but is {side}."
        )
    return start, steps


def _images(d: Drawing, form: DcganForm, channels: int) -> Out:
    side = form.image_size
    if form.data == DIGITS:
        if side not in DIGITS_PX:
            known = ", ".join(map(str, sorted(DIGITS_PX)))
            raise UserError(f"Image size must be one of {known} for digits, but is {side}.")
        d.data("digits", size=str(side))
    else:
        d.data("images", size=(side, side))
    return d.add("input", name="image", shape=f"{channels}, {side}, {side}")


dcgan = Entry(
    name="dcgan",
    title="DCGAN",
    family=Family.GENERATIVE,
    summary=(
        "An adversarial network of convolutions that trains steadily: no pooling but strides, "
        "batch norm on both sides, ReLU in the generator and leaky ReLU in the discriminator. "
        "What it learned about images in passing serves other tasks too. The preset makes colour "
        "images like those in a folder; the small one draws digits."
    ),
    source=(
        "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial "
        "Networks. A. Radford, L. Metz and S. Chintala, 2016. With 5×5 filters, as in the "
        "authors' code."
    ),
    form=DcganForm,
    draw=_dcgan,
    small={"data": DIGITS, "image_size": 16, "latent": 32, "width": 24},
    order=2016,
)
