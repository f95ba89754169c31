"""Networks that rebuild and make up images: an autoencoder and a variational one."""

from __future__ import annotations

from graph.gallery._rows import digit_size, pixels
from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.params import Form, Ints, param


class AutoencoderForm(Form):
    """Parameters of an autoencoder."""

    size: str = digit_size("28")
    hidden: Ints = param(
        default=(1000, 500, 250), ge=1,
        help="Features of each layer before the code; those behind it are the same, backwards.",
    )  # fmt: skip
    code: int = param(default=30, ge=1, help="Numbers that stand for a whole image.")


def _autoencoder(d: Drawing, form: AutoencoderForm) -> None:
    image = pixels(d, form.size)
    x = image
    for number, features in enumerate(form.hidden, 1):
        x = d.add("dense", x, name=f"encode{number}", features=features)
        x = d.add("relu", x)
    x = d.add("dense", x, name="code", features=form.code)
    d.add("output", x, name="codes")
    for number, features in enumerate(reversed(form.hidden), 1):
        x = d.add("dense", x, name=f"decode{number}", features=features)
        x = d.add("relu", x)
    _rebuilt(d, x, int(form.size) ** 2, image)
    d.recipe(batch_size=32, epochs=40, learning_rate=0.001, schedule="one-cycle")


def _rebuilt(d: Drawing, x: Out, count: int, image: Out) -> None:
    """The last layer, and the surprise of all pixels of an image together."""
    logits = d.add("dense", x, name="logits", features=count)
    d.add("output", d.add("sigmoid", logits, name="brightness"), name="rebuilt")
    loss = d.add("bce_with_logits", logits, image, name="pixel_loss")
    d.add("loss_weight", loss, name="image_loss", weight=float(count))


autoencoder = Entry(
    name="autoencoder",
    title="Autoencoder",
    family=Family.GENERATIVE,
    summary=(
        "Squeezes an image through a few numbers and rebuilds it from them, so that these must "
        "say what matters: images that look alike get codes that are near each other. It needs no "
        "labels. The preset has the layers of the paper, on digits of 28×28 pixels."
    ),
    source=(
        "Reducing the Dimensionality of Data with Neural Networks. G. E. Hinton and "
        "R. R. Salakhutdinov, 2006. With ReLU instead of sigmoids, which need no layer by layer "
        "training first."
    ),
    form=AutoencoderForm,
    draw=_autoencoder,
    small={"size": "8", "hidden": (64, 32), "code": 8},
    order=2006,
)


class VaeForm(Form):
    """Parameters of a variational autoencoder."""

    size: str = digit_size("28")
    hidden: int = param(default=500, ge=1, help="Features of the layer before and behind the code.")
    code: int = param(default=20, ge=1, help="Numbers that stand for a whole image.")
    beta: float = param(
        default=1.0, ge=0, help="How much it counts that codes are normal numbers; 1 in the paper."
    )


def _vae(d: Drawing, form: VaeForm) -> None:
    image = pixels(d, form.size)
    x = d.add("tanh", d.add("dense", image, name="encode", features=form.hidden))
    mean = d.add("dense", x, name="mean", features=form.code)
    spread = d.add("dense", x, name="log_variance", features=form.code)
    d.add("output", mean, name="codes")
    x = d.add("reparameterize", mean, spread, name="sample")
    x = d.add("tanh", d.add("dense", x, name="decode", features=form.hidden))
    _rebuilt(d, x, int(form.size) ** 2, image)
    loss = d.add("gaussian_kl", mean, spread, name="code_loss")
    if form.beta != 1.0:
        d.add("loss_weight", loss, name="weighted_code_loss", weight=form.beta)
    d.recipe(batch_size=32, epochs=60, learning_rate=0.002)


vae = Entry(
    name="vae",
    title="Variational autoencoder",
    family=Family.GENERATIVE,
    summary=(
        "An autoencoder whose codes are drawn from normal distributions that must stay near the "
        "standard one. So every code stands for some image: decode random numbers, and new digits "
        "appear. The two losses add up to the bound of the paper, of one image."
    ),
    source="Auto-Encoding Variational Bayes. D. P. Kingma and M. Welling, 2013.",
    form=VaeForm,
    draw=_vae,
    small={"size": "8", "hidden": 128, "code": 8},
    order=2013,
)
