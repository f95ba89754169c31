"""Latent diffusion: a picture is made of noise in the small world of an autoencoder's codes."""

from __future__ import annotations

from graph.gallery._classifying import DIGIT_CLASSES
from graph.gallery._rows import digit_size
from graph.gallery._unet import (
    Unet,
    conv,
    define_residual,
    define_unet,
    larger,
    leave,
    residual,
)
from graph.gallery.diffusion import noised
from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.params import Form, Ints, param
from graph.problems import UserError

MOST_LEVELS = 5


class LatentDiffusionForm(Form):
    """Parameters of latent diffusion."""

    size: str = digit_size("32")
    code: int = param(default=4, ge=1, help="Channels of the codes.")
    encoder: Ints = param(
        default=(64, 128, 256), ge=1,
        help="Channels of the autoencoder at each size; each but the first is half as large.",
    )  # fmt: skip
    levels: Ints = param(
        default=(128, 256), ge=2,
        help="Channels of the U-Net at each size; each but the first is half as large.",
    )  # fmt: skip
    blocks: int = param(default=2, ge=1, le=6, help="Residual blocks of each size.")
    heads: int = param(default=8, ge=1, help="Heads of the attention.")
    groups: int = param(default=32, ge=1, help="Groups of the norms.")
    context: int = param(default=256, ge=1, help="Features that say which class is wanted.")
    steps: int = param(default=1000, ge=10, le=10_000, help="Steps from codes to noise.")
    code_weight: float = param(
        default=1e-4, ge=0, help="How much it counts that codes are normal numbers."
    )


def _latent_diffusion(d: Drawing, form: LatentDiffusionForm) -> None:
    side = _code_side(form)
    size = Unet(form.levels, form.blocks, form.heads, form.groups, side, form.code, form.context)
    _define_autoencoder(d, form, side)
    define_unet(d, size)
    d.data("digits", size=form.size, layout="image")
    image = d.add("input", name="image", shape=f"1, {form.size}, {form.size}")
    label = d.add("input", name="label", column="y", shape="", dtype="int64")
    code = _code(d, image, form)
    rebuilt = d.add("Decoder", code, name="decoder")
    d.add("output", rebuilt, name="rebuilt")
    d.add("mse", rebuilt, image, name="image_loss")
    clean = d.add("detach", code, name="clean")
    noisy, step, noise = noised(d, clean, form.steps)
    context = d.add(
        "embedding", label, name="classes", vocabulary=DIGIT_CLASSES, dimension=form.context
    )
    context = d.add("unsqueeze", context, name="context")
    guess = d.add("UNet", noisy, step, context, name="unet")
    d.add("output", guess, name="noise_guess")
    d.add("mse", guess, noise, name="noise_loss")
    d.recipe(
        batch_size=32, epochs=60, learning_rate=0.001, schedule="one-cycle", keep="last",
        clip_norm=1.0,
    )  # fmt: skip


def _code_side(form: LatentDiffusionForm) -> int:
    """Height and width of the codes.

    Raises:
        UserError: the image is too small to be halved so often.
    """
    halved = len(form.encoder) + len(form.levels) - 2
    if not form.encoder or not form.levels or halved > MOST_LEVELS:
        raise UserError(
            f"The autoencoder and the U-Net need 1 size at least and {MOST_LEVELS + 2} together "
            f"at most, but have {len(form.encoder)} and {len(form.levels)}."
        )
    if int(form.size) % (1 << halved):
        raise UserError(
            f"An image of {form.size} pixels cannot be halved {halved} times without a rest; take "
            "fewer sizes or another image."
        )
    return int(form.size) >> (len(form.encoder) - 1)


def _define_autoencoder(d: Drawing, form: LatentDiffusionForm, side: int) -> None:
    define_residual(d, "ConvBlock", form.encoder[0], form.groups)
    with d.define("Encoder", "Squeezes an image into the mean and the spread of a code."):
        d.result(_encoder(d, d.port("image", f"1, {form.size}, {form.size}"), form))
    with d.define("Decoder", "Makes an image of a code."):
        d.result(_decoder(d, d.port("code", f"{form.code}, {side}, {side}"), form))


def _code(d: Drawing, image: Out, form: LatentDiffusionForm) -> Out:
    """Codes of spread 1: section 3.1 and appendix G of the paper."""
    x = d.add("Encoder", image, name="encoder")
    mean = d.add("chunk", x, name="halves", parts=2, axis=1)
    spread = mean.at("y2")
    code = d.add("reparameterize", mean, spread, name="code")
    loss = d.add("gaussian_kl", mean, spread, name="code_loss")
    d.add("loss_weight", loss, name="weighted_code_loss", weight=form.code_weight)
    return d.add("batch_norm", code, name="scaled_code", affine=False)


def _encoder(d: Drawing, image: Out, form: LatentDiffusionForm) -> Out:
    channels = form.encoder[0]
    x = conv(d, image, "enter", channels)
    for level, wide in enumerate(form.encoder, 1):
        if level > 1:
            x = conv(d, x, f"smaller{level}", channels, stride=2)
        x = residual(d, "ConvBlock", x, (channels, wide), name=f"level{level}")
        channels = wide
    return leave(d, x, form.groups, 2 * form.code)


def _decoder(d: Drawing, code: Out, form: LatentDiffusionForm) -> Out:
    channels = form.encoder[-1]
    x = conv(d, code, "enter", channels)
    for level, wide in reversed(list(enumerate(form.encoder, 1))):
        x = residual(d, "ConvBlock", x, (channels, wide), name=f"level{level}")
        channels = wide
        if level > 1:
            x = larger(d, x, f"larger{level}", channels)
    return leave(d, x, form.groups, 1)


latent_diffusion = Entry(
    name="latent-diffusion",
    title="Latent diffusion",
    family=Family.GENERATIVE,
    summary=(
        "An autoencoder learns to squeeze images into small codes, and a U-Net learns to take "
        "noise away from such codes, told how much noise there is and, by cross-attention, what "
        "is wanted: here which digit. New images are codes made of noise that the decoder turns "
        "into pixels, as torchloom sample does. It is how Stable Diffusion works, on a small "
        "scale."
    ),
    source=(
        "High-Resolution Image Synthesis with Latent Diffusion Models. R. Rombach, A. Blattmann, "
        "D. Lorenz, P. Esser and B. Ommer, 2021. The autoencoder has a squared error instead of a "
        "discriminator and is trained at the same time as the U-Net, which gets its codes "
        "detached, and normed instead of divided by their spread once."
    ),
    form=LatentDiffusionForm,
    draw=_latent_diffusion,
    small={
        "size": "8", "encoder": (16, 32), "levels": (32, 64), "blocks": 1, "heads": 4,
        "groups": 4, "context": 32, "steps": 200,
    },
    order=2021,
)  # fmt: skip
